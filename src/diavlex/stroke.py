"""What a stroke is: twelve numbers, and how they split into shape, placement and color.

Lengths are fractions of the canvas' shorter side; x runs right, y runs down, (0, 0) is the upper
left corner, so on a canvas twice as wide as high x runs from 0 to 2.

A stroke is a quadratic Bezier from start to end, painted with a brush of radius `size`. Seen in its
own frame (chord along x, center at 0, half-length `REACH`) it has five numbers of *shape*, which
is all a brush needs to know; four of *placement*, an exact similarity; three of *color*.

Source: action of twelve numbers, Nakano 2019 (arXiv 1904.08410). Differs from it in that the shape
is separated from the placement, so a brush learns every position, angle and scale at once.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from diavlex.tensors import Actions, Colors, Free, Placements, Shapes

NAMES = (
    "start_pressure", "end_pressure", "size",
    "control_x", "control_y", "end_x", "end_y", "start_x", "start_y",
    "red", "green", "blue",
)  # fmt: skip
"""The twelve numbers of an action, in order."""

REACH = 0.86
"""Half-length of a stroke, brush radius included, in its own frame, which spans [-1, 1]."""

FULLNESS = (0.08, 0.60)
"""Brush radius over half-length of the stroke: hair-thin to a dab."""
BEND = (-1.6, 1.6)
"""Control point across the chord, in half-chords."""
SKEW = (-0.5, 0.5)
"""Control point along the chord, in half-chords."""
PRESSURE = (0.05, 1.0)
HALF_LENGTH = (0.02, 0.80)
"""Half-length of a stroke, brush radius included, as a fraction of the shorter side."""
MARGIN = 0.05
"""How far a stroke's center may leave the canvas."""


@dataclass(frozen=True)
class Parts:
    """A stroke taken apart; `join` puts it together again exactly."""

    shapes: Shapes
    placements: Placements
    colors: Colors


def split(actions: Actions) -> Parts:
    """Take strokes apart into shape, placement and color.

    Differentiable. A stroke's chord must not be of zero length.
    """
    pressure, size = actions[..., :2], actions[..., 2:3]
    control, end, start = actions[..., 3:5], actions[..., 5:7], actions[..., 7:9]
    center, half = (start + end) / 2, (end - start) / 2
    length = half.norm(dim=-1, keepdim=True).clamp_min(1e-6)
    along = half / length
    offset = (control - center) / length
    skew = (offset * along).sum(-1, keepdim=True)
    bend = (offset * _turned(along)).sum(-1, keepdim=True)
    reach = length + size
    shapes = torch.cat([size / reach, bend, skew, pressure], -1)
    placements = torch.cat([center, along * reach / REACH], -1)
    return Parts(shapes, placements, actions[..., 9:])


def join(parts: Parts) -> Actions:
    """Put strokes together from shape, placement and color: the inverse of `split`."""
    fullness, bend, skew, *_ = parts.shapes.split(1, -1)
    center, axis = parts.placements[..., :2], parts.placements[..., 2:]
    frame = axis.norm(dim=-1, keepdim=True)
    along, reach = axis / frame, frame * REACH
    size = fullness * reach
    half = along * (reach - size)
    control = center + skew * half + bend * _turned(half)
    numbers = [parts.shapes[..., 3:], size, control, center + half, center - half, parts.colors]
    return torch.cat(numbers, -1)


def bound(free: Free, aspect: tuple[float, float] = (1.0, 1.0)) -> Actions:
    """Actions from unbounded numbers; whatever these are, the strokes keep to the bounds above.

    Args:
        free: center x y, angle, half-length, fullness, bend, skew, pressures, color; angle in
            radians, the others through a sigmoid.
        aspect: canvas height and width over its shorter side.
    """
    x, y, angle, length, *rest = free.unbind(-1)
    height, width = aspect
    low, high = (math.log(v) for v in HALF_LENGTH)
    reach = torch.exp(_between(length, low, high)) / REACH
    center = (_between(x, -MARGIN, width + MARGIN), _between(y, -MARGIN, height + MARGIN))
    placements = torch.stack([*center, reach * torch.cos(angle), reach * torch.sin(angle)], -1)
    ranges = (FULLNESS, BEND, SKEW, PRESSURE, PRESSURE)
    shapes = torch.stack([_between(v, *r) for v, r in zip(rest, ranges, strict=False)], -1)
    return join(Parts(shapes, placements, torch.sigmoid(free[..., 9:])))


def unbound(actions: Actions, aspect: tuple[float, float] = (1.0, 1.0)) -> Free:
    """Unbounded numbers of actions, the inverse of `bound`; strokes outside go to the edge."""
    parts = split(actions)
    x, y, axis_x, axis_y = parts.placements.unbind(-1)
    height, width = aspect
    low, high = (math.log(v) for v in HALF_LENGTH)
    length = torch.log(torch.hypot(axis_x, axis_y) * REACH)
    ranges = (FULLNESS, BEND, SKEW, PRESSURE, PRESSURE)
    shape = [_logit(v, *r) for v, r in zip(parts.shapes.unbind(-1), ranges, strict=True)]
    color = [_logit(v, 0.0, 1.0) for v in parts.colors.unbind(-1)]
    place = [_logit(x, -MARGIN, width + MARGIN), _logit(y, -MARGIN, height + MARGIN)]
    return torch.stack(
        [*place, torch.atan2(axis_y, axis_x), _logit(length, low, high), *shape, *color], -1
    )


def random_actions(
    half_lengths: Tensor, generator: torch.Generator, aspect: tuple[float, float] = (1.0, 1.0)
) -> Actions:
    """Random strokes anywhere on the canvas, one for each half-length given (shorter side = 1).

    Made on the CPU, so that a seed gives the same strokes whatever the device.
    """
    count = len(half_lengths)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    height, width = aspect
    center = torch.stack([uniform(0, width), uniform(0, height)], -1)
    angle = uniform(-math.pi, math.pi)
    axis = torch.stack([angle.cos(), angle.sin()], -1) * (half_lengths[:, None] / REACH)
    fullness, bend, skew = uniform(0.15, 0.45), uniform(-0.6, 0.6), uniform(-0.2, 0.2)
    shapes = torch.stack([fullness, bend, skew, uniform(0.4, 0.9), uniform(0.4, 0.9)], -1)
    colors = torch.stack([uniform(0.1, 0.9) for _ in range(3)], -1)
    return join(Parts(shapes, torch.cat([center, axis], -1), colors))


def _turned(vector: Tensor) -> Tensor:
    """A quarter turn: x to y, y to minus x (clockwise as seen, y running down)."""
    return torch.stack([-vector[..., 1], vector[..., 0]], -1)


def _between(free: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * torch.sigmoid(free)


def _logit(value: Tensor, low: float, high: float) -> Tensor:
    share = (value - low) / (high - low)
    return torch.logit(share.clamp(1e-4, 1 - 1e-4))
