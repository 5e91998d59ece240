"""Training a brush: same seed same weights, resumed or not, and refusals."""

import json
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex import brushes, weights
from diavlex.brushes import apart, mypaint
from diavlex.brushes.definition import LIBRARY, find
from diavlex.errors import BadBrush, BadValue, UnknownName
from diavlex.training import brush as training
from diavlex.training import brush_scores, descent, strokes
from diavlex.training.brush import BrushTraining, train
from diavlex.training.descent import Progress

needs_engine = pytest.mark.skipif(
    not mypaint.is_available(), reason="libmypaint-1.5-1 is not installed"
)


@pytest.fixture(autouse=True)
def few_strokes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short examination, and a checkpoint every three steps."""
    monkeypatch.setattr(training, "HELD_OUT", 12)
    monkeypatch.setattr(descent, "CHECKPOINT_STEPS", 3)
    monkeypatch.setattr(brush_scores, "VARIANT_STROKES", 4)


def short(folder: Path, **more) -> BrushTraining:
    usual = {
        "brush": "ink",
        "strokes": 24,
        "steps": 7,
        "batch": 8,
        "width": 16,
        "channels": (4, 4, 4),
        "far": 8,
        "far_strokes": 32,
        "far_steps": 7,
    }
    return BrushTraining(**(usual | more), runs=folder / "runs", into=folder / "trained")


def ends(options: BrushTraining) -> tuple[bytes, Progress]:
    *_, last = train(options)
    assert options.into
    return next(options.into.glob("*.safetensors")).read_bytes(), last


@needs_engine
def test_same_seed_same_weights_even_if_interrupted(tmp_path: Path) -> None:
    whole, last = ends(short(tmp_path / "whole"))
    assert last.phase == "done"
    options = short(tmp_path / "halves")
    for progress in train(options):
        if progress.phase == "steps":
            break
    checkpoints = list(options.runs.glob("*/checkpoint.pt"))
    assert len(checkpoints) == 1
    assert torch.load(checkpoints[0])["step"] == 6
    for progress in train(options):
        assert torch.is_grad_enabled(), "what a training does is not felt outside"
        if progress.phase == "far steps":
            break
    assert torch.load(checkpoints[0].with_name("far.pt"))["step"] == 6
    assert ends(options)[0] == whole
    assert not list(options.runs.iterdir())
    assert ends(short(tmp_path / "other", seed=1))[0] != whole


@needs_engine
def test_strokes_are_the_same_whatever_the_number_of_workers(monkeypatch) -> None:
    monkeypatch.setattr(strokes, "PIECE", 3)
    shapes = strokes.random_shapes(8, 0)
    one, two = (
        strokes.join(list(strokes.paint_strokes(find("ink"), shapes, workers)))
        for workers in (1, 2)
    )
    np.testing.assert_array_equal(one.patches, two.patches)
    np.testing.assert_array_equal(one.variants, two.variants)
    np.testing.assert_array_equal(one.shapes, shapes)
    assert one.patches.max() > 200


@needs_engine
def test_card_says_what_was_trained_and_how_well(tmp_path: Path) -> None:
    ends(short(tmp_path))
    card = weights.read_card(tmp_path / "trained" / "ink.json")
    assert card.kind == "brush"
    assert card.scores["strokes"] == 12
    assert {"psnr", "psnr_on_stroke", "ssim", "r2", "far_psnr", "between_variants_psnr"} <= set(
        card.scores
    )


@needs_engine
def test_somebody_s_own_brush_is_learned_kept_and_loaded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path / "trained"))
    mine = tmp_path / "pencil.myb"
    mine.write_bytes((LIBRARY / "ink.myb").read_bytes())
    ends(short(tmp_path, brush=str(mine), name="mine"))
    assert "mine" in brushes.names()
    patch = brushes.load("mine")(torch.tensor([[0.3, 0, 0, 0.5, 0.5]]), torch.tensor([0]))
    assert patch.shape == (1, 64, 64)
    shape = np.array([[0.3, 0, 0, 0.5, 0.5]])
    again, real = (next(mypaint.patches(find(name), shape, [0], 64)) for name in ("mine", "ink"))
    np.testing.assert_array_equal(again, real)


def test_a_brush_that_smudges_is_refused(tmp_path: Path) -> None:
    record = json.loads((LIBRARY / "oil.myb").read_text())
    record["settings"]["smudge"] = {"base_value": 0.5, "inputs": {}}
    mine = tmp_path / "mine.myb"
    mine.write_text(json.dumps(record))
    with pytest.raises(BadBrush, match="uses 'smudge'"):
        next(train(short(tmp_path, brush=str(mine))))
    assert not (tmp_path / "runs").exists()


def begin(options: BrushTraining) -> None:
    """Train until the first strokes are kept."""
    with closing(train(options)) as progress:
        assert [p.total for p in islice(progress, 2)] == [options.strokes, 12]


@needs_engine
def test_a_brush_of_which_the_engine_dies_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(apart, "STROKE_S", 1e-3)
    mine = tmp_path / "mine.myb"
    mine.write_bytes((LIBRARY / "oil.myb").read_bytes())
    with pytest.raises(BadBrush, match=r"a stroke took longer than 0\.001 s"):
        next(train(short(tmp_path, brush=str(mine))))
    assert list(tmp_path.iterdir()) == [mine]


@needs_engine
def test_an_altered_brush_begins_anew(tmp_path: Path) -> None:
    """Strokes kept by an unfinished training are not those of another brush or option."""
    mine = tmp_path / "pencil.myb"
    for width in (0.8, 0.5):
        mine.write_text(
            (LIBRARY / "ink.myb").read_text().replace('"width": 0.8', f'"width": {width}')
        )
        begin(short(tmp_path, brush=str(mine)))
    begin(short(tmp_path, brush=str(mine), strokes=23))
    assert len(list((tmp_path / "runs").iterdir())) == 3


@pytest.mark.parametrize(
    "options",
    [
        {"strokes": 0},
        {"steps": -1},
        {"batch": 0},
        {"workers": 0},
        {"far": 0},
        {"seed": -1},
        {"name": "../x"},
    ],
)
def test_options_out_of_bounds_are_refused(options: dict) -> None:
    with pytest.raises(BadValue, match=next(iter(options)) if "name" not in options else "called"):
        BrushTraining(**options)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine.myb"
    mine.write_bytes((LIBRARY / "ink.myb").read_bytes())
    with pytest.raises(BadValue, match="'oil' is one of diavlex's own"):
        next(train(short(tmp_path, brush=str(mine), name="oil")))


def test_a_file_whose_name_is_no_brush_s_needs_another(tmp_path: Path) -> None:
    mine = tmp_path / "my,brush.myb"
    mine.write_bytes((LIBRARY / "ink.myb").read_bytes())
    with pytest.raises(BadValue, match="'my,brush': give a --name"):
        next(train(short(tmp_path, brush=str(mine))))


def test_a_new_brush_leaves_the_random_numbers_of_others_alone(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    one, two, other = (training.new_brush(short(tmp_path, seed=seed)) for seed in (1, 1, 2))
    brushes.load("ink")
    assert torch.equal(torch.get_rng_state(), before)
    for key, value in one.state_dict().items():
        assert torch.equal(value, two.state_dict()[key])
        assert key == "bare" or not torch.equal(value, other.state_dict()[key])
        assert torch.isfinite(value).all()


def test_a_new_brush_begins_as_torch_s_layers_do(tmp_path: Path) -> None:
    found = training.new_brush(short(tmp_path, seed=3))
    with torch.random.fork_rng():
        torch.manual_seed(3)
        first = torch.nn.Linear(found.plan[0].in_features, 16)  # pyright: ignore
        torch.nn.Linear(16, 16)
        torch.nn.Linear(16, 4 * 32 * 64 // 64)
        fourth = torch.nn.Conv2d(4, 16, 3)
    torch.testing.assert_close(found.plan[0].weight, first.weight, atol=0, rtol=0)
    torch.testing.assert_close(found.draw[0].weight, fourth.weight, atol=0, rtol=0)


def test_an_unknown_brush_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'oil'"):
        next(train(short(tmp_path, brush="oils")))


def test_scores_of_a_perfect_and_of_a_blank_guess() -> None:
    random = np.random.default_rng(0)
    truth = np.zeros((6, 64, 64), np.uint8)
    truth[:, 20:40, 10:50] = random.integers(100, 255, (6, 20, 40))
    real = strokes.Strokes(strokes.random_shapes(6, 0), np.arange(6) % 4, truth)
    exact = brush_scores.compare(torch.from_numpy(truth).float() / 255 + 1e-4, real)
    assert exact["psnr"] > 70
    assert exact["r2"] == pytest.approx(1, abs=1e-3)
    assert exact["ssim"] > 0.99
    blank = brush_scores.compare(torch.zeros(6, 64, 64), real)
    assert blank["r2"] < 0
    assert blank["psnr_on_stroke"] < blank["psnr"]
