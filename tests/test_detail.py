"""Where small strokes go, and the look of a picture: its colors and the sizes of its strokes."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from studio_of import brief_of
from torch.nn import functional

import diavlex
from diavlex import stroke
from diavlex.cli import main as cli
from diavlex.config import choose
from diavlex.look import brush_for, direction_of, look_of, stroke_sizes
from diavlex.painting import Painting
from diavlex.pictures import Photo
from diavlex.series.session import DETAIL
from diavlex.studio.first_strokes import begin

TINY: dict[str, Any] = {
    "strokes": 40, "steps": 20, "views": 2, "size": "64x64", "canvas_px": 64,
}  # fmt: skip


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """A mask that is white on its right half."""
    image = Image.new("L", (60, 30))
    image.paste(255, (30, 0, 60, 30))
    image.save(tmp_path / "right.png")
    return tmp_path / "right.png"


def halves(painting: Painting) -> tuple[torch.Tensor, torch.Tensor]:
    """Half-lengths of the strokes on the left and on the right."""
    parts = stroke.split(painting.actions)
    lengths, is_right = parts.axes.norm(dim=-1) * stroke.REACH, parts.centers[:, 0] > 0.5
    return lengths[~is_right], lengths[is_right]


@pytest.mark.parametrize("sketch", [500.0, 0.0])
def test_small_strokes_go_where_the_mask_is_white(right: Path, sketch: float) -> None:
    left, small = halves(diavlex.paint("a red barn", detail=right, sketch=sketch, **TINY))
    plain, same = halves(diavlex.paint("a red barn", sketch=sketch, **TINY))
    assert len(small) > 1.5 * len(left)
    assert small.median() < 0.4 * left.median()
    assert same.median() > 0.4 * plain.median()


def test_detail_outlives_a_cut_and_its_file(right: Path, tmp_path: Path) -> None:
    whole = diavlex.paint("a red barn", detail=right, **TINY)
    session = diavlex.begin("a red barn", folder=tmp_path / "one", detail=right, **TINY)
    for step in session.paint():
        if step.index == 5:
            break
    session.keep()
    right.unlink()
    again = diavlex.resume(tmp_path / "one")
    for _ in again.paint():
        pass
    assert torch.equal(again.painting().actions, whole.actions)
    assert "detail" in whole.scores["terms"]
    again.finish()
    assert not (tmp_path / "one" / DETAIL).exists()


def test_strokes_of_one_size_have_no_detail(right: Path) -> None:
    record = diavlex.paint(
        "a red barn", detail=right, largest=0.1, smallest=0.1, strokes=9, steps=2, size="64x64"
    )
    assert "detail" not in record.scores["terms"]


def dots(size: int) -> torch.Tensor:
    """A checkered picture whose fields have so many pixels on a side."""
    y, x = torch.meshgrid(torch.arange(256) // size, torch.arange(256) // size, indexing="ij")
    return ((x + y) % 2).float().expand(3, -1, -1)


def test_sizes_of_strokes_are_those_of_the_picture() -> None:
    found = [stroke_sizes(dots(size)) for size in (4, 16, 64)]
    assert found[0][0] <= found[1][0] < found[2][0]
    assert found[0][1] < found[1][1] < found[2][1]
    assert all(0.02 <= small < large <= 0.8 for small, large in found)
    flat = stroke_sizes(torch.full((3, 256, 256), 0.5))
    assert 0.02 <= flat[0] < flat[1] <= 0.8


def test_a_style_is_taken_and_kept(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), "#f4efe6")
    image.paste("#1a2a5a", (60, 50, 240, 150))
    image.save(tmp_path / "style.jpg", quality=98)
    record = diavlex.paint("a red barn", style=tmp_path / "style.jpg", **TINY)
    asked = choose(palette=record.settings["palette"]).palette
    assert asked is not None
    used = {tuple(round(v * 255) for v in row) for row in record.actions[:, 9:].tolist()}
    assert used <= {tuple(round(v * 255) for v in color) for color in asked.colors}
    assert max(max(color) for color in used) < 250
    assert record.background == pytest.approx((0.957, 0.937, 0.902), abs=0.03)
    own = diavlex.paint("a red barn", style=tmp_path / "style.jpg", palette="red", **TINY)
    assert {tuple(row) for row in own.actions[:, 9:].tolist()} == {(1.0, 0.0, 0.0)}


def test_a_look_can_be_chosen() -> None:
    photo = Photo(dots(16), torch.ones(256, 256))
    config = choose(**look_of(photo))
    assert config.palette is not None
    assert len(config.palette.colors) == 2
    one = Photo(torch.full((3, 9, 7), 0.25), torch.ones(9, 7))
    assert choose(**look_of(one)).palette is not None


def stripes(degrees: float, side: int = 256) -> torch.Tensor:
    """Soft bands that run at an angle: 0 runs right, 90 up."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    angle = math.radians(degrees)
    across = x * math.sin(angle) + y * math.cos(angle)  # y runs down
    return (0.5 + 0.4 * torch.sin(across / 6)).expand(3, side, side)


