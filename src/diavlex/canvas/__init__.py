"""Lays paint on a canvas: puts each stroke's coverage in its place and blends its color over.

Four implementations give the same picture and the same gradients; the tests hold them equal.
`plain`, the reference, computes a layer of the whole canvas for each stroke. `windows`, on any
device, computes only the part that a stroke's frame can touch. `compiled`, on a CPU with numba,
computes only the pixels that a stroke's paint touches. `tiles`, on a GPU with Triton, computes
only the tiles that it touches.
"""

import torch

from diavlex.tensors import Canvas, Colors, Patches, Placements

from . import compiled, tiles, windows
from .plain import lay, paint_plainly, place

__all__ = ["lay", "paint", "paint_plainly", "place"]


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """Paint strokes over a backdrop in their order.

    Differentiable in all four. Where a patch is 0 at a pixel and at its neighbors, the gradient of
    the patch may be 0 there: no stroke grows paint where its brush has left none.

    Args:
        patches: coverage in each stroke's own frame, 0 to 1.
        placements: where the frames lie; lengths in shorter sides of the backdrop.
        colors: sRGB in [0, 1].
        backdrop: [3 height width], sRGB in [0, 1].
    """
    if len(patches) == 0:
        return backdrop
    fastest = windows
    if patches.dtype in (torch.float32, torch.float64):
        if patches.device.type == "cpu" and compiled.is_here():
            fastest = compiled
        elif patches.device.type == "cuda" and tiles.is_here(patches.device):
            fastest = tiles
    return fastest.paint(patches, placements, colors, backdrop)
