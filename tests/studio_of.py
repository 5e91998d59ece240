"""A painting in progress, set up as a session sets it up; and a canvas looked at by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from diavlex import brushes, guides
from diavlex.brushes import MixedBrush, NeuralBrush
from diavlex.config import PaintConfig, choose
from diavlex.guides import Guide
from diavlex.guides.views import Augmentation
from diavlex.objective import Brief, Objective, terms_of, write_brief
from diavlex.scene import Scene, Strokes, Viewing
from diavlex.stroke import Parts
from diavlex.studio import Reinitialize, Search, Step, paint
from diavlex.tensors import Actions, Canvas

CPU = torch.device("cpu")
STILL = Augmentation(wide=1.0, margin=(1.0, 1.0), tilt=0.0, noise=0.0)
"""Views of the whole canvas as it is, or mirrored."""


@cache
def pocket() -> Guide:
    """The guide that ships with diavlex, loaded once."""
    return guides.load("pocket")


@cache
def _brush(names: tuple[str, ...], brush_of: tuple[int, ...]) -> NeuralBrush | MixedBrush:
    return brushes.load_mixed(names, brush_of)


@cache
def _read(prompt: str, config: PaintConfig, judges: tuple[tuple[Guide, float], ...]) -> Brief:
    return write_brief(prompt, config, judges, CPU)


@dataclass(frozen=True)
class Studio:
    """All that the loop needs."""

    search: Search
    objective: Objective
    strategy: Reinitialize

    def step(self) -> Step:
        """Move every stroke once."""
        return next(paint(*self, until=self.search.index + 1))

    def paint(self) -> list[Step]:
        """Go on to the end."""
        return list(paint(*self, until=self.search.config.steps))

    def run(self) -> Actions:
        """The strokes at the end."""
        self.paint()
        return self.search.now()

    def state(self) -> dict[str, Tensor]:
        """All that changes."""
        return self.search.state() | self.strategy.state()

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        self.search.load_state(tensors)
        self.strategy.load_state(tensors)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.search, self.objective, self.strategy))


def brief_of(
    prompt: str, judges: Sequence[Guide | tuple[Guide, float]] = (), **choices: Any
) -> Brief:
    """The brief of a prompt, without a sketch unless one is asked for; the pocket guide judges."""
    choices = {"sketch": 0.0} | choices
    weighed = tuple(one if isinstance(one, tuple) else (one, 1.0) for one in judges or [pocket()])
    return _read(prompt, choose(**choices), weighed)


def studio(
    prompt: str,
    judges: Sequence[Guide | tuple[Guide, float]] = (),
    start: int = 0,
    **choices: Any,
) -> Studio:
    """A painting in progress on the CPU."""
    return studio_of(brief_of(prompt, judges, **choices), start)


def studio_of(brief: Brief, start: int = 0) -> Studio:
    """The same from a brief."""
    config = brief.config
    search = Search(brief, _brush(config.brushes, tuple(config.brush_of)), start)
    strategy = Reinitialize(config.reinitialize, brief.things, search)
    return Studio(search, Objective(terms_of(brief), brief.readings), strategy)


def even(search: Search, color: Tensor | None = None) -> Canvas:
    """A canvas of one color; of the bare one if none is given."""
    color = search.background if color is None else color
    return color[:, None, None].expand(3, *search.brief.canvas_px)


def put_all(search: Search, actions: Actions) -> None:
    """Put strokes in the place of all that a search has."""
    search.put(torch.arange(search.count), actions)


def still(canvas: Canvas, brief: Brief) -> Scene:
    """A scene of a canvas alone, without strokes, that each guide sees once as it is."""
    shapes, placements, colors = torch.zeros(0, 5), torch.zeros(0, 4), torch.zeros(0, 3)
    strokes = Strokes(Parts(shapes, placements, colors), torch.zeros(0, 8, 8))
    watching = [reading.guide for reading in brief.readings]
    viewing = Viewing(STILL, [1] * len(watching), 1, torch.Generator().manual_seed(0))
    return Scene(strokes, canvas, brief.composition, watching, viewing, lambda: torch.ones(3))


def values_of(objective: Objective, scene: Scene) -> dict[str, float]:
    """What each term adds, by its name."""
    return objective(scene).plain()[2]
