"""A term: one thing that a painting should be, as a number to be lowered."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor

from diavlex.scene import Scene


class Term(ABC):
    """One thing that a painting should be.

    A term of another package is a frozen dataclass whose fields are `diavlex.config.knob`s; what a
    person gives behind its name is put there.
    """

    @abstractmethod
    def __call__(self, scene: Scene) -> Tensor:
        """How far a scene is from it: one finite number, differentiable in the scene's strokes."""


@dataclass(frozen=True)
class Weighed:
    """A term by its name, and how much it counts."""

    name: str
    weight: float
    term: Term
