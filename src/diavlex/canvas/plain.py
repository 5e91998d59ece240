"""Lays paint plainly, with a layer of the whole canvas for each stroke.

It is slow and short: the reference that the other implementations must equal.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Canvas, Colors, Coverage, Patches, Placements


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
    """Paint strokes over a backdrop in their order: the reference for `diavlex.canvas.paint`."""
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
        levels_of(placements, min(height_px, width_px), patches.shape[-1]).tolist()
    ):
        rows = slice(i, i + 1)
        size = (height_px, width_px)
        layers.append(sample(patches[rows], placements[rows], whole[rows], size, level, min(size)))
    return torch.cat(layers)


def levels_of(placements: Tensor, short_px: int, side_px: int) -> Tensor:
    """How often each patch is halved before it is drawn small, so that it does not alias: 0 to 4.

    Args:
        placements: one row a stroke.
        short_px: shorter side of the canvas.
        side_px: side of the patches.
    """
    _, axes = placements.split(2, -1)
    footprint = 2 * axes.detach().norm(dim=-1) * short_px
    return torch.log2(side_px / footprint).round().clamp(0, 4).long()


def affines_of(placements: Placements, sides: Tensor, short_px: int) -> Float[Tensor, "strokes 6"]:
    """What maps a pixel (x, y) of the canvas to a place (u, v) in each patch.

    Args:
        placements: one row a stroke.
        sides: of each patch, in texels.
        short_px: shorter side of the canvas.

    Returns:
        u0, ux, uy, v0, vx, vy: u = u0 + ux x + uy y and v = v0 + vx x + vy y, in texels.
    """
    x, y, axis_x, axis_y = placements.unbind(-1)
    pace = sides / 2 / (axis_x.square() + axis_y.square())
    right, down = axis_x * pace / short_px, axis_y * pace / short_px
    u = sides / 2 - 0.5 + right * (0.5 - x * short_px) + down * (0.5 - y * short_px)
    v = sides / 2 - 0.5 + right * (0.5 - y * short_px) - down * (0.5 - x * short_px)
    return torch.stack([u, right, down, v, -down, right], -1)


def sample(
    patches: Tensor,
    placements: Tensor,
    corners: Tensor,
    size: tuple[int, int],
    level: int,
    short_px: int,
) -> Tensor:
    """Coverage within a window of the canvas for each stroke, [strokes height width].

    Args:
        patches: of strokes that are halved equally often.
        placements: one row a stroke.
        corners: upper left pixel of each window, y and x.
        size: of the windows, height and width in pixels.
        level: how often the patches are halved.
        short_px: shorter side of the canvas.
    """
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
