"""The terms of what guides imagine: the canvas has its features, and its colors in their places."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex.guides import Imagined
from diavlex.guides.cutout import layout
from diavlex.scene import Scene

from .aim import at_places
from .brief import Brief
from .reading import Reading
from .term import Term, Weighed

COLORS = 10.0
"""How much misplaced colors count beside the features of views: they show the shape."""
SEEN = 0.3
"""How much the whole canvas shall have the features of a sketch."""
_BEHIND = 0.5
"""How much the whole canvas shall have the imagined features where things stand in a place."""


@dataclass(frozen=True)
class Features(Term):
    """What guides find in views of the canvas is what they would find in what they imagine."""

    readings: Sequence[Reading]
    """Of the guides that imagine."""
    whole: float
    """How much of it shall be found in the whole canvas, and not only in its things."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the guides of 1 - cosine of their features."""
        return torch.stack([self._unlike(scene, one) for one in self.readings]).sum()

    def _unlike(self, scene: Scene, reading: Reading) -> Tensor:
        assert reading.imagined is not None
        return reading.strength * self.whole * unlike(scene, reading, reading.imagined)


@dataclass(frozen=True)
class Layout(Term):
    """The colors of the canvas are those imagined, place by place."""

    readings: Sequence[Reading]
    """Of the guides that imagine."""
    bare: Float[Tensor, "places places"] | None
    """How much of each place things leave bare; None for all of it."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the guides of the mean squared difference of colors."""
        return torch.stack([self._apart(scene, one) for one in self.readings]).sum()

    def _apart(self, scene: Scene, reading: Reading) -> Tensor:
        assert reading.imagined is not None
        colors = reading.imagined.layouts[0]
        apart = (layout(scene.canvas, colors.shape[-1]) - colors).square()
        return (
            reading.strength * COLORS * (apart if self.bare is None else apart * self.bare).mean()
        )


@dataclass(frozen=True)
class Sketched(Term):
    """The colors of the canvas are those of the sketch, place by place."""

    colors: Float[Tensor, "3 rows columns"]
    """On the device of the canvas."""
    attention: Float[Tensor, "rows columns"]
    """How much each place counts, 1 on the mean."""

    def __call__(self, scene: Scene) -> Tensor:
        """The mean squared difference of colors, by how much each place counts."""
        apart = (at_places(scene.canvas, self.colors.shape[-2:]) - self.colors).square()
        return (apart * self.attention).mean()


def make_features(brief: Brief) -> Weighed | None:
    """The term of imagined features; none where no guide imagines."""
    readings = [one for one in brief.readings if one.imagined is not None]
    whole = (_BEHIND if brief.composition.is_placed else 0.0) if brief.things else 1.0
    whole = SEEN if brief.aim else whole
    if not readings or not whole:
        return None
    return Weighed("imagination", brief.config.imagine, Features(readings, whole))


def make_layout(brief: Brief) -> Weighed | None:
    """The term of imagined colors; none where no guide imagines, or where a focus rules."""
    if brief.aim is not None:
        aim = brief.aim
        if aim.known is not None and not aim.known.any():
            return None
        attention = aim.attention()
        if brief.detail is not None:
            size = attention.shape[0], attention.shape[1]
            attention = attention * (0.5 + at_places(brief.detail[None], size)[0])
        sketched = Sketched(aim.layout().to(brief.device), attention.to(brief.device))
        return Weighed("layout", brief.config.sketch, sketched)
    readings = [one for one in brief.readings if one.imagined is not None]
    if not readings or brief.composition.focus:
        return None
    bare = [one.bare() for one in brief.things]
    left = torch.stack(bare).prod(0).to(brief.device) if bare else None
    return Weighed("layout", brief.config.imagine, Layout(readings, left))


def unlike(scene: Scene, reading: Reading, imagined: Imagined) -> Tensor:
    """1 - cosine of what a guide finds in its views of the canvas and of what is imagined."""
    found = scene.seen(reading.guide).features
    assert found is not None
    return 1 - (found @ imagined.features.T).mean()
