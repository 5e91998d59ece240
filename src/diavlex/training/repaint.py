"""Pictures painted again with brushstrokes: a guide that learns from them knows paintings.

Coarse strokes first, finer ones where the canvas is still wrong, along the edges, in the colors of
the picture. Source: Hertzmann 1998, "Painterly rendering with curved brush strokes of multiple
sizes". Differs from it in that strokes of a level are all placed at once, at random by the error.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex import canvas, stroke
from diavlex.brushes import VARIANTS, NeuralBrush
from diavlex.tensors import Patches, Placements

LEVELS = ((18, 0.45), (45, 0.22), (90, 0.11), (110, 0.06), (200, 0.035))
"""Strokes of each level and their half-length, shorter side = 1."""


@dataclass(frozen=True)
class Bank:
    """Coverage of many strokes of a brush, computed once: pictures are painted with these alone."""

    patches: Patches

    @staticmethod
    @torch.no_grad()
    def of(brush: NeuralBrush, count: int, generator: torch.Generator) -> "Bank":
        """Strokes of medium shapes, firmly pressed."""
        low, high = torch.tensor([(0.2, 0.5), (-0.5, 0.5), (-0.2, 0.2), (0.5, 1), (0.5, 1)]).T
        shapes = low + (high - low) * torch.rand(count, 5, generator=generator)
        return Bank(brush(shapes, torch.arange(count) % VARIANTS))

    def draw(self, count: int, generator: torch.Generator) -> Patches:
        """Some of the strokes, at random."""
        return self.patches[torch.randint(len(self.patches), (count,), generator=generator)]


def repaint(
    picture: Float[Tensor, "3 height width"], bank: Bank, levels: int, generator: torch.Generator
) -> Float[Tensor, "3 height width"]:
    """A picture painted again, sRGB in [0, 1].

    Args:
        picture: sRGB in [0, 1].
        bank: the strokes to paint with.
        levels: how many of `LEVELS` are painted; the first are the coarsest.
        generator: of all choices.
    """
    painted = picture.mean((1, 2))[:, None, None].expand_as(picture).contiguous()
    for count, length in LEVELS[:levels]:
        count = max(1, round(count * float(0.7 + 0.6 * torch.rand(1, generator=generator))))
        soft = _blurred(picture, length / 3)
        wrong = _blurred((soft - painted).square().sum(0, keepdim=True), length / 2)[0]
        spots = torch.multinomial(wrong.flatten() + 1e-5, count, True, generator=generator)
        angle = _along_edges(soft).flatten()[spots]
        angle = angle + 0.3 * torch.randn(count, generator=generator)
        places = _places(spots, angle, length, picture.shape, generator)
        colors = soft.flatten(1)[:, spots].T
        painted = canvas.paint(bank.draw(count, generator), places, colors, painted)
    return painted


def scribble(
    side_px: int, bank: Bank, generator: torch.Generator
) -> Float[Tensor, "3 height width"]:
    """A picture of random strokes in random colors, which shows nothing; sRGB in [0, 1]."""
    background = torch.rand(3, generator=generator)[:, None, None].expand(3, side_px, side_px)
    count = int(torch.randint(40, 250, (1,), generator=generator))
    lengths = torch.logspace(math.log10(0.5), math.log10(0.06), count)
    parts = stroke.split(stroke.random_actions(lengths, generator))
    return canvas.paint(bank.draw(count, generator), parts.placements, parts.colors, background)


def _places(
    spots: Tensor, angle: Tensor, length: float, shape: torch.Size, generator: torch.Generator
) -> Placements:
    """Placements of strokes at pixels, of lengths around a length.

    Args:
        spots: number of each pixel, row by row.
        angle: of each stroke, in radians.
        length: half-length of the strokes, shorter side = 1.
        shape: of the picture.
        generator: of the lengths.
    """
    y, x = spots // shape[2], spots % shape[2]
    center = torch.stack([x + 0.5, y + 0.5], -1) / min(shape[1:])
    reach = length / stroke.REACH * torch.exp(0.3 * torch.randn(len(spots), generator=generator))
    axis = torch.stack([angle.cos(), angle.sin()], -1) * reach[:, None]
    return torch.cat([center, axis], -1)


def _along_edges(soft: Tensor) -> Tensor:
    """The direction at right angles to the gradient of lightness, at each pixel, in radians."""
    down, right = torch.gradient(soft.mean(0))
    return torch.atan2(down, right) + math.pi / 2


def _blurred(picture: Tensor, radius: float) -> Tensor:
    """A box blur of a picture; the radius is a fraction of its shorter side."""
    reach = max(1, round(radius * min(picture.shape[1:]) / 2))
    padded = functional.pad(picture[None], (reach,) * 4, mode="replicate")
    return functional.avg_pool2d(padded, 2 * reach + 1, 1)[0]
