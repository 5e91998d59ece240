"""What a person can get wrong; every message says what was wrong, what was given, what to do."""

import difflib
from collections.abc import Iterable


class DiavlexError(Exception):
    """A mistake or a lack that the person at the keyboard can mend; the CLI prints one line."""


class BadValue(DiavlexError):
    """A value outside what an option or a file may hold."""


class UnknownName(DiavlexError):
    """A name that no registry holds; the message offers the nearest one."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(known)}."
        super().__init__(f"no {kind} is called '{name}': {hint}")


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
