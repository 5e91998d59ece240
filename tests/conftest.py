"""What every test may count on."""

import os
from collections.abc import Iterator

import pytest
import torch

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
    """What Triton compiles for a GPU is run line by line instead."""


@pytest.fixture(autouse=True)
def keep_denormals() -> Iterator[None]:
    """The command line flushes them, for the whole process; tests that follow must not notice."""
    yield
    torch.set_flush_denormal(False)
