"""Hues: which words are colors, and two colors of one thing."""

import re

from . import lexicon as say
from .words import COLORS

_FINER = frozenset(say.MORE_COLORS.values())
_PAIR = re.compile(
    r"\b([a-z]+)(?:-and-| and |, )([a-z]+)(?= (?!and |with |in |on |an? |the )[a-z])"
)


def color_name(word: str) -> str | None:
    """The color that a word means."""
    word = say.MORE_COLORS.get(word, word)
    return word if word in COLORS or word in _FINER else None


def paired(text: str) -> str:
    """A text in which two colors of one thing are one word: "a black-white cow"."""
    return _PAIR.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    """Two colors of one thing as one word."""
    return f"{found[1]}-{found[2]}" if color_name(found[1]) and color_name(found[2]) else found[0]
