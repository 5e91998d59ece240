"""The command line: one word chooses a command, each in a short file of its own."""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from diavlex import __version__
from diavlex.cli.stopping import STOP, signals_noted
from diavlex.cli.telling import mend_streams, remarks_told, tell_error, told_as_asked
from diavlex.errors import DiavlexError, UnknownName
from diavlex.threads import wait_quietly

COMMANDS = {
    "paint": "paint a prompt with brushstrokes",
    "series": "paint many prompts, seeds and recipes in one folder, here or on a cluster",
    "render": "paint a finished painting again, at any size, by the network or by MyPaint",
    "export": "make any other kind of file of a finished painting",
    "show": "tell of a finished painting in the terminal",
    "studio": "open the studio as a page: paint, watch, and take home",
    "judge": "score paintings by a guide that did not paint them",
    "guides": "list the models that judge a canvas, or show one's card",
    "brushes": "list the brushes, or show one's card",
    "verify": "paint a finished painting again from its record, and compare",
    "recipes": "list the looks that ship, or show what one chooses",
    "presets": "list the choices that go together under one name, or show one's",
    "train": "train a brush or the pocket guide",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; exit code 2 and one line for what a person can mend."""
    words = list(sys.argv[1:] if words is None else words)
    mend_streams()
    wait_quietly()
    try:
        try:
            with told_as_asked(words), signals_noted(), remarks_told():
                return _run(words)
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        # Nobody reads on, or there is no room for what is told: python shall not try it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            return 0
        tell_error("cannot write what is told (no space left); make room.")
        return 2


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    if words[0] in ("-V", "--version"):
        print(f"diavlex {__version__}")
        return 0
    try:
        if words[0] not in COMMANDS:
            raise UnknownName("command", words[0], COMMANDS)
        return import_module(f"diavlex.cli.{words[0]}").run(words[1:])
    except DiavlexError as error:
        tell_error(error)
        return 2
    except (KeyboardInterrupt, Exception):
        if not STOP.is_asked and not isinstance(sys.exc_info()[1], KeyboardInterrupt):
            raise  # libraries that are being loaded make errors of their own of Ctrl-C
        tell_error("stopped.")
        return 130


def usage() -> str:
    """What `diavlex --help` prints."""
    lines = [f"  {name:<9} {about}" for name, about in COMMANDS.items()]
    return "\n".join(
        [
            'usage: diavlex COMMAND [options]      e.g.  diavlex paint "black sheep"',
            "",
            "Paints from words, with brushstrokes.",
            "",
            *lines,
            "",
            "diavlex COMMAND --help shows a command's options.",
        ]
    )
