"""A finished painting as a beginning: moved on, added to, or kept in part, stroke for stroke."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.config import PaintConfig, choose
from diavlex.errors import BadPainting, BadValue
from diavlex.objective import Start
from diavlex.painting import Painting
from diavlex.series.inputs import read_inputs, read_mask
from diavlex.series.session import KEEP, START

HOW: dict[str, Any] = {"steps": 8, "views": 2, "canvas_px": 64}


@pytest.fixture(scope="module")
def first() -> Painting:
    return diavlex.paint("a red barn", strokes=20, size="64x64", **HOW)


def mask(path: Path, white: tuple[int, int, int, int] = (0, 20, 30, 40)) -> Path:
    """A mask of 30 x 40 pixels, black but for a white box."""
    image = Image.new("L", (30, 40))
    image.paste(255, white)
    image.save(path)
    return path


def kept_of(painting: Painting, path: Path) -> torch.Tensor:
    start = read_inputs(None, painting, path).start
    assert start is not None
    return start.is_kept


def test_it_begins_with_the_strokes_of_the_other(first: Painting, tmp_path: Path) -> None:
    session = diavlex.begin("a barn in the snow", folder=tmp_path / "one", start=first, **HOW)
    torch.testing.assert_close(session.painting().actions, first.actions, atol=1e-3, rtol=0)
    assert torch.equal(session.painting().variants, first.variants)
    assert session.config.strokes == 20
    assert session.config.size == (64, 64)
    for _ in session.walk():
        pass
    again = session.painting()
    assert (again.actions - first.actions).abs().max() > 0.01
    assert again.prompt == "a barn in the snow"
    assert "it goes on from 20 strokes of 'a red barn'." in again.settings["remarks"]


def test_more_strokes_lie_above_and_by_another_brush(first: Painting) -> None:
    more = diavlex.paint(start=first, strokes=30, brush="charcoal", **HOW)
    assert more.prompt == "a red barn"
    assert len(more.actions) == 30
    assert set(more.brush_names) == {"charcoal"}
    same = diavlex.paint(start=first, strokes=30, **HOW)
    assert set(same.brush_names) == {"oil"}


def test_what_is_kept_stays_bit_for_bit(first: Painting, tmp_path: Path) -> None:
    path = mask(tmp_path / "mask.png")
    kept = kept_of(first, path)
    assert 0 < int(kept.sum()) < 20
    again = diavlex.paint(
        "a night sky", start=first, keep=path, strokes=26, brush="wash", palette="#102040", **HOW
    )
    assert torch.equal(again.actions[:20][kept], first.actions[kept])
    assert torch.equal(again.variants[:20], first.variants)
    moved = (again.actions[:20][~kept] - first.actions[~kept]).abs().amax(1)
    assert (moved > 0).all()
    names = np.array(again.brush_names)
    assert set(names[:20][kept.numpy()]) == {"oil"}
    assert set(names[:20][~kept.numpy()]) | set(names[20:]) == {"wash"}
    assert "kept" in again.scores["terms"]


def test_the_picture_stays_where_it_is_kept(first: Painting, tmp_path: Path) -> None:
    path = mask(tmp_path / "mask.png")
    how: dict[str, Any] = HOW | {"steps": 40}
    again = diavlex.paint("a night sky with stars", start=first, keep=path, **how)
    free = diavlex.paint("a night sky with stars", start=first, **how)
    old, new, other = (
        torch.from_numpy(diavlex.render(one, 64)).float()[36:] for one in (first, again, free)
    )
    assert (new - old).abs().mean() < 0.5 * (other - old).abs().mean()


def test_a_place_is_kept_by_most_of_a_stroke(first: Painting) -> None:
    row = first.actions[:1].clone()
    row[0, 3:9] = torch.tensor([0.5, 0.5, 0.5, 0.9, 0.5, 0.1])  # from the top to the bottom
    both = torch.cat([row, row])
    both[1, 3:9] = torch.tensor([0.5, 0.3, 0.5, 0.5, 0.5, 0.1])
    painting = Painting(
        both, ("oil",), torch.zeros(2).long(), torch.zeros(2).long(), (1.0, 1.0, 1.0), 64, 64, "x",
        "pocket", 0, 0, "0", {}, {},
    )  # fmt: skip
    lower = torch.zeros(10, 10)
    lower[4:] = 1
    assert Start(painting, lower).is_kept.tolist() == [True, False]
    assert Start(painting).is_kept.tolist() == [False, False]


def test_a_mask_of_any_size_and_kind_is_scaled(first: Painting, tmp_path: Path) -> None:
    small = kept_of(first, mask(tmp_path / "small.png"))
    large = Image.open(tmp_path / "small.png").resize((3000, 1500))
    large.convert("CMYK").save(tmp_path / "large.jpg", quality=95)
    assert torch.equal(kept_of(first, tmp_path / "large.jpg"), small)
    assert max(read_mask(tmp_path / "large.jpg", "the mask").shape) == 1024
    clear = Image.new("RGBA", (30, 40), (255, 255, 255, 0))
    clear.paste((255, 255, 255, 255), (0, 20, 30, 40))
    clear.save(tmp_path / "clear.png")
    assert torch.equal(kept_of(first, tmp_path / "clear.png"), small)


def test_the_same_again_and_from_a_checkpoint(first: Painting, tmp_path: Path) -> None:
    path, record = mask(tmp_path / "mask.png"), tmp_path / "first.json"
    first.save(record)
    given: dict[str, Any] = {"start": record, "keep": path, "strokes": 24, **HOW}
    whole = diavlex.paint("a night sky", **given)
    session = diavlex.begin("a night sky", folder=tmp_path / "one", **given)
    for step in session.paint():
        if step.index == 3:
            break
    session.keep()
    path.unlink()
    record.unlink()
    again = diavlex.resume(tmp_path / "one")
    for _ in again.paint():
        pass
    assert torch.equal(again.painting().actions, whole.actions)
    assert again.painting().brush_names == whole.brush_names
    again.finish()
    assert not {START, KEEP} & {one.name for one in (tmp_path / "one").iterdir()}


def test_a_folder_and_a_png_are_gone_on_from(first: Painting, tmp_path: Path) -> None:
    words = ["--steps=3", "--views=2", "--canvas-px=64", "--progress=none"]
    first.save(tmp_path / "one")
    out = ["--out", str(tmp_path / "out")]
    assert cli.main(["paint", "--start", str(tmp_path / "one"), *words, *out]) == 0
    made = tmp_path / "out" / "a-red-barn-0"
    path = mask(tmp_path / "mask.png")
    png = ["--start", str(made / "painting.png"), "--keep", str(path), "--strokes", "25"]
    assert cli.main(["paint", "a night sky", *png, *words, *out]) == 0
    after = diavlex.load(tmp_path / "out" / "a-night-sky-0")
    assert len(after.actions) == 25
    kept = kept_of(diavlex.load(made), path)
    assert torch.equal(after.actions[:20][kept], diavlex.load(made).actions[kept])


def pictures(folder: Path) -> dict[str, Path]:
    made = {"empty": (0, 0, 0, 0), "full": (0, 0, 30, 40), "corner": (0, 0, 1, 1)}
    return {name: mask(folder / f"{name}.png", box) for name, box in made.items()}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--start", "nowhere"], "no such painting"),
        (["--start", "empty.png"], "keeps no record"),
        (["--start", "first.json", "--keep", "nowhere.png"], "cannot be read"),
        (["--start", "first.json", "--keep", "first.json"], "is no picture"),
        (["--start", "first.json", "--keep", "empty.png"], "is empty: nothing of it is white"),
        (["--start", "first.json", "--keep", "full.png"], "is full: all of it is white"),
        (["--start", "first.json", "--keep", "corner.png"], "keeps no stroke"),
        (["--keep", "corner.png"], "name the painting with --start"),
        (["--start", "first.json", "--strokes", "5"], "give as many at least"),
        (["--start", "first.json", "--size", "64x48"], "a size of the same shape"),
        (["--start", "first.json", "--resume", "x"], "no other choice"),
        (["--start", ""], "a path is empty"),
    ],
)
def test_a_beginning_that_cannot_be_is_told(
    words: list[str], told: str, first: Painting, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first.save(tmp_path / "first.json")
    pictures(tmp_path)
    prompt = [] if "--resume" in words else ["a cat"]
    assert cli.main(["paint", *prompt, *words, "--out", "out", "--views", "2"]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_mask_that_keeps_all_is_told(first: Painting, tmp_path: Path) -> None:
    path = mask(tmp_path / "mask.png", (0, 0, 30, 39))
    if bool(kept_of(first, path).all()):
        with pytest.raises(BadValue, match="keeps every stroke"):
            diavlex.paint("a cat", start=first, keep=path, **HOW)
    start = Start(first, torch.ones(4, 4))
    with pytest.raises(BadValue, match="keeps every stroke"):
        start.check(choose(strokes=20, size="64x64"))
    start.check(choose(strokes=21, size="64x64"))


def test_words_are_needed_once(first: Painting, tmp_path: Path) -> None:
    wordless = Painting(**{**vars(first), "prompt": ""})
    with pytest.raises(BadValue, match="the prompt is empty"):
        diavlex.begin(folder=tmp_path / "one", prompt="", start=wordless, **HOW)
    with pytest.raises(BadPainting):
        diavlex.paint(start=tmp_path / "nothing.json")
    with pytest.raises(BadValue, match="strokes beside it"):
        diavlex.begin("a cat", PaintConfig(), start=first, strokes=30)
