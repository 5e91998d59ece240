"""Arranging: how things lie to each other, by relation and number, as plain boxes.

A group is a few parts with one box around what is seen of them. Relations move and scale whole
groups, so that "three cats on a wall" is a row of cats whose feet are on the wall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .shapes import Cutout, Point
from .sizes import SIZES, size_of

__all__ = [
    "RELATED", "SIZES", "Group", "Part", "above", "alone", "at_door", "behind", "beside", "between",
    "bounds", "lined", "on", "repeated", "row", "rows", "several", "size_of", "under",
    "under_crown", "within",
]  # fmt: skip
_SEEN = 0.35
"""From which share on a place counts as the thing's."""
_MOST = 1.9
"""How many times as large as another a thing may be shown, at most."""
_ALIKE = 1.5
"""The same where one stands beside the other."""
_LONG = 1.8
"""Two things as many times as long as high lie one above the other."""
_LOW = 0.6
"""Over the height of what is before it: what is lower looks out beside it."""
_IN_TWO = 8
"""More things than this stand in three rows."""


@dataclass(frozen=True)
class Part:
    """One cutout in a picture."""

    words: str
    cutout: Cutout
    center: Point
    width: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is seen of it."""
        left, top, right, bottom = bounds(self.cutout)
        x, y = self.center
        w = self.width
        return (
            x + (left - 0.5) * w,
            y + (top - 0.5) * w,
            x + (right - 0.5) * w,
            y + (bottom - 0.5) * w,
        )


@dataclass(frozen=True)
class Group:
    """Parts in painting order."""

    parts: tuple[Part, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all that is seen."""
        boxes = [part.box for part in self.parts]
        left, top = (min(box[k] for box in boxes) for k in (0, 1))
        right, bottom = (max(box[k] for box in boxes) for k in (2, 3))
        return left, top, right, bottom

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        """From left to right."""
        return self.box[2] - self.box[0]

    def moved(self, dx: float, dy: float) -> "Group":
        """The same elsewhere."""
        return Group(
            tuple(replace(p, center=(p.center[0] + dx, p.center[1] + dy)) for p in self.parts)
        )

    def scaled(self, factor: float) -> "Group":
        """The same larger or smaller."""
        return Group(
            tuple(
                replace(
                    p, center=(p.center[0] * factor, p.center[1] * factor), width=p.width * factor
                )
                for p in self.parts
            )
        )

    def stood(self, x: float, bottom: float) -> "Group":
        """The same with its middle and its bottom there."""
        left, _, right, low = self.box
        return self.moved(x - (left + right) / 2, bottom - low)

    def fit(self, width: float, height: float) -> "Group":
        """The same, as large as it can be within a box."""
        return self.scaled(min(width / max(self.width, 1e-3), height / max(self.height, 1e-3)))

    def __add__(self, other: "Group") -> "Group":
        """Both; the other is painted later."""
        return Group(self.parts + other.parts)


def bounds(cutout: Cutout) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is seen of a cutout, from 0 to 1."""
    seen = cutout.share > _SEEN
    if not bool(seen.any()):
        return 0.0, 0.0, 1.0, 1.0
    rows, columns = seen.any(1).nonzero().flatten(), seen.any(0).nonzero().flatten()
    height, width = seen.shape
    return (
        float(columns[0]) / width, float(rows[0]) / height,
        float(columns[-1] + 1) / width, float(rows[-1] + 1) / height,
    )  # fmt: skip


def alone(words: str, cutout: Cutout, size: float) -> Group:
    """One thing, as high or as wide as its size says."""
    part = Part(words, cutout, (0.0, 0.0), 1.0)
    group = Group((part,))
    return group.scaled(size / max(group.height, group.width)).stood(0.0, 0.0)


def several(words: str, cutout: Cutout, size: float, count: int, *, is_standing: bool) -> Group:
    """A few of one thing, in one row or in two, so that they can be counted."""
    one = alone(words, cutout, size)
    return repeated(one, count, is_standing=is_standing)


def repeated(one: Group, count: int, *, is_standing: bool = True) -> Group:
    """A group so many times, in one row or in two."""
    if count == 1 or count >= 12:
        return one
    rows = [count] if count <= 2 else [count // 2, count - count // 2]
    if count == 2 and one.width > _LONG * one.height:
        rows = [1, 1]
    if count > _IN_TWO:
        rows = [count // 3, count // 3, count - 2 * (count // 3)]
    if is_standing and one.width * count < 1.4 * one.height:
        rows = [count]
    parts: tuple[Part, ...] = ()
    for at, in_row in enumerate(rows):
        for k in range(in_row):
            x = (k - (in_row - 1) / 2) * 1.15 * one.width
            y = -(len(rows) - 1 - at) * 1.1 * one.height
            parts += one.stood(x, y).parts
    return Group(parts)


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
    first, second = _matched(first, second)
    second = second.stood(0.0, 0.0)
    if first.height < _LOW * second.height:  # it would look as if it lay on it
        first = first.stood(0.5 * second.width + 0.12 * first.width, 0.0)
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
