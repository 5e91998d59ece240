"""Which strokes are seen in the end, and which parts of their lines."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float
from PIL import Image, ImageDraw

from ..paper import Placed
from .lines import Line, Points, across_of, distances_mm

FINEST_MM, MOST_SEEN_PX = 0.1, 3000
"""How finely it is told which stroke is seen where."""
SHORTEST_MM = 0.4
"""What is shorter is not drawn, and such a gap not left."""


class Seen:
    """Which stroke is seen at each place of the canvas: the last one that covers it.

    Args:
        middles: the middle of each stroke, in painting order.
        widths_mm: how wide each is.
        placed: how the painting lies on the paper.
    """

    def __init__(
        self, middles: Sequence[Points], widths_mm: Sequence[float], placed: Placed
    ) -> None:
        self._corner = np.array([placed.left_mm, placed.top_mm])
        size_mm = np.array([placed.right_mm, placed.bottom_mm]) - self._corner
        self._pixel_mm = max(FINEST_MM, float(size_mm.max()) / MOST_SEEN_PX)
        width_px, height_px = np.ceil(size_mm / self._pixel_mm).astype(int).tolist()
        owners = Image.new("I", (max(1, width_px), max(1, height_px)), -1)
        brush = ImageDraw.Draw(owners)
        for at, (middle, width_mm) in enumerate(zip(middles, widths_mm, strict=True)):
            self._cover(brush, middle, width_mm, at)
        self._owners = np.asarray(owners)

    def _cover(self, brush: ImageDraw.ImageDraw, middle: Points, width_mm: float, at: int) -> None:
        across = across_of(middle) * (width_mm / 2)
        sides = [(middle + side * across - self._corner) / self._pixel_mm for side in (-1, 1)]
        for left, right in zip(*(itertools.pairwise(side.tolist()) for side in sides), strict=True):
            brush.polygon([tuple(point) for point in (*left, *right[::-1])], fill=at)

    def parts(self, at: int, line: Line) -> list[Line]:
        """The parts of a stroke's line that are seen, but for what is too short to draw."""
        places = distances_mm(line.points)
        count = max(2, math.ceil(places[-1] / self._pixel_mm) + 1)
        spots = np.linspace(0.0, places[-1], count)
        points = np.stack([np.interp(spots, places, line.points[:, axis]) for axis in (0, 1)], 1)
        pixels = ((points - self._corner) / self._pixel_mm).astype(int)
        high, wide = self._owners.shape
        x, y = pixels[:, 0].clip(0, wide - 1), pixels[:, 1].clip(0, high - 1)
        shown = _runs(spots, self._owners[y, x] == at, SHORTEST_MM)
        if shown == [(0.0, places[-1])]:
            return [line]
        return [line.cut(pair)[1] for pair in shown]


def _runs(
    spots: Float[np.ndarray, " spots"], is_seen: Bool[np.ndarray, " spots"], least: float
) -> list[tuple[float, float]]:
    """From where to where something is seen; short gaps are passed over, short runs left out."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_seen, [False]]).astype(np.int8)))
    runs: list[tuple[float, float]] = []
    for first, last in edges.reshape(-1, 2):
        start, stop = float(spots[first]), float(spots[last - 1])
        if runs and start - runs[-1][1] < least:
            start = runs.pop()[0]
        runs.append((start, stop))
    return [run for run in runs if run[1] - run[0] >= least]
