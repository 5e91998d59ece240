"""A painting's record becomes a picture, at any size, by the neural painter or by MyPaint.

Both paint stroke after stroke, so memory grows with the picture and never with the strokes.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from diavlex import brushes, canvas, stroke
from diavlex.brushes.neural import SIDE_PX
from diavlex.errors import BadPainting, BadValue, UnknownName
from diavlex.painting import Painting
from diavlex.tensors import Actions, Canvas, Colors, Patches, Placements

ENGINES = ("neural", "mypaint")
LEAST_SIDE_PX = 8
MOST_PX = 1 << 27
"""Pixels of the largest picture, about 11,585 squared."""

Picture = UInt8[np.ndarray, "height width 3"]
"""sRGB, 0 to 255."""

_USUAL_PX = 256
"""A picture of a longer shorter side is painted with patches of twice the usual side."""
_FLOAT_BYTES_PER_PX = 16
_BAND_PX = 1 << 20
_CHUNK_PX = 1 << 21
_MOST_PATCHES = 512


def size_of(painting: Painting, short_side_px: int | None = None) -> tuple[int, int]:
    """Height and width of a painting at a size, in its own aspect ratio.

    Args:
        painting: the record.
        short_side_px: the shorter side; as painted if not given.

    Raises:
        BadValue: too small to see, or too large; says what memory it would need.
    """
    height, width = painting.aspect
    side = min(painting.height_px, painting.width_px) if short_side_px is None else short_side_px
    if side < LEAST_SIDE_PX:
        raise BadValue(f"a picture of {side} px is too small; ask for {LEAST_SIDE_PX} or more.")
    size = round(height * side), round(width * side)
    if size[0] * size[1] > MOST_PX:
        need, most = (
            size[0] * size[1] * _FLOAT_BYTES_PER_PX / 2**30,
            (MOST_PX / height / width) ** 0.5,
        )
        raise BadValue(
            f"a picture of {size[0]} x {size[1]} px would need {need:,.1f} GiB of memory; "
            f"ask for a shorter side of {int(most)} px at most."
        )
    return size


def finisher(finish: str, names: Sequence[str]) -> str:
    """Who paints a finished picture: the real engine if it is there and knows the brushes.

    Args:
        finish: auto, or one of `ENGINES`, which is then taken.
        names: of the brushes.

    Raises:
        UnknownName: no such engine, or MyPaint was asked for and has no such brush.
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    from diavlex.brushes import definition, mypaint

    if finish == "auto":
        is_able = mypaint.is_available() and set(names) <= set(definition.names())
        return "mypaint" if is_able else "neural"
    if finish not in ENGINES:
        raise UnknownName("engine", finish, ("auto", *ENGINES))
    if finish == "mypaint":
        mypaint.check_available()
        for name in names:
            definition.file_of(name)
    return finish


