"""What changes while a painting is found, as functions of how far it has come (0 to 1)."""

import math

from diavlex.guides.views import Gaze

WARM_UP = 0.04
"""Share of the steps over which the learning rates rise."""
REST = 0.02
"""What is left of the learning rates at the last step."""
LAST_REPLANT = 0.7
"""From here on strokes stay where they are."""
LAST_RANDOM_GROUND = 0.5
"""From here on the bare canvas has its own color."""


def rate(share: float) -> float:
    """Multiplier of all learning rates: up, then down by a half cosine."""
    if share < WARM_UP:
        return share / WARM_UP
    fall = (share - WARM_UP) / (1 - WARM_UP)
    return REST + (1 - REST) * (1 + math.cos(math.pi * fall)) / 2


def gaze(share: float) -> Gaze:
    """Looks at the whole early, more close ones later (disco-diffusion's overview schedule)."""
    return Gaze(wide=0.8 - 0.3 * share, noise=0.05 - 0.03 * share)


def is_ground_random(share: float) -> bool:
    """Whether the bare canvas takes a new color at each step, so that strokes must cover it."""
    return share < LAST_RANDOM_GROUND


def is_replanting(index: int, steps: int, every: int) -> bool:
    """Whether strokes are replanted after a step; steps count from 1."""
    return every > 0 and index % every == 0 and index <= LAST_REPLANT * steps
