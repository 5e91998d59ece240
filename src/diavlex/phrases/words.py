"""What English says: the things of a phrase, their colors, how many there are and where."""

import re
import unicodedata
from dataclasses import dataclass

Levels = tuple[int, int, int]
"""sRGB, each from 0 to 255."""

COLORS: dict[str, Levels] = {
    "black": (20, 20, 22), "white": (245, 245, 242), "red": (205, 30, 35), "green": (40, 150, 50),
    "blue": (35, 70, 200), "yellow": (245, 215, 40), "orange": (240, 130, 25),
    "brown": (115, 70, 35), "pink": (245, 150, 185), "purple": (120, 50, 160),
    "grey": (130, 130, 132), "golden": (212, 165, 55),
}  # fmt: skip
"""The colors that phrases may name, with an example of each."""

MOST_THINGS = 6
"""A phrase with more things than this names a crowd, whose members are not told apart."""
_WORD = re.compile(r"[a-z0-9]+")
_OF_SIGNS = ("face", "symbol", "sign", "heavy", "black", "white", "emoji", "regional", "indicator")
"""Words in the names of signs that say how they are drawn, not what they show."""
_ARTICLES = ("a", "an", "the")
_WHERE = (
    "in", "on", "at", "under", "over", "above", "by", "near", "behind", "before", "beside",
)  # fmt: skip
_MEDIUM = re.compile(
    r"^\s*(?:an?\s|the\s)?(?:[\w-]+\s){0,3}?"
    r"(?:painting|picture|photo|photograph|image|drawing|sketch|illustration|watercolou?r|cartoon"
    r"|mosaic|poster|fresco|print)s?\sof\s",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4}
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))


@dataclass(frozen=True)
class Thing:
    """One thing that a phrase names."""

    words: str
    """As the phrase says it, in the singular: "a red apple", "sheep"."""

    @property
    def kind(self) -> str:
        """The words without the color: "a apple", "sheep"."""
        return uncolored(self.words)

    @property
    def color(self) -> Levels | None:
        """The color that the words give to it."""
        return color_of(self.words)


@dataclass(frozen=True)
class Phrase:
    """What a prompt says."""

    text: str
    things: tuple[Thing, ...]
    """The things, one by one, where the text says where they are or how many; otherwise empty."""
    is_placed: bool
    """Whether the text says where its thing is: "a horse in a field"."""


def read(text: str) -> Phrase:
    """Take a prompt apart."""
    return Phrase(text, tuple(Thing(words) for words in things_of(text)), says_where(text))


def spelled(text: str) -> str:
    """A text with its emoji in words, by the names that Unicode gives them."""
    return "".join(_name_of(c) if unicodedata.category(c) == "So" else c for c in text)


def _name_of(emoji: str) -> str:
    name = unicodedata.name(emoji, "").lower()
    return f" {' '.join(word for word in _WORD.findall(name) if word not in _OF_SIGNS)} "


def words_of(text: str) -> list[str]:
    """The words of a text, lower case, without punctuation."""
    return _WORD.findall(spelled(text).lower().replace("'s", ""))


def uncolored(text: str) -> str:
    """A text without the colors of its things: "a red car" is "a car", and "an orange" itself."""
    *words, last = words_of(text) or [""]
    return " ".join([*(word for word in words if word not in COLORS), last])


def color_of(text: str) -> Levels | None:
    """The color of a text's thing, if it begins with one: "a red car", not "a man in red shoes"."""
    words = [word for word in words_of(text) if word not in _ARTICLES]
    return COLORS.get(words[0]) if len(words) > 1 else None


def depicted(text: str) -> str:
    """What a text asks a picture of: of "an oil painting of a horse", "a horse"."""
    return _MEDIUM.sub("", text)


def says_where(text: str) -> bool:
    """Whether a text says where its thing is: "a horse in a field"."""
    return any(word in _WHERE for word in words_of(depicted(text))[1:])


def things_of(text: str) -> list[str]:
    """The things of a text that says where they are, or how many, each by itself.

    Of "a cat and two dogs on a sofa": "a cat", "dog", "dog". Empty for a thing alone, and for a
    crowd.
    """
    words = words_of(depicted(text).replace(",", " and "))
    end = next((at for at, word in enumerate(words) if word in _WHERE), len(words))
    parts = " ".join(words[:end]).split(" and ")
    things = [thing for part in parts for thing in _each(part.removeprefix("and ").split())]
    is_told = len(things) > 1 or end < len(words)
    return things if is_told and len(things) <= MOST_THINGS else []


def _each(words: list[str]) -> list[str]:
    """The things that some words count, each in the singular: "dog", "dog" of "two dogs"."""
    count = _COUNTS.get(words[0], 1) if words else 0
    if count > 1:
        words = [*words[1:-1], _singular(words[-1])] if len(words) > 1 else []
    return [" ".join(words)] * count if words else []


def _singular(word: str) -> str:
    for plural, one in _PLURALS:
        if word.endswith(plural) and not word.endswith("ss"):
            return word.removesuffix(plural) + one
    return word
