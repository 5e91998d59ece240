"""Naming: what a few words name, a thing with its number and colors, a deed or a place."""

from collections.abc import Iterable
from dataclasses import replace

from . import lexicon as say
from .hues import color_name
from .sentence import Noun

_SUN_LOW = ("sunset", "sunrise")
_BACK = {
    "icecream": "ice cream",
    "hotairballoon": "hot air balloon",
    "teddybear": "teddy bear",
    "wateringcan": "watering can",
}


def deed_of(word: str) -> str:
    """The deed of a word that ends in -ing, if it is one: "riding" is "ride"."""
    if not word.endswith("ing") or word in say.NOT_DEEDS:
        return ""
    stem = word[:-3]
    tries = (
        stem,
        stem + "e",
        stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem,
        stem[:-1] + "ie",
    )
    return next((one for one in tries if one in say.DEEDS), "")


def has_noun(words: list[str]) -> bool:
    """Whether words name a thing."""
    return any(
        w not in say.ARTICLES
        and w not in say.COUNTS
        and w not in say.ADJECTIVES
        and not color_name(w)
        for w in words
    )


def noun_of(words: list[str]) -> Noun | None:
    """The noun of a chunk; None if it has none."""
    count, color, also, traits, name, deed = 1, None, None, [], [], ""
    for at, word in enumerate(words):
        is_last = at == len(words) - 1
        if word in say.ARTICLES:
            continue
        if word in say.COUNTS and not name:
            count = say.COUNTS[word]
        elif color_name(word) and not is_last:
            color = color_name(word)
        elif all(pair := [color_name(half) for half in word.split("-")]) and not is_last:
            color, also = pair[:2]
        elif word in say.ADJECTIVES and not is_last:
            traits.append(word)
        elif deed_of(word) and not is_last and not name:
            deed = deed_of(word)
            traits.append(word)
        else:
            name.append(_BACK.get(word, word))
    if not name:
        return None
    head = name[-1].split()[-1]
    if head in say.PLURALS and count == 1:
        count = 2
    if head == "couple" or head == "family":
        return Noun(head, 1, color, deed=deed, traits=tuple(traits))
    done = say.AGENTS.get(head)
    noun = Noun(" ".join(name), count, color, also, deed=deed, traits=tuple(traits))
    if done and not deed:
        thing = Noun(done[1]) if done[1] else None
        noun = replace(noun, deed=done[0], object=thing)
    return noun


def says_sea(words: Iterable[str]) -> bool:
    """Whether a word says that it is at sea; a sunset alone may be anywhere."""
    return any(say.PLACES.get(word) == "sea" and word not in _SUN_LOW for word in words)


def places_of(noun: Noun) -> list[str]:
    """The sceneries that a noun names: of "a forest path" both."""
    words = noun.name.split()
    if not words or words[-1] not in say.PLACES:
        return []
    return [say.PLACES[word] for word in words if word in say.PLACES]
