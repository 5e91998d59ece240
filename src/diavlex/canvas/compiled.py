"""Lays paint on a CPU, stroke by stroke, at those pixels only where the brush left something.

The forward pass keeps no copy of what lies under each stroke. The backward pass takes the strokes
off again, the last one first, and so finds what was there before each. numba compiles the loops;
on a machine without numba `.windows` paints instead.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from diavlex.tensors import Canvas, Colors, Patches, Placements

from .plain import affines_of, levels_of

_MOST_THREADS = 4
"""Each thread holds gradients of all patches, so that more of them would take too much memory."""


@cache
def is_here() -> bool:
    """The loops can be compiled: numba is installed, and has a folder to keep its results in."""
    try:
        from . import kernels
    except (ImportError, RuntimeError):
        return False
    return bool(kernels)


def paint(patches: Patches, placements: Placements, colors: Colors, backdrop: Canvas) -> Canvas:
    """As `diavlex.canvas.paint`, on a processor."""
    short_px = min(backdrop.shape[-2:])
    levels = levels_of(placements, short_px, patches.shape[-1])
    affines = affines_of(placements.double(), patches.shape[-1] >> levels, short_px)
    canvas = _Laid.apply(patches, affines, colors, backdrop, levels)
    assert isinstance(canvas, Tensor)
    return canvas


class _Scene(NamedTuple):
    """What the loops read; a tuple, for numba knows no dataclasses. See `.kernels`."""

    texels: np.ndarray
    starts: np.ndarray
    sides: np.ndarray
    boxes: np.ndarray
    affines: np.ndarray
    colors: np.ndarray


@dataclass(frozen=True)
class _Hidden:
    """Pixels that a stroke hid all but wholly, in the order in which it happened.

    Taking such a stroke off would not bring back what lay under it, so that is kept here.
    """

    where: np.ndarray
    """Stroke and pixel as one number, from row 1 on; row 0 says how many there are."""
    colors: np.ndarray
    """What the canvas was there before the stroke, from row 1 on."""


class _Laid(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, patches: Tensor, affines: Tensor, colors: Tensor, backdrop: Tensor, levels: Tensor
    ) -> Tensor:  # type: ignore[override]
        scene = _scene(patches, affines, colors, levels.numpy())
        canvas = np.ascontiguousarray(backdrop.detach().permute(1, 2, 0).double().numpy())
        if canvas.base is not None or not canvas.flags.writeable:
            canvas = canvas.copy()
        bands = _bands(len(canvas))
        ctx.hidden = _each(lambda band: _lay(canvas, scene, band), bands)
        ctx.scene, ctx.canvas, ctx.bands, ctx.levels = scene, canvas, bands, levels.numpy()
        ctx.shape = patches.shape
        return torch.from_numpy(canvas).permute(2, 0, 1).to(patches.dtype).contiguous()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        from .kernels import unfold

        canvas, scene = ctx.canvas.copy(), ctx.scene
        let_through = gradient.detach().permute(1, 2, 0).numpy().copy(order="C")
        of_bands = _each(
            lambda pair: _lift(canvas, let_through, scene, *pair),
            list(zip(ctx.bands, ctx.hidden, strict=True)),
        )
        texels, affines, colors = (np.sum(parts, 0) for parts in zip(*of_bands, strict=True))
        patches = np.empty(ctx.shape, scene.texels.dtype)
        unfold(texels, ctx.levels, scene.starts, patches)
        found = (patches, affines, colors.astype(patches.dtype), let_through.transpose(2, 0, 1))
        return *(torch.from_numpy(part) for part in found), None


def _scene(patches: Tensor, affines: Tensor, colors: Tensor, levels: np.ndarray) -> _Scene:
    """Strokes as the loops read them."""
    from .kernels import fold

    sides = patches.shape[-1] >> levels
    ends = np.cumsum((sides + 2) ** 2)
    texels = np.zeros(ends[-1] + 3 * sides.max() + 9, patches.detach().numpy().dtype)
    boxes = np.empty((len(patches), 4))
    starts = ends - (sides + 2) ** 2
    fold(patches.detach().contiguous().numpy(), levels, starts, texels, boxes)
    numbers = [t.detach().double().contiguous().numpy() for t in (affines, colors)]
    return _Scene(texels, starts, sides, boxes, *numbers)


def _lay(canvas: np.ndarray, scene: _Scene, band: tuple[int, int]) -> _Hidden:
    """Lay all strokes on a band, in place; returns what they hid."""
    from .kernels import lay

    hidden, begin = [], 0
    while begin < len(scene.starts):
        room = canvas.shape[0] * canvas.shape[1] + 2
        spare = _Hidden(np.zeros(room, np.int64), np.empty((room, 3)))
        begin = lay(canvas, scene, *band, begin, spare.where, spare.colors)
        used = int(spare.where[0]) + 1
        hidden.append(_Hidden(spare.where[:used].copy(), spare.colors[:used].copy()))
    where = np.concatenate([np.zeros(1, np.int64), *(h.where[1:] for h in hidden)])
    where[0] = len(where) - 1
    return _Hidden(where, np.concatenate([np.zeros((1, 3)), *(h.colors[1:] for h in hidden)]))


def _lift(
    canvas: np.ndarray, gradient: np.ndarray, scene: _Scene, band: tuple[int, int], hidden: _Hidden
) -> tuple[np.ndarray, ...]:
    """Take all strokes off a band; returns the gradients of texels, affines and colors."""
    from .kernels import lift

    found = (
        np.zeros_like(scene.texels), np.zeros_like(scene.affines), np.zeros_like(scene.colors)
    )  # fmt: skip
    lift(canvas, gradient, scene, *band, hidden.where, hidden.colors, *found)
    return found


def _bands(height_px: int) -> list[tuple[int, int]]:
    """First row and last (excluded) of the canvas for each thread."""
    count = min(torch.get_num_threads(), _MOST_THREADS, height_px)
    return list(pairwise(height_px * i // count for i in range(count + 1)))


def _each(work: Callable, bands: list) -> list:
    """Do the work for every band, each in a thread of its own."""
    if len(bands) == 1:
        return [work(bands[0])]
    with ThreadPoolExecutor(len(bands)) as pool:
        return list(pool.map(work, bands))
