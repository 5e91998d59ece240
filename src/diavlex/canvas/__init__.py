"""Laying paint on a canvas: coverage placed where each stroke lies, color over what is there.

Four ways to one picture, held equal in value and gradient by the tests: `paint_plainly` gives
every stroke a layer of the whole canvas; `windows` computes only what a stroke's frame can touch;
`compiled`, on a processor with numba, only what its paint touches; `tiles`, on a GPU with Triton,
the tiles that it touches.
"""

import torch

from diavlex.tensors import Canvas, Colors, Patches, Placements

from . import compiled, tiles, windows
from .plain import lay, paint_plainly, place

__all__ = ["lay", "paint", "paint_plainly", "place"]


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """Paint strokes over a backdrop in their order.

    Differentiable in everything; but where a patch is 0 all around a pixel, that pixel may say
    nothing about it: a brush that has left nothing there does not ask.

    Args:
        patches: coverage in each stroke's own frame.
        placements: where the frames lie; lengths in shorter sides of the backdrop.
        colors: sRGB in [0, 1].
        backdrop: [3 height width], sRGB in [0, 1].
    """
    if len(patches) == 0:
        return backdrop
    way = windows
    if patches.dtype in (torch.float32, torch.float64):
        if patches.device.type == "cpu" and compiled.is_here():
            way = compiled
        elif patches.device.type == "cuda" and tiles.is_here(patches.device):
            way = tiles
    return way.paint(patches, placements, colors, backdrop)
