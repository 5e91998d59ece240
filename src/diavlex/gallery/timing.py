"""How long each moment of a painting is shown in a film."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .sheets import evenly

EASINGS: dict[str, Callable[[float], float]] = {
    "linear": lambda time: time,
    "in": lambda time: time * time,
    "out": lambda time: 1 - (1 - time) ** 2,
    "in-out": lambda time: time * time * (3 - 2 * time),
}
"""The share of the strokes that is painted at each share of the time, from 0 to 1.

in: slow at first; out: slow at last; in-out: slow at both ends, quick between.
"""


@dataclass(frozen=True)
class Timing:
    """How a film of the strokes runs."""

    seconds_s: float = 10.0
    """From the empty canvas to the last stroke."""
    hold_s: float = 2.0
    """How long the finished painting stays."""
    easing: str = "linear"
    """One of `EASINGS`."""
    fps: int = 30

    def shown(self, count: int) -> list[tuple[int, int]]:
        """Which of `count` pictures to show and for how many frames; the last stays."""
        frames = max(round(self.seconds_s * self.fps), 2)
        shown = spread(count, frames, self.easing)
        last, times = shown[-1]
        return [*shown[:-1], (last, times + round(self.hold_s * self.fps))]


def spread(count: int, frames: int, easing: str = "linear") -> list[tuple[int, int]]:
    """Which of `count` pictures to show and for how many frames, first to last.

    Args:
        count: of pictures.
        frames: of the film; two at the least.
        easing: one of `EASINGS`; linear shows all for about as long.
    """
    frames = max(frames, 2)
    shown: Sequence[int] = evenly(count, frames)
    if count < frames or easing != "linear":
        pace = EASINGS[easing]
        shown = [round(pace(at / (frames - 1)) * (count - 1)) for at in range(frames)]
    return [(index, len(list(run))) for index, run in itertools.groupby(shown)]
