"""The subject of a painting: strokes that show one thing by themselves, laid over the ground's.

Source: a layer judged both over a picture and alone on plain ground, Bar-Tal et al. 2022 (arXiv
2204.02491, Text2LIVE). Differs from it in that the ground is found at the same time, is of another
color at each step, and the layer is of strokes.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.config import PaintConfig
from diavlex.guides.imagination import PLACES
from diavlex.guides.views import Gaze, look
from diavlex.objective import Target
from diavlex.tensors import Actions, Canvas

SIDE = 0.8
"""Side of the frame in which a subject stands (shorter side of the canvas = 1)."""
_THERE = 0.4
"""From how much of its fullest place on a subject is at a place."""
_ASTRAY = 50.0
"""How much strokes of the subject are drawn back to it."""
_LARGEST, _SMALLEST = 0.55, 2.0
"""Over a painting's: its subject's largest strokes, its ground's smallest ones."""


class Foreground:
    """Where the subject stands, and which strokes are its own: the last ones.

    Args:
        config: says how many strokes it has, and where it stands (`focus`; else in the middle).
        target: that has a subject.
        device: on which the strokes are.
    """

    def __init__(self, config: PaintConfig, target: Target, device: torch.device) -> None:
        assert target.subject is not None
        self.target = target
        self.first = min(round((1 - config.subject) * config.strokes), config.strokes - 1)
        """Row of its first stroke."""
        limits = torch.tensor(config.aspect).flip(0)  # width, height
        wished = torch.tensor(config.focus_at) if config.focus_at else limits / 2
        self.center = wished.clamp_min(SIDE / 2).minimum(limits - SIDE / 2)
        """x and y in shorter sides."""
        share = target.subject.share.cpu()
        self.is_there = share >= _THERE * share.max()
        """Whether it is at each place of its frame, [places places]."""
        spots = _centers(self.is_there.shape) * SIDE + self.center - SIDE / 2
        self.spots = spots[self.is_there].to(device)
        """Centers of the places where it is, x and y."""
        grid = (_centers(share.shape) * limits - self.center) / (SIDE / 2)
        taken = functional.grid_sample(share[None, None], grid[None], align_corners=False)[0, 0]
        self.bare = (1 - taken).to(device)
        """How much of each place of the canvas is the ground's, [places places]."""

    def lengths(self, config: PaintConfig) -> tuple[tuple[int, float, float], ...]:
        """How many strokes ground and subject have, and their largest and smallest half-lengths."""
        behind = (self.first, config.largest, min(_SMALLEST * config.smallest, config.largest))
        before = max(_LARGEST * config.largest, config.smallest), config.smallest
        return behind, (config.strokes - self.first, *before)

    def crop(self, canvas: Canvas) -> Float[Tensor, "3 side side"]:
        """The frame in which it stands, as a canvas of its own."""
        short_px = min(canvas.shape[-2:])
        left, top = ((self.center - SIDE / 2) * short_px).round().int().tolist()
        side = round(SIDE * short_px)
        return canvas[:, top : top + side, left : left + side]

    def judge(
        self,
        canvas: Canvas,
        backdrop: Canvas,
        views: int,
        gaze: Gaze,
        generator: torch.Generator,
    ) -> Tensor:
        """What the guide says of its strokes alone, to be lowered; differentiable.

        Args:
            canvas: with none but its strokes.
            backdrop: of one color, on which they lie.
            views: how many looks are taken.
            gaze: how the guide looks.
            generator: says where.
        """
        framed, gaze = self.crop(canvas), replace(gaze, focus=None)
        looks = look(framed, views, self.target.guide.side_px, gaze, generator)
        return self.target.unlike(looks) + self.target.miscolored(framed, backdrop[:, 0, 0])

    def astray(self, actions: Actions) -> Tensor:
        """How far its strokes are from it; differentiable.

        Args:
            actions: of all strokes.
        """
        own = actions[self.first :]
        start, end, control = own[:, 7:9], own[:, 5:7], own[:, 3:5]
        points = torch.cat([start, end, (start + end + 2 * control) / 4])
        beyond = ((points[:, None] - self.spots).abs() - SIDE / PLACES / 2).clamp_min(0)
        return _ASTRAY * beyond.norm(dim=-1).amin(1).mean()

    def inside(self, height_px: int, width_px: int) -> Float[Tensor, "height width"]:
        """1 at each pixel where it is, else 0."""
        size = torch.tensor([width_px, height_px])
        left_top = self.center - SIDE / 2
        place = (_centers((height_px, width_px)) * size / size.min() - left_top) / SIDE * PLACES
        column, row = (place.floor().long() + 1).clamp(0, PLACES + 1).unbind(-1)
        return functional.pad(self.is_there, (1, 1, 1, 1))[row, column].float()


def _centers(shape: Sequence[int]) -> Float[Tensor, "rows columns 2"]:
    """Centers of the cells of a grid, x and y, each from 0 to 1."""
    rows, columns = shape
    y, x = (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
