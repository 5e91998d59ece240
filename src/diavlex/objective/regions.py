"""The term of regions: each region shows its own words, as every guide sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from diavlex.scene import Scene

from .brief import Brief
from .imagination import SEEN
from .parts import PlacedRegion
from .reading import Reading
from .term import Term, Weighed
from .words import SKETCHED, distance


@dataclass(frozen=True)
class Regions(Term):
    """How far each region is from its words, and from what guides imagine of them."""

    regions: Sequence[PlacedRegion]
    imagine: float
    """How much regions shall look like what is imagined."""
    contrast: float
    """Share of telling the words from others."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over regions and guides."""
        each = [
            reading.strength * self._unlike(scene, one, reading)
            for one in self.regions
            for reading in one.readings
        ]
        return torch.stack(each).sum()

    def _unlike(self, scene: Scene, one: PlacedRegion, reading: Reading) -> Tensor:
        seen = scene.seen_within(one.region, reading.guide)
        words = distance(seen.vectors, reading, self.contrast)
        words = words * (SKETCHED if one.is_sketched else 1.0)
        if reading.imagined is None:
            return words
        assert seen.features is not None
        share = self.imagine * (SEEN if one.is_sketched else 1.0)
        return words + share * (1 - (seen.features @ reading.imagined.features.T).mean())


def make(brief: Brief) -> Weighed | None:
    """The term of a brief; none without regions."""
    if not brief.regions:
        return None
    term = Regions(brief.regions, brief.config.imagine, brief.config.contrast)
    return Weighed("regions", 1.0, term)
