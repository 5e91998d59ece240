"""Asides: words of place that follow their thing, put before it as the grammar reads them.

Of "a house with a tree in front" is made "a house behind a tree", so that "front" is no thing.
"""

import re

_IT = r"(?: of)? (?:it|them|him|her|itself|that)"
_THING = r"(?:with|and there is|there is) ((?:(?! with ).)+?)"
_MOVED = (
    (rf" {_THING} in (?:the )?(?:front|foreground)(?:{_IT})?$", r" behind \1"),
    (rf" {_THING} (?:behind(?:{_IT})?|in the (?:background|back|distance|rear))$", r" before \1"),
    (rf" {_THING} (?:next to|close to|near|beside|by|around|at){_IT}$", r" beside \1"),
    (
        rf" {_THING} (?:nearby|alongside|(?:at|on|to) (?:the|its|one|each) (?:side|left|right))$",
        r" beside \1",
    ),
    (rf" {_THING} (?:above|over)(?:{_IT})?$", r" under \1"),
    (rf" {_THING} (?:below|under|beneath|underneath)(?:{_IT})?$", r" above \1"),
)
_ON_TOP = re.compile(rf"^(.+?) {_THING} on (?:the )?top(?:{_IT})?$")
_LOOSE = re.compile(
    r"\b(?:in (?:the )?(?:front|foreground|background|back|rear|distance|middle|center|centre)"
    r"|on (?:the )?(?:top|side|left|right)|(?:at|to) (?:the|its) (?:side|left|right)|nearby|afar"
    r"|(?:behind|next to|near|beside|above|over|under|below|around|in front of|on top of|on)"
    r" (?:it|them|him|her|itself|each other|one another))\b(?! of\b)"
)


_MANNER = re.compile(
    r",? (?:painted |drawn )?(?:in|after) (?:the )?(?:style|manner) of .*$"
    r"|,? (?:in|as an?) [a-z-]+(?: [a-z-]+)? style$"
    r"|,? by (?:van gogh|vincent|monet|picasso|dali).*$"
)
"""How a picture shall be painted, which is no thing in it."""


def settled(text: str) -> str:
    """A text without words of place that follow their thing."""
    text = _MANNER.sub("", " ".join(text.split()))
    text = _ON_TOP.sub(r"\2 on \1", text)
    for pattern, place in _MOVED:
        text = re.sub(pattern, place, text)
    return _LOOSE.sub("", text)
