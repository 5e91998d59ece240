"""The MyPaint engine (libmypaint 1.5 or 1.6) as Python calls it, by `ctypes`: surface and brush."""

import ctypes
from collections.abc import Callable
from ctypes import c_char_p, c_double, c_float, c_int, c_void_p
from functools import cache

import numpy as np
from jaxtyping import Float, UInt16

from diavlex.brushes.definition import Definition
from diavlex.errors import BadBrush, MissingEngine

LIBRARY_FILE = "libmypaint-1.5.so.1"
ONE = 1 << 15
"""What libmypaint holds for 1.0, in 16 bits."""
TILE = 64
"""Side of the tiles in which libmypaint keeps a surface, in pixels."""

_DRAWS = 16
"""How many random numbers each variant skips."""
_ABSENT = ("slow_tracking", "slow_tracking_per_dab", "dabs_per_second", "snap_to_pixel")
"""Settings that would make a stroke depend on the speed of a hand or on the pixels' grid."""
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


class Engine:
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
        """The number of a setting, by its name."""
        return self._functions["brush_setting_from_cname"](name.encode())


@cache
def load() -> Engine:
    """The engine of this machine.

    Raises:
        MissingEngine: it is not installed; the message says how to install it.
    """
    try:
        return Engine(ctypes.CDLL(LIBRARY_FILE))
    except OSError as error:
        raise MissingEngine(
            "the MyPaint engine is not on this machine: `apt install libmypaint-1.5-1`."
        ) from error


class Surface:
    """What the engine paints on: premultiplied RGBA tiles, seen by numpy without a copy."""

    def __init__(self, height_px: int, width_px: int) -> None:
        self._engine = load()
        self.height_px, self.width_px = height_px, width_px
        self._handle = self._engine.fixed_tiled_surface_new(width_px, height_px)
        self.interface = self._engine.fixed_tiled_surface_interface(self._handle)
        self.tiles = self._view()
        self.tiles[:] = 0  # libmypaint makes it full of 0xFFFF, which is no color

    def _view(self) -> UInt16[np.ndarray, "down across 64 64 4"]:
        """All tiles as one array."""
        request = _TileRequest()
        self._engine.tile_request_init(ctypes.byref(request), 0, 0, 0, 0)
        self._engine.tiled_surface_tile_request_start(self._handle, ctypes.byref(request))
        down, across = -(-self.height_px // TILE), -(-self.width_px // TILE)
        count = down * across * TILE * TILE * 4
        memory = memoryview((ctypes.c_uint16 * count).from_address(request.buffer)).cast("B")
        self._engine.tiled_surface_tile_request_end(self._handle, ctypes.byref(request))
        return np.frombuffer(memory, np.uint16).reshape(down, across, TILE, TILE, 4)

    def channels(self, first: int, last: int) -> Float[np.ndarray, "height width channels"]:
        """Channels first to last (excluded) of the whole surface, 0 to 1."""
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
        """Lay a color over whole tiles of an opaque surface.

        Args:
            alpha: how much the color covers, 0 to 1.
            top: first row of tiles.
            left: first column of tiles.
            color: sRGB in [0, 1].
        """
        down, across = (side // TILE for side in alpha.shape)
        paint = np.array([*color, 1], np.float32) * ONE
        for row, strip in enumerate(np.split(alpha, down), top):
            masks = strip.reshape(TILE, across, TILE, 1).swapaxes(0, 1)
            for column in np.flatnonzero(masks.any((1, 2, 3))):
                tile = self.tiles[row, left + column]
                tile[:] = tile + masks[column] * (paint - tile) + np.float32(0.5)

    def close(self) -> None:
        """Free its memory."""
        self.tiles = np.zeros((0, 0, TILE, TILE, 4), np.uint16)
        self._engine.surface_unref(self.interface)


class Brush:
    """A MyPaint brush that has painted nothing yet."""

    def __init__(self, definition: Definition, variant: int) -> None:
        self._engine = load()
        self.definition, self._variant = definition, variant
        self._handle = self._engine.brush_new()
        self._engine.brush_from_defaults(self._handle)
        if not self._engine.brush_from_string(self._handle, definition.text(variant).encode()):
            raise BadBrush(f"MyPaint cannot read the brush '{definition.name}'; save it anew.")
        for name in _ABSENT:
            self.set(name, 0.0)

    def set(self, name: str, value: float) -> None:
        """Give a setting its base value."""
        self._engine.brush_set_base_value(self._handle, self._engine.setting(name), value)

    def get(self, name: str) -> float:
        """The base value of a setting."""
        return self._engine.brush_get_base_value(self._handle, self._engine.setting(name))

    def pause(self) -> dict[str, float]:
        """Make no more dabs; returns the settings that made them."""
        before = {name: self.get(name) for name in _SPACING}
        for name in _SPACING:
            self.set(name, 0.0)
        return before

    def start(self, surface: Surface, point: Float[np.ndarray, "2"]) -> None:
        """Set the brush down without paint, its random numbers those of its variant."""
        for _ in range(1 + _DRAWS * self._variant):
            self._engine.brush_reset(self._handle)
            self.move(surface, point, 0.0, 10.0)
        self._engine.brush_new_stroke(self._handle)

    def move(
        self, surface: Surface, point: Float[np.ndarray, "2"], pressure: float, time_s: float
    ) -> None:
        """Move on to a point in pixels; the pressure and the spacing of dabs say what it paints."""
        self._engine.brush_stroke_to(
            self._handle, surface.interface, *point.tolist(), pressure, 0.0, 0.0, time_s
        )

    def close(self) -> None:
        """Free its memory."""
        self._engine.brush_unref(self._handle)
