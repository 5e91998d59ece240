"""Small paintings for tests, made of random strokes."""

from typing import Any

import torch

from diavlex import stroke
from diavlex.painting import Painting

NAMES = ("oil", "round")


def make(size: tuple[int, int] = (48, 80), count: int = 24, **changes) -> Painting:
    """A painting of random strokes, the same each time.

    Args:
        size: height and width in pixels.
        count: of strokes.
        changes: other facts than the usual ones.
    """
    generator = torch.Generator().manual_seed(3)
    aspect = (size[0] / min(size), size[1] / min(size))
    facts: dict[str, Any] = dict(
        actions=stroke.random_actions(torch.linspace(0.5, 0.08, count), generator, aspect),
        brushes=NAMES,
        brush_of=torch.arange(count) % len(NAMES),
        variants=torch.arange(count) % 4,
        background=(0.9, 0.85, 0.2),
        height_px=size[0],
        width_px=size[1],
        prompt="black sheep",
        guide="pocket",
        seed=7,
        steps=200,
        version="0.1.0",
        scores={"similarity": 0.3},
        settings={"brush": "oil"},
    )
    return Painting(**(facts | changes))
