"""Laying paint within windows: of each stroke, the part of the canvas that its frame can touch.

Runs on every device. Windows are kept for the way back a chunk of strokes at a time; those of other
chunks are made again there, so that memory does not grow with the strokes.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from diavlex.tensors import Canvas, Colors, Patches, Placements

from .plain import levels_of, sample

_CHUNK_PX = 4_000_000
"""Pixels of the windows that are kept at a time."""
_WINDOWS_PX = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """As `diavlex.canvas.paint`, on any device."""
    canvas = backdrop
    chunks = _chunks(placements.detach(), backdrop)
    for first, last in chunks:
        strokes = patches[first:last], placements[first:last], colors[first:last]
        if len(chunks) == 1:
            return _paint(*strokes, canvas)
        made = checkpoint(_paint, *strokes, canvas, use_reentrant=False, preserve_rng_state=False)
        assert isinstance(made, Tensor)
        canvas = made
    return canvas


def _chunks(placements: Tensor, backdrop: Tensor) -> list[tuple[int, int]]:
    """First and last stroke (excluded) of runs whose windows are small enough together."""
    height_px, width_px = backdrop.shape[-2:]
    side = 2 * _reach(placements, min(height_px, width_px))
    area = side.clamp_max(height_px) * side.clamp_max(width_px)
    chunk = (area.double().cumsum(0) / _CHUNK_PX).long()
    counts = chunk.unique_consecutive(return_counts=True)[1].cumsum(0).tolist()
    return list(pairwise([0, *counts]))


def _reach(placements: Tensor, short_px: int) -> Tensor:
    """How far a frame goes from its center, up or across, in pixels."""
    return placements[:, 2:].cpu().abs().sum(-1) * short_px * 0.95 + 1


def _paint(patches: Tensor, placements: Tensor, colors: Tensor, backdrop: Tensor) -> Tensor:
    height_px, width_px = backdrop.shape[-2:]
    tiles, spots = [], []
    for window in _windows(placements.detach(), height_px, width_px, patches.shape[-1]):
        rows = torch.tensor(window.rows, device=patches.device)
        tiles.append(
            sample(
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
    center, reach = placements[:, :2].cpu() * short, _reach(placements, short)
    levels = levels_of(placements, short, side_px).tolist()
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
