"""A session with any guide: what it does not read is told, the record says who judged."""

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from test_guides_clip import FAMILIES, write

from diavlex import begin, guides, load, paint, resume
from diavlex.config import choose
from diavlex.objective import terms_of, write_brief
from diavlex.series import Session
from diavlex.series.ahead import Ahead

SMALL: dict[str, Any] = {"strokes": 12, "steps": 3, "views": 2, "canvas_px": 40, "size": "64x48"}


@pytest.fixture(scope="module")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(FAMILIES["clip"], tmp_path_factory.mktemp("clip") / "tiny")


def test_a_clip_model_in_a_folder_guides_a_painting(clip_folder: Path) -> None:
    record = paint("a black sheep", guide=str(clip_folder), **SMALL)
    assert record.guide == str(clip_folder)
    assert record.steps == 3
    assert record.actions.shape == (12, 12)


def test_the_canvas_is_as_large_as_the_guide_needs(clip_folder: Path) -> None:
    from diavlex.objective.brief import canvas_size

    guide, finer = guides.load(str(clip_folder)), guides.load("pocket")
    short = round(1.25 * guide.side_px)
    assert canvas_size(choose(size="640x320"), [guide]) == (short, 2 * short)
    assert canvas_size(choose(), [guide, finer])[0] == round(1.25 * finer.side_px) > short
    assert canvas_size(choose(canvas_px=48), [guide]) == (48, 48)


def test_words_that_are_not_read_are_told(clip_folder: Path) -> None:
    guide = guides.load(str(clip_folder))
    told = guide.remarks("sheep " * 200)
    assert len(told) == 1
    assert "reads only the beginning" in told[0]
    assert guide.remarks("sheep") == []


def test_pocket_says_what_is_far_from_it() -> None:
    guide = guides.load("pocket")
    assert "nearest:" in guide.doubts("quantum chromodynamics")[0]
    assert guide.doubts("a black sheep") == guide.remarks("a black sheep") == []
    assert "reads only" in guide.remarks("sheep " * 80)[0]
    long, longer = guide.encode_text(["sheep " * 64, "sheep " * 64 + "red boat"])
    assert (long == longer).all()


def test_several_guides_judge_with_their_strengths(clip_folder: Path) -> None:
    both = paint("a black sheep", guide=f"pocket,{clip_folder}:0.5", **SMALL)
    assert both.guide == f"pocket,{clip_folder}:0.5"
    weak = paint("a black sheep", guide=f"pocket,{clip_folder}:0.001", **SMALL)
    assert not torch.equal(both.actions, weak.actions)


@pytest.mark.parametrize("choices", [{"also": ("a boat:-0.5",)}, {"templates": "painting"}])
def test_more_words_make_another_painting(choices: dict) -> None:
    plain, other = paint("a black sheep", **SMALL), paint("a black sheep", **SMALL, **choices)
    assert other.prompt == "a black sheep"
    assert not torch.equal(plain.actions, other.actions)


TRIES: dict[str, Any] = SMALL | {"steps": 20, "tries": 3}


def test_the_best_of_several_starts_is_gone_on_with() -> None:
    were_first = []
    for seed in range(4):
        found = paint("a black sheep", **TRIES, seed=seed)
        scores = found.scores["tries"]
        assert len(set(scores)) == 3
        assert found.steps == 20
        were_first.append(scores[0] == min(scores))
        choices: dict[str, Any] = TRIES | {"tries": 1, "seed": seed}
        alone = paint("a black sheep", **choices)
        assert torch.equal(found.actions, alone.actions) == were_first[-1]
    assert not all(were_first)


@pytest.mark.parametrize("stop", [1, 2, 3, 5, 7, 9, 12])
def test_a_session_cut_off_goes_on_among_its_starts_and_after(tmp_path: Path, stop: int) -> None:
    def run(session: Session) -> Session:
        for _ in session.paint():
            pass
        return session

    config = choose(**TRIES, also=("a boat:-0.5",), focus="0.5,0.5")
    whole = run(begin("a black sheep", config, tmp_path / "whole"))
    cut = begin("a black sheep", config, tmp_path / "cut")
    for number, _ in enumerate(cut.paint(), 1):
        if number == stop:
            break
    cut.keep()
    again = run(resume(tmp_path / "cut"))
    assert again.tries == whole.tries
    assert again.cosines == whole.cosines
    assert again.painting().scores == whole.painting().scores
    assert torch.equal(again.painting().actions, whole.painting().actions)
    assert len(again.snapshots) == len(whole.snapshots)
    assert all(torch.equal(a, b) for a, b in zip(again.snapshots, whole.snapshots, strict=True))


