"""What a stroke is: its twelve numbers, its geometry, and its split into shape, placement, color.

Lengths are fractions of the canvas' shorter side; x runs right, y runs down, (0, 0) is the upper
left corner, so on a canvas twice as wide as high x runs from 0 to 2.

A stroke is a quadratic Bezier curve from start to end, painted with a brush of radius `size`. Its
own frame has the chord (the line from start to end) along x, the chord's middle at (0, 0), and
half-length `REACH`. In that frame five numbers of *shape* describe the stroke; they are all that a
brush needs to know. Four numbers of *placement*, an exact similarity, put the frame on the canvas.
Three numbers are the *color*.

Source: action of twelve numbers, Nakano 2019 (arXiv 1904.08410). Differs from it in that the shape
is separated from the placement, so a brush learns every position, angle and scale at once.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Actions, Colors, Free, Placements, Shapes

NAMES = (
    "start_pressure", "end_pressure", "size",
    "control_x", "control_y", "end_x", "end_y", "start_x", "start_y",
    "red", "green", "blue",
)  # fmt: skip
"""The twelve numbers of an action, in order."""

PRESSURES, SIZE, CONTROL, END, START, COLOR = (
    slice(0, 2), slice(2, 3), slice(3, 5), slice(5, 7), slice(7, 9), slice(9, 12),
)  # fmt: skip
"""Columns of an action: `actions[..., START]` holds x and y of where each stroke starts."""

REACH = 0.86
"""Half-length of a stroke, brush radius included, in its own frame, which spans [-1, 1]."""

FULLNESS = (0.08, 0.60)
"""Brush radius over half-length of the stroke: hair-thin to a dab."""
BEND = (-1.6, 1.6)
"""Control point across the chord, in half-chords."""
SKEW = (-0.5, 0.5)
"""Control point along the chord, in half-chords."""
PRESSURE = (0.05, 1.0)
SHAPE_BOUNDS = (FULLNESS, BEND, SKEW, PRESSURE, PRESSURE)
"""Lowest and highest value of each number of a shape, in order."""
HALF_LENGTH = (0.02, 0.80)
"""Half-length of a stroke, brush radius included, as a fraction of the shorter side."""
MARGIN = 0.05
"""How far a stroke's center may leave the canvas."""

_LENGTH_TIMES = 17

Array = TypeVar("Array", Tensor, np.ndarray)
Number = TypeVar("Number", float, Tensor)


@dataclass(frozen=True)
class Parts:
    """A stroke taken apart; `join` puts it together again exactly."""

    shapes: Shapes
    placements: Placements
    colors: Colors

    def __getitem__(self, rows: slice | Tensor) -> "Parts":
        """Some of the strokes."""
        return Parts(self.shapes[rows], self.placements[rows], self.colors[rows])

    @property
    def centers(self) -> Float[Tensor, "*batch strokes 2"]:
        """The middle of each stroke's chord, x and y."""
        return self.placements[..., :2]

    @property
    def axes(self) -> Float[Tensor, "*batch strokes 2"]:
        """From each center along the chord, x and y; as long as one unit of the stroke's frame."""
        return self.placements[..., 2:]


def points(actions: Actions) -> tuple[Tensor, Tensor, Tensor]:
    """Start, control point and end of each stroke: x and y, [*batch strokes 2] each."""
    return actions[..., START], actions[..., CONTROL], actions[..., END]


def curve(start: Array, control: Array, end: Array, times: Array) -> Array:
    """Points on quadratic Bezier curves; differentiable.

    Args:
        start: x and y in the last axis, as for `control` and `end`.
        control: the control point.
        end: where the curve is at time 1.
        times: 0 to 1, of a shape that broadcasts with the points.
    """
    return (1 - times) ** 2 * start + 2 * times * (1 - times) * control + times**2 * end


def path(
    actions: Actions, times: Float[Tensor, " times"]
) -> Float[Tensor, "*batch strokes times 2"]:
    """Where each stroke is at each time, x and y: 0 is its start, 1 its end; differentiable."""
    start, control, end = (point[..., None, :] for point in points(actions))
    return curve(start, control, end, times[:, None])


def midpoints(actions: Actions) -> Float[Tensor, "*batch strokes 2"]:
    """Where each stroke is at time 1/2, x and y; differentiable."""
    start, control, end = points(actions)
    return (start + end + 2 * control) / 4


def seen_at(
    planes: Float[Tensor, "planes rows columns"],
    spots: Float[Tensor, "*some 2"],
    aspect: tuple[float, float],
) -> Float[Tensor, "planes *some"]:
    """What planes that span the canvas hold at some points, between their places; differentiable.

    Args:
        planes: of any resolution; beyond the canvas, what is at its edge goes on.
        spots: x and y, in shorter sides of the canvas.
        aspect: canvas height and width over its shorter side.
    """
    height, width = aspect
    at = (spots / spots.new_tensor([width, height]) * 2 - 1).reshape(1, 1, -1, 2)
    seen = functional.grid_sample(planes[None], at, padding_mode="border", align_corners=False)
    return seen.reshape(len(planes), *spots.shape[:-1])


def lengths(actions: Actions) -> Float[Tensor, "*batch strokes"]:
    """Length of each stroke's path, measured along seventeen points; differentiable."""
    times = torch.linspace(0, 1, _LENGTH_TIMES, device=actions.device, dtype=actions.dtype)
    times = times.view(-1, *[1] * actions.ndim)
    return curve(*points(actions), times).diff(dim=0).norm(dim=-1).sum(0)


