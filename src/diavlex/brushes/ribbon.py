"""Bends a straight ribbon of paint along a stroke's path, in the stroke's own frame.

The ribbon's x is arc length along the path, its y the distance from the path. On the ribbon, the
marks of the bristles hardly change when the stroke bends; so a network learns the straight ribbon
only, and the bending is exact.
"""

import math
from functools import cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from diavlex.canvas import compiled
from diavlex.stroke import REACH, frame_polynomial
from diavlex.tensors import Patches, Shapes

_GUESSES = 8
"""Times on the path at which the search for the nearest point begins."""
_NEWTON = 2
"""Steps of Newton's method from the best of these."""
_DEGREE = 6
"""Of the polynomial that gives arc length in time."""
_MARGIN = 0.045
"""Width around the ribbon, in units of the frame, where a pixel may still get some of its paint."""
_OVERRUN = 0.04
"""How far bristles run past both ends, beyond the radius, in lengths of the path."""

_FOLD = 0.5
"""A step along the ribbon, from one pixel to the next, from which on the stroke folds there."""


def locate(shapes: Shapes, side_px: int, cap: float = 0.0) -> Float[Tensor, "strokes 2 side side"]:
    """Where each pixel of a stroke's frame lies on its ribbon: along and across, in [-1, 1].

    Pixels off the ribbon get numbers outside. Differentiable in the shapes.

    Args:
        shapes: see `diavlex.stroke`.
        side_px: of the frame.
        cap: share of the ribbon's length that either end gets beyond the path. It is the same for
            every stroke, so that a grain keeps its place when a stroke gets fuller or longer. With
            0 an end gets the share of its own length; then a crisp edge is as fine there as on
            the path.
    """
    start, pull, turn = frame_polynomial(shapes)
    radius = REACH * shapes[:, :1]
    with torch.no_grad():
        time = _nearest(_pixels(side_px // 2, shapes), start, pull, turn)
        time = time.unflatten(1, (side_px // 2, side_px // 2))
        time = time.repeat_interleave(2, 1).repeat_interleave(2, 2).flatten(1)
    pixels = _pixels(side_px, shapes)
    lengths = _lengths(pull, turn)  # polynomial of arc length in time
    offset_x, offset_y, tangent_x, tangent_y, slack = _look(pixels, start, pull, turn, time)
    pace = torch.rsqrt(tangent_x * tangent_x + tangent_y * tangent_y)
    residue = (offset_x * tangent_x + offset_y * tangent_y) * pace
    across = (offset_y * tangent_x - offset_x * tangent_y) * pace
    along = _horner(lengths, time) + residue * slack
    length = lengths.sum(-1, keepdim=True)
    beyond = radius + _MARGIN + _OVERRUN * length
    place = torch.stack([_spread(along, length, beyond, cap), across / (radius + _MARGIN)], 1)
    return place.unflatten(2, (side_px, side_px))


def _spread(along: Tensor, length: Tensor, beyond: Tensor, cap: float) -> Tensor:
    """Arc length (below 0 before the path, above its length past it) as a place in [-1, 1]."""
    if not cap:
        return 2 * (along + beyond) / (length + 2 * beyond) - 1
    ahead, past = along.clamp_max(0), (along - length).clamp_min(0)
    body = (along - ahead - past) / length  # 0 to 1
    ends = (ahead + past) / beyond  # -1 to 0 before the start, 0 to 1 past the end
    return (2 * body - 1) * (1 - 2 * cap) + 2 * cap * ends


def bend(
    ribbons: Float[Tensor, "strokes across along"],
    shapes: Shapes,
    side_px: int,
    cap: float = 0.0,
) -> Patches:
    """Bend straight ribbons into the frames of their strokes; differentiable in both.

    Args:
        ribbons: coverage, 0 to 1.
        shapes: see `diavlex.stroke`.
        side_px: of the patches.
        cap: see `locate`.
    """
    places = locate(shapes, side_px // 2, cap)  # smooth, so every second pixel is enough
    is_compiled = places.device.type == "cpu" and compiled.is_here()
    is_compiled &= places.dtype == ribbons.dtype in (torch.float32, torch.float64)
    if not is_compiled:
        return _bend_plainly(ribbons, places)
    patches = _Bent.apply(ribbons, places)
    assert isinstance(patches, Tensor)
    return patches


class _Bent(torch.autograd.Function):
    """The same as `_bend_plainly`, by loops that numba compiles and that skip empty pixels."""

    @staticmethod
    def forward(ctx: Any, ribbons: Tensor, places: Tensor) -> Tensor:  # type: ignore[override]
        from .kernels import bend

        ctx.save_for_backward(ribbons, places)
        patches = places.new_empty(len(places), *(2 * side for side in places.shape[2:]))
        bend(_array(ribbons), _array(places), _FOLD, patches.numpy())
        return patches

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        from .kernels import unbend

        ribbons, places = map(_array, ctx.saved_tensors)
        of_ribbons, of_places = np.empty_like(ribbons), np.empty_like(places)
        unbend(ribbons, places, _FOLD, _array(gradient), of_ribbons, of_places)
        return torch.from_numpy(of_ribbons), torch.from_numpy(of_places)


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().contiguous().numpy()


def _bend_plainly(ribbons: Tensor, places: Tensor) -> Patches:
    """Bend ribbons, given where on them every second pixel in each direction lies."""
    grow = _grow(2 * places.shape[-1]).to(places)
    fine = grow @ places @ grow.T
    is_folded = _are_folded(places)[:, None, None, None]
    fine = torch.where(is_folded, _grow_apart(places), fine)
    fine = fine.permute(0, 2, 3, 1).contiguous()
    return F.grid_sample(ribbons[:, None], fine, align_corners=False, padding_mode="zeros")[:, 0]


@cache
def _grow(side_px: int) -> Float[Tensor, "side half"]:
    """The matrix that makes a line of pixels twice as long, linearly; quicker than interpolate."""
    eye = torch.eye(side_px // 2)[None]
    return F.interpolate(eye, scale_factor=2, mode="linear")[0].T.contiguous()


@torch.no_grad()
def _are_folded(places: Tensor) -> Tensor:
    """Whether each stroke folds over itself where it may leave paint."""
    along = places[:, 0].masked_fill(places[:, 1].abs() >= 1, torch.nan)  # NaN: never a fold
    rows = [(along.diff(dim=axis).abs() > _FOLD).flatten(1).any(1) for axis in (-1, -2)]
    return rows[0] | rows[1]


def _grow_apart(places: Tensor) -> Tensor:
    """Places for twice as many pixels: linear between two, but for two on either side of a fold."""
    for axis in (-1, -2):
        step = places.diff(dim=axis)
        step = torch.where(step[:, :1].abs() > _FOLD, 0.0, step / 4)
        none = torch.zeros_like(places.narrow(axis, 0, 1))
        before, after = torch.cat([none, step], axis), torch.cat([step, none], axis)
        places = torch.stack([places - before, places + after], axis).flatten(axis - 1, axis)
    return places


def _pixels(side_px: int, like: Tensor) -> Float[Tensor, "2 pixels"]:
    line = (torch.arange(side_px, device=like.device, dtype=like.dtype) + 0.5) * (2 / side_px) - 1
    return torch.stack([line.repeat(side_px), line.repeat_interleave(side_px)])


def _nearest(
    pixels: Tensor, start: Tensor, pull: Tensor, turn: Tensor
) -> Float[Tensor, "strokes pixels"]:
    """The time at which each path passes nearest to each pixel, by Newton's method."""
    guess = torch.linspace(0, 1, _GUESSES, device=start.device, dtype=torch.float32)
    points = start[:, None] + guess[:, None] * (2 * pull[:, None] + guess[:, None] * turn[:, None])
    line = pixels[0, : math.isqrt(pixels.shape[1])]
    square = (points.float()[..., None] - line.float()).square_()  # [strokes guesses 2 side]
    distance = (square[:, :, 1, :, None] + square[:, :, 0, None, :]).flatten(2)
    # The lowest bits of each distance say whose it is: one minimum finds both, quicker than argmin.
    which = torch.arange(_GUESSES, device=start.device, dtype=torch.int32)[:, None]
    marked = ((distance.view(torch.int32) & ~15) | which).view(torch.float32)
    time = guess[marked.amin(1).view(torch.int32) & 15].to(start.dtype)
    for _ in range(_NEWTON):
        offset_x, offset_y, tangent_x, tangent_y, slack = _look(pixels, start, pull, turn, time)
        speed = tangent_x * tangent_x + tangent_y * tangent_y
        step = (offset_x * tangent_x + offset_y * tangent_y) / speed * slack
        time = (time + step.clamp(-0.1, 0.1)).clamp(0, 1)
    return time


def _look(
    pixels: Tensor, start: Tensor, pull: Tensor, turn: Tensor, time: Tensor
) -> tuple[Tensor, ...]:
    """How the pixels lie to the path at a time: offset x and y, velocity x and y, and slack.

    The offset goes from the path to the pixel. When a pixel moves along the path, its nearest point
    moves too: by `slack` times as much, which is above 1 inside a bend and below 1 outside.
    """
    parts = []
    for axis in range(2):
        a, b, c = start[:, axis, None], pull[:, axis, None], turn[:, axis, None]
        tangent = 2 * (b + time * c)
        parts.append((pixels[axis] - (a + time * (2 * b + time * c)), tangent, c))
    (offset_x, tangent_x, turn_x), (offset_y, tangent_y, turn_y) = parts
    with torch.no_grad():
        speed = tangent_x * tangent_x + tangent_y * tangent_y
        lean = 2 * (offset_x * turn_x + offset_y * turn_y) / speed
        slack = 1 / (1 - lean).clamp_min(0.3)
        slack = torch.where((time <= 0) | (time >= 1), 1.0, slack)
    return offset_x, offset_y, tangent_x, tangent_y, slack


def _lengths(pull: Tensor, turn: Tensor) -> Float[Tensor, "strokes powers"]:
    """Arc length as a polynomial in time, fitted to the speed: coefficients of time^1 and up."""
    nodes = torch.tensor(_NODES, device=pull.device, dtype=pull.dtype)
    velocity = 2 * (pull[:, None] + nodes[:, None] * turn[:, None])
    return velocity.norm(dim=-1) @ torch.tensor(_FIT, device=pull.device, dtype=pull.dtype).T


def _horner(powers: Tensor, time: Tensor) -> Tensor:
    """The value of a polynomial without a constant, given its coefficients of time^1 and up."""
    total = powers[:, -1, None] * time
    for index in range(powers.shape[1] - 2, -1, -1):
        total = (total + powers[:, index, None]) * time
    return total


def _speed_fit() -> tuple[np.ndarray, np.ndarray]:
    """Times at which the speed is taken, and the matrix from these speeds to `_lengths`."""
    nodes = (1 - np.cos(np.pi * (np.arange(12) + 0.5) / 12)) / 2
    powers = np.arange(_DEGREE)
    fit = np.linalg.pinv(nodes[:, None] ** powers) / (powers + 1)[:, None]
    return nodes, fit


_NODES, _FIT = _speed_fit()
