"""What the machine does well."""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TypeVar

import torch

from diavlex.errors import BadValue, shown

Item = TypeVar("Item")


@cache
def has_bfloat16(kind: str) -> bool:
    """A kind of device multiplies bfloat16 in hardware: twice as fast, and close enough."""
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return kind == "cpu" and torch.cpu._is_avx512_bf16_supported()


def in_bfloat16(kind: str, *, is_asked: bool = True) -> AbstractContextManager:
    """Within it, what is multiplied is bfloat16 if that is asked for and the device has it."""
    if is_asked and has_bfloat16(kind):
        return torch.autocast(kind, torch.bfloat16)
    return nullcontext()


def check_device(name: str) -> torch.device:
    """A device that is there and computes.

    Raises:
        BadValue: no such device on this machine, or one that holds no numbers.
    """
    try:
        one = torch.ones(1, device=name)
        if float(one + one) == 2:
            return one.device
    except (RuntimeError, AssertionError, ImportError, TypeError, ValueError) as error:
        raise _absent(name) from error
    raise _absent(name)


def machine(device: str = "cpu", threads: int = 0) -> dict[str, str | int]:
    """What decides the last bits of a painting: threads, instruction set, versions of libraries.

    Args:
        device: where it is computed.
        threads: by how many; 0 by as many as torch has.
    """
    import numpy as np

    from diavlex import __version__

    kind = torch.device(device).type
    facts: dict[str, str | int] = {
        "device": torch.cuda.get_device_name(device) if kind == "cuda" else kind,
        "threads": threads or torch.get_num_threads(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
    }
    versions = {"torch": torch.__version__, "numpy": np.__version__, "diavlex": __version__}
    return facts | {name: str(version) for name, version in versions.items()}


def _absent(name: str) -> BadValue:
    return BadValue(f"--device is '{shown(name)}': this machine does not have it; try cpu.")


@contextmanager
def own_numerics(threads: int = 0) -> Iterator[None]:
    """Within it, torch computes as diavlex needs it; after it, as the caller has set it.

    Gradients are on, numbers are float32 on the CPU unless said otherwise, and denormal numbers
    are flushed to zero (they slow the backward pass manyfold).

    Args:
        threads: by how many torch computes; 0 by as many as it has.
    """
    kind, is_flushing = torch.get_default_dtype(), _flushes()
    before = torch.get_num_threads()
    is_elsewhere = torch.empty(0).device.type != "cpu"
    on_cpu = torch.device("cpu") if is_elsewhere else nullcontext()
    torch.set_default_dtype(torch.float32)
    torch.set_flush_denormal(True)
    if threads:
        torch.set_num_threads(threads)
    try:
        with on_cpu, torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        if threads:
            torch.set_num_threads(before)
        torch.set_flush_denormal(is_flushing)
        torch.set_default_dtype(kind)


def threads_for(most: Iterable[int]) -> int:
    """How many threads shall compute: as many as the environment says, else as some need at most.

    Args:
        most: the number of threads beyond which each of them gets no faster; 0 for no such number.

    Returns:
        A number, or 0 for as many as torch has.
    """
    several = list(most)
    if os.environ.get("OMP_NUM_THREADS") or 0 in several:
        return 0
    return max(several, default=0)


def stepwise(steps: Iterator[Item], threads: int = 0) -> Iterator[Item]:
    """The items of an iterator, each made within `own_numerics`; what the caller does is not."""
    while True:
        with own_numerics(threads):
            item = next(steps, None)
        if item is None:
            return
        yield item


def _flushes() -> bool:
    """Whether this thread flushes denormal numbers to zero; torch does not tell."""
    return torch.tensor(1e-310, dtype=torch.float64, device="cpu").mul(1.0).item() == 0
