"""Laying paint on a processor: stroke by stroke, only the pixels where the brush left something.

Nothing is kept of what lies under the strokes: on the way back each stroke is taken off again,
which leaves what was there before it. The loops are numba's; without numba `.windows` does this.
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
"""Each has its own slopes of all patches."""


@cache
def is_here() -> bool:
    """Whether the loops can be compiled: there is numba, and a place to keep what it makes."""
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
    """What the loops read, in their order."""

    texels: np.ndarray
    starts: np.ndarray
    sides: np.ndarray
    boxes: np.ndarray
    affines: np.ndarray
    colors: np.ndarray


@dataclass(frozen=True)
class _Hidden:
    """What all but vanished under strokes, from row 1 on, in the order in which it did."""

    where: np.ndarray
    """Stroke and pixel as one number; row 0 says how many there are."""
    colors: np.ndarray


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
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        from .kernels import unfold

        canvas, scene = ctx.canvas.copy(), ctx.scene
        let_through = slope.detach().permute(1, 2, 0).numpy().copy(order="C")
        found = _each(
            lambda pair: _lift(canvas, let_through, scene, *pair),
            list(zip(ctx.bands, ctx.hidden, strict=True)),
        )
        texels, affines, colors = (np.sum(parts, 0) for parts in zip(*found, strict=True))
        patches = np.empty(ctx.shape, scene.texels.dtype)
        unfold(texels, ctx.levels, scene.starts, patches)
        slopes = (patches, affines, colors.astype(patches.dtype), let_through.transpose(2, 0, 1))
        return *(torch.from_numpy(s) for s in slopes), None


def _scene(patches: Tensor, affines: Tensor, colors: Tensor, levels: np.ndarray) -> _Scene:
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
    canvas: np.ndarray, slope: np.ndarray, scene: _Scene, band: tuple[int, int], hidden: _Hidden
) -> tuple[np.ndarray, ...]:
    from .kernels import lift

    slopes = (
        np.zeros_like(scene.texels), np.zeros_like(scene.affines), np.zeros_like(scene.colors)
    )  # fmt: skip
    lift(canvas, slope, scene, *band, hidden.where, hidden.colors, *slopes)
    return slopes


def _bands(height_px: int) -> list[tuple[int, int]]:
    """Rows of the canvas for each thread."""
    count = min(torch.get_num_threads(), _MOST_THREADS, height_px)
    return list(pairwise(height_px * i // count for i in range(count + 1)))


def _each(work: Callable, bands: list) -> list:
    """Do each in a thread of its own."""
    if len(bands) == 1:
        return [work(bands[0])]
    with ThreadPoolExecutor(len(bands)) as pool:
        return list(pool.map(work, bands))
