"""A layer's thing where it stands: which places of the canvas it fills, and what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from diavlex.composition import Frame, Layer
from diavlex.guides import ImaginedThing
from diavlex.guides.cutout import PLACES

from .reading import Reading

_THERE = 0.4
"""A thing is at a place from this share of its fullest place on."""


@dataclass(frozen=True)
class PlacedThing:
    """What the strokes of a layer should show, and where."""

    layer: Layer
    frame: Frame
    reading: Reading
    """The words of the thing, as the guide that judges the layer reads them."""
    imagined: ImaginedThing | None
    """What the thing looks like, if the guide imagines."""
    aspect: tuple[float, float]
    """Canvas height and width over the shorter side."""

    @property
    def share(self) -> Float[Tensor, "places places"]:
        """How much of each place of the frame is the thing's; all of it if it is not imagined."""
        return torch.ones(PLACES, PLACES) if self.imagined is None else self.imagined.share.cpu()

    @cached_property
    def is_there(self) -> Bool[Tensor, "places places"]:
        """Whether the thing is at each place of its frame."""
        return self.share >= _THERE * self.share.max()

    @property
    def center(self) -> Float[Tensor, " 2"]:
        """Of the frame, x and y in shorter sides."""
        return torch.tensor([self.frame.x, self.frame.y])

    def spots(self) -> Float[Tensor, "spots 2"]:
        """Centers of the places where the thing is, x and y in shorter sides."""
        places = (centers(self.is_there.shape) - 0.5) * self.frame.side + self.center
        return places[self.is_there]

    def bare(self) -> Float[Tensor, "places places"]:
        """How much of each place of the whole canvas the thing leaves bare, in [0, 1]."""
        limits = torch.tensor(self.aspect).flip(0)  # width, height
        grid = (centers((PLACES, PLACES)) * limits - self.center) / (self.frame.side / 2)
        share = self.share[None, None]
        return 1 - functional.grid_sample(share, grid[None], align_corners=False)[0, 0]

    def inside(self, height_px: int, width_px: int) -> Float[Tensor, "height width"]:
        """1 at each pixel of a canvas where the thing is, else 0."""
        size = torch.tensor([width_px, height_px])
        away = centers((height_px, width_px)) * size / size.min() - self.center
        places = len(self.is_there)
        column, row = ((away / self.frame.side + 0.5) * places).floor().long().unbind(-1)
        padded = functional.pad(self.is_there, (1, 1, 1, 1))
        return padded[(row + 1).clamp(0, places + 1), (column + 1).clamp(0, places + 1)].float()


def centers(shape: Sequence[int]) -> Float[Tensor, "rows columns 2"]:
    """Centers of the cells of a grid, x and y, each from 0 to 1."""
    rows, columns = shape
    y, x = (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
