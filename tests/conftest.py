"""What every test may count on."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import torch
from hypothesis import HealthCheck, settings

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
    """What Triton compiles for a GPU is run line by line instead."""


settings.register_profile(
    "ci",
    max_examples=int(os.environ.get("DIAVLEX_EXAMPLES", "60")),
    deadline=timedelta(seconds=10),
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "fuzz",
    settings.get_profile("ci"),
    max_examples=int(os.environ.get("DIAVLEX_EXAMPLES", "4000")),
    derandomize=False,
    print_blob=True,
)
settings.load_profile("ci")


@pytest.fixture(autouse=True)
def keep_denormals() -> Iterator[None]:
    """The command line flushes them, for the whole process; tests that follow must not notice."""
    yield
    torch.set_flush_denormal(False)
