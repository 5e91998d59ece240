"""Acting: an animal and what it does, with what it eats, chases or has, as one group."""

from collections.abc import Callable
from dataclasses import replace

from diavlex.phrases import Noun

from ..arrange import Group, alone, size_of
from ..drawn import drawings, repainted
from ..icons import forms
from ..patterns import pattern_of
from ..shapes import Paint, Point
from ..tint import paint_of
from .beasts import Beast, beasts
from .bodies import creature
from .postures import posture

_EATING = ("eat", "drink", "chew", "lick", "sniff", "bite", "have", "taste", "enjoy", "share")
_CHASING = ("chase", "hunt", "follow", "herd", "lead")
_IN_MOUTH = ("bone", "stick", "ball", "fish", "frisbee", "newspaper", "mouse", "branch", "slipper")
_SMALL = ("puppy", "kitten", "calf", "foal", "lamb", "fawn", "piglet", "cub", "pony", "bunny")
_WORN = {
    "hat": "crown", "cap": "crown", "crown": "crown", "helmet": "crown", "beret": "crown",
    "glasses": "eyes", "sunglasses": "eyes", "eyeglasses": "eyes", "tiara": "crown",
    "bow": "crown", "flower": "crown", "mask": "eyes",
}  # fmt: skip
"""What animals wear, and where."""
_SITTING = ("rabbit", "bunny", "hare")
"""Animals that are known by how they sit."""
_NO_BEAST = {
    "teddy", "hot", "sea", "rocking", "toy", "computer", "gummy", "stuffed", "balloon", "statue",
    "koala", "carousel", "plush", "knight", "cheese", "piggy", "wooden", "prairie", "face", "head",
}  # fmt: skip
"""Words before the name of a beast by which another thing is meant: "teddy bear"."""
_BODILY = (
    "tail", "ears", "spots", "stripes", "collar", "paws", "mane", "belly", "patches", "scarf",
    "ribbon", "bow", "legs", "feet", "socks", "dots", "face", "head", "muzzle",
)  # fmt: skip
_PART = (*_BODILY, "eyes", "fur", "nose", "horns", "whiskers", "wings", "hair")
"""What animals have as a part of themselves."""


def beast_of(noun: Noun) -> Beast | None:
    """The beast that a noun names, if it is one."""
    names = (noun.name,) if set(noun.name.split()) & _NO_BEAST else (noun.name, noun.head)
    for name in names:
        for form in forms(name):
            if form in beasts():
                return beasts()[form]
    return None


def acted(
    noun: Noun,
    see: Callable[[Noun], Group | None],
    *,
    is_seated: bool = False,
    is_whole: bool = False,
) -> Group | None:
    """One animal on four legs that does what is said; None if it is none, or does nothing.

    Args:
        noun: the animal.
        see: what another thing looks like.
        is_seated: whether it is on something.
        is_whole: whether its body shall be seen even if it does nothing.
    """
    beast = beast_of(noun)
    if beast is None:
        return None
    is_marked = noun.also or any(one.head in _BODILY for one in noun.having) or pattern_of(noun)
    does = is_marked or noun.deed or noun.object or _things(noun)
    if not (is_whole or beast.is_whole or does):
        return None
    pose = posture(noun.deed)
    is_at_rest = is_seated or _from_front(noun, "sit") is not None
    is_sitter = noun.head.removesuffix("s") in _SITTING
    is_shown = beast.is_whole or _things(noun) or (is_marked and not is_sitter)
    if not noun.deed and (is_at_rest or is_sitter) and not is_shown:
        pose = "sit"
    if pose == "eat" and not noun.object and not beast.is_whole:
        pose = "stand"
    return _with_things(noun, beast, pose, see)


def _things(noun: Noun) -> list[Noun]:
    return [one for one in noun.having if one.head not in _PART]


