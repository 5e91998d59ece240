"""How lines reach a person: what is told on stderr, what is found on stdout, as it is."""

import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator

from diavlex.errors import LONGEST_MESSAGE, shown


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


def tell(line: object, style: str = "") -> None:
    """Write a line on stderr, in color where that can be; nothing in it is interpreted or wrapped.

    Where stderr has gone away, as with the terminal, nothing is written.
    """
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
