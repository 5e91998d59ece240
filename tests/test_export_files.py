"""What each kind of exported file holds, read back by other programs where there are some."""

import csv
import io
import json
import os
import pty
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
import resvg_py
import tifffile
import torch
from paintings import make
from PIL import Image
from pyora import Project
from rich.style import Style

import diavlex
from diavlex import gallery, painting
from diavlex.brushes import mypaint
from diavlex.errors import BadPainting
from diavlex.gallery import films, pictures, svg, timing
from diavlex.gallery.blocks import blocks
from diavlex.painting import Layer

ENGINES = ["neural"] + ["mypaint"] * mypaint.is_available()
ODD = 'Овца 🐑\u200d🐑 </metadata></script> <b>&amp;" ]]> \u2028'
KEEPERS = (".png", ".tiff", ".svg", ".ora", ".html", ".json")


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def over(picture: np.ndarray, color: tuple[float, ...]) -> np.ndarray:
    """A picture with alpha over a color, 0 to 255."""
    alpha = picture[..., 3:] / 255
    return picture[..., :3] * alpha + (1 - alpha) * np.array(color) * 255


# --- pictures


@pytest.mark.parametrize("engine", ENGINES)
def test_a_transparent_picture_lies_on_any_color(engine: str) -> None:
    clear = pictures.render(make(), engine=engine, has_background=False)
    assert clear.shape == (48, 80, 4)
    assert clear[..., 3].min() == 0
    assert clear[..., 3].max() == 255
    for color in ((0.9, 0.85, 0.2), (0.0, 0.0, 1.0)):
        whole = pictures.render(make(background=color), engine=engine)
        assert np.abs(over(clear, color) - whole).max() < 2.5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("has_background", [True, False])
def test_sixteen_bits_are_finer_than_eight(
    engine: str, has_background: bool, tmp_path: Path
) -> None:
    fine = pictures.render(make(), engine=engine, has_background=has_background, bits=16)
    coarse = pictures.render(make(), engine=engine, has_background=has_background)
    assert fine.dtype == np.uint16
    assert np.abs(fine / 257 - coarse).max() <= 0.51
    assert len(np.unique(fine)) > 2 * len(np.unique(coarse))
    path = diavlex.save(make(), tmp_path / "a.tif", engine=engine, transparent=not has_background)
    assert np.array_equal(tifffile.imread(path), fine)
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        assert isinstance(page, tifffile.TiffPage)
        assert page.tags["InterColorProfile"].value[36:40] == b"acsp"
        assert page.bitspersample == 16
        assert page.compression == tifffile.COMPRESSION.ADOBE_DEFLATE
        assert [int(kind) for kind in page.extrasamples] == [2] * (not has_background)


@pytest.mark.skipif(len(ENGINES) < 2, reason="libmypaint is not on this machine")
def test_the_engine_paints_groups_as_it_paints_all() -> None:
    record = make()
    flat = Image.new("RGBA", (80, 48), tuple(round(255 * v) for v in (*record.background, 1)))
    for group in pictures.groups(record, [0, 5, 12, 24], engine="mypaint"):
        flat.alpha_composite(Image.fromarray(group))
    whole = pictures.render(record, engine="mypaint")
    assert np.abs(np.asarray(flat)[..., :3].astype(int) - whole).max() <= 3


# --- the record in other files


@pytest.mark.parametrize("suffix", KEEPERS)
def test_a_file_keeps_the_whole_record(suffix: str, tmp_path: Path) -> None:
    record = make((8, 12), 5, prompt=ODD)
    path = diavlex.save(record, tmp_path / f"a{suffix}")
    assert painting.to_text(diavlex.load(path)) == painting.to_text(record)


def test_a_painting_s_picture_is_a_painting(tmp_path: Path) -> None:
    gallery.save_folder(make((8, 12), 3), tmp_path, [])
    assert len(diavlex.load(tmp_path / "painting.png").actions) == 3


