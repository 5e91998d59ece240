"""Brushes that somebody else made: the engine may die of them, diavlex may not."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import diavlex
from diavlex.brushes import apart, definition, drawing, engine, myb, mypaint
from diavlex.brushes.definition import LIBRARY, Definition, find, read
from diavlex.errors import BadBrush, BadPainting, UnknownName
from diavlex.painting import Painting
from diavlex.stroke import SKEW
from diavlex.training import strokes

pytestmark = pytest.mark.skipif(
    not mypaint.is_available(), reason="libmypaint-1.5-1 is not installed"
)
BRUSH = engine.Brush.__init__
SHAPES = np.array([[0.3, 0.6, -0.2, 0.6, 0.9], [0.5, -1, 0, 1, 1]])
ONE_POINT = {"opaque": {"base_value": 1.0, "inputs": {"pressure": [[0, 0]]}}}
"""Of a curve of one point libmypaint dies, which is why no file may hold one."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folder with a copy of a brush in it."""
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    shutil.copyfile(LIBRARY / "oil.myb", tmp_path / "mine.myb")
    return tmp_path


@pytest.fixture(scope="module")
def worker() -> Iterator[apart.Worker]:
    worker = apart.Worker()
    yield worker
    worker.close()


@pytest.fixture
def never_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine makes no brush in this process."""
    monkeypatch.setattr(engine.Brush, "__init__", lambda *_: pytest.fail("painted here"))


def actions(count: int) -> np.ndarray:
    numbers = np.random.default_rng(0).uniform(0.2, 0.8, (count, 12)).astype(np.float32)
    numbers[:, 2] = 0.05
    return numbers


def test_a_painting_is_the_same_in_either_process(home: Path, never_here: None) -> None:
    """The brush of a person, with one of diavlex's own; every count, every stroke told."""
    told: list[int] = []
    brushes, variants, size = ["mine", "ink", "mine"], [0, 1, 2], (70, 130)
    facts = ((0.25, 0.5, 1.0), *size, [0, 2, 2, 3])
    found = list(mypaint.stages(actions(3), brushes, variants, *facts, told.append))
    assert told == [1, 2, 3]
    own = [replace(find(name), is_trusted=True) for name in brushes]
    with pytest.MonkeyPatch.context() as here:
        here.setattr(engine.Brush, "__init__", BRUSH)
        expected = list(drawing.stages(actions(3), own, variants, *facts))
    assert len(found) == 4
    np.testing.assert_array_equal(found, expected)
    assert found[0].flags.writeable


def test_patches_are_the_same_in_either_process(home: Path, worker: apart.Worker) -> None:
    for is_resolved in (True, False):
        facts = (SHAPES, [1, 3], 64)
        found = worker.patches(find("mine"), *facts, is_resolved=is_resolved)
        expected = mypaint.patches(find("oil"), *facts, is_resolved=is_resolved)
        np.testing.assert_array_equal(list(found), list(expected))


def test_own_brushes_paint_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "Worker", lambda: pytest.fail("a process was started"))
    mypaint.paint(actions(1), ["oil"], [0], (1, 1, 1), 64, 64)
    next(mypaint.patches(find("oil"), SHAPES, [0, 0], 64))


@pytest.mark.usefixtures("never_here")
def test_the_engine_s_death_is_one_line() -> None:
    brush = Definition("mine", "", ONE_POINT)
    with pytest.raises(BadBrush, match=r"cannot paint with 'mine' \(it died of signal 6\)"):
        next(mypaint.patches(brush, SHAPES, [0, 0], 64))


def test_a_brush_that_the_engine_refuses_is_one_line() -> None:
    """The process lives on."""
    with closing(apart.Worker()) as worker:
        with pytest.raises(BadBrush, match="MyPaint cannot read the brush 'mine'"):
            list(worker.patches(Definition("mine", "", {}), SHAPES, [0, 0], 64, is_resolved=True))
        found = list(worker.patches(find("oil"), SHAPES, [0, 1], 64, is_resolved=True))
    np.testing.assert_array_equal(found, list(mypaint.patches(find("oil"), SHAPES, [0, 1], 64)))


