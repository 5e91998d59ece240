"""The command line: one word chooses a command, each in a short file of its own."""

import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from diavlex import __version__
from diavlex.errors import DiavlexError, UnknownName
from diavlex.threads import wait_quietly

COMMANDS = {
    "paint": "paint a prompt with brushstrokes",
    "series": "paint many prompts, seeds and recipes in one folder, here or on a cluster",
    "render": "paint a finished painting again, at any size, by the network or by MyPaint",
    "export": "make any other kind of file of a finished painting",
    "show": "tell of a finished painting in the terminal",
    "judge": "score paintings by a guide that did not paint them",
    "guides": "list the models that judge a canvas, or show one's card",
    "brushes": "list the brushes, or show one's card",
    "presets": "list the choices that go together under one name, or show one's",
    "train": "train a brush or the pocket guide",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; exit code 2 and one line for what a person can mend."""
    words = list(sys.argv[1:] if words is None else words)
    wait_quietly()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # some terminals know few letters
    try:
        try:
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
        print("diavlex: cannot write what is told (no space left); make room.", file=sys.stderr)
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
        print(f"diavlex: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("diavlex: stopped.", file=sys.stderr)
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
