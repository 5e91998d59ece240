"""What English says: the things of a phrase, their colors, how many there are and where."""

from .grammar import Air, Noun, Relation, Sentence, parse
from .lexicon import GROWN
from .naming import says_sea
from .words import (
    COLORS,
    MOST_THINGS,
    Levels,
    Phrase,
    Thing,
    color_of,
    depicted,
    read,
    says_where,
    spelled,
    things_of,
    uncolored,
    words_of,
)

__all__ = [
    "COLORS",
    "GROWN",
    "MOST_THINGS",
    "Air",
    "Levels",
    "Noun",
    "Phrase",
    "Relation",
    "Sentence",
    "Thing",
    "color_of",
    "depicted",
    "parse",
    "read",
    "says_sea",
    "says_where",
    "spelled",
    "things_of",
    "uncolored",
    "words_of",
]
