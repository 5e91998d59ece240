"""The gallery and the figures of the docs, each painted once at small settings."""

import re
from pathlib import Path

import pytest
from PIL import Image
from recipes import figures, pictures

from diavlex import gallery
from diavlex.config import choose, shipped_names

SMALL = ["--strokes", "12", "--steps", "2", "--views", "2", "--canvas-px", "40", "--size", "48x48"]


def test_there_are_24_in_eight_looks() -> None:
    pieces = list(pictures.pieces())
    assert len(pieces) == len({piece.name for piece in pieces}) == 24
    assert {piece.look for piece in pieces} == set(shipped_names())


def test_each_piece_is_told_of_with_its_command() -> None:
    text = pictures.PAGE.read_text(encoding="utf-8")
    for piece in pictures.pieces():
        assert f"\n{piece.command}\n" in text
        assert f"| {piece.prompt} |" in text


def test_what_is_painted_has_picture_and_record() -> None:
    made = {path.stem for path in pictures.FOLDER.glob("*.json")}
    assert made == {path.stem for path in pictures.FOLDER.glob("*.jpg")}
    assert made <= {piece.name for piece in pictures.pieces()}
    for piece in pictures.pieces():
        if piece.name in made:
            record = gallery.load(pictures.FOLDER / f"{piece.name}.json")
            assert (record.prompt, record.seed) == (piece.prompt, pictures.SEED)


@pytest.mark.slow
def test_one_is_painted_as_its_command_says(tmp_path: Path) -> None:
    piece = next(pictures.pieces())
    path = pictures.paint(piece, tmp_path, *SMALL)
    with Image.open(path) as picture:
        assert picture.size == (48, 48)
    record = gallery.load(path.with_suffix(".json"))
    assert record.prompt == piece.prompt
    again = pictures.paint(piece, tmp_path / "again", *SMALL)
    assert gallery.load(again.with_suffix(".json")).actions.equal(record.actions)


def test_the_page_tells_of_what_is_painted(tmp_path: Path) -> None:
    piece = next(pictures.pieces())
    assert "not painted yet" in pictures.page(tmp_path)
    old = pictures.ROOT / "pictures" / "a-yellow-sunflower.json"
    (tmp_path / f"{piece.name}.json").write_text(old.read_text())
    (tmp_path / f"{piece.name}.jpg").write_bytes(b"")
    page = pictures.page(tmp_path)
    assert f"![{piece.prompt}](../pictures/gallery/{piece.name}.jpg)" in page
    assert "400 strokes of oil, seed 0" in page


@pytest.mark.slow
def test_the_figures_are_painted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"strokes": 24, "steps": 6, "views": 2, "canvas_px": 40, "size": "48x48"}
    monkeypatch.setattr(figures, "HABITS", figures.HABITS[:1])
    figures.paint_search(tmp_path, **small)
    figures.paint_habits(tmp_path, **small)
    monkeypatch.setattr(figures, "LIMITS", figures.LIMITS[:1])
    figures.paint_limits(tmp_path, **small)
    made = {path.name for path in tmp_path.iterdir()}
    pages = [pictures.ROOT / "README.md", *(pictures.ROOT / "docs").glob("*.md")]
    told = "".join(path.read_text() for path in pages)
    assert made == set(re.findall(r"\((?:docs/)?figures/([\w.]+)\)", told))


def test_what_takes_a_habit_away_can_be_chosen() -> None:
    for _, _, without in figures.HABITS:
        choose(**without)
