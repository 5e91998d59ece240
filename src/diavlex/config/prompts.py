"""Prompts, guides and terms as a person gives them: each with a weight behind its last colon."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from diavlex.errors import BadValue, shown

from .knob import Knob, Typed
from .values import Weighted, listed, read_weighted

MOST_LETTERS = 500
"""The longest prompt."""
_JOINERS = "\u200c\u200d"
_SYMBOLS = {"So", "Cn"}
"""Kinds of characters that emoji are of; those newer than this Python's tables are of none."""
WEIGHT = Knob("how much a prompt counts", -10, 10)
STRENGTH = Knob("how much a guide counts", 0.001, 100)
TERM_WEIGHT = Knob("how much a term counts", 0, 1000)

TEMPLATES = {
    "none": ("{}",),
    "painting": ("{}", "a painting of {}", "an oil painting of {}", "{}, brushstrokes on canvas"),
    "picture": ("{}", "a picture of {}", "a photo of {}", "a drawing of {}", "a painting of {}"),
}
"""Phrases whose mean stands for a prompt."""


def check_prompt(prompt: str) -> str:
    """A prompt without surrounding blanks and without marks that nobody sees.

    Joiners stay: they make one emoji of several, and shape the letters of some languages.

    Raises:
        BadValue: empty, without a letter, digit or emoji, too long, or with control characters.
    """
    if not isinstance(prompt, str):
        raise BadValue(f"the prompt is {prompt!r:.40}: give it as text.")
    words = " ".join("".join(filter(_is_seen, prompt)).split())
    if not words.strip(_JOINERS):
        raise BadValue('the prompt is empty: say what to paint, as in diavlex paint "black sheep".')
    if len(words) > MOST_LETTERS:
        raise BadValue(
            f"the prompt has {len(words)} characters: at most {MOST_LETTERS} are read; shorten it."
        )
    kinds = [unicodedata.category(letter) for letter in words]
    if "Cs" in kinds:
        raise BadValue(f"the prompt '{shown(words)}' holds bytes that are no text: give UTF-8.")
    if "Cc" in kinds:
        raise BadValue(
            f"the prompt '{shown(words)}' holds control characters: type it again without them."
        )
    if not any(letter.isalnum() for letter in words) and not _SYMBOLS.intersection(kinds):
        raise BadValue(f"the prompt '{words[:40]}' holds no word: say what to paint.")
    return words


def _is_seen(letter: str) -> bool:
    """Whether a letter shows, or changes how its neighbors show: a soft hyphen does neither."""
    return unicodedata.category(letter) != "Cf" or letter in _JOINERS or "\U000e0020" <= letter


def read_prompts(given: Sequence[Any]) -> list[Weighted]:
    """Prompts and their weights; the first is what is painted, and its weight becomes 1.

    Raises:
        BadValue: no prompt, one that cannot be, or nothing asked for by the first.
    """
    pairs = [read_weighted(one, WEIGHT) for one in given or [""]]
    pairs = [Weighted(check_prompt(words), weight) for words, weight in pairs]
    first = pairs[0].weight
    if first <= 0:
        raise BadValue(
            f"the weight of the first prompt is {first:g}: what is painted needs one > 0."
        )
    return [Weighted(words, weight / first) for words, weight in pairs]


def read_guides(given: Any) -> tuple[Weighted, ...]:
    """Names of guides and their strengths, from a list with commas or a sequence.

    Raises:
        BadValue: a name is missing, or a strength out of bounds.
    """
    parts: list[Any] = []
    for one in listed(given):
        parts += map(str.strip, one.split(",")) if isinstance(one, str) else [one]
    pairs = tuple(read_weighted(part, STRENGTH) for part in parts)
    if not pairs or not all(name for name, _ in pairs):
        raise BadValue(f"--guide is '{given}': give names, as in pocket or pocket,clip:0.5.")
    return pairs


def write_guides(guides: Sequence[Weighted]) -> str:
    """The same as one text with commas."""
    return ",".join(map(str, guides))


def read_further(given: Any) -> tuple[Weighted, ...]:
    """Further prompts with their weights, which are counted against the first prompt's.

    Raises:
        BadValue: one that cannot be.
    """
    return tuple(read_prompts(["as given", *listed(given)])[1:])


def read_terms(given: Any) -> tuple[Weighted, ...]:
    """Names of terms that other packages add, with their weights and options: "bluer:0.5".

    Raises:
        BadValue: a name is missing, or a weight out of bounds.
    """
    pairs = tuple(read_weighted(part, TERM_WEIGHT) for part in listed(given) if part)
    if not all(name.strip() for name, _ in pairs):
        raise BadValue(f"--term is '{given}': give a name with its weight, as in bluer:0.5.")
    return pairs


GUIDES = Typed(read_guides, write_guides, "NAME[:STRENGTH]", is_list=True)
FURTHER = Typed(read_further, lambda pairs: list(map(str, pairs)), "PROMPT:WEIGHT", is_list=True)
TERMS = Typed(read_terms, lambda pairs: list(map(str, pairs)), "NAME[:WEIGHT]", is_list=True)
