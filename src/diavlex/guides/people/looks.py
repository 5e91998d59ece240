"""What people look like, by what they are called and by what they wear."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from diavlex.phrases import Noun

from ..drawn import PAINTS, drawing, read
from ..figures import Figure, Look
from ..shapes import Cutout, Paint, placed
from ..tint import paint_of

_GREY: Paint = (0.80, 0.80, 0.80)
_WHITE: Paint = (0.97, 0.97, 0.97)
_BROWN: Paint = (0.40, 0.22, 0.12)
_JEANS: Paint = (0.24, 0.36, 0.60)
_CHILD = 0.165
_WOMAN = Look(hair=_BROWN, style="long", top=(0.80, 0.22, 0.34), has_dress=True, head=0.122)
_OLD_WOMAN = Look(hair=_GREY, style="bun", top=(0.45, 0.38, 0.58), has_dress=True)
_GIRL = Look(
    head=_CHILD, hair=(0.45, 0.25, 0.12), style="tails", top=(0.92, 0.48, 0.68), has_dress=True
)
LOOKS: dict[str, tuple[Look, str]] = {
    "man": (Look(hair=(0.28, 0.17, 0.10), has_beard=True, head=0.125), ""),
    "woman": (_WOMAN, ""),
    "boy": (Look(head=_CHILD, top=(0.92, 0.55, 0.15)), ""),
    "girl": (_GIRL, ""),
    "old man": (Look(hair=_GREY, style="bald", has_beard=True, top=(0.42, 0.38, 0.30)), ""),
    "old woman": (_OLD_WOMAN, ""),
    "farmer": (Look(top=(0.72, 0.25, 0.20), bottom=_JEANS), "straw"),
    "chef": (Look(top=(0.96, 0.96, 0.96), bottom=(0.30, 0.30, 0.34)), "chef"),
    "ballerina": (replace(_WOMAN, style="bun", top=(0.97, 0.70, 0.80)), ""),
    "bride": (replace(_WOMAN, top=(0.98, 0.98, 0.98)), ""),
    "artist": (Look(top=(0.30, 0.50, 0.62)), "beret"),
    "fisher": (Look(top=(0.85, 0.70, 0.20), bottom=(0.30, 0.38, 0.30)), "straw"),
    "skier": (Look(top=(0.85, 0.20, 0.20)), "knit"),
    "doctor": (Look(top=_WHITE, has_dress=True), ""),
    "nurse": (replace(_WOMAN, style="bun", top=(0.62, 0.84, 0.90)), "nurse"),
    "soldier": (Look(top=(0.36, 0.42, 0.24), bottom=(0.36, 0.42, 0.24)), "army"),
    "sailor": (Look(top=(0.95, 0.95, 0.97), bottom=(0.15, 0.22, 0.45)), "cap"),
    "cowboy": (Look(top=(0.60, 0.40, 0.22), bottom=_JEANS), "straw"),
    "knight": (Look(top=(0.70, 0.73, 0.78), bottom=(0.58, 0.60, 0.66)), "visor"),
    "king": (Look(top=(0.66, 0.12, 0.20), has_beard=True), "crown"),
    "queen": (replace(_WOMAN, hair=(0.85, 0.65, 0.25), top=(0.55, 0.25, 0.65)), "crown"),
    "pirate": (Look(top=(0.70, 0.15, 0.15), has_beard=True), "pirate"),
    "wizard": (
        Look(hair=_WHITE, style="long", has_beard=True, top=(0.30, 0.25, 0.65), has_dress=True),
        "pointed",
    ),
    "witch": (replace(_WOMAN, hair=(0.20, 0.16, 0.20), top=(0.16, 0.14, 0.20)), "pointed"),
    "waiter": (Look(top=(0.12, 0.12, 0.14)), ""),
    "monk": (Look(style="bald", top=(0.92, 0.52, 0.12), has_dress=True), ""),
    "worker": (Look(top=(0.95, 0.55, 0.12)), "helmet"),
    "firefighter": (Look(top=(0.70, 0.15, 0.10), bottom=(0.25, 0.22, 0.20)), "fire"),
    "police": (Look(top=(0.15, 0.25, 0.50), bottom=(0.12, 0.16, 0.30)), "police"),
    "pilot": (Look(top=_WHITE, bottom=(0.12, 0.16, 0.30)), "police"),
    "astronaut": (Look(top=(0.93, 0.94, 0.96), bottom=(0.88, 0.89, 0.92)), "space"),
    "clown": (
        Look(
            hair=(0.92, 0.30, 0.15), style="tails", top=(0.95, 0.80, 0.20), bottom=(0.2, 0.5, 0.8)
        ),
        "clown",
    ),
    "magician": (Look(top=(0.12, 0.12, 0.14), bottom=(0.12, 0.12, 0.14)), "top hat"),
    "viking": (Look(hair=(0.85, 0.60, 0.25), has_beard=True, top=(0.45, 0.32, 0.20)), "viking"),
    "ninja": (Look(style="hidden", top=(0.12, 0.12, 0.15), bottom=(0.12, 0.12, 0.15)), "ninja"),
    "mechanic": (Look(top=(0.20, 0.32, 0.62), bottom=(0.20, 0.32, 0.62)), "cap"),
    "groom": (Look(top=(0.12, 0.12, 0.14), bottom=(0.12, 0.12, 0.14)), ""),
}
"""Looks and hats, by what a person is."""
_HATS: dict[str, Paint] = {
    "straw": (0.93, 0.80, 0.45), "chef": (0.99, 0.99, 0.99), "beret": (0.16, 0.16, 0.20),
    "knit": (0.20, 0.35, 0.70), "helmet": (0.92, 0.78, 0.15), "cap": (0.15, 0.22, 0.45),
    "crown": (0.98, 0.80, 0.20), "pirate": (0.10, 0.10, 0.12), "pointed": (0.22, 0.18, 0.45),
    "hat": (0.45, 0.28, 0.16), "top hat": (0.12, 0.12, 0.14), "space": (0.92, 0.93, 0.95),
    "visor": (0.62, 0.65, 0.71), "fire": (0.80, 0.14, 0.10), "police": (0.13, 0.20, 0.42),
    "army": (0.30, 0.36, 0.20), "viking": (0.60, 0.62, 0.66), "ninja": (0.10, 0.10, 0.13),
    "clown": (0.90, 0.18, 0.16), "nurse": (0.97, 0.97, 0.98),
}  # fmt: skip
"""Colors of hats; what they look like is drawn in `hats.txt`, on a head of radius 1/4."""
_WORN_HATS = {
    "hat": "hat", "cap": "cap", "crown": "crown", "helmet": "helmet", "beret": "beret",
    "bonnet": "hat", "hood": "knit",
}  # fmt: skip
_SKIRTS = ("dress", "gown", "skirt", "kimono", "robe", "cape", "costume", "apron")
_TOPS = (
    "shirt", "coat", "jacket", "sweater", "raincoat", "suit", "uniform", "hoodie", "blouse",
    "t-shirt", "pajamas",
)  # fmt: skip
_BOTTOMS = ("trousers", "pants", "jeans", "shorts")
_ELSE = (
    "hair", "beard", "boots", "shoes", "glasses", "sunglasses", "scarf", "eyes", "smile", "face",
    "mustache",
)  # fmt: skip
_SHADE = 0.75
_RED_HAIR: Paint = (0.76, 0.32, 0.12)
_PLAIN: dict[str, Paint] = {
    "suit": (0.14, 0.15, 0.20), "uniform": (0.15, 0.25, 0.50), "coat": (0.45, 0.32, 0.22),
    "jacket": (0.30, 0.22, 0.18), "sweater": (0.70, 0.20, 0.24),
}  # fmt: skip
"""Of clothes whose color is not said."""


@cache
def _hats() -> dict[str, tuple[str, tuple[str, ...]]]:
    return read(Path(__file__).parent / "hats.txt")


def is_worn(noun: Noun) -> bool:
    """Whether a thing is worn or a part of the body, and so not held."""
    return noun.head in (*_SKIRTS, *_TOPS, *_BOTTOMS, *_WORN_HATS, *_ELSE)


def look_of(noun: Noun) -> tuple[Look, str, Paint | None]:
    """How a person looks with what they wear: the look, the hat, and the hat's color."""
    look, hat = LOOKS.get(noun.person, LOOKS["man"])
    hat_paint: Paint | None = None
    if noun.color:
        look = replace(look, top=paint_of(noun.color))
    for worn in noun.having:
        color = paint_of(worn.color) if worn.color else None
        if worn.head in _WORN_HATS:
            hat, hat_paint = _WORN_HATS[worn.head], color
        elif worn.head == "raincoat":
            look = _dressed(look, worn, color)
            hat, hat_paint = "knit", look.top
        else:
            look = _dressed(look, worn, color)
    return look, hat, hat_paint


