"""How torch computes is diavlex's own while it paints, and the caller's again after it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

import diavlex
from diavlex.config import choose
from diavlex.device import own_numerics, threads_for

SMALL: dict[str, Any] = {
    "strokes": 12, "steps": 4, "views": 2, "canvas_px": 40, "size": "64x48", "reinitialize": 2,
}  # fmt: skip
PROMPT = "a fox in the snow"


@contextmanager
def dtype(kind: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(kind)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def default_device(name: str) -> Iterator[None]:
    torch.set_default_device(name)
    try:
        yield
    finally:
        torch.set_default_device(None)


@contextmanager
def flushing(is_on: bool) -> Iterator[None]:
    torch.set_flush_denormal(is_on)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


CALLERS = {
    "denormals": lambda: flushing(False),
    "no_grad": torch.no_grad,
    "inference": torch.inference_mode,
    "float64": lambda: dtype(torch.float64),
    "float16": lambda: dtype(torch.float16),
    "device meta": lambda: default_device("meta"),
    "within device meta": lambda: torch.device("meta"),
    "no denormals": lambda: flushing(True),
}


def settings() -> tuple[Any, ...]:
    """What a caller may have set."""
    flushes = (torch.tensor(1e-310, dtype=torch.float64, device="cpu") * 1.0).tolist() == 0
    return (
        torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_dtype(),
        torch.empty(0).device, flushes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def usual() -> diavlex.Painting:
    return diavlex.paint(PROMPT, **SMALL)


@pytest.mark.parametrize("name", CALLERS)
def test_a_painting_is_the_same_whatever_the_caller_has_set(
    usual: diavlex.Painting, name: str
) -> None:
    caller: AbstractContextManager = CALLERS[name]()
    with caller:
        before = settings()
        found = diavlex.paint(PROMPT, **SMALL)
        assert settings() == before
    assert found.actions.dtype == torch.float32
    for theirs, ours in (
        (found.actions, usual.actions),
        (found.brush_of, usual.brush_of),
        (found.variants, usual.variants),
    ):
        assert theirs.device.type == "cpu"
        assert torch.equal(theirs, ours)
    assert found.scores == usual.scores


@pytest.mark.parametrize("name", CALLERS)
def test_between_two_steps_the_caller_s_settings_hold(
    usual: diavlex.Painting, name: str, tmp_path: Path
) -> None:
    caller: AbstractContextManager = CALLERS[name]()
    with caller:
        before = settings()
        session = diavlex.begin(PROMPT, choose(**SMALL), tmp_path / "own")
        for step in session.paint():
            assert settings() == before
            if step.index == 2:
                break
        session.keep()
        session = diavlex.resume(tmp_path / "own")
        for _ in session.paint():
            assert settings() == before
        record = session.painting()
    assert torch.equal(record.actions, usual.actions)
    assert record.scores == usual.scores


def test_what_goes_wrong_leaves_the_settings_as_they_were() -> None:
    def fail() -> None:
        with own_numerics():
            assert torch.is_grad_enabled()
            assert torch.get_default_dtype() == torch.float32
            raise RuntimeError("on purpose")

    with torch.no_grad(), dtype(torch.float64), default_device("meta"):
        before = settings()
        with pytest.raises(RuntimeError, match="on purpose"):
            fail()
        assert settings() == before


def test_pocket_paints_the_same_with_any_number_of_threads(
    usual: diavlex.Painting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        found = diavlex.paint(PROMPT, **SMALL)
        assert torch.get_num_threads() == 3
        assert found.machine["threads"] == 1
        assert torch.equal(found.actions, usual.actions)
        monkeypatch.setenv("OMP_NUM_THREADS", "3")
        assert diavlex.paint(PROMPT, **SMALL).machine["threads"] == 3
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("most", "threads"), [([1], 1), ([1, 2], 2), ([1, 0], 0), ([], 0)])
def test_as_many_threads_as_are_of_use(
    most: list[int], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert threads_for(most) == threads
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert threads_for(most) == 0
