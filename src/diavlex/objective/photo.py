"""The terms of a photo: the canvas has its colors, and what the guide's inner layers find in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.guides import Guide
from diavlex.oklab import to_oklab
from diavlex.pictures import Photo
from diavlex.scene import Scene
from diavlex.tensors import Canvas

from .brief import Brief
from .term import Term, Weighed

COLOR_WEIGHT = 100.0
INNER_WEIGHT = 1.0
_LAB = 0.5
"""Share of the distance that is taken in OKLab; the rest is taken in sRGB."""


@dataclass(frozen=True)
class PhotoColors(Term):
    """The canvas has the photo's colors, pixel by pixel."""

    photo: Photo
    _targets: dict[tuple[int, int], Tensor] = field(default_factory=dict)

    def __call__(self, scene: Scene) -> Tensor:
        """Mean squared distance of colors, half in sRGB and half in OKLab."""
        canvas, goal = scene.canvas, self._at(scene.canvas)
        plain = (canvas - goal[:3]).square().mean()
        return (1 - _LAB) * plain + _LAB * (to_oklab(canvas) - goal[3:]).square().mean()

    def _at(self, canvas: Canvas) -> Float[Tensor, "6 height width"]:
        """The photo at the canvas' size, in sRGB and in OKLab."""
        size = canvas.shape[-2], canvas.shape[-1]
        if size not in self._targets:
            colors = self.photo.fitted(*size).to(canvas)
            self._targets[size] = torch.cat([colors, to_oklab(colors)])
        return self._targets[size]


@dataclass(frozen=True)
class PhotoFeatures(Term):
    """What the inner layers of a guide find in the canvas is what they find in the photo.

    Source: Johnson et al. 2016 (perceptual loss); Gatys et al. 2016 (content).
    """

    guide: Guide
    targets: Sequence[Tensor]
    """What each layer finds in the photo."""

    def __call__(self, scene: Scene) -> Tensor:
        """Mean over the layers of 1 - cosine of what is found at each place."""
        found = inner_of(self.guide, scene.canvas)
        pairs = zip(found, self.targets, strict=True)
        return torch.stack([1 - (a * b).sum(1).mean() for a, b in pairs]).mean()


def make_colors(brief: Brief) -> Weighed | None:
    """The term of the photo's colors; none without a photo."""
    if brief.photo is None:
        return None
    return Weighed("photo", COLOR_WEIGHT * brief.config.photo_weight, PhotoColors(brief.photo))


def make_features(brief: Brief) -> Weighed | None:
    """The term of the photo's features; none without a photo or a guide that shows its layers."""
    guides = [one.guide for one in brief.readings if one.guide.inner is not None]
    if brief.photo is None or not guides:
        return None
    with torch.no_grad():
        colors = brief.photo.fitted(*brief.canvas_px).to(brief.device)
        targets = inner_of(guides[0], colors)
    weight = INNER_WEIGHT * brief.config.photo_weight
    return Weighed("photo features", weight, PhotoFeatures(guides[0], targets))


def inner_of(guide: Guide, canvas: Canvas) -> list[Float[Tensor, "1 channels rows columns"]]:
    """What a guide's inner layers find in a canvas, as unit vectors at each place."""
    assert guide.inner is not None
    size = (guide.side_px, guide.side_px)
    small = functional.interpolate(canvas[None], size, mode="bilinear", antialias=True)
    return [functional.normalize(layer, dim=1) for layer in guide.inner(small)]