def test_the_record_keeps_what_each_term_added(tmp_path: Path) -> None:
    config = choose(**SMALL, finish="neural")
    session = begin("a fox in the snow", config, tmp_path / "own")
    steps = list(session.paint())
    session.finish()
    kept = json.loads((tmp_path / "own" / "painting.json").read_text(encoding="utf-8"))
    terms = kept["scores"]["terms"]
    names = ["imagination", "layout", "saturation", "stray", "words"]
    assert sorted(terms) == names
    assert terms == {name: round(value, 6) for name, value in steps[-1].scores.items()}
    assert terms != {name: round(value, 6) for name, value in steps[-2].scores.items()}
    assert load(tmp_path / "own").scores["terms"] == terms


def test_a_session_that_was_cut_off_at_its_end_still_knows_its_terms(tmp_path: Path) -> None:
    session = begin("a boat", choose(**SMALL), tmp_path / "own")
    *_, last = session.paint()
    session.keep()
    again = resume(tmp_path / "own")
    assert list(again.paint()) == []
    assert again.scores == last.scores
    assert again.painting().scores == session.painting().scores


@pytest.mark.parametrize("tries", [1, 2])
def test_snapshots_drawn_ahead_are_those_drawn_at_the_end(
    tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[torch.Tensor] = []
    begin_to_draw = Ahead.begin

    def counted(self: Ahead, actions: torch.Tensor) -> None:
        drawn.append(actions)
        begin_to_draw(self, actions)

    monkeypatch.setattr(Ahead, "begin", counted)
    choices: dict[str, Any] = SMALL | {"steps": 8, "tries": tries}
    folders = []
    for is_ahead in (False, True):
        session = begin("a fox", folder=tmp_path / str(is_ahead), **choices)
        with session.drawing_ahead() if is_ahead else contextlib.nullcontext():
            for _ in session.paint():
                pass
            folders.append(session.finish())
        assert bool(drawn) == is_ahead
    late, soon = folders
    for name in ("painting.json", "painting.png", "progress.png", "progress.mp4", "strokes.mp4"):
        assert (late / name).read_bytes() == (soon / name).read_bytes(), name


def test_what_was_not_begun_is_drawn_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def draw(actions: torch.Tensor) -> Any:
        asked.append(len(actions))
        return np.full((1, 1, 3), len(actions), np.uint8)

    one, other = torch.zeros(3, 12), torch.zeros(5, 12)
    with Ahead(draw) as ahead:
        ahead.begin(one)
        assert ahead.picture(other)[0, 0, 0] == 5
        assert ahead.picture(one)[0, 0, 0] == 3
        assert ahead.picture(one)[0, 0, 0] == 3
    assert sorted(asked) == [3, 5]


@pytest.mark.parametrize("prompt", ["a cat on a chair", "two purple grapes", "a lake at night"])
def test_a_clip_guide_aims_at_what_pocket_aims_at(prompt: str, clip_folder: Path) -> None:
    """What English says decides the composition, whoever judges; of the grounds each likes one."""
    config, device = choose(strokes=40), torch.device("cpu")
    names = "pocket", str(clip_folder)
    pocket, clip = (write_brief(prompt, config, [(guides.load(n), 1.0)], device) for n in names)
    assert pocket.aim is not None
    assert clip.aim is not None
    things = [[layer.thing for layer in brief.composition.layers] for brief in (clip, pocket)]
    assert things[0] == things[1]
    for own, other in zip(clip.aim.shares, pocket.aim.shares, strict=True):
        assert torch.equal(own, other)
    assert (clip.aim.names, clip.aim.sizes) == (pocket.aim.names, pocket.aim.sizes)
    if pocket.aim.has_place:
        assert torch.equal(clip.aim.picture, pocket.aim.picture)
    assert {"layout", "words"} <= {term.name for term in terms_of(clip)}
