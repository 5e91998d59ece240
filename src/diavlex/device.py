"""What the machine does well."""

from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch

from diavlex.errors import BadValue


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
    """A device that is there.

    Raises:
        BadValue: no such device on this machine.
    """
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise BadValue(f"--device is '{name}': this machine does not have it; try cpu.") from error
