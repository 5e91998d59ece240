"""Backgrounds: colors, papers with a grain, pictures, or none; the same in every kind of file."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import diavlex
from diavlex.backgrounds import Background, backdrop_of, background_of
from diavlex.brushes import mypaint
from diavlex.cli import main as cli
from diavlex.config import MOST_BACKDROP, PAPERS, PaintConfig, choose
from diavlex.errors import BadPainting, BadValue, UnknownName
from diavlex.painting import Painting
from diavlex.pictures import Photo

TINY: dict[str, Any] = {
    "strokes": 12, "steps": 4, "views": 2, "size": "80x64", "canvas_px": 64, "largest": 0.2,
}  # fmt: skip
GRAINED = [name for name in PAPERS if name != "plain"]
ENGINES = ["neural", *(["mypaint"] if mypaint.is_available() else [])]


def halves() -> Photo:
    """A picture that is red on its left and blue on its right."""
    colors = torch.zeros(3, 60, 75)
    colors[0, :, :37], colors[2, :, 37:] = 0.8, 0.8
    return Photo(colors, torch.ones(60, 75))


def bare(painting: Painting, **settings: Any) -> Painting:
    """The same with one small stroke in the middle, and other settings."""
    row = painting.actions[:1].clone()
    row[:, 2] = 0.01
    row[:, 3:9] = torch.tensor([0.62, 0.5, 0.64, 0.5, 0.6, 0.5])
    facts = vars(painting) | {"actions": row, "brush_of": torch.zeros(1).long(), "layers": ()}
    facts |= {"variants": torch.zeros(1).long(), "settings": painting.settings | settings}
    return Painting(**facts)


@pytest.fixture(scope="module")
def plain() -> Painting:
    return diavlex.paint("a red barn", **TINY)


@pytest.mark.parametrize("paper", GRAINED)
def test_a_paper_has_a_grain_and_keeps_its_color(paper: str) -> None:
    sheet = Background((0.8, 0.7, 0.6), paper).canvas(512, 640)
    torch.testing.assert_close(sheet.mean((1, 2)), torch.tensor([0.8, 0.7, 0.6]), atol=0.02, rtol=0)
    assert 0.005 < float(sheet[0].std()) < 0.1
    assert torch.equal(sheet, Background((0.8, 0.7, 0.6), paper).canvas(512, 640))
    assert float((sheet - Background((0.8, 0.7, 0.6)).canvas(512, 640)).abs().max()) > 0.02


@pytest.mark.parametrize("paper", GRAINED)
def test_bands_do_not_show(paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Background((0.5, 0.5, 0.5), paper).canvas(96, 130)
    monkeypatch.setattr("diavlex.backgrounds._BAND_PX", 700)
    torch.testing.assert_close(Background((0.5, 0.5, 0.5), paper).canvas(96, 130), whole)


def test_no_two_papers_look_the_same() -> None:
    sheets = [Background((0.8, 0.8, 0.8), name).canvas(400, 400) for name in PAPERS]
    for at, one in enumerate(sheets):
        assert all(float((one - other).abs().mean()) > 0.003 for other in sheets[:at])


def test_one_color_is_what_it_was(plain: Painting) -> None:
    again = diavlex.paint("a red barn", paper="plain", transparent=False, **TINY)
    assert torch.equal(again.actions, plain.actions)
    corner = diavlex.render(bare(plain), 64)[0, 0]
    assert corner.tolist() == [round(v * 255) for v in plain.background]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("paper", GRAINED)
def test_both_engines_paint_on_it(paper: str, engine: str, plain: Painting) -> None:
    one = bare(plain, paper=paper)
    picture = diavlex.render(one, 256, engine=engine)
    wanted = background_of(one.background, one.settings).canvas(256, 320).permute(1, 2, 0)
    seen = torch.from_numpy(picture.astype(np.float32)) / 255
    torch.testing.assert_close(seen[:80], wanted[:80], atol=0.003, rtol=0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_picture_lies_under_the_strokes(plain: Painting, engine: str) -> None:
    one = bare(plain, backdrop=backdrop_of(halves()))
    picture = diavlex.render(one, 64, engine=engine)
    assert picture[10, 10, 0] > 180
    assert picture[10, 70, 2] > 180
    assert max(picture[10, 10, 2], picture[10, 70, 0]) < 40


def test_it_is_seen_while_it_is_painted_on_and_kept(tmp_path: Path) -> None:
    Image.fromarray(halves().levels()).save(tmp_path / "under.png")
    words = ["paint", "a red barn", "--background", str(tmp_path / "under.png"), "--steps=4"]
    words += ["--strokes=12", "--views=2", "--size=80x64", "--random-background=0"]
    assert cli.main([*words, "--canvas-px=64", "--out", str(tmp_path)]) == 0
    record = diavlex.load(tmp_path / "a-red-barn-0")
    (tmp_path / "under.png").unlink()
    config = choose(**{k: v for k, v in record.settings.items() if k != "remarks"})
    assert config.backdrop == backdrop_of(halves())
    plain = diavlex.paint("a red barn", **TINY)
    assert not torch.equal(record.actions, plain.actions)
    diavlex.render(record, 64)


def test_a_paper_is_a_background_by_its_name(tmp_path: Path) -> None:
    words = ["paint", "a cat", "--background", "canvas", "--strokes=5", "--steps=1", "--views=1"]
    assert cli.main([*words, "--size=64x64", "--out", str(tmp_path)]) == 0
    record = diavlex.load(tmp_path / "a-cat-0")
    assert record.settings["paper"] == "canvas"
    assert record.background == pytest.approx(PaintConfig().background)


def test_files_show_it(plain: Painting, tmp_path: Path) -> None:
    one = bare(plain, paper="canvas")
    svg = diavlex.save(one, tmp_path / "a.svg").read_text()
    assert 'href="data:image/png;base64,' in svg
    assert "<image" not in diavlex.save(plain, tmp_path / "b.svg").read_text()
    with zipfile.ZipFile(diavlex.save(one, tmp_path / "a.ora", size=256)) as archive:
        under = np.asarray(Image.open(archive.open("data/background.png")))
    assert under.std() > 1
    shown = np.asarray(Image.open(diavlex.save(one, tmp_path / "a.png", size=256)))
    assert shown[:40].std() > 1


def test_without_a_background_only_strokes_cover(tmp_path: Path) -> None:
    words = ["paint", "a red barn", "--transparent", "--strokes=6", "--steps=2", "--views=2"]
    words += ["--largest=0.2", "--canvas-px=64", "--size=80x64", "--out", str(tmp_path)]
    assert cli.main(words) == 0
    folder = tmp_path / "a-red-barn-0"
    with Image.open(folder / "painting.png") as picture:
        assert picture.mode == "RGBA"
        alpha = np.asarray(picture)[..., 3]
    assert alpha.min() == 0
    assert alpha.max() > 100
    record = diavlex.load(folder)
    assert record.is_transparent
    with Image.open(diavlex.save(record, tmp_path / "b.png", size=64)) as picture:
        assert picture.mode == "RGBA"
    with zipfile.ZipFile(diavlex.save(record, tmp_path / "b.ora")) as archive:
        assert "data/background.png" not in archive.namelist()
    svg = diavlex.save(record, tmp_path / "b.svg").read_text()
    assert svg.count("<rect") == 1  # the edge of the canvas, which cuts off
    assert diavlex.render(record, 64).shape == (64, 80, 3)


@pytest.mark.parametrize("text", ["%%%", "x" * (MOST_BACKDROP + 1), 5])
def test_a_wrong_backdrop_is_told(text: Any) -> None:
    with pytest.raises(BadValue):
        choose(backdrop=text)


def test_a_record_with_a_wrong_background_is_told(plain: Painting) -> None:
    for text in ("AAAA", "x y", "A" * (MOST_BACKDROP + 4)):
        with pytest.raises(BadPainting, match=r"cannot be read|no picture"):
            diavlex.render(bare(plain, backdrop=text), 64)
    assert diavlex.render(bare(plain, paper="velvet"), 64).shape == (64, 80, 3)
    assert diavlex.render(bare(plain, paper=["canvas"]), 64).shape == (64, 80, 3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--background", "nowhere.png"], "cannot be read"),
        (["--background", "text.png"], "is no picture"),
        (["--background", "canwas"], "no color"),
        (["--paper", "canwas"], "did you mean 'canvas'"),
    ],
)
def test_a_background_that_cannot_be_is_told(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.png").write_text("I am text")
    assert cli.main(["paint", "a cat", *words, "--out", "out"]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert not Path("out").exists()
    with pytest.raises(UnknownName):
        choose(paper="velvet")
