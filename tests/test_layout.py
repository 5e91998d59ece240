"""A layout: colors of a picture say what goes where, and a legend says what they mean."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.config import SHAPE_SIDE, Region, choose, write_shape
from diavlex.errors import BadValue
from diavlex.objective.parts import _box
from diavlex.series import read_layout

SKY, SHEEP = "#87ceeb", "#202020"
LEGEND = {SKY: "a stormy sky", SHEEP: "a black sheep"}
QUICK = ["--strokes", "12", "--steps", "2", "--views", "1", "--size", "64x64", "--canvas-px", "32"]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """The upper half is sky; below, in the middle, is a disc; the rest is white."""
    y, x = np.mgrid[:200, :200]
    pixels = np.full((200, 200, 3), 255, np.uint8)
    pixels[:100] = (0x87, 0xCE, 0xEB)
    pixels[(y - 150) ** 2 + (x - 100) ** 2 < 40**2] = (0x20, 0x20, 0x20)
    path = tmp_path / "layout.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def legend(tmp_path: Path) -> Path:
    path = tmp_path / "legend.toml"
    path.write_text("".join(f'"{color}" = "{words}"\n' for color, words in LEGEND.items()))
    return path


def test_a_rectangle_and_a_disc_are_found(picture: Path, legend: Path) -> None:
    sky, sheep = read_layout(picture, legend)
    assert sky == Region(0.0, 0.0, 1.0, 0.5, "a stormy sky")
    assert sheep[:4] == pytest.approx((0.305, 0.555, 0.7, 0.95), abs=0.006)
    assert sheep.words == "a black sheep"
    share = np.mean(sheep.places)
    assert share == pytest.approx(np.pi / 4, abs=0.03)
    assert read_layout(str(picture), LEGEND) == (sky, sheep)


def test_a_shape_is_kept_as_text_and_read_again(picture: Path) -> None:
    regions = read_layout(picture, LEGEND)
    config = choose(regions=regions)
    assert config.regions == regions
    assert choose(**config.to_plain()).regions == regions
    assert write_shape(regions[1].places) == regions[1].shape


def test_only_the_shape_is_the_region_s() -> None:
    places = [[column < row for column in range(SHAPE_SIDE)] for row in range(SHAPE_SIDE)]
    box = _box(Region(0.0, 0.0, 1.0, 1.0, "a hill", write_shape(places)), (96, 96))
    assert box[90, 5] == 1
    assert box[5, 90] == 0
    assert float(box.mean()) == pytest.approx(0.5, abs=0.03)
    assert float(_box(Region(0.0, 0.0, 1.0, 0.5, "a sky"), (96, 96)).mean()) == 0.5


def test_soft_edges_belong_to_the_nearest_color(picture: Path) -> None:
    with Image.open(picture) as image:
        image.resize((150, 150), Image.Resampling.BICUBIC).save(picture)
    assert [one.words for one in read_layout(picture, LEGEND)] == list(LEGEND.values())


def test_a_layout_may_be_a_jpeg_whose_colors_are_not_exact(picture: Path, tmp_path: Path) -> None:
    with Image.open(picture) as image:
        image.save(tmp_path / "layout.jpg", quality=50)
    for one, exact in zip(
        read_layout(tmp_path / "layout.jpg", LEGEND), read_layout(picture, LEGEND), strict=True
    ):
        assert one.words == exact.words
        assert one[:4] == pytest.approx(exact[:4], abs=0.03)


def test_a_shape_hides_nothing(picture: Path) -> None:
    whole = Region(0.1, 0.1, 0.2, 0.2, "a bird")
    shaped = Region(0.0, 0.0, 1.0, 1.0, "a hill", "f" * 128 + "0" * 128)
    assert choose(regions=(whole, shaped)).regions == (whole, shaped)
    with pytest.raises(BadValue, match="is hidden by"):
        choose(regions=(whole, shaped._replace(shape="")))


@pytest.mark.parametrize("shape", ["0" * 256, "f" * 255, "F" * 256, "g" * 256, "f" * 257])
def test_a_shape_that_is_none_is_refused(shape: str) -> None:
    with pytest.raises(BadValue, match="has no shape"):
        choose(regions=[f"0,0,1,1@{shape}:a hill"])


BAD = {
    '"#ff00ff" = "a fox"': "nothing in the layout is #ff00ff",
    '"sky" = "a fox"': "'sky' is no color",
    '"#87ceeb" = ""': "prompt",
    '"#87ceeb" = 3': "has no words for #87ceeb",
    "": "is empty",
    "a = b = c": "cannot be read",
}


@pytest.mark.parametrize("text", BAD)
def test_a_legend_that_cannot_be_is_told(text: str, picture: Path, legend: Path) -> None:
    legend.write_text(text)
    with pytest.raises(BadValue, match=BAD[text]) as found:
        read_layout(picture, legend)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--layout", "{picture}"], "give both"),
        (["--legend", "{legend}"], "give both"),
        (
            ["--layout", "{picture}", "--legend", "{legend}", "--region", "0,0,1,1:a sky"],
            "give one of them",
        ),
        (["--layout", "{legend}", "--legend", "{legend}"], "the layout"),
        (["--layout", "{picture}", "--legend", "{picture}"], "give a TOML file"),
    ],
)
def test_a_layout_that_cannot_be_is_one_line(
    words: list[str], told: str, picture: Path, legend: Path, tmp_path: Path, capfd
) -> None:
    out = tmp_path / "out"
    filled = [word.format(picture=picture, legend=legend) for word in words]
    assert cli.main(["paint", "a field", *QUICK, "--out", str(out), *filled]) == 2
    error = capfd.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not out.exists()


def test_a_layout_is_painted_and_recorded(picture: Path, legend: Path, tmp_path: Path) -> None:
    words = ["--layout", str(picture), "--legend", str(legend), "--progress", "none"]
    assert cli.main(["paint", "a field", *QUICK, "--out", str(tmp_path), *words]) == 0
    (record,) = tmp_path.glob("*/painting.json")
    painting = diavlex.load(record)
    assert [one.split(":")[1] for one in painting.settings["regions"]] == list(LEGEND.values())
    assert {layer.name for layer in painting.layers} >= set(LEGEND.values())
    again = diavlex.paint(
        "a field", regions=diavlex.read_layout(picture, LEGEND), strokes=12, steps=2, views=1,
        size=(64, 64), canvas_px=32,
    )  # fmt: skip
    assert torch.equal(again.actions, painting.actions)