def frame_points(
    fullness: Number, bend: Number, skew: Number
) -> tuple[tuple[Number, Number], tuple[Number, Number], tuple[Number, Number]]:
    """Start, control point and end of a stroke in its own frame, x and y each."""
    half = REACH * (1 - fullness)
    return (-half, 0 * half), (skew * half, bend * half), (half, 0 * half)


def frame_polynomial(shapes: Shapes) -> tuple[Tensor, Tensor, Tensor]:
    """The path in the stroke's own frame as the polynomial c(t) = start + 2 pull t + turn t^2.

    Returns:
        start, pull (control - start) and turn (start - 2 control + end), [strokes 2] each.
    """
    fullness, bend, skew = (x[:, None] for x in shapes[:, :3].unbind(-1))
    half = REACH * (1 - fullness)
    start = torch.cat([-half, torch.zeros_like(half)], -1)
    pull = torch.cat([(skew + 1) * half, bend * half], -1)
    turn = torch.cat([-2 * skew * half, -2 * bend * half], -1)
    return start, pull, turn


def split(actions: Actions) -> Parts:
    """Take strokes apart into shape, placement and color.

    Differentiable. A stroke's chord must not be of zero length.
    """
    start, control, end = points(actions)
    size = actions[..., SIZE]
    center, half = (start + end) / 2, (end - start) / 2
    length = half.norm(dim=-1, keepdim=True).clamp_min(1e-6)
    along = half / length
    offset = (control - center) / length
    skew = (offset * along).sum(-1, keepdim=True)
    bend = (offset * _turned(along)).sum(-1, keepdim=True)
    reach = length + size
    shapes = torch.cat([size / reach, bend, skew, actions[..., PRESSURES]], -1)
    placements = torch.cat([center, along * reach / REACH], -1)
    return Parts(shapes, placements, actions[..., COLOR])


def join(parts: Parts) -> Actions:
    """Put strokes together from shape, placement and color: the inverse of `split`."""
    fullness, bend, skew, *_ = parts.shapes.split(1, -1)
    center, axis = parts.centers, parts.axes
    frame = axis.norm(dim=-1, keepdim=True)
    along, reach = axis / frame, frame * REACH
    size = fullness * reach
    half = along * (reach - size)
    control = center + skew * half + bend * _turned(half)
    numbers = [parts.shapes[..., 3:], size, control, center + half, center - half, parts.colors]
    return torch.cat(numbers, -1)


def bound(
    free: Free,
    aspect: tuple[float, float] = (1.0, 1.0),
    fullness: tuple[float, float] = FULLNESS,
) -> Parts:
    """Strokes from unbounded numbers; whatever these are, they keep to the bounds above.

    Differentiable.

    Args:
        free: center x y, angle, half-length, fullness, bend, skew, two pressures, color. The angle
            is in radians; a sigmoid brings each of the others into its range.
        aspect: canvas height and width over its shorter side.
        fullness: the least and the most.
    """
    x, y, angle, length, *rest = free.unbind(-1)
    height, width = aspect
    low, high = (math.log(v) for v in HALF_LENGTH)
    reach = torch.exp(_between(length, low, high)) / REACH
    center = (_between(x, -MARGIN, width + MARGIN), _between(y, -MARGIN, height + MARGIN))
    placements = torch.stack([*center, reach * torch.cos(angle), reach * torch.sin(angle)], -1)
    limits = (fullness, *SHAPE_BOUNDS[1:])
    bounds = zip(rest[: len(limits)], limits, strict=True)
    shapes = torch.stack([_between(v, *limits) for v, limits in bounds], -1)
    return Parts(shapes, placements, torch.sigmoid(free[..., COLOR]))


def unbound(
    actions: Actions,
    aspect: tuple[float, float] = (1.0, 1.0),
    fullness: tuple[float, float] = FULLNESS,
) -> Free:
    """Unbounded numbers of strokes: `bound` makes the same strokes of them.

    A number outside its range is taken for the nearest within it.
    """
    parts = split(actions)
    x, y, axis_x, axis_y = parts.placements.unbind(-1)
    height, width = aspect
    low, high = (math.log(v) for v in HALF_LENGTH)
    length = torch.log(torch.hypot(axis_x, axis_y) * REACH)
    bounds = zip(parts.shapes.unbind(-1), (fullness, *SHAPE_BOUNDS[1:]), strict=True)
    shape = [_logit(v, *limits) for v, limits in bounds]
    color = [_logit(v, 0.0, 1.0) for v in parts.colors.unbind(-1)]
    place = [_logit(x, -MARGIN, width + MARGIN), _logit(y, -MARGIN, height + MARGIN)]
    return torch.stack(
        [*place, torch.atan2(axis_y, axis_x), _logit(length, low, high), *shape, *color], -1
    )


def random_actions(
    half_lengths: Tensor, generator: torch.Generator, aspect: tuple[float, float] = (1.0, 1.0)
) -> Actions:
    """Random strokes anywhere on the canvas, one for each half-length.

    They are made on the CPU, so that a seed gives the same strokes whatever the device.

    Args:
        half_lengths: brush radius included, as fractions of the shorter side.
        generator: on the CPU.
        aspect: canvas height and width over its shorter side.
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
    """The vector after a quarter turn, x to y and y to -x: clockwise, as y runs down."""
    return torch.stack([-vector[..., 1], vector[..., 0]], -1)


def _between(free: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * torch.sigmoid(free)


def _logit(value: Tensor, low: float, high: float) -> Tensor:
    share = (value - low) / (high - low)
    return torch.logit(share.clamp(1e-4, 1 - 1e-4))
