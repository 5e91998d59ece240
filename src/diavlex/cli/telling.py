"""How lines reach a person: what is told on stderr, what is found on stdout, as it is."""

import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import Any

from diavlex.errors import LONGEST_MESSAGE, shown

_IS_JSON: ContextVar[bool] = ContextVar("is_json", default=False)
"""Whether what is told is meant for another program."""


@contextlib.contextmanager
def told_as_asked(words: Sequence[str]) -> Iterator[None]:
    """Within it, all that is told on stderr is JSON, a line each, if a command's words ask for it.

    They are looked at before they are checked, so that what is wrong with them is JSON as well.
    """
    pairs = zip(words, [*words[1:], ""], strict=True)
    asked = [flag if "=" in flag else f"{flag}={value}" for flag, value in pairs]
    token = _IS_JSON.set("--progress=json" in asked)
    try:
        yield
    finally:
        _IS_JSON.reset(token)


def mend_streams() -> None:
    """Make sure that there are standard streams, which a caller may have closed or left out."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, which is this
    sys.stdout = sys.stdout or open(os.devnull, "w")
    sys.stderr = sys.stderr or open(os.devnull, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # some terminals know few letters


def tell_facts(event: str, **facts: Any) -> None:
    """Write what happens on stderr as a line of JSON; nothing where stderr has gone away.

    Args:
        event: step, file, remark, stopped or error.
        facts: what there is to know of it.
    """
    with contextlib.suppress(OSError):
        print(json.dumps({"event": event, **facts}), file=sys.stderr, flush=True)


def tell_error(line: object) -> None:
    """Tell why the program ends, in one line, as far as there is anybody to tell it to."""
    if _IS_JSON.get():
        tell_facts("error", error=str(line))
        return
    with contextlib.suppress(OSError):
        print(f"diavlex: {line}", file=sys.stderr)


def tell(line: object, style: str = "", *, event: str = "remark", **facts: Any) -> None:
    """Write a line on stderr, in color where that can be; nothing in it is interpreted or wrapped.

    Where stderr has gone away, as with the terminal, nothing is written.

    Args:
        line: what to tell.
        style: of rich, such as yellow.
        event: what it is to another program, where one listens.
        facts: what else that program gets.
    """
    if _IS_JSON.get():
        tell_facts(event, text=shown(line, LONGEST_MESSAGE), **facts)
        return
    from rich.console import Console
    from rich.text import Text

    with contextlib.suppress(OSError):
        Console(stderr=True).print(Text(shown(line, LONGEST_MESSAGE), style), soft_wrap=True)


def tell_path(path: os.PathLike[str] | str) -> None:
    """Write a path on stdout: where a program reads it, as the very bytes of the file's name."""
    sys.stdout.flush()
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")
        sys.stdout.buffer.flush()
    else:
        print(shown(path, LONGEST_MESSAGE))


class _Remarks(logging.Handler):
    """Tells what the library remarks."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one line."""
        tell(record.getMessage(), "yellow")


@contextlib.contextmanager
def remarks_told() -> Iterator[None]:
    """Within it, what the library remarks is told on stderr."""
    log, told = logging.getLogger("diavlex"), _Remarks(logging.WARNING)
    before = log.propagate
    log.addHandler(told)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(told)
        log.propagate = before
