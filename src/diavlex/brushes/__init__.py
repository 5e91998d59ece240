"""What turns strokes into coverage: the neural painter, and the MyPaint engine it learned from."""

from diavlex import weights
from diavlex.brushes.definition import VARIANTS
from diavlex.brushes.neural import NeuralBrush
from diavlex.device import has_bfloat16

__all__ = ["VARIANTS", "NeuralBrush", "cards", "load", "names"]


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