def render(
    painting: Painting,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
) -> Picture:
    """Paint a record.

    Args:
        painting: the record.
        short_side_px: of the picture; as painted if not given.
        engine: one of `ENGINES`.
        each: called with the count of strokes painted so far.

    Raises:
        BadValue: a size that cannot be painted.
        UnknownName: no such engine, or no such brush.
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    size = size_of(painting, short_side_px)
    if engine == "mypaint":
        (picture,) = _stages_by_mypaint(painting, size, [len(painting.actions)], each)
        return picture
    easel = _Easel(painting, size)
    easel.advance(len(painting.actions), each)
    return easel.picture()


def stages(
    painting: Painting,
    counts: Sequence[int],
    short_side_px: int | None = None,
    engine: str = "neural",
) -> Iterator[Picture]:
    """The painting after each count of strokes; counts rise, and may repeat.

    After all strokes it is exactly what `render` paints.
    """
    if engine == "mypaint":
        yield from _stages_by_mypaint(painting, size_of(painting, short_side_px), counts)
        return
    easel = _Easel(painting, size_of(painting, short_side_px))
    for count in counts:
        easel.advance(count)
        is_done = count == len(painting.actions)
        yield render(painting, short_side_px) if is_done else easel.picture()


def layers(
    painting: Painting, cuts: Sequence[int], short_side_px: int | None = None
) -> Iterator[UInt8[np.ndarray, "height width 4"]]:
    """Strokes alone, without the background, from each cut up to the next: sRGB and alpha.

    Args:
        painting: the record.
        cuts: rising counts of strokes, the first 0 and the last that of all strokes.
        short_side_px: of the layers; as painted if not given.
    """
    size = size_of(painting, short_side_px)
    paint, cover = _Easel(painting, size), _Easel(painting, size, is_mask=True)
    for cut in cuts[1:]:
        for easel in (paint, cover):
            easel.clear(0.0, 0.0, 0.0)
            easel.advance(cut)
        yield _straight(paint.sheet, cover.sheet[0])


class _Easel:
    """A canvas of any size that is painted a few strokes at a time."""

    def __init__(self, painting: Painting, size: tuple[int, int], is_mask: bool = False) -> None:
        self._painting, self._short_px, self._is_mask = painting, min(size), is_mask
        self._brushes = load_brushes(painting)
        self._done = 0
        self.sheet = torch.empty(3, *size)
        self.clear(*painting.background)

    def clear(self, *color: float) -> None:
        """Cover everything with one color; the strokes painted so far count as painted."""
        self.sheet[:] = torch.tensor(color).reshape(3, 1, 1)

    def picture(self) -> Picture:
        """What is painted so far."""
        return _to_levels(self.sheet)

    @torch.no_grad()
    def advance(self, count: int, each: Callable[[int], None] | None = None) -> None:
        """Paint on until `count` strokes are painted."""
        for few in _portions(self._painting.actions[self._done : count], self.sheet):
            self._paint(self._done, self._done + few)
            self._done += few
            if each is not None:
                each(self._done)

    def _paint(self, first: int, last: int) -> None:
        parts = stroke.split(self._painting.actions[first:last])
        colors = torch.ones_like(parts.colors) if self._is_mask else parts.colors
        side_px = SIDE_PX if self._short_px <= _USUAL_PX else 2 * SIDE_PX
        patches = patches_of(self._painting, self._brushes, first, last, side_px)
        rows = max(1, _BAND_PX // self.sheet.shape[2])
        for top in range(0, self.sheet.shape[1], rows):
            self._paint_band(
                top, self.sheet[:, top : top + rows], patches, parts.placements, colors
            )

    def _paint_band(
        self, top: int, band: Canvas, patches: Patches, placements: Placements, colors: Colors
    ) -> None:
        """Paint on some rows of the sheet, in place, the strokes that reach them."""
        middle, reach = placements[:, 1] * self._short_px, _reach_px(placements, self._short_px)
        touching = (middle + reach > top) & (middle - reach < top + band.shape[1])
        if touching.any():
            moved = placements[touching] * self._short_px
            moved[:, 1] -= top
            unit = min(band.shape[1:])
            band.copy_(canvas.paint(patches[touching], moved / unit, colors[touching], band))


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


def _portions(actions: Actions, sheet: Canvas) -> Iterator[int]:
    """How many strokes to paint at a time, so that they fit in little memory."""
    high, wide = sheet.shape[1:]
    sides = 2 * _reach_px(stroke.split(actions).placements, min(high, wide))
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


def _to_levels(sheet: Canvas) -> Picture:
    """The 256 levels of a sheet, a band at a time."""
    picture = np.empty((*sheet.shape[1:], 3), np.uint8)
    rows = max(1, _BAND_PX // sheet.shape[2])
    for top in range(0, sheet.shape[1], rows):
        band = sheet[:, top : top + rows].clamp(0, 1).mul(255).round().byte()
        picture[top : top + rows] = band.permute(1, 2, 0).numpy()
    return picture


def _straight(paint: Canvas, cover: Tensor) -> UInt8[np.ndarray, "height width 4"]:
    """Levels of sRGB and alpha, of paint that lies on black and what it covers."""
    colors = torch.where(cover > 0, paint / cover.clamp_min(1e-6), 0.0).clamp(0, 1)
    levels = torch.cat([colors, cover[None].clamp(0, 1)]).mul(255).round().byte()
    return levels.permute(1, 2, 0).contiguous().numpy()


def _stages_by_mypaint(
    painting: Painting,
    size: tuple[int, int],
    counts: Sequence[int],
    each: Callable[[int], None] | None = None,
) -> Iterator[Picture]:
    from diavlex.brushes import mypaint

    actions, variants = painting.actions.numpy(), painting.variants.tolist()
    names, ground = painting.brush_names, painting.background
    for picture in mypaint.stages(actions, names, variants, ground, *size, counts, each):
        yield np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
