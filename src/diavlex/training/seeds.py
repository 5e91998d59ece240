"""Networks that begin from a seed and leave torch's own random state as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Within it, torch initializes networks on the CPU from a seed; afterwards nothing has changed.

    The layers of `torch.nn` take no generator: they draw from torch's own one for the CPU.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield
