"""Photos in: read within limits and upright; strokes come to show them; palettes are kept to."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.config import choose, preset
from diavlex.errors import BadValue
from diavlex.oklab import nearest, palette_of, to_oklab
from diavlex.pictures import colors_of, parse_picture, read_picture

SMALL: dict[str, Any] = {
    "strokes": 120,
    "largest": 0.4,
    "steps": 40,
    "size": "96x96",
    "canvas_px": 64,
    "views": 1,
}


def bytes_of(image: Image.Image, kind: str = "PNG", **choices) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **choices)
    return stream.getvalue()


def two_colors(height: int = 40, width: int = 60) -> Image.Image:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (200, 30, 40)
    pixels[:, width // 2 :] = (20, 60, 180)
    return Image.fromarray(pixels)


def test_oklab_is_ottossons() -> None:
    white, red = to_oklab(torch.ones(3, 1))[:, 0], to_oklab(torch.tensor([[1.0], [0], [0]]))[:, 0]
    torch.testing.assert_close(white, torch.tensor([1.0, 0.0, 0.0]), atol=2e-3, rtol=0)
    torch.testing.assert_close(red, torch.tensor([0.628, 0.2249, 0.1258]), atol=2e-3, rtol=0)
    colors = torch.rand(3, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(to_oklab, (colors,))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P", "RGBA", "I;16", "1", "LA"])
def test_pictures_of_every_mode_are_read(mode: str) -> None:
    image = two_colors()
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)
    else:
        image = image.convert(mode)
    photo = parse_picture(bytes_of(image, "TIFF"))
    assert photo.colors.shape == (3, 40, 60)
    assert 0 <= float(photo.colors.min()) <= float(photo.colors.max()) <= 1
    if mode in ("RGB", "RGBA"):
        left = photo.colors[:, 20, 10] * 255
        torch.testing.assert_close(left, torch.tensor([200.0, 30.0, 40.0]))


def test_a_turned_photo_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    photo = parse_picture(bytes_of(two_colors(), "JPEG", exif=exif.tobytes(), quality=95))
    assert photo.colors.shape == (3, 60, 40)
    assert photo.colors[0, 5].mean() > photo.colors[0, -5].mean() + 0.3


def test_what_is_not_there_is_white_and_known() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    photo = parse_picture(bytes_of(clear))
    assert float(photo.colors.min()) == 1.0
    assert float(photo.alpha.max()) == 0.0


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no picture"),
        (b"hello", "no picture"),
        (bytes_of(two_colors(300, 300))[:300], "cut short"),
        (bytes_of(two_colors(300, 300), "JPEG")[:500], "cut short"),
        (bomb(), "pixels"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "no picture"),
    ],
)
def test_what_is_no_picture_is_told(data: bytes, told: str) -> None:
    with pytest.raises(BadValue, match=told):
        parse_picture(data)


def test_a_photo_that_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(BadValue, match="cannot be read"):
        read_picture(tmp_path / "none.jpg")
    code = cli.main(["paint", "--from", str(tmp_path / "none.jpg"), "--out", str(tmp_path / "out")])
    assert code == 2
    assert "the photo" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_palette_is_found_and_kept_to() -> None:
    colors = torch.tensor([[0.9, 0.1, 0.1]] * 50 + [[0.1, 0.2, 0.8]] * 30 + [[0.1, 0.21, 0.8]]).T
    found = palette_of(colors, 2)
    assert len(found) == 2
    assert torch.equal(palette_of(colors, 2), found)
    assert len(palette_of(colors, 50)) <= 3
    near = nearest(torch.tensor([[0.8, 0.2, 0.2]]), found)
    torch.testing.assert_close(near[0], torch.tensor([0.9, 0.1, 0.1]))
    assert len(colors_of(parse_picture(bytes_of(two_colors())), 2)) == 2


@pytest.mark.parametrize("palette", ["#aa0000,#00aa55,ivory", "#204060", "3"])
def test_every_stroke_ends_on_a_color_of_the_palette(palette: str) -> None:
    record = diavlex.paint("red car", palette=palette, strokes=20, steps=8, views=2, size="64x64")
    levels = (record.actions[:, 9:] * 255).round()
    assert torch.equal(levels / 255, record.actions[:, 9:])
    used = {tuple(row) for row in levels.int().tolist()}
    asked = choose(palette=palette).palette
    assert asked is not None
    assert len(used) <= (len(asked.colors) or asked.count)
    if asked.colors:
        assert used <= {tuple(round(v * 255) for v in color) for color in asked.colors}


@pytest.mark.parametrize("palette", ["#aa0000,#00aa55", "3"])
def test_whoever_looks_early_changes_nothing(palette: str, tmp_path: Path) -> None:
    """A record of strokes that do not keep to their palette yet is in its colors."""
    choices: dict[str, Any] = {"strokes": 20, "steps": 8, "views": 2, "size": "64x64"}
    whole = diavlex.paint("red car", palette=palette, **choices)
    session = diavlex.begin("red car", folder=tmp_path / "one", palette=palette, **choices)
    for step in session.walk():
        seen = session.painting()
        if step.index == 2:
            assert len(set(map(tuple, seen.actions[:, 9:].tolist()))) <= 3
    assert torch.equal(session.painting().actions, whole.actions)


@pytest.mark.parametrize(
    ("palette", "told"),
    [
        ("blurple", "no color"),
        ("0", "1 to 64"),
        ("65", "1 to 64"),
        (",".join(["red"] * 300), "300"),
    ],
)
def test_a_wrong_palette_is_told(palette: str, told: str) -> None:
    with pytest.raises(BadValue, match=told):
        choose(palette=palette)


def test_a_photo_is_painted_without_words(tmp_path: Path) -> None:
    photo = parse_picture(bytes_of(two_colors(60, 60)))
    choices: dict[str, Any] = preset("photo") | SMALL | {"steps": 80}
    record = diavlex.paint(photo=photo, **choices)
    picture = torch.from_numpy(diavlex.render(record, 64).astype(np.float32)) / 255
    goal = photo.fitted(64, 64).permute(1, 2, 0)
    assert float((picture - goal).square().mean()) < 0.01
    assert record.prompt == ""
    assert set(record.scores["terms"]) == {"photo", "photo features"}
    usual: dict[str, Any] = SMALL | {"steps": 80}
    assert torch.equal(diavlex.paint(photo=photo, **usual).actions, record.actions)


def test_words_and_a_photo_go_together_and_on(tmp_path: Path) -> None:
    path = tmp_path / "two.png"
    two_colors(60, 60).save(path)
    choices: dict[str, Any] = preset("photo") | SMALL | {"steps": 10}
    config = choose(**choices)
    whole = diavlex.begin("a red rose", config, tmp_path / "whole", photo=path)
    for _ in whole.paint():
        pass
    assert {"words", "photo"} <= set(whole.painting().scores["terms"])
    cut = diavlex.begin("a red rose", config, tmp_path / "cut", photo=path)
    for step in cut.paint():
        if step.index == 4:
            break
    cut.keep()
    path.unlink()
    again = diavlex.resume(tmp_path / "cut")
    for _ in again.paint():
        pass
    assert torch.equal(again.painting().actions, whole.painting().actions)
