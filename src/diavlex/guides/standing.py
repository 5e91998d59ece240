"""Standing: where in a picture a group of things stands, floats or flies, and how large it is."""

from diavlex.phrases import GROWN, Noun, Sentence

from .appearance import Seen
from .arrange import Group, Part
from .icons import forms
from .scenery import Place
from .shapes import Shape

_FLIERS = (
    "balloon", "kite", "airplane", "plane", "jet", "rocket", "spaceship", "helicopter", "cloud",
    "moon", "sun", "star", "butterfly", "bee", "eagle", "seagull", "dragon", "ufo", "saucer",
    "comet", "rainbow", "firework", "planet", "parachute", "blimp", "drone", "bird", "bat",
    "hawk", "crow", "raven", "swallow", "lightning", "bolt",
)  # fmt: skip
_AFLOAT = ("ship", "fish", "bird")
_WET = ("lake", "sea", "river", "under water")


def stood(
    group: Group,
    ground: Place,
    scenery: str,
    seen: dict[int, Seen],
    sentence: Sentence,
    shape: Shape,
) -> tuple[Part, ...]:
    """The group where it stands in the picture, in shorter sides."""
    height, width = (side / min(shape) for side in shape)
    if not scenery and "portrait" in sentence.said:
        group = group.scaled(1.75 * height / group.height)
        return group.stood(width / 2, 1.84 * height).parts
    if not scenery:
        group = group.fit(0.86 * width, 0.86 * height)
        return group.stood(width / 2, height / 2 + group.height / 2).parts
    size = max(group.height, group.width)
    is_up = bool(seen) and all(_flies(one) for one in seen.values())
    if scenery in ("sky", "space", "under water"):
        group = group.fit(0.72 * width, 0.62 * height)
        return group.stood(width / 2, 0.5 * height + group.height / 2).parts
    if is_up:
        group = group.fit(0.6 * width, 0.4 * height)
        return group.stood(0.48 * width, 0.08 * height + group.height).parts
    share = 0.42 + 0.24 * min(size, 1.2)
    group = group.fit(0.86 * width, share * height)
    bottom = ground.ground
    if scenery in _WET and all(
        one.kind in _AFLOAT or one.noun.head in ("boat", "canoe", "raft") for one in seen.values()
    ):
        bottom = 0.5 * (ground.horizon + 1.0) + 0.08
    bottom = min(0.97 * height, max(bottom * height, group.height + 0.03 * height))
    return group.stood(width / 2, bottom).parts


def is_all_over(noun: Noun, scenery: str) -> bool:
    """Whether a thing is seen all over a place: a field of it, or flowers in a meadow."""
    grows = (
        noun.head.removesuffix("s") in GROWN and noun.head.endswith("s") and noun.count in (1, 3)
    )
    return bool(scenery) and (noun.count >= 12 or (grows and scenery in ("field", "hills")))


def _flies(one: Seen) -> bool:
    """Whether a thing is seen in the air: a kite, two birds, but no bird that walks."""
    names = forms(one.noun.head)
    is_low = one.noun.deed in ("walk", "sit", "stand", "eat", "drink", "swim", "perch", "drive")
    return any(name in _FLIERS for name in names) and not is_low


def strewn(group: Group, ground: Place, height: float, width: float) -> tuple[Part, ...]:
    """Many of a thing all over a field, smaller the farther they are."""
    parts: tuple[Part, ...] = ()
    for y, size, count in (
        (ground.horizon + 0.10, 0.14, 8),
        (ground.horizon + 0.24, 0.24, 5),
        (0.98, 0.36, 4),
    ):
        for k in range(count):
            x = (k + 0.5) / count * width
            one = group.fit(size * 1.3, size)
            parts += one.stood(x, y * height).parts
    return parts