def _dressed(look: Look, worn: Noun, color: Paint | None) -> Look:
    """A look with one more thing that is worn, or with a part of the body as it is told."""
    if worn.head in _SKIRTS:
        return replace(look, has_dress=True, top=color or look.top)
    if worn.head in _TOPS:
        is_long = worn.head in ("coat", "raincoat")
        plain = _PLAIN.get(worn.head, (0.95, 0.80, 0.15))
        look = replace(look, bottom=color or plain) if worn.head == "suit" else look
        return replace(look, top=color or plain, has_dress=is_long)
    if worn.head in _BOTTOMS:
        return replace(look, bottom=color or look.bottom, has_dress=False)
    if worn.head == "beard":
        return replace(look, has_beard=True, hair=color or look.hair)
    if worn.head == "hair":
        color = _RED_HAIR if worn.color in ("red", "orange", "ginger") else color
        style = "long" if "long" in worn.traits else look.style
        return replace(look, hair=color or look.hair, style="short" if style == "bald" else style)
    return look


def hat_on(person: Figure, head: float, kind: str, paint: Paint | None) -> Cutout:
    """A hat on a head.

    Args:
        person: whose head it is.
        head: its radius.
        kind: of the hat.
        paint: its color, if one is said.
    """
    red, green, blue = paint or _HATS[kind]
    shade = (_SHADE * red, _SHADE * green, _SHADE * blue)
    hat = drawing(_hats()[kind][1], paints={**PAINTS, "own": (red, green, blue), "shade": shade})
    rows, columns = person.body.share.shape
    return placed(hat, person.crown, 4 * head, (rows, columns))
