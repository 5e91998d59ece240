"""What a person can get wrong; every message says what was wrong, what was given, what to do."""

import copyreg
import difflib
import unicodedata
from collections.abc import Iterable
from typing import Any

LONGEST_MESSAGE = 2000
"""Characters; what is longer loses its middle."""

_LONGEST_NAME = 200
"""Characters of a wrong name that are compared with the known ones."""

_STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of the text after them."""


def shown(text: object, most: int = 60) -> str:
    """A text of a person or of a file as it may stand in a message: one line, and not too long.

    Letters, joiners and emoji stay; line ends and what could steer a terminal are written as
    escapes; of what is longer than `most` characters, the middle is left out.
    """
    words = _cut(str(text), most)
    plain = (c if _is_harmless(c) else c.encode("unicode_escape").decode() for c in words)
    return _cut("".join(plain), most)


def _cut(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    tail = most // 3
    return f"{words[: most - tail - 3]}...{words[len(words) - tail :]}"


def _is_harmless(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category not in ("Cc", "Cs", "Zl", "Zp") and letter not in _STEERING


class DiavlexError(Exception):
    """A mistake or a lack that the person at the keyboard can mend; the CLI prints one line."""

    def __init__(self, message: str) -> None:
        super().__init__(shown(message, LONGEST_MESSAGE))

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel between processes, whatever their own `__init__` asks for."""
        return copyreg.__newobj__, (type(self), *self.args)  # type: ignore[attr-defined]


class BadValue(DiavlexError):
    """A value outside what an option or a file may hold."""


class BadPlan(BadValue):
    """A plan with lines that cannot be painted; the message names each in a line of its own."""

    def __init__(self, head: str, faults: Iterable[str]) -> None:
        lines = [shown(head, 200), *(f"  {shown(fault, 400)}" for fault in faults)]
        Exception.__init__(self, "\n".join(lines))


class UnknownName(DiavlexError):
    """A name that no registry holds; the message offers the nearest one."""

    def __init__(self, kind: str, name: str, known: Iterable[str], near: str = "") -> None:
        known = sorted(known)
        likely = [near] if near else difflib.get_close_matches(name[:_LONGEST_NAME], known, n=1)
        hint = f"did you mean '{likely[0]}'?" if likely else f"choose from {', '.join(known)}."
        super().__init__(f"no {kind} is called '{shown(name)}': {hint}")


class BadBrush(DiavlexError):
    """A MyPaint brush that cannot be read or learned, or that makes the engine fail."""


class MissingEngine(DiavlexError):
    """The MyPaint library is not on this machine."""


class MissingGuide(DiavlexError):
    """A guide whose files are not on this machine and cannot be fetched."""


class MissingPackage(DiavlexError):
    """A package that only some commands need is not installed."""


class BadWeights(DiavlexError):
    """A weights file that is missing, altered, or holds numbers that are not finite."""


class BadTerm(DiavlexError):
    """A term of an objective that gives anything but one finite number."""


class BadPainting(DiavlexError):
    """A painting's record that is missing, cut short, or was not written by diavlex."""


class BadCorpus(DiavlexError):
    """A shard of training pictures that is missing, cut short, or altered."""


class BadFolder(DiavlexError):
    """A folder that cannot be written, or that holds somebody's work already."""