def _with_things(noun: Noun, beast: Beast, pose: str, see: Callable[[Noun], Group | None]) -> Group:
    paint: Paint | None = paint_of(noun.color) if noun.color else None
    parts = {one.head: paint_of(one.color) for one in noun.having if one.color}
    if noun.also:
        parts["patches"] = paint_of(noun.also)
    pattern = pattern_of(noun)
    if pattern and pattern[0] in ("stripes", "spots") and not noun.also:
        dark = tuple(0.3 * level for level in paint or beast.paint)
        parts.setdefault(pattern[0], pattern[1] or (dark[0], dark[1], dark[2]))
    front = (
        None if _things(noun) or noun.object or pattern or noun.also else _from_front(noun, pose)
    )
    if front and (seen := repainted(front, paint, parts)):
        return alone(words_of(noun), seen[0], _size(noun))
    shown = creature(beast, pose, paint, parts)
    group = alone(words_of(noun), shown.cutout, _size(noun))
    part = group.parts[0]
    spots = {
        name: (
            part.center[0] + (x - 0.5) * part.width,
            part.center[1] + (y - 0.5) * part.width,
        )
        for name, (x, y) in (
            ("mouth", shown.mouth),
            ("crown", shown.crown),
            ("eyes", shown.eyes),
        )
    }
    for other in (noun.object, *_things(noun)):
        if other is None:
            continue
        running = replace(other, deed="run") if noun.deed in _CHASING else other
        thing = see(replace(running, traits=tuple(t for t in running.traits if t != "wear")))
        if thing is None:
            continue
        if other.head in _WORN:
            group = _wearing(group, thing, spots[_WORN[other.head]], beast.head * part.width, other)
        elif noun.deed in ("ride", "drive"):
            thing = thing.fit(1.3 * group.width, 1.3 * group.width).stood(0.0, 0.0)
            top = 0.3 if noun.deed == "ride" else 0.12
            low = group.stood(0.0, thing.box[1] + top * thing.height + 0.2 * group.height)
            group = low + thing if noun.deed == "drive" else thing + low
        else:
            group = _placed(noun, group, other, thing, spots["mouth"])
    return group


def _from_front(noun: Noun, pose: str) -> str | None:
    """The drawing of an animal that sits and looks at us."""
    names = [f"{pose}ting {form}" for form in forms(noun.head)]
    return next((name for name in names if name in drawings()), None)


def words_of(noun: Noun) -> str:
    """What an animal is called, with its color."""
    return noun.name if not noun.color else f"{noun.color} {noun.name}"


def _size(noun: Noun) -> float:
    return size_of(noun.name, "animal") * (0.7 if noun.head in _SMALL else 1.0)


def _wearing(group: Group, thing: Group, at: Point, head: float, other: Noun) -> Group:
    """An animal with a thing on its head, or before its eyes."""
    is_hat = _WORN[other.head] == "crown"
    thing = thing.fit((1.5 if is_hat else 1.1) * head, 1.4 * head)
    low = at[1] + (0.12 * head if is_hat else 0.5 * thing.height)
    return group + thing.stood(at[0], low)


def _placed(
    noun: Noun, group: Group, other: Noun, thing: Group, mouth: tuple[float, float]
) -> Group:
    """The animal with one more thing at its mouth, before its feet, or beside it."""
    own = max(group.height, group.width)
    most = max(thing.height, thing.width)
    if noun.deed in _EATING and other is noun.object:
        thing = thing.scaled(min(max(0.34 * own, most), 0.5 * own) / most)
        x = mouth[0] + 0.36 * thing.width
        return group + thing.stood(x, min(mouth[1] + 0.55 * thing.height, group.box[3]))
    is_caught = noun.deed not in _CHASING and noun.deed != "play"
    if (other.head in _IN_MOUTH and is_caught) or noun.deed in ("carry", "hold", "catch", "bite"):
        thing = thing.scaled(0.36 * own / most)
        return group + thing.stood(mouth[0] + 0.1 * thing.width, mouth[1] + 0.62 * thing.height)
    low, high = (0.4, 0.8) if noun.deed in _CHASING else (0.4, 0.9)
    thing = thing.scaled(min(max(low * own, most), high * own) / most)
    gap = 0.16 * own if noun.deed in _CHASING else 0.02
    return group + thing.stood(group.box[2] + gap + 0.5 * thing.width, group.box[3])
