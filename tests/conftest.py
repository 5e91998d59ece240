"""What every test may count on."""

import os
import re
import resource
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
    """What Triton compiles for a GPU is run line by line instead."""


settings.register_profile(
    "ci",
    max_examples=int(os.environ.get("DIAVLEX_EXAMPLES", "120")),
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


@pytest.fixture(scope="module")
def two_gigabytes() -> Iterator[None]:
    """No memory beyond two gigabytes more than there is in use: what asks for it fails."""
    told = Path("/proc/self/status").read_text()
    used = int(re.findall(r"VmData:\s+(\d+) kB", told)[0]) << 10
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (used + (2 << 30), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)
