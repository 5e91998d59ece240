"""What is known of paintings while they are painted, and need not outlive the server."""

from dataclasses import dataclass, field
from typing import Any

MOST_POINTS = 400
"""Of a curve; beyond it every second one goes."""


@dataclass
class Progress:
    """How a painting comes along."""

    step: int = 0
    left_s: float | None = None
    """Until it is painted, as far as can be told."""
    frame: bytes | None = None
    """The strokes as they were last seen."""
    curve: list[Any] = field(default_factory=list)
    """Pairs of a step and its scores by name."""
    _stride: int = 1

    def take(self, index: int, left_s: float, scores: dict[str, float]) -> None:
        """Take in a step."""
        self.left_s = left_s
        if index <= self.step:  # a start more, or gone on from a checkpoint
            self.curve = [point for point in self.curve if point[0] < index]
        self.step = index
        if index % self._stride == 0 or index == 1:
            self.curve.append([index, scores])
        if len(self.curve) > MOST_POINTS:
            self._stride *= 2
            self.curve = [p for p in self.curve if p[0] % self._stride == 0 or p[0] == 1]
