"""What turns strokes into coverage: the neural painter, and the MyPaint engine it learned from."""

import torch

from diavlex import weights
from diavlex.brushes.definition import VARIANTS
from diavlex.brushes.neural import NeuralBrush

__all__ = ["VARIANTS", "NeuralBrush", "cards", "has_bfloat16", "load", "names"]


def names() -> list[str]:
    """The brushes that can paint, diavlex's own and a person's."""
    return list(cards())


def cards() -> dict[str, weights.Card]:
    """What each brush is and how well its painter knows it, by name."""
    return weights.known("brush")


def load(name: str) -> NeuralBrush:
    """The neural painter of a brush, trained and frozen.

    Raises:
        UnknownName: no such brush; the nearest is offered.
        BadWeights: its file is missing, altered, or holds NaN.
    """
    card, tensors = weights.load("brush", name)
    brush = NeuralBrush(**card.settings["network"], is_bfloat16=has_bfloat16())
    brush.load_state_dict({key: value.float() for key, value in tensors.items()})
    return brush.eval().requires_grad_(False)


def has_bfloat16() -> bool:
    """The processor multiplies bfloat16 in hardware: twice as fast, and close enough."""
    return torch.cpu._is_avx512_bf16_supported()
