"""The look of a picture, as choices of a painter: colors, brush, sizes and direction of strokes."""

import itertools
import math
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
_SMOOTH, _ROUGH = 0.015, 0.2
"""Shares of a picture's contrast in its finest detail, of two pixels of `_SIDE_PX`: below, it is
painted smoothly; above, roughly."""
_SOFT = 4
"""Side of the squares in whose mean edges are looked for, in pixels."""
_APART = 2.0
"""How many times longer the largest strokes are than the smallest, at least."""


def look_of(photo: Photo) -> dict[str, Any]:
    """Choices that make a painting look like a picture: palette, background, brush, strokes.

    Args:
        photo: the picture.
    """
    palette = colors_of(photo, COLORS)
    height, width = photo.colors.shape[-2:]
    scale = _SIDE_PX / min(height, width)
    small = photo.fitted(round(height * scale), round(width * scale))
    smallest, largest = stroke_sizes(small)
    direction, directed = direction_of(small)
    return {
        "palette": palette,
        "background": _edge_color(small, palette),
        "smallest": smallest,
        "largest": largest,
        "direction": direction,
        "directed": directed,
        "brush": brush_for(small),
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
    short, sizes = min(picture.shape[-2:]), _sizes(picture)
    share = _contrast(picture).cumsum(0)
    at = [int((share < limit).sum().clamp_max(len(sizes) - 1)) for limit in (_FINE, _COARSE)]
    smallest, largest = (min(max(sizes[k] / short, _LEAST), _MOST) for k in at)
    return smallest, min(max(largest, _APART * smallest), 0.8)


def direction_of(picture: Float[Tensor, "3 height width"]) -> tuple[float, float]:
    """In which direction most edges of a picture run, in degrees, and how much they agree, 0 to 1.

    Args:
        picture: sRGB in [0, 1]; 0 degrees runs right, 90 up.

    Source: the structure tensor, Bigun and Granlund 1987.
    """
    down, right = torch.gradient(_blurred(picture.mean(0)[None, None], _SOFT)[0, 0])
    double = torch.complex(right, down).square().mean()  # twice the angle: both ways are one
    total = float((right.square() + down.square()).mean())
    across = math.degrees(float(double.angle()) / 2)
    along = -(across + 90)  # along an edge, and up where y runs down
    return (along + 90) % 180 - 90, float(double.abs()) / max(total, 1e-12)


def brush_for(picture: Float[Tensor, "3 height width"]) -> str:
    """The brush that is as rough as a picture: flat, oil or dry.

    Args:
        picture: sRGB in [0, 1], of some 256 pixels on its shorter side.
    """
    fine = float(_contrast(picture)[0])
    return "flat" if fine < _SMOOTH else "oil" if fine <= _ROUGH else "dry"


def _sizes(picture: Float[Tensor, "3 height width"]) -> list[int]:
    """Sides of detail, in pixels: 2, 4, 8 and so on."""
    return [2**k for k in range(1, int(min(picture.shape[-2:]) / 2).bit_length())]


def _contrast(picture: Float[Tensor, "3 height width"]) -> Float[Tensor, " sizes"]:
    """Which shares of a picture's contrast lie in detail of each size, from fine to coarse."""
    light = picture.mean(0)[None, None]
    pairs = itertools.pairwise([light, *(_blurred(light, size) for size in _sizes(picture))])
    energy = torch.tensor([float((a - b).square().mean()) for a, b in pairs])
    return energy / energy.sum().clamp_min(1e-12)


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
