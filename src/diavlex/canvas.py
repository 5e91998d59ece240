"""Laying paint on a canvas: coverage placed where each stroke lies, color over what is there.

Two ways to one picture, held equal in value and gradient by the tests: `paint_plainly` gives every
stroke a layer of the whole canvas; `paint` computes only the window that a stroke can touch.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Canvas, Colors, Coverage, Patches, Placements

_WINDOWS_PX = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)


def lay(canvas: Canvas, coverage: Tensor, color: Tensor) -> Canvas:
    """Lay one stroke over a canvas.

    Differentiable in all three; returns a new canvas.

    Args:
        canvas: sRGB in [0, 1].
        coverage: [height width]; 0 where the brush missed, 1 where the paint hides the canvas.
        color: [3], sRGB in [0, 1].

    Source: Porter and Duff 1984, "over" on an opaque backdrop.
    """
    return torch.lerp(canvas, color[:, None, None].expand_as(canvas), coverage.expand_as(canvas))


def paint_plainly(
    patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas
) -> Canvas:
    """Paint strokes over a backdrop in their order: the reference of `paint`."""
    canvas = backdrop
    layers = place(patches, placements, *backdrop.shape[-2:])
    for coverage, color in zip(layers, colors, strict=True):
        canvas = lay(canvas, coverage, color)
    return canvas


def place(patches: Patches, placements: Placements, height_px: int, width_px: int) -> Coverage:
    """Coverage of every stroke on the whole canvas; differentiable in patches and placements."""
    whole = torch.zeros(len(patches), 2, dtype=torch.long)
    layers = []
    for i, level in enumerate(
        _levels(placements, min(height_px, width_px), patches.shape[-1]).tolist()
    ):
        rows = slice(i, i + 1)
        size = (height_px, width_px)
        layers.append(_sample(patches[rows], placements[rows], whole[rows], size, level, min(size)))
    return torch.cat(layers)


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """Paint strokes over a backdrop in their order, each within the window it can touch.

    Differentiable in everything.

    Args:
        patches: coverage in each stroke's own frame.
        placements: where the frames lie; lengths in shorter sides of the backdrop.
        colors: sRGB in [0, 1].
        backdrop: [3 height width], sRGB in [0, 1].
    """
    if len(patches) == 0:
        return backdrop
    height_px, width_px = backdrop.shape[-2:]
    tiles, spots = [], []
    for window in _windows(placements.detach(), height_px, width_px, patches.shape[-1]):
        rows = torch.tensor(window.rows, device=patches.device)
        tiles.append(
            _sample(
                patches[rows], placements[rows], window.corners, window.size, window.level,
                min(height_px, width_px),
            )
        )  # fmt: skip
        spots += [
            _Spot(row, len(tiles) - 1, k, *corner)
            for k, (row, corner) in enumerate(
                zip(window.rows, window.corners.tolist(), strict=True)
            )
        ]
    spots.sort(key=lambda spot: spot.row)
    canvas = _Over.apply(spots, backdrop, colors, *tiles)
    assert isinstance(canvas, Tensor)
    return canvas


@dataclass(frozen=True)
class _Window:
    """Strokes whose windows are of one size, sampled from one level of detail."""

    rows: list[int]
    corners: Tensor
    """Upper left pixel, y and x, one row a stroke."""
    size: tuple[int, int]
    level: int


@dataclass(frozen=True)
class _Spot:
    """Where a stroke's tile is kept and where it goes."""

    row: int
    group: int
    place: int
    y: int
    x: int


