"""Several brushes in one painting, each for strokes of its own."""

from collections.abc import Sequence

import torch
from torch import nn

from diavlex.brushes.neural import SIDE_PX, NeuralBrush
from diavlex.tensors import Patches, Shapes, Variants


class MixedBrush(nn.Module):
    """Neural brushes as one: row for row, each predicts the coverage of its own strokes."""

    def __init__(self, parts: Sequence[NeuralBrush], brush_of: Sequence[int]) -> None:
        """Set out which brush, by its place in `parts`, paints each stroke."""
        super().__init__()
        self.parts = nn.ModuleList(parts)
        self.brush_of = nn.Buffer(torch.tensor(brush_of), persistent=False)

    def forward(self, shapes: Shapes, variants: Variants, side_px: int = SIDE_PX) -> Patches:
        """Coverage of all strokes, in their order; see `NeuralBrush.forward`."""
        rows = [(self.brush_of == index).nonzero()[:, 0] for index in range(len(self.parts))]
        patches = [
            brush(shapes[own], variants[own], side_px)
            for brush, own in zip(self.parts, rows, strict=True)
            if len(own)
        ]
        return torch.cat(patches)[torch.cat(rows).argsort()]
