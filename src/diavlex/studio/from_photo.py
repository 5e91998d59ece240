"""A photo as a beginning: strokes in its colors, and a canvas that becomes finer at the end."""

import torch
from torch.nn import functional

from diavlex import stroke
from diavlex.pictures import Photo
from diavlex.tensors import Actions

COARSE_PX = 112
"""Shorter side of the canvas on which the first steps are taken."""
FINER = ((0.5, 256), (0.85, 512))
"""From which share of the steps on its shorter side is how long, if the picture's is: to fit small
and then take a few joint steps on a finer canvas is better than a fine canvas throughout, for a
fraction of the cost."""


def canvas_at(share: float, coarse: tuple[int, int], most_px: int) -> tuple[int, int]:
    """Height and width of the canvas when a painting has come so far, in pixels.

    Args:
        share: of the steps, 0 to 1.
        coarse: height and width at first.
        most_px: shorter side of the picture that is asked for; a finer canvas shows nothing more.
    """
    wanted = [min(side_px, most_px) for start, side_px in FINER if share >= start]
    short = max([min(coarse), *wanted])
    height, width = (round(side * short / min(coarse)) for side in coarse)
    return height, width


def in_colors_of(photo: Photo, actions: Actions, aspect: tuple[float, float]) -> Actions:
    """Strokes in the colors that a photo has at their centers, blurred as they are large.

    Args:
        photo: whose colors.
        actions: the strokes.
        aspect: canvas height and width over its shorter side.
    """
    height, width = (round(side * COARSE_PX) for side in aspect)
    picture = photo.fitted(height, width)
    parts = stroke.split(actions)
    radius = parts.axes.norm(dim=-1) * stroke.REACH * parts.shapes[:, 0] * COARSE_PX
    colors = parts.colors.clone()
    for level in range(5):
        small = functional.adaptive_avg_pool2d(
            picture, (max(1, height >> level), max(1, width >> level))
        )
        seen = stroke.seen_at(small, parts.centers, aspect)
        mine = torch.log2(radius.clamp_min(1)).round().clamp(0, 4) == level
        colors[mine] = seen[:, mine].T
    return stroke.join(stroke.Parts(parts.shapes, parts.placements, colors.clamp(0.02, 0.98)))
