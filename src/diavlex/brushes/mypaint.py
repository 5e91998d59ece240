"""Strokes painted by the MyPaint engine itself (libmypaint 1.5), reached through `ctypes`.

Every stroke gets a fresh brush, so a stroke looks the same whatever was painted before it.
"""

import colorsys
import ctypes
import math
from collections.abc import Callable, Iterator, Sequence
from ctypes import c_char_p, c_double, c_float, c_int, c_void_p
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Float, Int, UInt16
from PIL import Image

from diavlex.brushes.definition import find
from diavlex.errors import MissingEngine
from diavlex.stroke import REACH

LIBRARY_FILE = "libmypaint-1.5.so.1"
ONE = 1 << 15
"""What libmypaint holds for 1.0, in 16 bits."""
TILE = 64
LARGEST_DAB_PX = 1000.0
"""libmypaint draws no dab of a larger radius."""

_EVENTS = 64
_RUN_UP = 2.0  # radii before the start; without paint, so that the first dab knows its direction
_DRAWS = 16  # random numbers that each variant skips
_TICK_S = 0.01
_RESOLVED_PX = 16.0  # a stroke's radius at which its bristles are resolved
_SCATTER = 2.0  # radii from the path beyond which there is no paint

_ABSENT = ("slow_tracking", "slow_tracking_per_dab", "dabs_per_second", "snap_to_pixel")
_SPACING = ("dabs_per_basic_radius", "dabs_per_actual_radius")


class _TileRequest(ctypes.Structure):
    _fields_ = (
        ("tx", c_int),
        ("ty", c_int),
        ("readonly", c_int),
        ("buffer", c_void_p),
        ("context", c_void_p),
        ("thread_id", c_int),
        ("mipmap_level", c_int),
    )


_SIGNATURES: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "brush_new": (c_void_p, ()),
    "brush_unref": (None, (c_void_p,)),
    "brush_from_defaults": (None, (c_void_p,)),
    "brush_from_string": (c_int, (c_void_p, c_char_p)),
    "brush_set_base_value": (None, (c_void_p, c_int, c_float)),
    "brush_get_base_value": (c_float, (c_void_p, c_int)),
    "brush_reset": (None, (c_void_p,)),
    "brush_new_stroke": (None, (c_void_p,)),
    "brush_setting_from_cname": (c_int, (c_char_p,)),
    "brush_stroke_to": (c_int, (c_void_p, c_void_p, *[c_float] * 5, c_double)),
    "fixed_tiled_surface_new": (c_void_p, (c_int, c_int)),
    "fixed_tiled_surface_interface": (c_void_p, (c_void_p,)),
    "surface_begin_atomic": (None, (c_void_p,)),
    "surface_end_atomic": (None, (c_void_p, c_void_p)),
    "surface_unref": (None, (c_void_p,)),
    "tile_request_init": (None, (c_void_p, c_int, c_int, c_int, c_int)),
    "tiled_surface_tile_request_start": (None, (c_void_p, c_void_p)),
    "tiled_surface_tile_request_end": (None, (c_void_p, c_void_p)),
}


