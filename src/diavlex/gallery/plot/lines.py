"""Lines on paper, in millimeters: their lengths, their pieces, what of them lies on the canvas."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from ..paper import Placed

Points = Float[np.ndarray, "_ 2"]
"""x and y in millimeters from the upper left corner of the paper."""


@dataclass(frozen=True)
class Line:
    """What is drawn without lifting the pen."""

    points: Points
    color: tuple[float, float, float]
    """sRGB in [0, 1]."""
    width_mm: float
    """How wide the stroke is, or the pen that fills it."""

    @property
    def length_mm(self) -> float:
        """How far the pen draws."""
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum())

    def turned(self) -> "Line":
        """The line from its end to its start."""
        return replace(self, points=self.points[::-1])

    def cut(self, ends_mm: Sequence[float]) -> list["Line"]:
        """The line in pieces.

        Args:
            ends_mm: rising distances from its start, where a piece ends and the next one begins.
        """
        places = distances_mm(self.points)
        ends = [0.0, *ends_mm, float(places[-1])]
        return [
            replace(self, points=_piece(self.points, places, *pair))
            for pair in itertools.pairwise(ends)
        ]


def distances_mm(points: Points) -> Float[np.ndarray, " points"]:
    """How far along its line each point lies."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _piece(points: Points, places: np.ndarray, first: float, last: float) -> Points:
    """What lies between two distances along a line."""
    inner = points[(places > first + 1e-9) & (places < last - 1e-9)]
    tips = np.stack(
        [np.interp([first, last], places, points[:, axis]) for axis in range(2)], axis=1
    )
    return np.concatenate([tips[:1], inner, tips[1:]])


def filled(path: Points, width_mm: float, pen_mm: float) -> Points:
    """A path to and fro beside a path, a pen's width apart, that fills the stroke."""
    count = max(1, math.ceil(width_mm / pen_mm))
    reach = max(0.0, (width_mm - pen_mm) / 2)
    offsets = np.linspace(-reach, reach, count) if count > 1 else [0.0]
    across = across_of(path)
    beside = [path + offset * across for offset in offsets]
    return np.concatenate([one[:: -1 if at % 2 else 1] for at, one in enumerate(beside)])


def across_of(path: Points) -> Points:
    """At each point of a path the direction across it, of length 1."""
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.hypot(*along.T)[:, None], 1e-9)
    return np.stack([-along[:, 1], along[:, 0]], 1)


def clipped(path: Points, placed: Placed) -> Iterator[Points]:
    """The parts of a path that lie on the canvas."""
    low = np.array([placed.left_mm, placed.top_mm])
    high = np.array([placed.right_mm, placed.bottom_mm])
    if ((path >= low) & (path <= high)).all():
        yield path
        return
    run: list[np.ndarray] = []
    for a, b in itertools.pairwise(path):
        inside = _inside(a, b, low, high)
        if inside is None or (run and inside[0] > 0):
            yield from _whole(run)
            run = []
        if inside is None:
            continue
        first, last = (a + share * (b - a) for share in inside)
        run = [*(run or [first]), last]
        if inside[1] < 1:
            yield from _whole(run)
            run = []
    yield from _whole(run)


def _whole(run: list[np.ndarray]) -> Iterator[Points]:
    """A run as one array, if it is a line and no single point."""
    if len(run) > 2 or (len(run) == 2 and not np.array_equal(run[0], run[1])):
        yield np.array(run)


def _inside(
    a: np.ndarray, b: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[float, float] | None:
    """From which share of a piece to which it lies in a rectangle; None if it does not.

    Source: Liang and Barsky 1984.
    """
    enter, leave = 0.0, 1.0
    for axis in range(2):
        step = b[axis] - a[axis]
        for room, way in ((a[axis] - low[axis], -step), (high[axis] - a[axis], step)):
            if way == 0:
                if room < 0:
                    return None
                continue
            share = room / way
            if way < 0:
                enter = max(enter, share)
            else:
                leave = min(leave, share)
    return (float(enter), float(leave)) if enter < leave else None
