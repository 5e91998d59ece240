"""Groups: a few cutouts with one box around what is seen of them."""

from dataclasses import dataclass, replace

from .shapes import Cutout, Point

_SEEN = 0.35
"""From which share on a place counts as the thing's."""
_LONG = 1.8
"""Two things as many times as long as high lie one above the other."""
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
