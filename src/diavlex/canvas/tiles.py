"""Lays paint on a GPU, tile by tile; each tile has a list of the strokes that touch it.

The forward pass keeps no copy of what lies under each stroke. The backward pass takes the strokes
off again, the last one first, and so finds what was there before each. Gradients are added up as
integers, whose sum does not depend on the order in which the GPU works: the same strokes give the
same gradients, bit for bit. Triton compiles the loops; without it `.windows` paints instead.

Source: tiles, each with a list of its own, Kerbl et al. 2023 (arXiv 2308.04079, Gaussian
splatting). Differs from it in that strokes are paint in a given order, and that sums are of
integers.
"""

import logging
from functools import cache
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Canvas, Colors, Patches, Placements

from .plain import affines_of, levels_of

TILE_PX = 16
AT_ONCE = 256
"""How many strokes are tested together against a tile."""
_LEVELS = 5
"""A patch is used as it is, or halved up to four times."""
_BITS = 61
"""How many bits of a 64-bit integer a sum may fill; one is its sign, two are spare."""


@cache
def is_here(device: torch.device) -> bool:
    """The loops can be compiled for a device, which is tried with one stroke."""
    try:
        one = torch.full((1, 32, 32), 0.5, device=device, requires_grad=True)
        place = torch.tensor([[0.5, 0.5, 0.4, 0.0]], device=device)
        color, backdrop = torch.ones(1, 3, device=device), torch.zeros(3, 16, 16, device=device)
        paint(one, place, color, backdrop).sum().backward()
    except Exception as error:  # a compiler fails in many ways, and there is another way to paint
        logging.getLogger(__name__).warning("painting without Triton, which is slower: %s", error)
        return False
    return True


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """As `diavlex.canvas.paint`, on a GPU."""
    short_px, side = min(backdrop.shape[-2:]), patches.shape[-1]
    levels = levels_of(placements, short_px, side)
    texels, starts = _folded(patches, levels)
    affines = affines_of(placements.double(), side >> levels, short_px)
    scene = _Scene(starts, side >> levels, _boxes(patches.detach(), levels))
    canvas = _Tiled.apply(scene, texels, affines, colors, backdrop)
    assert isinstance(canvas, Tensor)
    return canvas


class _Scene(NamedTuple):
    """What the loops know of the strokes without a gradient."""

    starts: Int[Tensor, " strokes"]
    """Where the texels of each patch begin."""
    sides: Int[Tensor, " strokes"]
    """Texels along a side of each patch."""
    boxes: Float[Tensor, "strokes 4"]
    """First and last column, first and last row of each patch that hold paint."""


def _folded(patches: Patches, levels: Tensor) -> tuple[Float[Tensor, " texels"], Tensor]:
    """The texels of all patches in one line, and where in it those of each stroke begin.

    The line holds the patches as they are, then halved once, twice, and so on. A stroke's texels
    are those that are halved as often as its level says.
    """
    made, begins, begin = [patches], [], 0
    while len(made) < _LEVELS and made[-1].shape[-1] > 1:
        made.append(functional.avg_pool2d(made[-1][:, None], 2)[:, 0])
    for level in made:
        begins.append(begin)
        begin += level.numel()
    number = torch.arange(len(patches), device=patches.device)
    area = torch.tensor([level[0].numel() for level in made], device=patches.device)
    starts = torch.tensor(begins, device=patches.device)[levels] + number * area[levels]
    return torch.cat([level.flatten() for level in made]), starts


def _boxes(patches: Patches, levels: Tensor) -> Float[Tensor, "strokes 4"]:
    """First and last column, first and last row that hold paint, in texels of each patch's level.

    Of an empty patch the last comes before the first.
    """
    is_there, ends = patches != 0, []
    line = torch.arange(patches.shape[-1], device=patches.device)
    for axis in (1, 2):
        is_used = is_there.any(axis)
        first = torch.where(is_used, line, len(line)).amin(1) >> levels
        last = torch.where(is_used, line, -1).amax(1) >> levels
        ends += [first, last]
    return torch.stack(ends, -1).double()


class _Tiled(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, scene: _Scene, texels: Tensor, affines: Tensor, colors: Tensor, backdrop: Tensor
    ) -> Tensor:  # type: ignore[override]
        from .tile_kernels import lay, sort

        height, width = backdrop.shape[-2:]
        wide = -(-width // TILE_PX)
        count, strokes = wide * -(-height // TILE_PX), len(colors)
        kind = torch.int16 if strokes < 2**15 else torch.int32
        lists = torch.empty(count, strokes, dtype=kind, device=texels.device)
        counts = torch.empty(count, dtype=torch.int32, device=texels.device)
        affines, colors = affines.contiguous(), colors.contiguous()
        canvas = torch.empty(3, height, width, dtype=torch.float64, device=texels.device)
        own = texels, scene.starts, scene.sides, affines, colors
        with torch.cuda.device_of(texels):
            sort[(count,)](
                affines, scene.boxes, lists, counts, strokes, wide, TILE=TILE_PX, AT_ONCE=AT_ONCE
            )
            lay[(count,)](
                *own, backdrop.contiguous(), canvas, lists, counts, strokes, wide, height, width,
                TILE=TILE_PX,
            )  # fmt: skip
        ctx.save_for_backward(*own, canvas, lists, counts)
        return canvas.to(texels.dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        from .tile_kernels import lift

        texels, starts, sides, affines, colors, canvas, lists, counts = ctx.saved_tensors
        height, width = canvas.shape[-2:]
        most = gradient.abs().amax().double()
        unit = 2.0 ** (_BITS - canvas.numel().bit_length())
        scale = unit / torch.where(most > 0, most, 1.0)
        of_texels, of_affines, of_colors = (
            torch.zeros_like(part, dtype=torch.int64) for part in (texels, affines, colors)
        )
        of_backdrop = torch.empty_like(canvas)
        with torch.cuda.device_of(texels):
            lift[(len(counts),)](
                texels, starts, sides, affines, colors, canvas, gradient.contiguous(),
                lists, counts, scale, of_texels, of_affines, of_colors, of_backdrop,
                len(colors), -(-width // TILE_PX), height, width, TILE=TILE_PX,
            )  # fmt: skip
        shares = torch.tensor([1.0, width, height] * 2).to(canvas) / scale
        sums = of_texels / scale, of_colors / scale, of_backdrop
        to_texels, to_colors, to_backdrop = (total.to(texels.dtype) for total in sums)
        return None, to_texels, of_affines * shares, to_colors, to_backdrop