def test_a_stroke_that_takes_too_long_is_one_line(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(apart, "STROKE_S", 0.2)
    brush = replace(find("mine"), dabs=10**9)
    with pytest.raises(BadBrush, match=r"'mine' \(a stroke took longer than 0\.2 s\)"):
        next(mypaint.patches(brush, SHAPES, [0, 0], 64))


def test_a_fault_of_diavlex_keeps_its_traceback(home: Path) -> None:
    with pytest.raises(RuntimeError, match=r"Traceback(.|\n)*drawing\.py"):
        list(mypaint.patches(find("mine"), SHAPES, [0, 0], -1))


def test_processes_share_work_and_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, shapes = noted(monkeypatch), strokes.random_shapes(8, 0)
    monkeypatch.setattr(strokes, "PIECE", 3)
    pieces = list(strokes.paint_strokes(find("mine"), shapes, 2))
    assert [len(piece) for piece in pieces] == [3, 3, 2]
    monkeypatch.setattr(strokes, "PIECE", 250)
    (whole,) = strokes.paint_strokes(find("oil"), shapes)
    np.testing.assert_array_equal(strokes.join(pieces).patches, whole.patches)
    np.testing.assert_array_equal(strokes.join(pieces).variants, whole.variants)
    assert [worker.is_over for worker in started] == [True, True]


def test_whoever_stops_early_leaves_no_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = noted(monkeypatch)
    monkeypatch.setattr(strokes, "PIECE", 1)
    with closing(strokes.paint_strokes(find("mine"), strokes.random_shapes(500, 0))) as found:
        next(found)
    assert [worker.is_over for worker in started] == [True]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[apart.Worker]:
    """All processes that are started from now on."""
    started: list[apart.Worker] = []
    make = apart.Worker.__init__
    monkeypatch.setattr(apart.Worker, "__init__", lambda self: started.append(self) or make(self))
    return started


@pytest.mark.parametrize("setting", ["slow_tracking", "slow_tracking_per_dab", "dabs_per_second"])
def test_a_brush_of_somebody_else_paints_without_lag(
    tmp_path: Path, setting: str, worker: apart.Worker
) -> None:
    found = []
    for value in (0.0, 5.0):
        path = tmp_path / f"{value}.myb"
        settings = {
            "radius_logarithmic": {"base_value": 2.0, "inputs": {}},
            "dabs_per_actual_radius": {"base_value": 4.0, "inputs": {}},
            setting: {"base_value": value, "inputs": {}},
        }
        path.write_text(json.dumps({"version": 3, "settings": settings, "comment": ""}))
        shape = np.array([[0.2, SKEW[0], 0, 1, 1]])
        found += worker.patches(read(path), shape, [0], 128, is_resolved=False)
    np.testing.assert_array_equal(*found)
    along = np.nonzero(found[0].max(0) > 0.5)[0]
    assert along.min() < 64 - 0.7 * 64
    assert along.max() > 64 + 0.7 * 64


@pytest.mark.parametrize("name", ["{}/there.myb", "../there", "there.myb", ".", "{}/there"])
def test_a_path_names_no_brush(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wrote a painting's record does not choose a file for the engine to open."""
    shutil.copyfile(LIBRARY / "oil.myb", home / "there.myb")
    other = home / "other"
    other.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("DIAVLEX_HOME", str(other))
    monkeypatch.setattr(myb, "read", lambda path: pytest.fail(f"opened {path}"))
    name = name.format(home)
    for look in (definition.find, definition.file_of):
        with pytest.raises(UnknownName):
            look(name)
    with pytest.raises(UnknownName):
        mypaint.paint(actions(1), [name], [0], (1, 1, 1), 64, 64)
    for engine_name in ("mypaint", "neural"):
        with pytest.raises((UnknownName, BadPainting)):
            diavlex.render(record(name), 64, engine=engine_name)


def record(brush: str) -> Painting:
    """A painting of one stroke."""
    return Painting(
        actions=torch.from_numpy(actions(1)), brushes=(brush,), brush_of=torch.zeros(1).long(),
        variants=torch.zeros(1).long(), background=(1.0, 1.0, 1.0), height_px=64, width_px=64,
        prompt="a cat", guide="pocket", seed=0, steps=1, version="1", scores={}, settings={},
    )  # fmt: skip


def test_hidden_files_are_no_brushes(home: Path) -> None:
    os.rename(home / "mine.myb", home / "._mine.myb")
    assert definition.names() == sorted(path.stem for path in LIBRARY.glob("*.myb"))
