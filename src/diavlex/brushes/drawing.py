"""Draws strokes with the MyPaint engine in this process, by whatever brush it is given.

Every stroke gets a fresh brush, so a stroke looks the same whatever was painted before it.
`.mypaint` decides which brushes may paint here.
"""

import colorsys
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from PIL import Image

from diavlex.brushes.definition import Definition
from diavlex.brushes.engine import ONE, TILE, Brush, Surface, load
from diavlex.stroke import COLOR, CONTROL, END, REACH, START, curve, frame_points

LARGEST_DAB_PX = 1000.0
"""libmypaint draws no dab of a larger radius."""

_EVENTS = 64
"""Movements of the brush in a stroke."""
_RUN_UP = 2.0
"""Radii before the start, where the brush is set down; so the first dab knows its direction."""
_TICK_S = 0.01
_RESOLVED_PX = 16.0
"""Radius of a stroke from which on its bristles are at least a pixel wide."""
_SCATTER = 2.0
"""Radii from the path beyond which there is no paint."""


def render_patch(
    brush: Definition, shape: Sequence[float], variant: int, side_px: int
) -> Float[np.ndarray, "side side"]:
    """The coverage of one stroke as MyPaint paints it, in the stroke's own frame, 0 to 1.

    Args:
        brush: paints it.
        shape: fullness, bend, skew, start pressure, end pressure.
        variant: which texture.
        side_px: the frame, [-1, 1] both ways, in pixels.
    """
    fullness, bend, skew, *pressures = shape
    points = (np.array(frame_points(fullness, bend, skew)) + 1) * side_px / 2
    radius_px = REACH * fullness * side_px / 2
    surface = Surface(side_px, side_px)
    black = (0.0, 0.0, 0.0)
    _draw(surface, brush, variant, Stroke(points, radius_px, (pressures[0], pressures[1]), black))
    alpha = surface.channels(3, 4)[..., 0].copy()
    surface.close()
    return alpha


def resolved_patch(
    brush: Definition, shape: Sequence[float], variant: int, side_px: int
) -> Float[np.ndarray, "side side"]:
    """The same coverage painted larger and averaged, so that no bristle is thinner than a pixel."""
    times = 2
    while REACH * shape[0] * side_px / 2 * times < _RESOLVED_PX:
        times *= 2
    large = render_patch(brush, shape, variant, side_px * times)
    return large.reshape(side_px, times, side_px, times).mean((1, 3))


def stages(
    actions: Float[np.ndarray, "strokes 12"],
    brushes: Sequence[Definition],
    variants: Sequence[int],
    background: Sequence[float] | None,
    height_px: int,
    width_px: int,
    counts: Sequence[int],
    each: Callable[[int], None] | None = None,
) -> Iterator[Float[np.ndarray, "height width channels"]]:
    """The picture after each count of strokes; see `diavlex.brushes.mypaint.stages`."""
    surface = Surface(height_px, width_px)
    channels = 4 if background is None else 3
    if background is not None:
        color = np.round(np.clip(background, 0, 1) * np.float64(ONE))
        surface.tiles[..., :3], surface.tiles[..., 3] = color.astype(np.uint16), ONE
    unit_px = min(height_px, width_px)
    done = 0
    try:
        for count in counts:
            for index in range(done, count):
                _lay(surface, brushes[index], variants[index], Stroke.of(actions[index], unit_px))
                if each is not None:
                    each(index + 1)
            done = max(done, count)
            yield surface.channels(0, channels)
    finally:
        surface.close()


