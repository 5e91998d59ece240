"""Where strokes begin, which do not help, and where these begin again."""

import torch
from torch import Tensor
from torch.nn import functional

from diavlex import stroke
from diavlex.tensors import Actions, Canvas

SHARE = 0.06
"""Of all strokes, how many may be replanted at once."""

GATHERED = 0.4
"""What is left of the way from the focus to a small stroke."""
SUBJECT = (0.28, 0.45)
"""Distance from the focus at which the subject ends and at which the ground begins."""


def half_lengths(count: int, largest: float, smallest: float) -> Tensor:
    """Half-lengths of strokes, from large to small, in even ratios."""
    return torch.logspace(0, 1, count, base=smallest / largest) * largest


def calm(actions: Actions, spread: float = 0.1) -> Actions:
    """Strokes near grey: a color that is never asked for should not be there.

    A robust guide draws best when it starts from grey and moves little (Santurkar et al. 2019).

    Args:
        actions: of any colors.
        spread: what is left of their distance from grey; 1 leaves them as they are.
    """
    quiet = 0.5 + spread * (actions[:, 9:] - 0.5)
    return torch.cat([actions[:, :9], quiet], -1)


def gather(actions: Actions, spot: Tensor, rows: slice, left: float = GATHERED) -> Actions:
    """Some of the strokes drawn together around a place; the rest as it is.

    Args:
        actions: all strokes.
        spot: x and y.
        rows: which are drawn.
        left: what is left of their distance from the place.
    """
    parts = stroke.split(actions)
    center, axis = parts.placements.split(2, -1)
    center = center.clone()
    center[rows] = spot + left * (center[rows] - spot)
    return stroke.join(stroke.Parts(parts.shapes, torch.cat([center, axis], -1), parts.colors))


def afar(focus: tuple[float, float], height_px: int, width_px: int) -> Tensor:
    """How far from a place each pixel lies, [height width]: 0 about it, 1 in the ground."""
    short = min(height_px, width_px)
    y = (torch.arange(height_px) + 0.5) / short - focus[1]
    x = (torch.arange(width_px) + 0.5) / short - focus[0]
    near, far = SUBJECT
    return ((torch.hypot(y[:, None], x[None]) - near) / (far - near)).clamp(0, 1)


def useless(use: Tensor) -> Tensor:
    """Rows of the strokes without which the guides would be happier, or no less happy."""
    count = max(1, round(SHARE * len(use)))
    rows = torch.argsort(use, stable=True)[:count]
    return rows[use[rows] <= use.abs().mean() * 0.02]


def plant(
    actions: Actions,
    picture: Canvas,
    slope: Canvas,
    generator: torch.Generator,
    aspect: tuple[float, float],
) -> Actions:
    """Strokes of the same lengths begun anew where the canvas is wrong, in the color it lacks.

    Args:
        actions: the strokes that are given up.
        picture: the canvas.
        slope: gradient of the loss in the canvas.
        generator: says where, among the wrong places.
        aspect: canvas height and width over its shorter side.
    """
    lengths = stroke.split(actions).placements[:, 2:].norm(dim=-1) * stroke.REACH
    fresh = stroke.random_actions(lengths, generator, aspect)
    soft = functional.avg_pool2d(slope[None], 9, 1, 4)[0]
    wrong = soft.square().sum(0).sqrt()
    spots = torch.multinomial(wrong.flatten() + 1e-12, len(actions), True, generator=generator)
    y, x = spots // wrong.shape[1], spots % wrong.shape[1]
    parts = stroke.split(fresh)
    short = min(wrong.shape)
    center = torch.stack([(x + 0.5) / short, (y + 0.5) / short], -1)
    away = functional.normalize(soft[:, y, x], dim=0)
    color = (picture[:, y, x] - 0.1 * away).clamp(0.02, 0.98).T
    places = torch.cat([center, parts.placements[:, 2:]], -1)
    return stroke.join(stroke.Parts(parts.shapes, places, color))