@pytest.mark.parametrize("suffix", KEEPERS)
@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"<svg>", b"PK\x03\x04", b"II*\0"])
def test_a_file_without_a_record_is_told(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    with pytest.raises(BadPainting, match="check the path"):
        diavlex.load(path)
    path.write_bytes(data)
    with pytest.raises(BadPainting) as caught:
        diavlex.load(path)
    assert "\n" not in str(caught.value)


def test_a_picture_s_altered_record_is_told(tmp_path: Path) -> None:
    path = diavlex.save(make((8, 12), 3), tmp_path / "a.svg")
    text = path.read_text()
    assert '"seed"' in text
    path.write_text(text.replace('"seed"', '"sead"'))
    with pytest.raises(BadPainting, match=r"a\.svg: .*'se"):
        diavlex.load(path)
    foreign = tmp_path / "b.png"
    Image.new("RGB", (8, 8)).save(foreign)
    with pytest.raises(BadPainting, match="keeps no record of a painting"):
        diavlex.load(foreign)


# --- layers


@pytest.mark.parametrize("engine", ENGINES)
def test_ora_is_read_by_pyora(engine: str, tmp_path: Path) -> None:
    path = diavlex.save(make(), tmp_path / "a.ora", engine=engine, groups=3)
    project = Project.load(path)
    assert [layer.name for layer in project.children][::-1] == [
        "background", "strokes 1 to 8", "strokes 9 to 16", "strokes 17 to 24",
    ]  # fmt: skip
    merged = np.asarray(project.get_image_data(use_original=False).convert("RGB"), int)
    assert np.abs(merged - pictures.render(make(), engine=engine)).max() <= 3


def test_each_thing_is_a_group_of_layers(tmp_path: Path) -> None:
    record = make(layers=(Layer("field & sky", 0, 18), Layer('a "horse"', 18, 6)))
    path = diavlex.save(record, tmp_path / "a.ora", engine="neural", groups=4, transparent=True)
    with zipfile.ZipFile(path) as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml"))[0]
    told = [(one.tag, one.get("name"), [row.get("name") for row in one]) for one in stack]
    assert told == [
        ("stack", 'a "horse"', ["strokes 19 to 24"]),
        ("stack", "field & sky", ["strokes 13 to 18", "strokes 7 to 12", "strokes 1 to 6"]),
    ]
    seen = np.asarray(Project.load(path).get_image_data(use_original=False))
    for color in ((1, 1, 1), (0, 0, 0)):
        assert np.abs(over(seen, color) - over(read_merged(path), color)).max() <= 3
    root = ElementTree.fromstring(svg.to_svg(record))
    groups = root.findall("{http://www.w3.org/2000/svg}g/*")
    labels = [one.get(f"{{{svg.INKSCAPE}}}label") for one in groups[1:]]
    assert labels == ["field & sky", 'a "horse"']
    assert [len(one) for one in groups[1:]] == [18, 6]


def read_merged(path: Path) -> np.ndarray:
    with zipfile.ZipFile(path) as archive, Image.open(archive.open("mergedimage.png")) as image:
        return np.asarray(image)


# --- curves


def drawn(text: str, dpi: float = 96.0) -> np.ndarray:
    """SVG as resvg draws it: sRGB and alpha."""
    data = bytes(resvg_py.svg_to_bytes(svg_string=text, dpi=dpi))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


@pytest.mark.parametrize(("name", "most"), [("ink", 0.2), ("flat", 0.2), ("oil", 0.25)])
def test_curves_look_like_the_strokes(name: str, most: float) -> None:
    record = make((64, 96), 30, brushes=(name,), brush_of=torch.zeros(30, dtype=torch.long))
    real = pictures.render(record, 128).astype(int)
    blank = np.array(record.background) * 255
    curves = drawn(svg.to_svg(record, 128))[..., :3].astype(int)
    assert curves.shape == real.shape
    assert np.abs(curves - real).mean() < most * np.abs(real - blank).mean()


def test_a_round_brush_has_round_ends_and_a_flat_one_has_not() -> None:
    from diavlex import brushes

    told = {name: svg.has_round_ends(brushes.load(name)) for name in ("ink", "round", "flat")}
    assert told == {"ink": True, "round": True, "flat": False}


def test_svg_lies_on_paper(tmp_path: Path) -> None:
    path = diavlex.save(make(), tmp_path / "a.svg", paper="a5", margin="1cm", transparent=True)
    text = path.read_text()
    assert 'width="210mm" height="148mm"' in text  # turned: the painting is wider than high
    cover = drawn(text, 25.4)[..., 3]  # a pixel is a millimeter
    assert cover.shape == (148, 210)
    inside = np.zeros_like(cover, bool)
    inside[17:131, 10:200] = True  # 190 x 114 mm in the middle
    assert not cover[~inside].any()
    assert cover[inside].mean() > 100
    assert "<rect" in svg.to_svg(make(), has_background=False)  # what cuts off at the edge
    assert drawn(svg.to_svg(make(), has_background=False))[..., 3].min() == 0
    assert drawn(svg.to_svg(make()))[..., 3].min() == 255


# --- films


@pytest.mark.parametrize("codec", sorted(films.CODECS))
def test_a_film_ends_on_the_picture(codec: str, tmp_path: Path) -> None:
    path = diavlex.save(
        make((64, 96)), tmp_path / f"a.{codec}", engine="neural", seconds=1, hold=0.5, fps=10
    )
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == 10
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 15
    picture = pictures.render(make((64, 96))).astype(int)
    light = np.abs((frames[-1].astype(int) - picture) @ [0.2126, 0.7152, 0.0722])
    assert light.mean() < 4
    assert np.abs(frames[0] - np.array(make().background) * 255).mean() < 4


def test_speed_and_hold_are_kept(tmp_path: Path) -> None:
    ways = {"size": 16, "engine": "neural", "fps": 10}
    path = diavlex.save(make(), tmp_path / "a.mp4", speed=12, hold=1, **ways)  # 24 strokes
    with av.open(str(path)) as container:
        assert len(list(container.decode(video=0))) == 30
    path = diavlex.save(make(), tmp_path / "a.gif", speed=12, hold=1, **ways)
    with Image.open(path) as image:
        shown = []
        for at in range(image.n_frames):  # pyright: ignore[reportAttributeAccessIssue]
            image.seek(at)
            shown.append(image.info["duration"])
    assert sum(shown) == 3000
    assert shown[-1] >= 1000


@pytest.mark.parametrize(
    ("easing", "half"), [("linear", 500), ("in", 250), ("out", 750), ("in-out", 500)]
)
def test_easing_shares_out_the_strokes(easing: str, half: int) -> None:
    shown = timing.spread(1001, 201, easing)
    frames = [index for index, times in shown for _ in range(times)]
    assert len(frames) == 201
    assert (frames[0], frames[-1]) == (0, 1000)
    assert frames == sorted(frames)
    assert frames[100] == pytest.approx(half, abs=1)
    steps = np.diff(frames)
    ends = {"linear": (5, 5), "in": (0, 10), "out": (10, 0), "in-out": (0, 0)}[easing]
    assert (steps[0], steps[-1]) == pytest.approx(ends, abs=1)


def test_a_gif_shows_the_picture_and_does_not_flicker(tmp_path: Path) -> None:
    path = diavlex.save(make((64, 96)), tmp_path / "a.gif", engine="neural", seconds=1, fps=20)
    stages = list(pictures.stages(make((64, 96)), [6, 24]))
    frames = []
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        for at in range(image.n_frames):  # pyright: ignore[reportAttributeAccessIssue]
            image.seek(at)
            frames.append(np.asarray(image.convert("RGB"), int))
    assert np.abs(frames[-1] - stages[-1]).mean() < 3
    near = [np.abs(frame - stages[0]).mean() for frame in frames]
    early = frames[int(np.argmin(near))]
    still = (stages[0] == stages[1]).all(-1)  # what is not painted on any more
    assert still.mean() > 0.05
    assert np.array_equal(early[still], frames[-1][still])


# --- frames


@pytest.mark.parametrize("engine", ENGINES)
def test_frames_are_stages(engine: str, tmp_path: Path) -> None:
    place = diavlex.save(make(), tmp_path / "f", "frames", engine=engine, frames=4)
    names = sorted(os.listdir(place))
    assert names == ["0001.png", "0002.png", "0003.png", "0004.png"]
    stages = pictures.stages(make(), [6, 12, 18, 24], engine=engine)
    for name, stage in zip(names, stages, strict=True):
        assert np.array_equal(read(place / name), stage)
    with Image.open(place / "0002.png") as image:
        assert image.info["strokes"] == "12 of 24"


def test_there_is_a_frame_a_stroke_and_each_alone_makes_the_whole(tmp_path: Path) -> None:
    ways = {"engine": "neural", "size": 24}
    place = diavlex.save(make(), tmp_path / "f", "frames", alone=True, **ways)
    names = sorted(os.listdir(place))
    assert len(names) == 24
    flat = Image.new("RGBA", (40, 24))
    for name in names:
        flat.alpha_composite(Image.open(place / name))
    whole = pictures.render(make(), 24, has_background=False)
    difference = over(np.asarray(flat), (1, 1, 1)) - over(whole, (1, 1, 1))
    assert np.abs(difference).max() < 6  # each picture is rounded once
    diavlex.save(make(), place, "frames", frames=2, transparent=True, **ways)
    assert sorted(os.listdir(place)) == ["0001.png", "0002.png"]
    assert sorted(os.listdir(tmp_path)) == ["f"]
    assert np.array_equal(read(place / "0002.png"), whole)


# --- tables


def test_tables_hold_every_number_exactly(tmp_path: Path) -> None:
    record = make(prompt=ODD)
    path = diavlex.save(record, tmp_path / "a.csv")
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    about = json.loads((tmp_path / "a.csv-metadata.json").read_text(encoding="utf-8"))
    columns = about["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == list(rows[0])
    assert about["url"] == "a.csv"
    assert "shorter sides of the canvas" in columns[3]["dc:description"]
    head, *lines = diavlex.save(record, tmp_path / "a.jsonl").read_text().splitlines()
    lines = [json.loads(line) for line in lines]
    facts, plain = json.loads(head), painting.to_plain(record)
    assert facts["columns"]["size"]["unit"] == "shorter sides of the canvas"
    assert {k: v for k, v in plain.items() if k not in ("columns", "strokes")} == facts["painting"]
    assert about["notes"] == [facts["painting"]]
    for row, line, stroke in zip(rows, lines, plain["strokes"], strict=True):
        numbers = painting.COLUMNS[:12]
        assert [float(row[name]) for name in numbers] == stroke[:12]
        assert [line[name] for name in numbers] == stroke[:12]
        assert line["brush"] == row["brush"] == record.brushes[stroke[12]]
        assert line["variant"] == int(row["variant"]) == stroke[13]
        assert re.fullmatch("#[0-9a-f]{6}", line["color"])
    assert [line["stroke"] for line in lines] == list(range(1, 25))


# --- the terminal


def in_terminal(path: Path) -> str:
    """What `diavlex show` prints where there are colors."""
    pid, handle = pty.fork()
    if pid == 0:  # pragma: no cover
        colors = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "120"}
        environ = {**os.environ, **colors, "LINES": "50", "PYTHONIOENCODING": "utf-8"}
        os.execve(sys.executable, [sys.executable, "-m", "diavlex", "show", str(path)], environ)
    told = b""
    while True:
        try:
            more = os.read(handle, 1 << 16)
        except OSError:
            break
        if not more:
            break
        told += more
    os.waitpid(pid, 0)
    os.close(handle)
    return told.decode()


def test_show_tells_and_shows(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    from diavlex.cli import main as cli

    record = make(settings={"brush": "oil,round", "steps": 150, "calm": 3.5}, prompt="a\x1b[31mred")
    record.save(tmp_path / "painting.json")
    assert cli.main(["show", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for told in ("24 of oil, round", "80 x 48 px", "seed 7, 200 steps", "similarity", "0.3"):
        assert told in out
    assert re.search(r"--brush +oil,round", out)
    assert re.search(r"--saturation +3\.5", out)
    assert "--steps" not in out  # as usual
    assert "painting.json, " in out
    assert "\x1b" not in out
    told = in_terminal(tmp_path)
    assert told.count("▀") >= 44 * 13
    assert re.search(r"\x1b\[38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+m▀", told)
    assert cli.main(["show", str(tmp_path / "nowhere")]) == 2
    assert "no such painting" in capsys.readouterr().err


def test_blocks_are_two_pixels_each() -> None:
    picture = np.arange(5 * 3 * 3, dtype=np.uint8).reshape(5, 3, 3)
    text = blocks(picture)
    assert text.plain == "\n".join(["▀▀▀"] * 3)
    first, last = text.spans[0].style, text.spans[-1].style
    assert isinstance(first, Style)
    assert first.color
    assert first.bgcolor
    assert isinstance(last, Style)
    assert last.color
    assert last.bgcolor
    assert (first.color.name, first.bgcolor.name) == ("#000102", "#090a0b")
    assert (last.color.name, last.bgcolor.name) == ("#2a2b2c", "#2a2b2c")
