"""The term of saturation: colors are held back, so that each saturated one is earned."""

from dataclasses import dataclass

from torch import Tensor

from diavlex.scene import Scene
from diavlex.tensors import Canvas

from .brief import Brief
from .term import Term, Weighed


@dataclass(frozen=True)
class Saturation(Term):
    """How saturated the canvas is: guides like saturated colors better than nature does."""

    def __call__(self, scene: Scene) -> Tensor:
        """See `saturation`."""
        return saturation(scene.canvas)


def make(brief: Brief) -> Weighed:
    """The term of a brief."""
    return Weighed("saturation", brief.config.saturation, Saturation())


def saturation(canvas: Canvas) -> Tensor:
    """Mean squared distance of the canvas' colors from their own greys; differentiable."""
    return (canvas - canvas.mean(0, keepdim=True)).square().mean()