@dataclass(frozen=True)
class Stroke:
    """A stroke in pixels."""

    points: Float[np.ndarray, "3 2"]
    """Start, control, end."""
    radius_px: float
    pressures: tuple[float, float]
    """At the start, at the end."""
    color: tuple[float, float, float]
    """sRGB in [0, 1]."""

    @staticmethod
    def of(action: Float[np.ndarray, "12"], unit_px: int) -> "Stroke":
        """A stroke on a canvas whose shorter side is so many pixels."""
        numbers = action.astype(np.float64)
        points = np.stack([numbers[START], numbers[CONTROL], numbers[END]]) * unit_px
        red, green, blue = np.clip(numbers[COLOR], 0, 1).tolist()
        first, last, size = numbers[:3].tolist()
        return Stroke(points, size * unit_px, (first, last), (red, green, blue))

    def seen_from(self, corner: Int[np.ndarray, "2"], times: float) -> "Stroke":
        """The stroke made so many times smaller, measured from a corner."""
        points = (self.points - corner) / times
        return replace(self, points=points, radius_px=self.radius_px / times)

    def path(self) -> Float[np.ndarray, "events 2"]:
        """Where the brush moves, x and y."""
        start, control, end = self.points
        return curve(start, control, end, np.linspace(0, 1, _EVENTS + 1)[:, None])


def _lay(surface: Surface, brush: Definition, variant: int, stroke: Stroke) -> None:
    """Draw a stroke of any size; one larger than its brush needs is drawn smaller and enlarged."""
    times = stroke.radius_px / min(brush.largest_px, LARGEST_DAB_PX)
    if times <= 1:
        _draw(surface, brush, variant, stroke)
        return
    path, reach = stroke.path(), _SCATTER * stroke.radius_px
    ends = np.array([path.min(0) - reach, path.max(0) + reach + TILE]) // TILE
    most = surface.tiles.shape[1::-1]
    (left, top), (right, bottom) = np.clip(ends, 0, most).astype(int).tolist()
    if left == right or top == bottom:
        return
    corner = np.array([left, top]) * TILE
    width_px, height_px = (right - left) * TILE, (bottom - top) * TILE
    small = Surface(math.ceil(height_px / times), math.ceil(width_px / times))
    _draw(small, brush, variant, stroke.seen_from(corner, times))
    alpha = Image.fromarray(small.channels(3, 4)[..., 0])
    small.close()
    box = (0.0, 0.0, width_px / times, height_px / times)
    alpha = alpha.resize((width_px, height_px), Image.Resampling.BILINEAR, box)
    surface.cover(np.asarray(alpha), top, left, stroke.color)


def _draw(surface: Surface, definition: Definition, variant: int, stroke: Stroke) -> None:
    """Draw a stroke on a surface as it is."""
    path = stroke.path()
    brush = Brush(definition, variant)
    for channel, value in zip("hsv", colorsys.rgb_to_hsv(*stroke.color), strict=True):
        brush.set(f"color_{channel}", value)
    spacing = _fit(brush, stroke.radius_px, float(np.hypot(*np.diff(path, axis=0).T).sum()))
    back = path[0] - path[1]
    back *= stroke.radius_px / max(float(np.hypot(*back)), 1e-9)
    brush.start(surface, path[0] + _RUN_UP * back)
    load().surface_begin_atomic(surface.interface)
    brush.move(surface, path[0] + 0.02 * back, 0.0, _TICK_S)
    for setting, value in spacing.items():
        brush.set(setting, value)
    start, end = stroke.pressures
    for point, pressure in zip(path, np.linspace(start, end, len(path)), strict=True):
        brush.move(surface, point, pressure, _TICK_S)
    load().surface_end_atomic(surface.interface, None)
    brush.close()


def _fit(brush: Brush, radius_px: float, length_px: float) -> dict[str, float]:
    """Fit a brush to a stroke; returns the spacing of dabs, to be set where the paint begins.

    A brush that counts its dabs has the same number on every stroke and stretches them along it, as
    bristles are. Then a small change of a stroke is a small change of its texture.
    """
    kind = brush.definition
    if not kind.dabs:
        brush.set("radius_logarithmic", math.log(radius_px))
        return brush.pause()
    across = kind.width * radius_px
    along = max(across, kind.length * (length_px + 2 * radius_px))
    brush.set("radius_logarithmic", math.log(along))
    brush.set("elliptical_dab_ratio", brush.get("elliptical_dab_ratio") * along / across)
    brush.set("offset_multiplier", math.log(radius_px / along))
    return brush.pause() | {"dabs_per_basic_radius": kind.dabs * along / max(length_px, 1e-6)}
