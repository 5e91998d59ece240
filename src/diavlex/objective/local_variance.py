"""The term of local variance: about a thing that has a focus, the background stays even."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.scene import Scene
from diavlex.tensors import Canvas

from .brief import Brief
from .term import Term, Weighed

WEIGHT = 20.0
NEAR, FAR = 0.28, 0.45
"""Distance from the focus at which the thing ends, and at which the background begins."""


@dataclass(frozen=True)
class LocalVariance(Term):
    """How far the background is from its own blur."""

    share: Float[Tensor, "height width"]
    """How much each pixel belongs to the background, 0 to 1."""

    def __call__(self, scene: Scene) -> Tensor:
        """See `local_variance`; the canvas of a photo becomes finer at the end."""
        size = scene.canvas.shape[-2:]
        if size == self.share.shape:
            return local_variance(scene.canvas, self.share)
        finer = functional.interpolate(self.share[None, None], tuple(size), mode="bilinear")
        return local_variance(scene.canvas, finer[0, 0])


def make(brief: Brief) -> Weighed | None:
    """The term of a brief; none without a focus."""
    focus = brief.composition.focus
    if focus is None:
        return None
    share = background_share(focus, *brief.canvas_px).to(brief.device)
    return Weighed("local variance", WEIGHT, LocalVariance(share))


def local_variance(canvas: Canvas, share: Float[Tensor, "height width"]) -> Tensor:
    """Mean squared distance of a canvas from its own blur, weighed by a share; differentiable."""
    reach = min(canvas.shape[-2:]) // 8
    blur = functional.avg_pool2d(canvas[None], 2 * reach + 1, 1, reach, count_include_pad=False)[0]
    return ((canvas - blur).square() * share).mean()


def background_share(
    focus: tuple[float, float], height_px: int, width_px: int
) -> Float[Tensor, "height width"]:
    """How much each pixel belongs to the background: 0 about the focus, 1 far from it.

    Args:
        focus: x and y in shorter sides.
        height_px: of the canvas.
        width_px: of the canvas.
    """
    short = min(height_px, width_px)
    y = (torch.arange(height_px) + 0.5) / short - focus[1]
    x = (torch.arange(width_px) + 0.5) / short - focus[0]
    return ((torch.hypot(y[:, None], x[None]) - NEAR) / (FAR - NEAR)).clamp(0, 1)
