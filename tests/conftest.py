"""What every test may count on."""

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def keep_denormals() -> Iterator[None]:
    """The command line flushes them, for the whole process; tests that follow must not notice."""
    yield
    torch.set_flush_denormal(False)
