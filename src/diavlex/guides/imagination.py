"""What a guide may do beside judging: say what a picture of some words would look like.

A text's vector says what tells its pictures from all others, which is not what they look like: a
picture that only climbs towards it need not look like any of them. A guide that imagines gives the
canvas a picture to become, too.

Source: a picture is drawn by matching what a robust network finds in another, Engstrom et al. 2019
(arXiv 1906.00945); from words to what their pictures look like, Ramesh et al. 2022 (arXiv
2204.06125, the prior).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from diavlex.phrases import Thing
from diavlex.tensors import Embeddings, Features, Layouts, Pictures


@dataclass(frozen=True)
class Seen:
    """What a guide makes of pictures, one row each."""

    vectors: Embeddings
    """As `Guide.encode_image` gives them."""
    features: Features | None = None
    """What a guide that imagines found before it was put into the space of words."""


@dataclass(frozen=True)
class Imagined:
    """What pictures of texts look like, one row each."""

    features: Features
    """What the guide would find in them, as unit vectors."""
    layouts: Layouts
    """Their colors by place."""


@dataclass(frozen=True)
class ImaginedThing:
    """What a thing looks like alone, on a plain background."""

    features: Features
    """What the guide would find in it, as one unit vector."""
    colors: Float[Tensor, "3 places places"]
    """Its colors by place, sRGB in [0, 1], with those of its background."""
    share: Float[Tensor, "places places"]
    """How much of each place is the thing's, in [0, 1]; the rest is the background's."""
    background: Float[Tensor, " 3"]

    def on(self, background: Float[Tensor, " 3"]) -> Float[Tensor, "3 places places"]:
        """Its colors by place on another background."""
        step = (background - self.background)[:, None, None]
        return (self.colors + (1 - self.share) * step).clamp(0, 1)


@runtime_checkable
class Imagination(Protocol):
    """What a guide that imagines can do; `Guide.imagination` is one, or None."""

    def see(self, pictures: Pictures) -> Seen:
        """The vectors and the features of pictures, sRGB in [0, 1]; differentiable."""
        ...

    def imagine(self, texts: Sequence[str], *, is_photo: bool = False) -> Imagined:
        """What pictures of texts look like.

        Args:
            texts: one or more.
            is_photo: imagine photos alone: a thing and all that is around it.
        """
        ...

    def imagine_thing(self, thing: Thing) -> ImaginedThing | None:
        """What a thing looks like alone; None if the guide does not know it well enough."""
        ...
