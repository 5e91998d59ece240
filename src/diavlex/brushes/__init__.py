"""What turns strokes into coverage: the neural painter, and the MyPaint engine it learned from."""

from collections.abc import Sequence

from diavlex import weights
from diavlex.brushes.definition import VARIANTS
from diavlex.brushes.mixed import MixedBrush
from diavlex.brushes.neural import NeuralBrush

__all__ = ["VARIANTS", "MixedBrush", "NeuralBrush", "cards", "load", "load_mixed", "names"]


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
        BadWeights: its file is missing, altered, of another version, or holds NaN.
    """
    card, tensors = weights.load("brush", name)
    with weights.fitting(name):
        brush = NeuralBrush(**card.settings["network"], is_bfloat16=True)
        brush.load_state_dict({key: value.float() for key, value in tensors.items()})
    return brush.eval().requires_grad_(False)


def load_mixed(names: Sequence[str], brush_of: Sequence[int]) -> NeuralBrush | MixedBrush:
    """The brushes of a painting as one, given which of the names paints each stroke.

    Raises:
        UnknownName: no such brush; the nearest is offered.
        BadWeights: the file of one is missing, altered, or holds NaN.
    """
    parts = [load(name) for name in names]
    return parts[0] if len(parts) == 1 else MixedBrush(parts, brush_of)
