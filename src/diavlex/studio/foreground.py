"""The subjects of a painting: strokes that show one thing by themselves, laid over the ground's.

Source: a layer judged both over a picture and alone on plain ground, Bar-Tal et al. 2022 (arXiv
2204.02491, Text2LIVE). Differs from it in that the ground is found at the same time, is of another
color at each step, and the layer is of strokes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.config import PaintConfig
from diavlex.guides.imagination import PLACES, Subject
from diavlex.guides.views import Gaze, look
from diavlex.objective import Target
from diavlex.tensors import Actions, Canvas

SIDE = 0.8
"""Side of the largest frame in which a subject stands (shorter side of the canvas = 1)."""
_OVERLAP = 1.04
"""How much wider frames side by side are than what there is for each."""
_THERE = 0.4
"""From how much of its fullest place on a subject is at a place."""
_ASTRAY = 50.0
"""How much strokes of a subject are drawn back to it."""
_LARGEST, _SMALLEST = 0.55, 2.0
"""Over a painting's: its subject's largest strokes in the largest frame, its ground's smallest."""


@dataclass(frozen=True)
class Frame:
    """A square on the canvas in which a subject stands; lengths in shorter sides."""

    x: float
    """Of its center."""
    y: float
    side: float

    def crop(self, canvas: Canvas) -> Float[Tensor, "3 side side"]:
        """What of a canvas lies in it."""
        short_px = min(canvas.shape[-2:])
        left, top = (round((v - self.side / 2) * short_px) for v in (self.x, self.y))
        side = round(self.side * short_px)
        return canvas[:, top : top + side, left : left + side]


def frames(count: int, config: PaintConfig) -> list[Frame]:
    """Where so many subjects stand: in one row or two, as large as they can be.

    One alone stands where the focus is.
    """
    height, width = config.aspect
    grids = [(rows, -(-count // rows)) for rows in (1, 2)]
    sides = [min(SIDE, _OVERLAP * min(width / columns, height / rows)) for rows, columns in grids]
    side, (rows, columns) = max(zip(sides, grids, strict=True), key=lambda pair: pair[0])
    placed = []
    for at in range(count):
        row, column = divmod(at, columns)
        in_row = min(columns, count - row * columns)
        x, y = width * (column + 0.5) / in_row, height * (row + 0.5) / rows
        if count == 1 and config.focus_at:
            x, y = config.focus_at
        x, y = (min(max(v, side / 2), end - side / 2) for v, end in ((x, width), (y, height)))
        placed.append(Frame(x, y, side))
    return placed


class Foreground:
    """A subject, where it stands, and which strokes are its own.

    Args:
        target: whose subject it is.
        subject: what it shall look like.
        frame: where it stands.
        rows: its strokes.
        aspect: canvas height and width over its shorter side.
        device: on which the strokes are.
    """

    def __init__(
        self,
        target: Target,
        subject: Subject,
        frame: Frame,
        rows: slice,
        aspect: tuple[float, float],
        device: torch.device,
    ) -> None:
        self.target, self.subject, self.frame, self.rows = target, subject, frame, rows
        share = subject.share.cpu()
        self.is_there = share >= _THERE * share.max()
        """Whether it is at each place of its frame, [places places]."""
        self.center = torch.tensor([frame.x, frame.y])
        """Of its frame, x and y."""
        spots = (_centers(self.is_there.shape) - 0.5) * frame.side + self.center
        self.spots = spots[self.is_there].to(device)
        """Centers of the places where it is, x and y."""
        limits = torch.tensor(aspect).flip(0)  # width, height
        grid = (_centers((PLACES, PLACES)) * limits - self.center) / (frame.side / 2)
        taken = functional.grid_sample(share[None, None], grid[None], align_corners=False)[0, 0]
        self.bare = (1 - taken).to(device)
        """How much of each place of the canvas it leaves bare, [places places]."""

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
        framed, gaze = self.frame.crop(canvas), replace(gaze, focus=None)
        looks = look(framed, views, self.target.guide.side_px, gaze, generator)
        miscolored = self.target.miscolored(framed, backdrop[:, 0, 0], self.subject)
        return self.target.unlike(looks, self.subject) + miscolored

    def astray(self, actions: Actions) -> Tensor:
        """How far its strokes are from it; differentiable.

        Args:
            actions: of all strokes.
        """
        own = actions[self.rows]
        start, end, control = own[:, 7:9], own[:, 5:7], own[:, 3:5]
        points = torch.cat([start, end, (start + end + 2 * control) / 4])
        beyond = (points[:, None] - self.spots).abs() - self.frame.side / len(self.is_there) / 2
        return _ASTRAY * beyond.clamp_min(0).norm(dim=-1).amin(1).mean()

    def inside(self, height_px: int, width_px: int) -> Float[Tensor, "height width"]:
        """1 at each pixel where it is, else 0."""
        size = torch.tensor([width_px, height_px])
        away = _centers((height_px, width_px)) * size / size.min() - self.center
        places = len(self.is_there)
        column, row = ((away / self.frame.side + 0.5) * places).floor().long().unbind(-1)
        padded = functional.pad(self.is_there, (1, 1, 1, 1))
        return padded[(row + 1).clamp(0, places + 1), (column + 1).clamp(0, places + 1)].float()


def foregrounds(
    config: PaintConfig, targets: Sequence[Target], device: torch.device
) -> list[Foreground]:
    """The subjects of the first target that has any; their strokes are the last ones."""
    target = next((target for target in targets if target.subjects), None)
    if target is None:
        return []
    count = len(target.subjects)
    own = min(max(round(config.subject * config.strokes), count), config.strokes)
    cuts = [config.strokes - own + round(own * k / count) for k in range(count + 1)]
    return [
        Foreground(target, subject, frame, slice(first, last), config.aspect, device)
        for subject, frame, first, last in zip(
            target.subjects, frames(count, config), cuts, cuts[1:], strict=False
        )
        if last > first
    ]


def ladders(config: PaintConfig, subjects: Sequence[Foreground]) -> list[tuple[int, float, float]]:
    """How many strokes the ground and each subject have, their largest and smallest half-length."""
    if not subjects:
        return [(config.strokes, config.largest, config.smallest)]
    ground = min(_SMALLEST * config.smallest, config.largest)
    found = [(subjects[0].rows.start, config.largest, ground)]
    for one in subjects:
        scale, count = one.frame.side / SIDE, one.rows.stop - one.rows.start
        largest = max(_LARGEST * config.largest, config.smallest) * scale
        found.append((count, largest, config.smallest * scale))
    return found


def _centers(shape: Sequence[int]) -> Float[Tensor, "rows columns 2"]:
    """Centers of the cells of a grid, x and y, each from 0 to 1."""
    rows, columns = shape
    y, x = (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
