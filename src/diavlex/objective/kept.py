"""The term of what is kept: where a picture shall stay, the canvas looks as it did."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.scene import Scene

from .brief import Brief
from .term import Term, Weighed

WEIGHT = 300.0


@dataclass(frozen=True)
class Kept(Term):
    """The canvas is as it was where it shall stay."""

    picture: Float[Tensor, "3 height width"]
    mask: Float[Tensor, "rows columns"]
    """1 where the canvas stays, 0 where it is repainted; both on the canvas' device."""

    def __call__(self, scene: Scene) -> Tensor:
        """Mean squared difference of colors, over the whole canvas."""
        size = scene.canvas.shape[-2], scene.canvas.shape[-1]
        goal, mask = (
            functional.interpolate(one[None], size, mode="bilinear", antialias=True)[0]
            for one in (self.picture, self.mask[None])
        )
        return ((scene.canvas - goal).square() * mask).mean()


def make(brief: Brief) -> Weighed | None:
    """The term of a brief; none where nothing is kept."""
    start = brief.start
    if start is None or start.mask is None or start.picture is None:
        return None
    term = Kept(start.picture.to(brief.device), start.mask.to(brief.device))
    return Weighed("kept", WEIGHT, term)
