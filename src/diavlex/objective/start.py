"""A finished painting that another one begins with, and which of its strokes stay as they are."""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from diavlex import stroke
from diavlex.config import PaintConfig
from diavlex.errors import BadValue
from diavlex.painting import Painting

_TIMES = 9
"""Points of a stroke at which it is asked whether its place is kept."""
_KEPT = 0.5
"""From which share of them on it is."""
_SAME_SHAPE = 0.01


@dataclass(frozen=True)
class Start:
    """The strokes that a painting begins with."""

    painting: Painting
    mask: Float[Tensor, "rows columns"] | None = None
    """1 where the picture stays, 0 where it is repainted; None where all is repainted."""
    picture: Float[Tensor, "3 height width"] | None = None
    """What the painting looks like, sRGB in [0, 1], if a part of it stays."""

    @property
    def count(self) -> int:
        """How many strokes it has."""
        return len(self.painting.actions)

    @cached_property
    def is_kept(self) -> Bool[Tensor, " strokes"]:
        """Which strokes stay bit for bit: those that lie for the most part where all stays."""
        if self.mask is None:
            return torch.zeros(self.count, dtype=torch.bool)
        points = stroke.path(self.painting.actions, torch.linspace(0, 1, _TIMES))
        seen = stroke.seen_at(self.mask[None], points, self.painting.aspect)[0]
        return seen.mean(-1) >= _KEPT

    def brush_names(self, config: PaintConfig) -> list[str]:
        """The brush of each stroke: its own where it stays, or where no other was chosen."""
        chosen = [config.brushes[at] for at in config.brush_of]
        is_same = config.brushes == self.painting.brushes
        own = zip(self.painting.brush_names, self.is_kept.tolist(), strict=True)
        first = [
            name if is_same or stays else new
            for (name, stays), new in zip(own, chosen, strict=False)
        ]
        return [*first, *chosen[self.count :]]

    def check(self, config: PaintConfig) -> None:
        """Check that a painting can begin with it.

        Raises:
            BadValue: the canvas has another shape, there are fewer strokes, or all or none of
                them would stay.
        """
        size, was = config.size, self.painting
        if any(abs(a - b) > _SAME_SHAPE for a, b in zip(size.aspect, was.aspect, strict=True)):
            raise BadValue(
                f"--size is {size}, and the painting of --start is {was.width_px}x"
                f"{was.height_px}: give a size of the same shape."
            )
        if config.strokes < self.count:
            raise BadValue(
                f"--strokes is {config.strokes}, and the painting of --start has {self.count}: "
                "give as many at least."
            )
        if self.mask is None:
            return
        if not self.is_kept.any():
            raise BadValue("--keep keeps no stroke; leave it out, or make more of it white.")
        if self.is_kept.all() and config.strokes == self.count:
            raise BadValue(
                "--keep keeps every stroke: nothing is left to repaint; make some black."
            )


def brushes_of(config: PaintConfig, start: Start | None) -> tuple[tuple[str, ...], list[int]]:
    """The brushes in use, each once, and which of them paints each stroke."""
    if start is None:
        return config.brushes, config.brush_of
    names = start.brush_names(config)
    brushes = tuple(dict.fromkeys(names))
    return brushes, [brushes.index(name) for name in names]


def check_mask(mask: Float[Tensor, "rows columns"], what: str) -> None:
    """Check that a mask has both white and black.

    Raises:
        BadValue: it has not.
    """
    if not (mask >= 0.5).any():
        raise BadValue(f"{what} is empty: nothing of it is white.")
    if (mask >= 0.5).all():
        raise BadValue(f"{what} is full: all of it is white, and nothing is left to paint.")
