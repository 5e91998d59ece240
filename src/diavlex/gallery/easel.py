"""An easel holds a picture of any size, and paints a record's strokes on it a few at a time.

There is one for either engine. Both lay stroke after stroke, and read the picture a band of rows at
a time, so memory grows with the picture and never with the strokes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8, UInt16
from torch import Tensor

from diavlex import brushes, canvas, stroke
from diavlex.brushes.neural import SIDE_PX
from diavlex.errors import BadPainting
from diavlex.painting import Painting
from diavlex.tensors import Actions, Canvas, Colors, Patches, Placements

Picture = UInt8[np.ndarray, "height width channels"] | UInt16[np.ndarray, "height width channels"]
"""sRGB, and alpha if there are four channels; 0 to 255, or 0 to 65,535."""

_USUAL_PX = 256
"""A picture of a longer shorter side is painted with patches of twice the usual side."""
_BAND_PX = 1 << 20
_CHUNK_PX = 1 << 21
_MOST_PATCHES = 512


class Easel(ABC):
    """A picture that is painted stroke after stroke.

    Args:
        painting: the record.
        size: height and width in pixels.
        has_background: whether the strokes lie on the painting's background, or on nothing.
    """

    is_exact: bool
    """Whether the picture is the same, bit for bit, however many strokes are painted at a time."""

    def __init__(self, painting: Painting, size: tuple[int, int], has_background: bool) -> None:
        self.painting, self.size, self.has_background = painting, size, has_background
        self.done = 0
        """How many strokes are painted."""

    def advance(self, count: int, each: Callable[[int], None] | None = None) -> None:
        """Paint on until `count` strokes are painted.

        Args:
            count: not less than are painted already.
            each: called with the count of strokes painted so far.
        """
        for few in self._portions(count):
            self._paint(self.done, self.done + few)
            self.done += few
            if each is not None:
                each(self.done)

    def picture(self, bits: int = 8) -> Picture:
        """What is painted so far; with alpha if there is no background.

        Args:
            bits: 8 or 16 a channel.
        """
        kind, channels = {8: np.uint8, 16: np.uint16}[bits], 3 if self.has_background else 4
        picture = np.empty((*self.size, channels), kind)
        rows = max(1, _BAND_PX // self.size[1])
        for top in range(0, self.size[0], rows):
            bottom = min(top + rows, self.size[0])
            band = self._band(top, bottom).clip(0, 1) * (2**bits - 1)
            picture[top:bottom] = np.rint(band, out=band)
        return picture

    @abstractmethod
    def clear(self) -> None:
        """Take away the paint; the strokes painted so far still count as painted."""

    @abstractmethod
    def close(self) -> None:
        """Give the memory back."""

    @abstractmethod
    def _portions(self, count: int) -> Iterator[int]: ...

    @abstractmethod
    def _paint(self, first: int, last: int) -> None: ...

    @abstractmethod
    def _band(self, top: int, bottom: int) -> Float[np.ndarray, "rows width channels"]:
        """Some rows of the picture, a fresh array: sRGB, not times alpha, and alpha if any."""


class NeuralEasel(Easel):
    """The neural painter's easel.

    Raises:
        UnknownName: there is no such brush.
        BadPainting: a stroke has a variant that no brush has.
    """

    is_exact = False

    def __init__(self, painting: Painting, size: tuple[int, int], has_background: bool) -> None:
        super().__init__(painting, size, has_background)
        self._brushes = load_brushes(painting)
        self._sheets = [torch.empty(3, *size) for _ in range(1 if has_background else 2)]
        """The paint; and how much of it there is, if it lies on nothing, which is kept as black."""
        self.clear()

    def clear(self) -> None:
        """Take away the paint."""
        color = self.painting.background if self.has_background else (0.0, 0.0, 0.0)
        for sheet in self._sheets:
            sheet[:] = torch.tensor(color).reshape(3, 1, 1)

    def close(self) -> None:
        """Give the memory back."""
        self._sheets = []

    def _portions(self, count: int) -> Iterator[int]:
        return _portions(self.painting.actions[self.done : count], self.size)

    @torch.no_grad()
    def _paint(self, first: int, last: int) -> None:
        parts = stroke.split(self.painting.actions[first:last])
        side_px = SIDE_PX if min(self.size) <= _USUAL_PX else 2 * SIDE_PX
        patches = patches_of(self.painting, self._brushes, first, last, side_px)
        rows = max(1, _BAND_PX // self.size[1])
        inks = (parts.colors, torch.ones_like(parts.colors))
        for sheet, ink in zip(self._sheets, inks, strict=False):
            for top in range(0, self.size[0], rows):
                band = sheet[:, top : top + rows]
                self._paint_band(top, band, patches, parts.placements, ink)

    def _paint_band(
        self, top: int, band: Canvas, patches: Patches, placements: Placements, colors: Colors
    ) -> None:
        """Paint on some rows of a sheet, in place, the strokes that reach them."""
        short_px = min(self.size)
        middle, reach = placements[:, 1] * short_px, _reach_px(placements, short_px)
        touching = (middle + reach > top) & (middle - reach < top + band.shape[1])
        if touching.any():
            moved = placements[touching] * short_px
            moved[:, 1] -= top
            unit = min(band.shape[1:])
            band.copy_(canvas.paint(patches[touching], moved / unit, colors[touching], band))

    def _band(self, top: int, bottom: int) -> Float[np.ndarray, "rows width channels"]:
        paint, *cover = (sheet[:, top:bottom].permute(1, 2, 0).numpy() for sheet in self._sheets)
        return paint if not cover else _straight(paint, cover[0][..., :1])


class MyPaintEasel(Easel):
    """The MyPaint engine's easel.

    Raises:
        UnknownName: the engine has no such brush.
        MissingEngine: it is not on this machine.
    """

    is_exact = True

    def __init__(self, painting: Painting, size: tuple[int, int], has_background: bool) -> None:
        from diavlex.brushes import mypaint

        super().__init__(painting, size, has_background)
        background = painting.background if has_background else None
        self._names, self._variants = painting.brush_names, painting.variants.tolist()
        self._sheet = mypaint.Sheet(*size, background)

    def clear(self) -> None:
        """Take away the paint."""
        self._sheet.clear()

    def close(self) -> None:
        """Give the memory back."""
        self._sheet.close()

    def _portions(self, count: int) -> Iterator[int]:
        return iter([1] * (count - self.done))

    def _paint(self, first: int, last: int) -> None:
        for at in range(first, last):
            action = self.painting.actions[at].numpy()
            self._sheet.lay(action, self._names[at], self._variants[at])

    def _band(self, top: int, bottom: int) -> Float[np.ndarray, "rows width channels"]:
        rows = self._sheet.rows(top, bottom)
        return rows[..., :3] if self.has_background else _straight(rows[..., :3], rows[..., 3:])


@torch.no_grad()
def patches_of(
    painting: Painting,
    loaded: Sequence[brushes.NeuralBrush],
    first: int,
    last: int,
    side_px: int = SIDE_PX,
) -> Patches:
    """Coverage of strokes `first` to `last` in their own frames, each by its own brush."""
    rows = slice(first, last)
    shapes = stroke.split(painting.actions[rows]).shapes
    patches = torch.empty(last - first, side_px, side_px)
    for index, brush in enumerate(loaded):
        mine = painting.brush_of[rows] == index
        if mine.any():
            patches[mine] = brush(shapes[mine], painting.variants[rows][mine], side_px)
    return patches


def load_brushes(painting: Painting) -> list[brushes.NeuralBrush]:
    """The brushes of a painting, in the record's order.

    Raises:
        UnknownName: there is no such brush.
        BadPainting: a stroke has a variant that no brush has.
    """
    _check_variants(painting)
    return [brushes.load(name) for name in painting.brushes]


def _check_variants(painting: Painting) -> None:
    at = int(painting.variants.argmax())
    if painting.variants[at] >= brushes.VARIANTS:
        raise BadPainting(
            f"stroke {at + 1} has variant {int(painting.variants[at])}, brushes have "
            f"{brushes.VARIANTS}, from 0; restore the record from a copy, or paint it again."
        )


def _portions(actions: Actions, size: tuple[int, int]) -> Iterator[int]:
    """How many strokes to paint at a time, so that they fit in little memory."""
    high, wide = size
    sides = 2 * _reach_px(stroke.split(actions).placements, min(size))
    areas = sides.clamp_max(high) * sides.clamp_max(wide)
    spent, few = 0.0, 0
    for area in areas.clamp_max(_BAND_PX).tolist():
        if few and (spent + area > _CHUNK_PX or few == _MOST_PATCHES):
            yield few
            spent, few = 0.0, 0
        spent, few = spent + area, few + 1
    if few:
        yield few


def _reach_px(placements: Placements, short_px: int) -> Tensor:
    """How far from its center a stroke's frame can reach along x or y, in pixels, at most."""
    return placements[:, 2:].abs().sum(-1) * short_px + 1


def _straight(
    paint: Float[np.ndarray, "rows width 3"], cover: Float[np.ndarray, "rows width 1"]
) -> Float[np.ndarray, "rows width 4"]:
    """Color and alpha of paint that lies on black, given how much of it covers."""
    color = np.divide(paint, cover, out=np.zeros_like(paint), where=cover > 0)
    return np.concatenate([color, cover], -1)
