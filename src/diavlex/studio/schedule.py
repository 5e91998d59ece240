"""What changes while a painting is found, as functions of how far it has come (0 to 1)."""

import math

import torch
from torch import Tensor

from diavlex.composition import Composition
from diavlex.config import PaintConfig
from diavlex.guides.views import Augmentation

WARM_UP = 0.04
"""Share of the steps over which the learning rates rise."""
REST = 0.02
"""What is left of the learning rates at the last step."""
LAST_REINITIALIZATION = 0.7
"""Share of the steps from which on strokes stay where they are."""
START = 0.15
"""Share of the steps after which starts are compared."""
DROPS = ((0.75, 0.1), (0.5, 0.4), (0.0, 1.0))
"""CLIPDraw's rates: from a share of the steps on, their multiplier (its notebook)."""


def rate(share: float, kind: str = "cosine") -> float:
    """Multiplier of all learning rates: up, then down by a half cosine; or dropping twice."""
    if kind == "clipdraw":
        return next(left for start, left in DROPS if share >= start)
    if share < WARM_UP:
        return share / WARM_UP
    fall = (share - WARM_UP) / (1 - WARM_UP)
    return REST + (1 - REST) * (1 + math.cos(math.pi * fall)) / 2


def augmentation(share: float, config: PaintConfig) -> Augmentation:
    """Views of the whole early, more close ones later (disco-diffusion's overview schedule)."""
    wide = max(0.0, config.wide - config.wide_fall * share)
    noise = config.noise - 0.6 * config.noise * share
    is_clipdraw = config.augment == "clipdraw"
    return Augmentation(wide=wide, noise=noise, focus=config.focus_at, is_clipdraw=is_clipdraw)


def start_steps(steps: int) -> int:
    """How many steps a start is given before it is compared with others."""
    return max(1, round(START * steps))


def is_reinitializing(index: int, steps: int, every: int) -> bool:
    """Whether strokes are re-initialized after a step; steps count from 1."""
    return every > 0 and index % every == 0 and index <= LAST_REINITIALIZATION * steps


def shuffled(composition: Composition, generator: torch.Generator) -> Tensor:
    """A random order of the strokes in which layers stay above those before them.

    Source: FRIDA, Schaldenbrand et al. 2022 (arXiv 2210.00664).
    """
    rows = [
        one.rows.start + torch.randperm(one.count, generator=generator)
        for one in composition.layers
    ]
    return torch.cat(rows)
