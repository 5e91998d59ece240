"""A finished painting as a beginning: its strokes first, and some of them stay as they are."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool
from torch import Tensor

from diavlex import stroke
from diavlex.objective import Start
from diavlex.tensors import Actions, Variants


def led_by(start: Start, actions: Actions) -> Actions:
    """Strokes of which the first are those of a painting; the others lie above them."""
    return torch.cat([start.painting.actions, actions[start.count :]])


def variants_led_by(start: Start, variants: Variants) -> Variants:
    """The textures of these strokes."""
    own = start.painting.variants.to(variants.device)
    return torch.cat([own, variants[start.count :]])


@dataclass(frozen=True)
class Fixed:
    """Strokes that stay bit for bit, among all strokes of a painting."""

    rows: Bool[Tensor, " strokes"]
    """Which ones."""
    actions: Actions
    """All strokes; those that are not fixed say nothing."""
    parts: stroke.Parts
    """The same, taken apart."""

    def among(self, parts: stroke.Parts) -> stroke.Parts:
        """Strokes as they are now, with the fixed ones as they were; differentiable."""
        rows = self.rows[:, None]
        return stroke.Parts(
            torch.where(rows, self.parts.shapes, parts.shapes),
            torch.where(rows, self.parts.placements, parts.placements),
            torch.where(rows, self.parts.colors, parts.colors),
        )

    def exact(self, actions: Actions) -> Actions:
        """The same of strokes that are to be kept, on the CPU."""
        return torch.where(self.rows.cpu()[:, None], self.actions.cpu(), actions)


def fixed_of(start: Start | None, actions: Actions, device: torch.device) -> Fixed | None:
    """The strokes that stay of those that a painting begins with; None if none does.

    Args:
        start: the painting, and what of it is kept.
        actions: all strokes, those of the painting first.
        device: where they are moved.
    """
    if start is None or not start.is_kept.any():
        return None
    rows = torch.zeros(len(actions), dtype=torch.bool)
    rows[: start.count] = start.is_kept
    own = actions.to(device)
    return Fixed(rows.to(device), own, stroke.split(own))