@pytest.mark.parametrize("degrees", [0.0, 30.0, 60.0, -45.0])
def test_the_direction_of_a_picture_is_found(degrees: float) -> None:
    direction, directed = direction_of(stripes(degrees))
    assert direction == pytest.approx(degrees, abs=2)
    assert directed > 0.95
    assert direction_of(stripes(0.0) + stripes(90.0))[1] < 0.05
    assert direction_of(torch.full((3, 64, 64), 0.5))[1] == 0


def test_a_rough_picture_asks_for_a_rough_brush() -> None:
    noise = torch.rand(3, 256, 256, generator=torch.Generator().manual_seed(1))
    smooth = functional.avg_pool2d(noise[None], 41, 1, 20)[0]
    assert brush_for(noise) == "dry"
    assert brush_for(smooth) == "flat"
    assert brush_for(smooth + 0.05 * noise) == "oil"


@pytest.mark.parametrize("degrees", [0.0, 90.0, -30.0])
def test_strokes_begin_along_a_direction(degrees: float) -> None:
    def angles(directed: float) -> torch.Tensor:
        """How far each stroke is from the direction, in degrees, up to 90."""
        config = choose(strokes=60, direction=degrees, directed=directed)
        layers = brief_of("black sheep", strokes=60).composition
        generator = torch.Generator().manual_seed(5)
        x, y = stroke.split(begin(config, layers, generator)).axes.unbind(-1)
        apart = torch.rad2deg(torch.atan2(-y, x)) - degrees
        return (torch.remainder(apart + 90, 180) - 90).abs()

    assert float(angles(1.0).max()) < 0.01
    assert float(angles(0.0).mean()) > 30
    torch.testing.assert_close(angles(0.5), angles(0.0) / 2, atol=0.01, rtol=0)


def test_a_style_gives_its_direction_and_its_brush() -> None:
    found = look_of(Photo(stripes(30.0), torch.ones(256, 256)))
    assert found["direction"] == pytest.approx(30, abs=2)
    assert found["directed"] > 0.9
    assert found["brush"] == "flat"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--detail", "nowhere.png"], "cannot be read"),
        (["--detail", "black.png"], "is empty"),
        (["--detail", "white.png"], "is full"),
        (["--detail", "cut.png"], "cut short"),
        (["--style", "nowhere.png"], "cannot be read"),
        (["--style", "text.png"], "is no picture"),
        (["--style", "white.png", "--resume", "x"], "no other choice"),
        (["--detail", "white.png", "--resume", "x"], "no other choice"),
    ],
)
def test_a_picture_that_cannot_be_is_told(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (300, 300)).save("black.png")
    Image.effect_noise((300, 300), 50).save("cut.png")
    Path("cut.png").write_bytes(Path("cut.png").read_bytes()[:3000])
    Image.new("L", (9, 9), 255).save("white.png")
    Path("text.png").write_text("I am text")
    prompt = [] if "--resume" in words else ["a cat"]
    assert cli.main(["paint", *prompt, *words, "--out", "out"]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert not Path("out").exists()
