"""Several brushes in one painting, each for strokes of its own."""

from collections.abc import Sequence

import torch
from torch import nn

from diavlex.brushes.neural import SIDE_PX, NeuralBrush
from diavlex.tensors import Patches, Shapes, Variants


class MixedBrush(nn.Module):
    """Several neural brushes that act as one: each predicts the coverage of its own strokes."""

    def __init__(self, parts: Sequence[NeuralBrush], brush_of: Sequence[int]) -> None:
        """Take the brushes, and for each stroke which of them paints it (its place in `parts`)."""
        super().__init__()
        self.parts = nn.ModuleList(parts)
        order = sorted(range(len(brush_of)), key=brush_of.__getitem__)
        self.counts = [list(brush_of).count(index) for index in range(len(parts))]
        self.order = nn.Buffer(torch.tensor(order), persistent=False)
        """Rows of the strokes, those of each brush together."""
        self.places = nn.Buffer(self.order.argsort(), persistent=False)

    def forward(self, shapes: Shapes, variants: Variants, side_px: int = SIDE_PX) -> Patches:
        """Coverage of all strokes, in their order; see `NeuralBrush.forward`."""
        rows = self.order.split(self.counts)
        patches = [
            brush(shapes[own], variants[own], side_px)
            for brush, own in zip(self.parts, rows, strict=True)
            if len(own)
        ]
        return torch.cat(patches)[self.places]
