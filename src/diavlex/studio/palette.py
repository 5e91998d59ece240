"""A palette: from half of the way on, every stroke has exactly one of a few colors."""

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex.config import Palette
from diavlex.oklab import nearest, palette_of
from diavlex.stroke import Parts

FROM = 0.5
"""Share of the steps from which on strokes keep to the palette."""


def snapped(parts: Parts, palette: Float[Tensor, "some 3"]) -> Parts:
    """Strokes in the colors of a palette that theirs look most like.

    The gradient reaches their own colors as if they had been laid (straight through), so that they
    can go over to another color of the palette.

    Source: straight-through estimator, Bengio et al. 2013 (arXiv 1308.3432).
    """
    near = nearest(parts.colors, palette)
    colors = near + (parts.colors - parts.colors.detach())
    return Parts(parts.shapes, parts.placements, colors)


def palette_for(asked: Palette, parts: Parts) -> Float[Tensor, "some 3"]:
    """The colors of a palette: those that were given, or as many as were asked of the strokes'.

    Args:
        asked: colors or a count.
        parts: the strokes as they are; larger ones count for more.
    """
    if asked.colors:
        return torch.tensor(asked.colors)
    areas = parts.axes.detach().square().sum(-1) * parts.shapes[:, 0].detach()
    found = palette_of(parts.colors.detach().T.cpu(), asked.count, areas.cpu())
    return (found * 255).round() / 255
