"""The terms of layers: the strokes of a thing show it by themselves, and keep to where it is.

Source: a layer judged both over a picture and alone on a plain background, Bar-Tal et al. 2022
(arXiv 2204.02491, Text2LIVE). Differs from it in that the background is found at the same time, is
of another color at each step, and the layer is of strokes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex.composition import Layer
from diavlex.guides import ImaginedThing
from diavlex.guides.cutout import layout
from diavlex.scene import Scene
from diavlex.stroke import Parts, join, midpoints, points, seen_at

from .brief import Brief
from .imagination import COLORS
from .placed import PlacedThing
from .term import Term, Weighed
from .words import distance

STRAY_WEIGHT = 50.0


@dataclass(frozen=True)
class Layers(Term):
    """The strokes of each thing, laid alone on a plain background, look like the thing."""

    things: Sequence[PlacedThing]
    imagine: float
    """How much they shall look like what is imagined."""
    contrast: float
    """Share of telling a thing from others, where a guide does not imagine it."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the things of how far their layers are from them."""
        return torch.stack([self._unlike(scene, one) for one in self.things]).sum()

    def _unlike(self, scene: Scene, placed: PlacedThing) -> Tensor:
        reading, thing = placed.reading, placed.imagined
        if thing is None:
            seen = scene.seen_alone(placed.layer, reading.guide)
            return reading.strength * distance(seen.vectors, reading, self.contrast)
        scale = reading.strength * self.imagine
        colors = scale * COLORS * self._apart(scene, placed, thing)
        found = scene.seen_alone(placed.layer, reading.guide).features
        assert found is not None
        return scale * (1 - (found @ thing.features.T).mean()) + colors

    def _apart(self, scene: Scene, placed: PlacedThing, thing: ImaginedThing) -> Tensor:
        """Mean squared difference of the layer's colors, place by place, from the thing's."""
        alone = scene.alone(placed.layer)
        colors = thing.on(alone.background)
        return (layout(placed.frame.crop(alone.canvas), colors.shape[-1]) - colors).square().mean()


@dataclass(frozen=True)
class Stray(Term):
    """The strokes of each thing lie where the thing is."""

    things: Sequence[PlacedThing]
    spots: Sequence[Float[Tensor, "_ 2"]]
    """Centers of the places where each thing is, on the device of the strokes."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the things of how far their strokes reach beyond them, in shorter sides."""
        pairs = zip(self.things, self.spots, strict=True)
        return torch.stack([beyond(scene.strokes.parts, *pair) for pair in pairs]).sum()


@dataclass(frozen=True)
class SketchedStray(Term):
    """The strokes of each layer of a sketch lie where its thing is."""

    layers: Sequence[Layer]
    away: Float[Tensor, "layers 1 height width"]
    """How far each place of the canvas is from each thing, in shorter sides."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the layers of how far their strokes reach beyond their things."""
        told = []
        for layer, away in zip(self.layers, self.away, strict=True):
            own = join(scene.strokes.parts[layer.rows])
            if not len(own):
                continue
            start, _, end = points(own)
            spots = torch.cat([start, end, midpoints(own)])
            told.append(seen_at(away, spots, scene.composition.aspect).mean())
        return torch.stack(told).sum() if told else self.away.new_zeros(())


def make_layers(brief: Brief) -> Weighed | None:
    """The term of layers; none where there are none."""
    if not brief.things:
        return None
    term = Layers(brief.things, brief.config.imagine, brief.config.contrast)
    return Weighed("layers", 1.0, term)


def make_stray(brief: Brief) -> Weighed | None:
    """The term of stray strokes; none where no thing has a layer."""
    if brief.aim and (layers := brief.composition.layers[1:]):
        term = SketchedStray(layers, brief.aim.away()[:, None].to(brief.device))
        return Weighed("stray", STRAY_WEIGHT, term)
    if not brief.things:
        return None
    spots = [one.spots().to(brief.device) for one in brief.things]
    return Weighed("stray", STRAY_WEIGHT, Stray(brief.things, spots))


def beyond(parts: Parts, placed: PlacedThing, spots: Float[Tensor, "spots 2"]) -> Tensor:
    """How far start, middle and end of a layer's strokes are from its thing, mean in shorter sides.

    Args:
        parts: of all strokes.
        placed: the thing; a stroke's point counts as within a place up to half its width away.
        spots: centers of the places where the thing is.
    """
    own = join(parts[placed.layer.rows])
    start, _, end = points(own)
    spread = torch.cat([start, end, midpoints(own)])
    away = (spread[:, None] - spots).abs() - placed.frame.side / len(placed.is_there) / 2
    return away.clamp_min(0).norm(dim=-1).amin(1).mean()
