"""What the machine is said to be, and devices that are none."""

import pytest
import torch

from diavlex.device import check_device, machine
from diavlex.errors import BadValue


def test_the_machine_is_told() -> None:
    facts = machine()
    assert facts["threads"] == torch.get_num_threads()
    assert facts["instructions"] == torch.backends.cpu.get_cpu_capability()
    assert facts["torch"] == torch.__version__
    assert facts["device"] == "cpu"
    assert {"numpy", "diavlex"} < facts.keys()


@pytest.mark.parametrize("name", ["meta", "gpu", "", "cuda:77", "cpu\x1b[31m", "xla"])
def test_a_device_that_does_not_compute_is_told(name: str) -> None:
    with pytest.raises(BadValue, match="this machine does not have it; try cpu") as caught:
        check_device(name)
    assert str(caught.value).isprintable()


def test_the_cpu_is_there() -> None:
    assert check_device("cpu") == torch.device("cpu")
