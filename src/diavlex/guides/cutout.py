"""The colors of pictures by place, and which places are a thing's and not its background's."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from diavlex.phrases import Levels
from diavlex.tensors import Canvas

PLACES, FINE = 12, 24
"""Rows and columns in which the colors of photos are imagined, and those of icons: the mean of
photos has no finer shapes, and a painting shall not be as blurred as it is."""
COARSE = 8
"""The same where it is asked only how colors lie on the whole."""
_TINT = 0.8
"""How much a thing takes the color that words give it."""
_SURELY = 0.09
"""Share of all places that are surely the thing's: those most unlike the edge."""


def layout(canvas: Canvas, places: int = PLACES) -> Float[Tensor, "*batch 3 places places"]:
    """The mean colors of a canvas in so many rows and columns; differentiable."""
    return functional.adaptive_avg_pool2d(canvas, places)


def tinted(colors: Float[Tensor, "3 places places"], hue: Levels) -> Tensor:
    """Colors by place, where the thing, which is what is unlike the edge, takes a color.

    Args:
        colors: sRGB in [0, 1].
        hue: sRGB in levels; lighter where the thing is lighter than it is on the whole.
    """
    _, share = cut_out(colors)
    light = colors.mean(0)
    shade = light * share.sum() / (light * share).sum().clamp_min(1e-6)
    paint = torch.tensor(hue).to(colors)[:, None, None] / 255 * shade.clamp(0.6, 1.5)
    return colors.lerp(paint.clamp_max(1), _TINT * share)


def cut_out(
    colors: Float[Tensor, "3 places places"],
) -> tuple[Float[Tensor, " 3"], Float[Tensor, "places places"]]:
    """The background of a thing, and how much of each place is the thing's.

    The background has the median color of the edge; what is unlike it is the thing.

    Args:
        colors: sRGB in [0, 1].
    """
    background = colors[:, is_edge(colors.shape[-1])].median(1).values
    apart = (colors - background[:, None, None]).norm(dim=0)
    surely = apart.flatten().topk(round(_SURELY * apart.numel())).values.mean()
    return background, (apart / surely.clamp_min(1e-6)).clamp_max(1)


def is_edge(places: int) -> Bool[Tensor, "places places"]:
    """Which places lie at the edge."""
    found = torch.ones(places, places, dtype=torch.bool)
    found[1:-1, 1:-1] = False
    return found