def _windows(placements: Tensor, height_px: int, width_px: int, side_px: int) -> list[_Window]:
    """Strokes grouped by the size of the window that holds their frame."""
    short = min(height_px, width_px)
    center, axis = placements[:, :2].cpu() * short, placements[:, 2:].cpu() * short
    reach = axis.abs().sum(-1) * 0.95 + 1
    levels = _levels(placements, short, side_px).tolist()
    groups: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for row, (side, level) in enumerate(zip((2 * reach).tolist(), levels, strict=True)):
        window = next((w for w in _WINDOWS_PX if w >= side), max(height_px, width_px))
        groups[min(window, height_px), min(window, width_px), level].append(row)
    windows = []
    for (high, wide, level), rows in groups.items():
        corner = (center[rows].flip(-1) - torch.tensor([high, wide]) / 2).round().long()
        limit = torch.tensor([height_px - high, width_px - wide])
        corner = torch.minimum(corner.clamp_min(0), limit)
        windows.append(_Window(rows, corner, (high, wide), level))
    return windows


def _levels(placements: Tensor, short_px: int, side_px: int) -> Tensor:
    """How often to halve a patch of a side before it is drawn small, so that it does not alias."""
    footprint = 2 * placements[:, 2:].detach().norm(dim=-1) * short_px
    return torch.log2(side_px / footprint).round().clamp(0, 4).long().cpu()


def _sample(
    patches: Tensor,
    placements: Tensor,
    corners: Tensor,
    size: tuple[int, int],
    level: int,
    short_px: int,
) -> Tensor:
    """Windows of coverage [strokes height width], the upper left pixel of each at its corner."""
    high, wide = size
    detail = functional.avg_pool2d(patches[:, None], 2**level) if level else patches[:, None]
    x, y, axis_x, axis_y = (part[:, None, None] for part in placements.unbind(-1))
    scale = axis_x.square() + axis_y.square()
    cosine, sine = axis_x / scale, axis_y / scale
    corner = corners.to(placements)[..., None, None]
    dx = (corner[:, 1] + torch.arange(wide).to(placements) + 0.5) / short_px - x
    dy = (corner[:, 0] + torch.arange(high).to(placements)[:, None] + 0.5) / short_px - y
    along, across = cosine * dx + sine * dy, cosine * dy - sine * dx
    grid = torch.stack([along, across], -1)
    return functional.grid_sample(detail, grid, align_corners=False)[:, 0]


class _Over(torch.autograd.Function):
    """Source-over of tiles in order; keeps what lay under each tile for the way back.

    The gradient of a stroke is what reaches it through the strokes above: going back from the
    last stroke, the slope on the canvas is multiplied by what each stroke let through.
    """

    @staticmethod
    def forward(
        ctx: Any, spots: list[_Spot], backdrop: Tensor, colors: Tensor, *tiles: Tensor
    ) -> Tensor:  # type: ignore[override]
        canvas = backdrop.clone(memory_format=torch.contiguous_format)
        under = []
        for spot in spots:
            cover = tiles[spot.group][spot.place]
            part = canvas[:, spot.y : spot.y + cover.shape[0], spot.x : spot.x + cover.shape[1]]
            under.append(part.clone())
            part.lerp_(colors[spot.row][:, None, None].expand_as(part), cover.expand_as(part))
        ctx.spots, ctx.under = spots, under
        ctx.save_for_backward(colors, *tiles)
        return canvas

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        colors, *tiles = ctx.saved_tensors
        slope = slope.clone(memory_format=torch.contiguous_format)
        color_slopes = torch.zeros_like(colors)
        tile_slopes = [torch.empty_like(tile) for tile in tiles]
        for spot, under in zip(reversed(ctx.spots), reversed(ctx.under), strict=True):
            cover = tiles[spot.group][spot.place]
            part = slope[:, spot.y : spot.y + cover.shape[0], spot.x : spot.x + cover.shape[1]]
            color_slopes[spot.row] = torch.mv(part.reshape(3, -1), cover.reshape(-1))
            gap = colors[spot.row][:, None, None] - under
            torch.sum(part * gap, 0, out=tile_slopes[spot.group][spot.place])
            part.mul_(1 - cover)
        return None, slope, color_slopes, *tile_slopes
