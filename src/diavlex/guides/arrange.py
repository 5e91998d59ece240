"""Arranging: how things lie to each other, by relation and number, as plain boxes.

A group is a few parts with one box around what is seen of them. Relations move and scale whole
groups, so that "three cats on a wall" is a row of cats whose feet are on the wall.
"""

from collections.abc import Callable, Sequence

from .groups import Group, Part, alone, bounds, repeated, several
from .sizes import SIZES, size_of

__all__ = [
    "RELATED", "SIZES", "Group", "Part", "above", "alone", "around", "at_door", "behind", "beside",
    "between", "bounds", "lined", "on", "repeated", "row", "rows", "several", "size_of", "under",
    "under_crown", "within",
]  # fmt: skip
_MOST = 1.9
"""How many times as large as another a thing may be shown, at most."""
_ALIKE = 1.5
"""The same where one stands beside the other."""
_LOW = 0.6
"""Over the height of what is before it: what is lower looks out beside it."""


def beside(first: Group, second: Group) -> Group:
    """Side by side on one ground, of comparable size."""
    first, second = _matched(first, second, _ALIKE)
    gap = 0.06 * (first.width + second.width)
    return first.stood(-first.width / 2 - gap / 2, 0.0) + second.stood(
        second.width / 2 + gap / 2, 0.0
    )


def between(first: Group, second: Group) -> Group:
    """The first in the middle of a few others."""
    first, second = _matched(first, second, _ALIKE)
    singles = [Group((part,)) for part in second.parts]
    if len(singles) < 2:
        return beside(first, second)
    half = len(singles) // 2
    return row([*singles[:half], first, *singles[half:]])


def around(first: Group, second: Group) -> Group:
    """A few to both sides of a thing; one beside it."""
    if len(first.parts) < 2 or len({part.words for part in first.parts}) > 1:
        return beside(first, second)
    first, second = _matched(first, second)
    one = Group((first.parts[0],))
    left = repeated(one, len(first.parts) // 2)
    right = repeated(one, len(first.parts) - len(first.parts) // 2)
    return row([left, second, right])


def lined(group: Group) -> Group:
    """Several of one thing in one row instead of two."""
    is_many = len(group.parts) > 2 and len({part.words for part in group.parts}) == 1
    return row([Group((part,)) for part in group.parts]) if is_many else group


def on(first: Group, second: Group, surface: float = 0.04) -> Group:
    """The first on the second.

    Args:
        first: above.
        second: below.
        surface: how far below its top the second carries something, over its height.
    """
    first, second = _matched(lined(first), second)
    if first.width > 1.1 * second.width:
        first = first.scaled(1.1 * second.width / first.width)
    second = second.stood(0.0, 0.0)
    return second + first.stood(0.0, second.box[1] + surface * second.height)


def under(first: Group, second: Group, *, is_legged: bool, room: float = 0.52) -> Group:
    """The first under the second: between its legs, or below it.

    Args:
        first: below.
        second: above.
        is_legged: whether the second stands on legs.
        room: how high there is room between these, over its height.
    """
    if is_legged:
        second = second.stood(0.0, 0.0)
        wide = max(0.46 * second.width, 0.45 * second.height)
        first = first.fit(wide, room * second.height)
        return second + first.stood(0.0, 0.02 * second.height)
    first, second = _matched(first, second)
    return second.stood(0.0, -1.05 * first.height) + first.stood(0.0, 0.0)


def under_crown(first: Group, second: Group) -> Group:
    """The first before the trunk of a tree, as large as there is room for."""
    second = second.stood(0.0, 0.0)
    first = first.fit(0.66 * second.width, 0.46 * second.height)
    return second + first.stood(0.12 * second.width, 0.03 * second.height)


def above(first: Group, second: Group) -> Group:
    """The first above the second, without touching it."""
    first, second = _matched(first, second)
    second = second.stood(0.0, 0.0)
    return second + first.stood(0.12 * second.width, second.box[1] - 0.12 * second.height)


def behind(first: Group, second: Group) -> Group:
    """The first behind the second: higher, partly hidden."""
    first, second = _matched(lined(first), second)
    second = second.stood(0.0, 0.0)
    if first.height < _LOW * second.height:  # it would look as if it lay on it
        out = 0.12 if len(first.parts) == 1 else 0.4
        first = first.stood(0.5 * second.width + out * first.width, 0.0)
        return first + second
    lift = 0.45 * min(first.height, second.height)
    first = first.stood(0.22 * second.width, -lift)
    if first.box[1] > second.box[1] - 0.35 * first.height:
        first = first.moved(0.0, second.box[1] - 0.4 * first.height - first.box[1])
    return first + second


def within(first: Group, second: Group, *, is_clear: bool, rim: float = 0.0) -> Group:
    """The first in the second: seen through it, or out of its rim.

    Args:
        first: within.
        second: around it.
        is_clear: whether it is seen through.
        rim: how far below its top the second is open, over its height.
    """
    second = second.stood(0.0, 0.0)
    if is_clear:
        first = first.fit(0.5 * second.width, 0.5 * second.height)
        middle = second.box[1] + 0.56 * second.height
        return second + first.stood(0.0, middle + first.height / 2)
    first = lined(first).fit(0.78 * second.width, 0.75 * second.height)
    return first.stood(0.0, second.box[1] + rim * second.height + 0.38 * first.height) + second


def at_door(first: Group, second: Group) -> Group:
    """The first in the door of the second."""
    second = second.stood(0.0, 0.0)
    first = first.fit(0.5 * second.width, 0.55 * second.height)
    return second + first.stood(0.0, 0.02 * second.height)


def _matched(first: Group, second: Group, most: float = _MOST) -> tuple[Group, Group]:
    """Two groups of which neither is too much larger than the other."""
    ratio = max(first.height, first.width) / max(second.height, second.width)
    if ratio > most:
        return first.scaled(most / ratio), second
    if ratio < 1 / most:
        return first.scaled(1 / (most * ratio)), second
    return first, second


RELATED: dict[str, Callable[[Group, Group], Group]] = {
    "on": on, "beside": beside, "above": above, "behind": behind, "between": between,
    "around": around,
    "before": lambda first, second: behind(second, first),
}  # fmt: skip
"""Groups made from two, by relation; under and in ask what the second thing is."""


def row(groups: Sequence[Group]) -> Group:
    """Several groups side by side."""
    largest = max(max(group.width, group.height) for group in groups)
    groups = [g.scaled(max(1.0, largest / _MOST / max(g.width, g.height))) for g in groups]
    x, parts = 0.0, ()
    for group in groups:
        x += group.width / 2
        parts += group.stood(x, 0.0).parts
        x += group.width / 2 + 0.06 * largest
    return Group(parts)


def rows(groups: Sequence[Group]) -> Group:
    """Several groups in two rows."""
    upper, lower = row(groups[: len(groups) // 2]), row(groups[len(groups) // 2 :])
    lower = lower.stood(0.0, 0.0)
    return upper.stood(0.0, lower.box[1] - 0.08 * lower.height) + lower
