"""The loop: strokes move along the gradient of what is asked for, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from diavlex.errors import BadTerm
from diavlex.objective import Objective
from diavlex.scene import Scene
from diavlex.tensors import Actions

from .search import Search


@dataclass(frozen=True)
class Step:
    """What the loop tells its listeners after each step."""

    index: int
    """Counts from 1."""
    steps: int
    loss: float
    cosine: float
    """Of the prompt and the canvas, mean over the views and the guides."""
    scores: dict[str, float]
    """What each term adds to the loss, by name."""
    actions: Actions


@runtime_checkable
class Strategy(Protocol):
    """What is done to the strokes beside moving them."""

    def after(self, search: Search, scene: Scene, index: int) -> None:
        """Act after a step whose gradients are in the scene."""
        ...

    def state(self) -> dict[str, Tensor]:
        """A copy of all that changes, as tensors on the CPU."""
        ...

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        ...


def paint(
    search: Search, objective: Objective, strategy: Strategy, *, until: int
) -> Iterator[Step]:
    """Improve the strokes of a search, yielding after each step; to stop, stop iterating.

    Args:
        search: the strokes; it goes on from where it is.
        objective: what they should come to show.
        strategy: what else is done to them.
        until: how many steps are done at the end.

    Raises:
        BadTerm: a term of the objective gives no finite number, or no finite gradient; the strokes
            are as they were before that step.
    """
    steps = search.config.steps
    while search.index < until:
        scene = search.scene(search.index / steps)
        scores = objective(scene)
        before = search.mark()
        is_sound = search.descend(scores.total)
        try:
            loss, cosine, parts = scores.plain(is_sound)
        except BadTerm:
            search.go_back(before)
            raise
        strategy.after(search, scene, search.index)
        yield Step(search.index, steps, loss, cosine, parts, search.now())


@torch.no_grad()
def appraise(search: Search, objective: Objective) -> float:
    """The loss over many fresh views, the same for every start; less is better."""
    return float(objective(search.appraisal()).total)