class _Engine:
    """The functions of libmypaint that diavlex calls, typed."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._functions = {}
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, f"mypaint_{name}")
            function.restype, function.argtypes = result, arguments
            self._functions[name] = function

    def __getattr__(self, name: str) -> Callable:
        return self._functions[name]

    @cache  # noqa: B019  (one engine lives as long as the program)
    def setting(self, name: str) -> int:
        return self._functions["brush_setting_from_cname"](name.encode())


@cache
def _engine() -> _Engine:
    try:
        return _Engine(ctypes.CDLL(LIBRARY_FILE))
    except OSError as error:
        raise MissingEngine(
            "the MyPaint engine is not on this machine: `apt install libmypaint-1.5-1`."
        ) from error


def check_available() -> None:
    """Make sure that the MyPaint engine is on this machine.

    Raises:
        MissingEngine: it is not; the message says how to install it.
    """
    _engine()


def is_available() -> bool:
    """The MyPaint engine is on this machine."""
    try:
        check_available()
    except MissingEngine:
        return False
    return True


class _Surface:
    """What MyPaint paints on: premultiplied RGBA tiles, seen by numpy without a copy."""

    def __init__(self, height_px: int, width_px: int) -> None:
        self._engine = _engine()
        self.height_px, self.width_px = height_px, width_px
        self._handle = self._engine.fixed_tiled_surface_new(width_px, height_px)
        self.interface = self._engine.fixed_tiled_surface_interface(self._handle)
        self.tiles = self._view()
        self.tiles[:] = 0  # libmypaint makes it full of 0xFFFF, which is no color

    def _view(self) -> UInt16[np.ndarray, "down across 64 64 4"]:
        request = _TileRequest()
        self._engine.tile_request_init(ctypes.byref(request), 0, 0, 0, 0)
        self._engine.tiled_surface_tile_request_start(self._handle, ctypes.byref(request))
        down, across = -(-self.height_px // TILE), -(-self.width_px // TILE)
        count = down * across * TILE * TILE * 4
        memory = memoryview((ctypes.c_uint16 * count).from_address(request.buffer)).cast("B")
        self._engine.tiled_surface_tile_request_end(self._handle, ctypes.byref(request))
        return np.frombuffer(memory, np.uint16).reshape(down, across, TILE, TILE, 4)

    def rows(self, top: int, bottom: int) -> Float[np.ndarray, "rows width 4"]:
        """Some rows of the surface, all four channels, 0 to 1."""
        first, across = top // TILE, self.tiles.shape[1]
        strip = self.tiles[first : -(-bottom // TILE)].swapaxes(1, 2)
        strip = strip.reshape(-1, across * TILE, 4)[:, : self.width_px]
        return strip[top - first * TILE : bottom - first * TILE] * np.float32(1 / ONE)

    def channels(self, first: int, last: int) -> Float[np.ndarray, "height width channels"]:
        """Channels first to last (not included) of the whole surface, 0 to 1."""
        down, across = self.tiles.shape[:2]
        out = np.empty((down * TILE, across * TILE, last - first), np.float32)
        for row in range(down):
            strip = self.tiles[row, ..., first:last].swapaxes(0, 1)
            out[row * TILE : (row + 1) * TILE] = strip.reshape(TILE, across * TILE, -1)
        out *= 1 / ONE
        return out[: self.height_px, : self.width_px]

    def cover(
        self,
        alpha: Float[np.ndarray, "height width"],
        top: int,
        left: int,
        color: tuple[float, float, float],
    ) -> None:
        """Lay a color over whole tiles of an opaque surface, as `alpha` says, from 0 to 1."""
        down, across = (side // TILE for side in alpha.shape)
        paint = np.array([*color, 1], np.float32) * ONE
        for row, strip in enumerate(np.split(alpha, down), top):
            masks = strip.reshape(TILE, across, TILE, 1).swapaxes(0, 1)
            for column in np.flatnonzero(masks.any((1, 2, 3))):
                tile = self.tiles[row, left + column]
                tile[:] = tile + masks[column] * (paint - tile) + np.float32(0.5)

    def close(self) -> None:
        self.tiles = np.zeros((0, 0, TILE, TILE, 4), np.uint16)
        self._engine.surface_unref(self.interface)


class _Brush:
    """A MyPaint brush that has painted nothing yet."""

    def __init__(self, name: str, variant: int) -> None:
        self._engine = _engine()
        self.definition, self._variant = find(name), variant
        self._handle = self._engine.brush_new()
        self._engine.brush_from_defaults(self._handle)
        assert self._engine.brush_from_string(self._handle, _text(name, variant))
        for name in _ABSENT:
            self.set(name, 0.0)

    def set(self, name: str, value: float) -> None:
        self._engine.brush_set_base_value(self._handle, self._engine.setting(name), value)

    def pause(self) -> dict[str, float]:
        """Make no dabs; returns the settings that made them."""
        before = {name: self.get(name) for name in _SPACING}
        for name in _SPACING:
            self.set(name, 0.0)
        return before

    def get(self, name: str) -> float:
        return self._engine.brush_get_base_value(self._handle, self._engine.setting(name))

    def start(self, surface: _Surface, point: Float[np.ndarray, "2"]) -> None:
        """Set the brush down, without paint, its random numbers those of its variant."""
        for _ in range(1 + _DRAWS * self._variant):
            self._engine.brush_reset(self._handle)
            self.move(surface, point, 0.0, 10.0)
        self._engine.brush_new_stroke(self._handle)

    def move(
        self, surface: _Surface, point: Float[np.ndarray, "2"], pressure: float, time_s: float
    ) -> None:
        """Move on, painting as much as the pressure and the spacing of dabs say."""
        self._engine.brush_stroke_to(
            self._handle, surface.interface, *point.tolist(), pressure, 0.0, 0.0, time_s
        )

    def close(self) -> None:
        self._engine.brush_unref(self._handle)


def render_patch(
    brush: str, shape: Sequence[float], variant: int, side_px: int
) -> Float[np.ndarray, "side side"]:
    """The coverage of one stroke as MyPaint paints it, in the stroke's own frame.

    Args:
        brush: a name of the library, or the path of a .myb file.
        shape: fullness, bend, skew, start pressure, end pressure.
        variant: which texture.
        side_px: the frame, [-1, 1] both ways, in pixels.
    """
    surface = _Surface(side_px, side_px)
    half = REACH * (1 - shape[0])
    points = np.array([[-half, 0], [shape[2] * half, shape[1] * half], [half, 0]])
    radius_px = REACH * shape[0] * side_px / 2
    stroke = _Stroke((points + 1) * side_px / 2, radius_px, (shape[3], shape[4]), (0.0, 0.0, 0.0))
    _draw(surface, brush, variant, stroke)
    alpha = surface.channels(3, 4)[..., 0].copy()
    surface.close()
    return alpha


def resolved_patch(
    brush: str, shape: Sequence[float], variant: int, side_px: int
) -> Float[np.ndarray, "side side"]:
    """The same coverage painted larger and averaged, so that no bristle is thinner than a pixel."""
    times = 2
    while REACH * shape[0] * side_px / 2 * times < _RESOLVED_PX:
        times *= 2
    large = render_patch(brush, shape, variant, side_px * times)
    return large.reshape(side_px, times, side_px, times).mean((1, 3))


def paint(
    actions: Float[np.ndarray, "strokes 12"],
    brushes: Sequence[str],
    variants: Sequence[int],
    background: Sequence[float],
    height_px: int,
    width_px: int,
    each: Callable[[int], None] | None = None,
) -> Float[np.ndarray, "height width 3"]:
    """Paint strokes in order by the MyPaint engine, at any size; sRGB in [0, 1].

    Args:
        actions: see `diavlex.stroke`.
        brushes: the brush of every stroke, a name of the library or the path of a .myb file.
        variants: the texture of every stroke.
        background: sRGB in [0, 1].
        height_px: of the picture.
        width_px: of the picture.
        each: called with 1, 2, 3 ... after each stroke.

    Raises:
        MissingEngine: libmypaint is not on this machine.
    """
    size = height_px, width_px
    *_, picture = stages(actions, brushes, variants, background, *size, [len(actions)], each)
    return picture


def stages(
    actions: Float[np.ndarray, "strokes 12"],
    brushes: Sequence[str],
    variants: Sequence[int],
    background: Sequence[float],
    height_px: int,
    width_px: int,
    counts: Sequence[int],
    each: Callable[[int], None] | None = None,
) -> Iterator[Float[np.ndarray, "height width 3"]]:
    """The painting of `paint` after each count of strokes; counts rise, and may repeat."""
    sheet = Sheet(height_px, width_px, background)
    done = 0
    try:
        for count in counts:
            for index in range(done, count):
                sheet.lay(actions[index], brushes[index], variants[index])
                if each is not None:
                    each(index + 1)
            done = max(done, count)
            yield sheet.picture()
    finally:
        sheet.close()


class Sheet:
    """A picture of any size that MyPaint paints on, one stroke after another.

    Args:
        height_px: of the picture.
        width_px: of the picture.
        background: sRGB in [0, 1]; None for none, so that only strokes cover anything.

    Raises:
        MissingEngine: libmypaint is not on this machine.
    """

    def __init__(
        self, height_px: int, width_px: int, background: Sequence[float] | None = None
    ) -> None:
        self.height_px, self.width_px, self._background = height_px, width_px, background
        self._surface = _Surface(height_px, width_px)
        self.clear()

    def clear(self) -> None:
        """Take away all paint."""
        tiles = self._surface.tiles
        if self._background is None:
            tiles[:] = 0
            return
        color = np.round(np.clip(self._background, 0, 1) * np.float64(ONE))
        tiles[..., :3], tiles[..., 3] = color.astype(np.uint16), ONE

    def lay(self, action: Float[np.ndarray, "12"], brush: str, variant: int) -> None:
        """Paint one stroke."""
        unit_px = min(self.height_px, self.width_px)
        _lay(self._surface, brush, variant, _Stroke.of(action, unit_px))

    def picture(self) -> Float[np.ndarray, "height width 3"]:
        """The picture: sRGB in [0, 1], times alpha where there is no background."""
        return self._surface.channels(0, 3)

    def rows(self, top: int, bottom: int) -> Float[np.ndarray, "rows width 4"]:
        """Some rows of the picture: sRGB in [0, 1] times alpha, and alpha."""
        return self._surface.rows(top, bottom)

    def close(self) -> None:
        """Give its memory back; nothing can be painted on it any more."""
        self._surface.close()


@dataclass(frozen=True)
class _Stroke:
    """A stroke in pixels."""

    points: Float[np.ndarray, "3 2"]
    """Start, control, end."""
    radius_px: float
    pressures: tuple[float, float]
    color: tuple[float, float, float]

    @staticmethod
    def of(action: Float[np.ndarray, "12"], unit_px: int) -> "_Stroke":
        a = [float(number) for number in action]
        points = np.array([a[7:9], a[3:5], a[5:7]]) * unit_px
        red, green, blue = (min(max(number, 0.0), 1.0) for number in a[9:])
        return _Stroke(points, a[2] * unit_px, (a[0], a[1]), (red, green, blue))

    def seen_from(self, corner: Int[np.ndarray, "2"], times: float) -> "_Stroke":
        """The stroke so many times smaller, measured from a corner."""
        points = (self.points - corner) / times
        return replace(self, points=points, radius_px=self.radius_px / times)


def _lay(surface: _Surface, brush: str, variant: int, stroke: _Stroke) -> None:
    """Draw a stroke of any size; one larger than its brush needs is drawn smaller and enlarged."""
    times = stroke.radius_px / min(find(brush).largest_px, LARGEST_DAB_PX)
    if times <= 1:
        _draw(surface, brush, variant, stroke)
        return
    path, reach = _bezier(stroke.points), _SCATTER * stroke.radius_px
    ends = np.array([path.min(0) - reach, path.max(0) + reach + TILE]) // TILE
    most = surface.tiles.shape[1::-1]
    (left, top), (right, bottom) = np.clip(ends, 0, most).astype(int).tolist()
    if left == right or top == bottom:
        return
    corner = np.array([left, top]) * TILE
    width_px, height_px = (right - left) * TILE, (bottom - top) * TILE
    small = _Surface(math.ceil(height_px / times), math.ceil(width_px / times))
    _draw(small, brush, variant, stroke.seen_from(corner, times))
    alpha = Image.fromarray(small.channels(3, 4)[..., 0])
    small.close()
    box = (0.0, 0.0, width_px / times, height_px / times)
    alpha = alpha.resize((width_px, height_px), Image.Resampling.BILINEAR, box)
    surface.cover(np.asarray(alpha), top, left, stroke.color)


@cache
def _text(name: str, variant: int) -> bytes:
    return find(name).text(variant).encode()


def _draw(surface: _Surface, name: str, variant: int, stroke: _Stroke) -> None:
    path = _bezier(stroke.points)
    brush = _Brush(name, variant)
    for channel, value in zip("hsv", colorsys.rgb_to_hsv(*stroke.color), strict=True):
        brush.set(f"color_{channel}", value)
    spacing = _fit(brush, stroke.radius_px, float(np.hypot(*np.diff(path, axis=0).T).sum()))
    back = path[0] - path[1]
    back *= stroke.radius_px / max(float(np.hypot(*back)), 1e-9)
    brush.start(surface, path[0] + _RUN_UP * back)
    _engine().surface_begin_atomic(surface.interface)
    brush.move(surface, path[0] + 0.02 * back, 0.0, _TICK_S)
    for setting, value in spacing.items():
        brush.set(setting, value)
    start, end = stroke.pressures
    for point, pressure in zip(path, np.linspace(start, end, len(path)), strict=True):
        brush.move(surface, point, pressure, _TICK_S)
    _engine().surface_end_atomic(surface.interface, None)
    brush.close()


def _bezier(points: Float[np.ndarray, "3 2"]) -> Float[np.ndarray, "events 2"]:
    t = np.linspace(0, 1, _EVENTS + 1)[:, None]
    return (1 - t) ** 2 * points[0] + 2 * t * (1 - t) * points[1] + t**2 * points[2]


def _fit(brush: _Brush, radius_px: float, length_px: float) -> dict[str, float]:
    """Fit a brush to a stroke; returns the spacing of dabs, to be set where the paint begins.

    A brush that counts its dabs has the same number on every stroke, stretched along it as bristles
    are, so that a small change of a stroke is a small change of its texture.
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
