"""What the machine does well."""

import torch

from diavlex.errors import BadValue


def has_bfloat16() -> bool:
    """The processor multiplies bfloat16 in hardware: twice as fast, and close enough."""
    return torch.cpu._is_avx512_bf16_supported()


def check_device(name: str) -> torch.device:
    """A device that is there.

    Raises:
        BadValue: no such device on this machine.
    """
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise BadValue(f"--device is '{name}': this machine does not have it; try cpu.") from error
