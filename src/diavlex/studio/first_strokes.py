"""The strokes that a painting begins with: random; those of things gathered in their frames."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex import stroke
from diavlex.composition import SIDE, Composition, Layer
from diavlex.config import PaintConfig
from diavlex.tensors import Actions

GATHERED = 0.4
"""What is left of a stroke's way from the middle of the largest frame, or from the focus."""


PLACES = 80
"""Rows of the places at which strokes begin, for a canvas that is not higher than wide."""
FEW = 0.03
"""How likely a small stroke begins where a mask wants large ones, beside where it wants it."""
LARGE = 0.3
"""Share of the strokes of a background, the largest, that begin anywhere."""


def begin(
    config: PaintConfig,
    composition: Composition,
    generator: torch.Generator,
    details: Sequence[Float[Tensor, "_ _"]] = (),
) -> Actions:
    """Random strokes for every layer, nearly grey.

    Args:
        config: the order of their sizes, and how far from grey their colors may lie.
        composition: their layers.
        generator: says which.
        details: for each layer how likely its small strokes begin at each place of the canvas;
            none where they begin anywhere.
    """
    lengths = [_lengths(config, one, generator) for one in composition.layers]
    actions = stroke.random_actions(torch.cat(lengths), generator, composition.aspect)
    actions = aligned(actions, config.direction, config.directed)
    for layer in composition.things:
        if layer.frame is not None:
            center = torch.tensor([layer.frame.x, layer.frame.y])
            actions = gather(actions, center, layer.rows, GATHERED * layer.frame.side / SIDE)
    if composition.focus:
        small = slice(config.strokes // 2, None)
        actions = gather(actions, torch.tensor(composition.focus), small)
    for layer, detail in zip(composition.layers, details, strict=False):
        first = layer.rows.start
        first += round(LARGE * layer.count) if layer.frame is None else 0
        actions = strew(actions, slice(first, layer.rows.stop), detail, generator)
    return nearly_grey(actions, config.first_colors)


def in_detail(
    mask: Float[Tensor, "rows columns"],
    details: Sequence[Float[Tensor, "_ _"]],
    composition: Composition,
) -> list[Float[Tensor, "_ _"]]:
    """Where small strokes begin, with a mask that says where they shall be.

    Args:
        mask: 1 where small strokes shall be, 0 where large ones.
        details: how likely they begin at each place without it, for each layer; none for anywhere.
        composition: the layers.
    """
    height, width = composition.aspect
    plain = torch.ones(round(PLACES * height), round(PLACES * width))
    found = []
    for one in details or [plain] * len(composition.layers):
        own = functional.interpolate(mask[None, None], tuple(one.shape), mode="area")[0, 0]
        found.append(one * (FEW + own))
    return found


def half_lengths(count: int, largest: float, smallest: float) -> Tensor:
    """Half-lengths of strokes, from large to small, in even ratios."""
    return torch.logspace(0, 1, count, base=smallest / largest) * largest


def aligned(actions: Actions, direction: float, share: float) -> Actions:
    """Strokes turned towards a direction.

    Args:
        actions: of any directions.
        direction: in degrees; 0 runs right, 90 up.
        share: what is taken from each stroke's angle to it; 0 leaves them as they are.
    """
    if not share:
        return actions
    parts = stroke.split(actions)
    wanted = -math.radians(direction)  # y runs down
    apart = torch.atan2(parts.axes[:, 1], parts.axes[:, 0]) - wanted
    apart = torch.remainder(apart + math.pi / 2, math.pi) - math.pi / 2  # a stroke runs both ways
    angle, length = wanted + (1 - share) * apart, parts.axes.norm(dim=-1)
    axes = torch.stack([length * angle.cos(), length * angle.sin()], -1)
    places = torch.cat([parts.centers, axes], -1)
    return stroke.join(stroke.Parts(parts.shapes, places, parts.colors))


def nearly_grey(actions: Actions, spread: float = 0.1) -> Actions:
    """Strokes near grey: a color that is never asked for should not be there.

    A robust guide draws best when it starts from grey and moves little (Santurkar et al. 2019).

    Args:
        actions: of any colors.
        spread: what is left of their distance from grey; 1 leaves them as they are.
    """
    quieter = actions.clone()
    quieter[:, stroke.COLOR] = 0.5 + spread * (actions[:, stroke.COLOR] - 0.5)
    return quieter


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


def strew(
    actions: Actions,
    rows: slice,
    detail: Float[Tensor, "height width"],
    generator: torch.Generator,
) -> Actions:
    """Some of the strokes begun where there is detail; the rest as it is.

    Args:
        actions: all strokes.
        rows: which are strewn.
        detail: how likely a stroke begins at each place of the canvas; of any resolution.
        generator: says where.
    """
    count = rows.stop - rows.start
    if count <= 0:
        return actions
    parts = stroke.split(actions)
    placements = parts.placements.clone()
    at = torch.multinomial(detail.flatten(), count, True, generator=generator)
    y, x = at // detail.shape[1], at % detail.shape[1]
    within = torch.rand(count, 2, generator=generator)
    placements[rows, :2] = (torch.stack([x, y], -1) + within) / min(detail.shape)
    return stroke.join(stroke.Parts(parts.shapes, placements, parts.colors))


def _lengths(config: PaintConfig, layer: Layer, generator: torch.Generator) -> Tensor:
    lengths = half_lengths(layer.count, layer.largest, layer.smallest)
    if config.order == "random":
        lengths = lengths[torch.randperm(layer.count, generator=generator)]
    return lengths
