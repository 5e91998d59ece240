"""Lays paint within windows: for each stroke, the part of the canvas that its frame can touch.

It runs on every device. Strokes are painted in chunks. The backward pass computes the windows of
each chunk again, so that memory holds those of one chunk only, however many strokes there are.
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
"""Pixels in the windows of a chunk."""
_WINDOWS_PX = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""Sides that a window may have; strokes whose windows are equally large are sampled together."""


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
    """First and last stroke (excluded) of each chunk; its windows hold about `_CHUNK_PX` pixels."""
    height_px, width_px = backdrop.shape[-2:]
    side = 2 * _reach(placements, min(height_px, width_px))
    area = side.clamp_max(height_px) * side.clamp_max(width_px)
    chunk = (area.double().cumsum(0) / _CHUNK_PX).long()
    counts = chunk.unique_consecutive(return_counts=True)[1].cumsum(0).tolist()
    return list(pairwise([0, *counts]))


def _reach(placements: Tensor, short_px: int) -> Tensor:
    """How far each frame reaches from its center, along x or y, in pixels."""
    return placements.split(2, -1)[1].cpu().abs().sum(-1) * short_px * 0.95 + 1


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
    """Strokes whose windows are equally large and whose patches are halved equally often."""

    rows: list[int]
    corners: Tensor
    """Upper left pixel, y and x, one row a stroke."""
    size: tuple[int, int]
    level: int


@dataclass(frozen=True)
class _Spot:
    """Where a stroke's tile (its coverage within its window) is kept, and where it goes."""

    row: int
    """Of the stroke."""
    group: int
    """Which tensor of tiles holds it."""
    place: int
    """Its place in that tensor."""
    y: int
    """Upper edge on the canvas."""
    x: int
    """Left edge on the canvas."""


def _windows(placements: Tensor, height_px: int, width_px: int, side_px: int) -> list[_Window]:
    """Strokes grouped by the size of the window that holds their frame, and by level."""
    short = min(height_px, width_px)
    centers, _ = placements.split(2, -1)
    center, reach = centers.cpu() * short, _reach(placements, short)
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
    """Source-over of tiles in order; keeps what lay under each tile for the backward pass.

    The backward pass goes from the last stroke to the first. At each stroke it multiplies the
    gradient of the canvas by what that stroke lets through, which leaves the gradient that reaches
    the strokes below.
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
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        colors, *tiles = ctx.saved_tensors
        gradient = gradient.clone(memory_format=torch.contiguous_format)
        of_colors = torch.zeros_like(colors)
        of_tiles = [torch.empty_like(tile) for tile in tiles]
        for spot, under in zip(reversed(ctx.spots), reversed(ctx.under), strict=True):
            cover = tiles[spot.group][spot.place]
            part = gradient[:, spot.y : spot.y + cover.shape[0], spot.x : spot.x + cover.shape[1]]
            of_colors[spot.row] = torch.mv(part.reshape(3, -1), cover.reshape(-1))
            gap = colors[spot.row][:, None, None] - under
            torch.sum(part * gap, 0, out=of_tiles[spot.group][spot.place])
            part.mul_(1 - cover)
        return None, gradient, of_colors, *of_tiles
