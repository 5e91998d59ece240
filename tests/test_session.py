"""A session with any guide: what it does not read is told, the record says who judged."""

from pathlib import Path

import pytest
from test_guides_clip import FAMILIES, write

from diavlex import guides, paint
from diavlex.series.session import remarks

SMALL = {"strokes": 12, "steps": 3, "views": 2, "canvas_px": 40, "size": "64x48"}


@pytest.fixture(scope="module")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(FAMILIES["clip"], tmp_path_factory.mktemp("clip") / "tiny")


def test_a_clip_model_in_a_folder_guides_a_painting(clip_folder: Path) -> None:
    record = paint("a black sheep", guide=str(clip_folder), **SMALL)
    assert record.guide == str(clip_folder)
    assert record.steps == 3
    assert record.actions.shape == (12, 12)


def test_the_canvas_is_as_large_as_the_guide_needs(clip_folder: Path) -> None:
    from diavlex import PaintConfig, brushes
    from diavlex.objective import target
    from diavlex.studio import Studio

    guide = guides.load(str(clip_folder))
    aim = target(guide, "sheep", ["boat"], 0.5)
    assert Studio(PaintConfig(), brushes.load("oil"), [aim]).short_px == round(1.25 * guide.side_px)


def test_words_that_are_not_read_are_told(clip_folder: Path) -> None:
    guide = guides.load(str(clip_folder))
    told = remarks(guide, "sheep " * 200)
    assert len(told) == 1
    assert "reads only the beginning" in told[0]
    assert remarks(guide, "sheep") == []


def test_pocket_says_what_is_far_from_it() -> None:
    guide = guides.load("pocket")
    assert "nearest:" in remarks(guide, "quantum chromodynamics")[0]
    assert remarks(guide, "a black sheep") == []
    assert "reads only" in remarks(guide, "sheep " * 80)[0]
    long, longer = guide.encode_text(["sheep " * 64, "sheep " * 64 + "red boat"])
    assert (long == longer).all()
