"""An easel holds a picture of any size, and the neural painter paints a record's strokes on it.

Strokes are laid a few at a time, and the picture is read a band of rows at a time, so memory grows
with the picture and never with the strokes.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8, UInt16
from torch import Tensor

from diavlex import brushes, canvas, stroke
from diavlex.backgrounds import Background, background_of
from diavlex.brushes.neural import SIDE_PX
from diavlex.errors import BadPainting, BadValue
from diavlex.painting import Painting
from diavlex.tensors import Actions, Canvas, Colors, Patches, Placements

Picture = UInt8[np.ndarray, "height width channels"] | UInt16[np.ndarray, "height width channels"]
"""sRGB, and alpha if there are four channels; 0 to 255, or 0 to 65,535."""

_USUAL_PX = 256
"""A picture of a longer shorter side is painted with patches of twice the usual side."""
_BAND_PX = 1 << 20
_CHUNK_PX = 1 << 21
_MOST_PATCHES = 512


class Easel:
    """A picture that is painted stroke after stroke.

    Args:
        painting: the record.
        size: height and width in pixels.
        has_background: whether the strokes lie on the painting's background, or on nothing.

    Raises:
        UnknownName: there is no such brush.
        BadPainting: a stroke has a variant that no brush has.
    """

    def __init__(self, painting: Painting, size: tuple[int, int], has_background: bool) -> None:
        self._painting, self._size, self._has_background = painting, size, has_background
        self._brushes = load_brushes(painting)
        self._done = 0
        self._sheets = [torch.empty(3, *size) for _ in range(1 if has_background else 2)]
        """The paint; and how much of it there is, if it lies on nothing, which is kept as black."""
        self.clear()

    def clear(self) -> None:
        """Take away the paint; the strokes painted so far still count as painted."""
        for sheet in self._sheets:
            if self._has_background:
                bare(self._painting).fill(sheet)
            else:
                sheet[:] = 0

    def advance(self, count: int, each: Callable[[int], None] | None = None) -> None:
        """Paint on until `count` strokes are painted.

        Args:
            count: not less than are painted already.
            each: called with the count of strokes painted so far.
        """
        for few in _portions(self._painting.actions[self._done : count], self._size):
            self._paint(self._done, self._done + few)
            self._done += few
            if each is not None:
                each(self._done)

    def picture(self, bits: int = 8) -> Picture:
        """What is painted so far; with alpha if there is no background.

        Args:
            bits: 8 or 16 a channel.
        """
        paint, *cover = (sheet.permute(1, 2, 0).numpy() for sheet in self._sheets)
        return levels(paint, cover[0][..., :1] if cover else None, bits)

    @torch.no_grad()
    def _paint(self, first: int, last: int) -> None:
        parts = stroke.split(self._painting.actions[first:last])
        side_px = SIDE_PX if min(self._size) <= _USUAL_PX else 2 * SIDE_PX
        patches = patches_of(self._painting, self._brushes, first, last, side_px)
        rows = max(1, _BAND_PX // self._size[1])
        inks = (parts.colors, torch.ones_like(parts.colors))
        for sheet, ink in zip(self._sheets, inks, strict=False):
            for top in range(0, self._size[0], rows):
                band = sheet[:, top : top + rows]
                self._paint_band(top, band, patches, parts.placements, ink)

    def _paint_band(
        self, top: int, band: Canvas, patches: Patches, placements: Placements, colors: Colors
    ) -> None:
        """Paint on some rows of a sheet, in place, the strokes that reach them."""
        short_px = min(self._size)
        middle, reach = placements[:, 1] * short_px, _reach_px(placements, short_px)
        touching = (middle + reach > top) & (middle - reach < top + band.shape[1])
        if touching.any():
            moved = placements[touching] * short_px
            moved[:, 1] -= top
            unit = min(band.shape[1:])
            band.copy_(canvas.paint(patches[touching], moved / unit, colors[touching], band))


def bare(painting: Painting) -> Background:
    """What the strokes of a painting lie on.

    Raises:
        BadPainting: it is a picture, and cannot be read.
    """
    try:
        return background_of(painting.background, painting.settings)
    except BadValue as error:
        raise BadPainting(str(error)) from error


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


def levels(
    paint: Float[np.ndarray, "height width 3"],
    cover: Float[np.ndarray, "height width 1"] | None = None,
    bits: int = 8,
) -> Picture:
    """Colors in [0, 1] as whole levels, a band of rows at a time.

    Args:
        paint: sRGB; times alpha, if there is any.
        cover: alpha, in [0, 1].
        bits: 8 or 16 a channel.
    """
    height, width = paint.shape[:2]
    kind = {8: np.uint8, 16: np.uint16}[bits]
    picture = np.empty((height, width, 3 if cover is None else 4), kind)
    rows = max(1, _BAND_PX // width)
    for top in range(0, height, rows):
        band = paint[top : top + rows]
        if cover is not None:
            band = _straight(band, cover[top : top + rows])
        scaled = band.clip(0, 1) * np.float32(2**bits - 1)
        picture[top : top + rows] = np.rint(scaled, out=scaled)
    return picture


def _straight(
    paint: Float[np.ndarray, "rows width 3"], cover: Float[np.ndarray, "rows width 1"]
) -> Float[np.ndarray, "rows width 4"]:
    """Color and alpha of paint that lies on black, given how much of it covers."""
    color = np.divide(paint, cover, out=np.zeros_like(paint), where=cover > 0)
    return np.concatenate([color, cover], -1)
