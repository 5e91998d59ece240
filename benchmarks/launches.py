"""How many kernels a step starts on a GPU, counted without one.

Each takes a processor some microseconds to start, whatever its size: where there are thousands,
they rule. The step runs on a device that computes nothing ("meta"); whatever would have to wait
for a number from the GPU fails there, but for the one answer at the end of a step.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from diavlex import canvas, stroke
from diavlex.canvas import tile_kernels, tiles
from diavlex.guides import views
from diavlex.studio import Search

DEVICE = torch.device("meta")
_FREE = ("empty", "detach", "alias", "lift_fresh", "_unsafe_view")


def launches(step: Callable[[], object]) -> int:
    """Kernels of a step of a painting that is on `DEVICE`."""
    with _as_on_a_gpu() as loops:
        step()  # makes what is made once
        loops.starts = 0
        with _Counter() as counter:
            step()
    return counter.starts + loops.starts


class _Counter(TorchDispatchMode):
    """Counts what is computed on the device; a view of what is there starts nothing."""

    starts = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        first: Any = out[0] if isinstance(out, (list, tuple)) and out else out
        if isinstance(first, Tensor) and first.device == DEVICE:
            self.starts += not (func.is_view or func.__name__.startswith(_FREE))
        return out


class _Loop:
    """In the place of one that Triton compiles: counts how often it is started."""

    starts = 0

    def __getitem__(self, grid: tuple[int, ...]) -> Callable[..., None]:
        return self._start

    def _start(self, *_: Any, **__: Any) -> None:
        self.starts += 1


@contextmanager
def _as_on_a_gpu() -> Iterator[_Loop]:
    loop, told = _Loop(), Tensor.tolist

    def tell(numbers: Tensor) -> Any:
        return told(numbers) if numbers.device != DEVICE else [1.0] * numbers.numel()

    def noise(count: int, side_px: int, canvas: Tensor, _: torch.Generator) -> Tensor:
        return torch.randn(count, 3, side_px, side_px, device=canvas.device)

    with (
        patch.multiple(tile_kernels, sort=loop, lay=loop, lift=loop),
        patch.object(canvas, "paint", tiles.paint),
        patch.object(views, "_noise", noise),
        patch.object(Tensor, "tolist", tell),
        patch.object(Search, "now", lambda one: stroke.join(one.parts())),
        patch("torch.autocast", lambda *_, **__: nullcontext()),
    ):
        yield loop
