"""The look of a picture, as choices of a painter: its colors, and how large its strokes may be."""

import itertools
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.pictures import Photo, colors_of

COLORS = 12
"""Of the palette that is taken from a picture."""
_SIDE_PX = 256
_FINE, _COARSE = 0.1, 0.9
"""Shares of a picture's contrast that lie in finer detail than the smallest and the largest
stroke."""
_LEAST, _MOST = 0.02, 0.6
_APART = 2.0
"""How many times longer the largest strokes are than the smallest, at least."""


def look_of(photo: Photo) -> dict[str, Any]:
    """Choices that make a painting look like a picture: palette, background, sizes of strokes.

    Args:
        photo: the picture.
    """
    palette = colors_of(photo, COLORS)
    height, width = photo.colors.shape[-2:]
    scale = _SIDE_PX / min(height, width)
    small = photo.fitted(round(height * scale), round(width * scale))
    smallest, largest = stroke_sizes(small)
    return {
        "palette": palette,
        "background": _edge_color(small, palette),
        "smallest": smallest,
        "largest": largest,
    }


def stroke_sizes(picture: Float[Tensor, "3 height width"]) -> tuple[float, float]:
    """Half-lengths that strokes of a picture may have, the smallest and the largest.

    The contrast of a picture is shared out to detail of each size: what a blur of that size takes
    away, and the next finer blur leaves. The sizes are those between which most of it lies.

    Args:
        picture: sRGB in [0, 1], of some 256 pixels on its shorter side.

    Returns:
        In shorter sides of the picture.
    """
    light = picture.mean(0)[None, None]
    short = min(light.shape[-2:])
    sizes = [2**k for k in range(1, int(short / 2).bit_length())]
    blurred = [light, *(_blurred(light, size) for size in sizes)]
    pairs = itertools.pairwise(blurred)
    energy = torch.tensor([float((a - b).square().mean()) for a, b in pairs])
    share = energy.cumsum(0) / energy.sum().clamp_min(1e-12)
    at = [int((share < limit).sum().clamp_max(len(sizes) - 1)) for limit in (_FINE, _COARSE)]
    smallest, largest = (min(max(sizes[k] / short, _LEAST), _MOST) for k in at)
    return smallest, min(max(largest, _APART * smallest), 0.8)


def _blurred(light: Tensor, size: int) -> Tensor:
    """A picture in the mean of squares of a side, in pixels."""
    return functional.avg_pool2d(light, size + 1, 1, size // 2, count_include_pad=False)


def _edge_color(
    picture: Float[Tensor, "3 height width"], palette: list[tuple[float, float, float]]
) -> tuple[float, float, float]:
    """The color of a palette that most of a picture's edge is nearest to, as paper would be."""
    colors = torch.tensor(palette)
    edge = torch.cat([picture[:, at] for at in (0, 1, -2, -1)], 1)
    edge = torch.cat([edge, *(picture[:, :, at] for at in (0, 1, -2, -1))], 1)
    near = torch.cdist(edge.T, colors).argmin(1)
    red, green, blue = colors[near.bincount(minlength=len(colors)).argmax()].tolist()
    return red, green, blue
