"""The term of detail: strokes are small where a mask is white, and large where it is black."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex import stroke
from diavlex.scene import Scene

from .brief import Brief
from .term import Term, Weighed

WEIGHT = 10.0


@dataclass(frozen=True)
class Detail(Term):
    """How far the strokes' sizes are from those that a mask asks for at their places."""

    mask: Float[Tensor, "rows columns"]
    """From 0, for the largest strokes, to 1, for the smallest; on the device of the strokes."""
    largest: float
    """Half-length of the largest strokes, in shorter sides."""
    smallest: float

    def __call__(self, scene: Scene) -> Tensor:
        """Mean squared difference of logarithms, that of the largest and the smallest being 1."""
        parts = scene.strokes.parts
        seen = stroke.seen_at(self.mask[None], parts.centers, scene.composition.aspect)[0]
        lengths = parts.axes.norm(dim=-1) * stroke.REACH
        size = torch.log(self.largest / lengths) / math.log(self.largest / self.smallest)
        return (size - seen).square().mean()


def make(brief: Brief) -> Weighed | None:
    """The term of a brief; none without a mask, or where all strokes are of one size."""
    config = brief.config
    if brief.detail is None or config.largest == config.smallest:
        return None
    mask = brief.detail.to(brief.device)
    return Weighed("detail", WEIGHT, Detail(mask, config.largest, config.smallest))
