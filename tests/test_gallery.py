"""Pictures, strips, films and files: each is made from the record, and says what it should."""

import contextlib
import hashlib
import os
import re
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
import torch
from av.video.reformatter import Interpolation as How
from paintings import make
from PIL import Image

from diavlex import brushes, canvas, stroke
from diavlex.brushes import mypaint
from diavlex.errors import BadFolder, BadPainting, BadValue, UnknownName
from diavlex.gallery import easel, films, folders, ora, pictures, png, sheets, svg, timing
from diavlex.gallery.timing import Timing
from diavlex.painting import Painting

SIZES = {"square": (64, 64), "wide": (48, 80), "tall": (97, 61)}


def paint_plainly(painting: Painting, size: tuple[int, int], patch_px: int = 64) -> np.ndarray:
    """The reference: every stroke a layer of its own, all of the canvas at once."""
    parts = stroke.split(painting.actions)
    patches = torch.empty(len(painting.actions), patch_px, patch_px)
    for index, name in enumerate(painting.brushes):
        mine = painting.brush_of == index
        brush = brushes.load(name)
        patches[mine] = brush(parts.shapes[mine], painting.variants[mine], patch_px).detach()
    backdrop = torch.tensor(painting.background)[:, None, None].expand(3, *size)
    painted = canvas.paint_plainly(patches, parts.placements, parts.colors, backdrop)
    return painted.permute(1, 2, 0).numpy() * 255


def checker(side_px: int = 64, phase: int = 0) -> np.ndarray:
    y, x = np.mgrid[:side_px, :side_px]
    red = 255 * ((x + phase) // 8 % 2)
    return np.stack([red, 255 - red, y * 255 // side_px], -1).astype(np.uint8)


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


# --- render


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_render_is_the_plain_painting(size: tuple[int, int]) -> None:
    painting = make(size)
    picture = pictures.render(painting)
    assert picture.shape == (*size, 3)
    assert np.abs(picture - paint_plainly(painting, size)).max() < 0.51


@pytest.mark.parametrize(("side_px", "patch_px"), [(256, 64), (257, 128)])
def test_a_large_picture_is_painted_with_finer_patches(side_px: int, patch_px: int) -> None:
    painting = make((48, 48), 6)
    plain = paint_plainly(painting, (side_px, side_px), patch_px)
    assert np.abs(pictures.render(painting, side_px) - plain).max() < 0.51


def test_render_does_not_depend_on_how_the_work_is_cut(monkeypatch) -> None:
    painting = make((47, 31), 10)
    whole = pictures.render(painting)
    for band, chunk in ((31 * 7, 1), (31 * 20, 31 * 60), (1, 1 << 20)):
        monkeypatch.setattr(easel, "_BAND_PX", band)
        monkeypatch.setattr(easel, "_CHUNK_PX", chunk)
        cut = pictures.render(painting)
        assert np.abs(cut.astype(int) - whole).max() <= 1
        assert (cut != whole).mean() < 0.01


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("side_px", [8, 61, 200])
def test_sizes_keep_the_aspect_ratio(size: tuple[int, int], side_px: int) -> None:
    height_px, width_px = pictures.size_of(make(size), side_px)
    assert min(height_px, width_px) == side_px
    assert height_px / width_px == pytest.approx(size[0] / size[1], rel=0.06)
    assert pictures.render(make(size), side_px).shape == (height_px, width_px, 3)


def test_larger_is_the_same_painting() -> None:
    painting = make((64, 64))
    large = Image.fromarray(pictures.render(painting, 256)).resize((64, 64), Image.Resampling.BOX)
    assert np.abs(np.asarray(large).astype(int) - pictures.render(painting)).mean() < 4


def test_render_refuses() -> None:
    with pytest.raises(UnknownName, match="did you mean 'mypaint'"):
        pictures.render(make(), engine="mypiant")
    with pytest.raises(BadValue, match=r"12x7: each side needs at least 8"):
        pictures.render(make(), 7)
    with pytest.raises(BadValue, match=r"166667x100000: that needs 248\.4 GiB"):
        pictures.render(make(), 100_000)
    with pytest.raises(BadPainting, match="stroke 3 has variant 9, brushes have 4"):
        pictures.render(make(variants=torch.where(torch.arange(24) == 2, 9, 0)))


def test_each_is_told_of_the_strokes() -> None:
    told: list[int] = []
    pictures.render(make(), each=told.append)
    assert told == sorted(set(told))
    assert told[-1] == 24


def test_stages_go_from_the_background_to_the_picture() -> None:
    painting = make()
    first, some, *_, last = pictures.stages(painting, [0, 5, 5, 24])
    assert np.array_equal(first, np.broadcast_to(np.array([230, 217, 51], np.uint8), first.shape))
    assert np.array_equal(last, pictures.render(painting))
    five = make(count=5, actions=painting.actions[:5])
    assert np.abs(some.astype(int) - pictures.render(five)).max() <= 1


@pytest.mark.skipif(not mypaint.is_available(), reason="libmypaint is not on this machine")
def test_engines_agree() -> None:
    painting = make((96, 128))
    by_engine = pictures.render(painting, engine="mypaint")
    assert by_engine.shape == (96, 128, 3)
    blank = np.uint8(np.rint(np.array(painting.background) * 255))
    difference = np.abs(by_engine.astype(int) - pictures.render(painting)).mean()
    assert difference < 0.25 * np.abs(by_engine.astype(int) - blank).mean()


# --- png


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    at, found = 8, []
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def test_png_says_what_it_shows(tmp_path: Path) -> None:
    about = png.describe(make(prompt="a lighthouse"))
    path = png.save_png(checker(), tmp_path / "a.png", about)
    found = chunks(path.read_bytes())
    texts = dict(data.split(b"\0", 1) for kind, data in found if kind == b"tEXt")
    assert texts[b"prompt"] == b"a lighthouse"
    assert (texts[b"seed"], texts[b"guide"], texts[b"version"]) == (b"7", b"pocket", b"0.1.0")
    assert (b"sRGB", b"\0") in found
    assert np.array_equal(read(path), checker())


def test_png_holds_any_prompt() -> None:
    prompt = "Овца 🐑 a\0b"
    data = png.png_bytes(checker(), png.describe(make(prompt=prompt)))
    text = next(body for kind, body in chunks(data) if kind == b"iTXt")
    assert text.split(b"\0", 5)[-1].decode() == prompt.replace("\0", " ")
    assert data == png.png_bytes(checker(), png.describe(make(prompt=prompt)))


# --- strip and sheet


def test_strip_is_even_and_spaced() -> None:
    snapshots = [np.full((40, 60, 3), level, np.uint8) for level in range(101)]
    picture = sheets.strip(snapshots, cells=5, height_px=20, gap_px=4)
    assert picture.shape == (20 + 8, 5 * 30 + 6 * 4, 3)
    for index, level in enumerate((0, 25, 50, 75, 100)):
        left = 4 + index * 34
        assert (picture[4:-4, left : left + 30] == level).all()
        assert (picture[:, left - 4 : left] == 255).all()
    assert (picture[:4] == 255).all()
    assert (picture[-4:] == 255).all()


def test_strip_of_few_shows_all() -> None:
    assert sheets.strip([checker()] * 3, gap_px=2).shape == (64 + 4, 3 * 64 + 4 * 2, 3)
    assert sheets.evenly(10, 4) == [0, 3, 6, 9]
    assert sheets.evenly(3, 7) == [0, 1, 2]
    assert sheets.evenly(9, 1) == [8]
    for lay_out in (sheets.strip, sheets.contact_sheet):
        with pytest.raises(BadValue, match="no picture"):
            lay_out([])


def test_contact_sheet_has_a_caption_under_each() -> None:
    pictures = [checker(128), checker(64), checker(128)[:64]]
    captions = ["short", "a caption of many words " * 9, "supercalifragilisticexpialidocious" * 3]
    bare = sheets.contact_sheet(pictures, ["", "", ""], columns=2, cell_px=96, gap_px=10)
    full = sheets.contact_sheet(pictures, captions, columns=2, cell_px=96, gap_px=10)
    assert full.shape == bare.shape == (full.shape[0], 2 * 96 + 3 * 10, 3)
    changed = (full != bare).any(-1)
    below = full.shape[0] // 2
    assert changed[10 + 96 : below, 10:106].any()
    assert changed[10 + 96 : below, 116:212].any()
    assert not changed[10 : 10 + 96].any()
    assert not changed[:, 106:116].any()
    assert not changed[:, :10].any()
    no_captions = sheets.contact_sheet(pictures, columns=2, cell_px=96, gap_px=10)
    assert no_captions.shape == (2 * 96 + 3 * 10, 2 * 96 + 3 * 10, 3)
    flat = sheets.contact_sheet([checker(128)[:64]] * 2, columns=2, cell_px=96, gap_px=10)
    assert flat.shape == (48 + 2 * 10, 2 * 96 + 3 * 10, 3)


# --- films


def frames_of(path: Path) -> list[np.ndarray]:
    exact = How.BILINEAR | How.ACCURATE_RND | How.FULL_CHR_H_INP | How.FULL_CHR_H_INT
    with av.open(str(path)) as container:
        shown = container.decode(video=0)
        return [f.reformat(format="rgb24", interpolation=int(exact)).to_ndarray() for f in shown]


def is_near(frame: np.ndarray, picture: np.ndarray) -> bool:
    """Equal but for what H.264 loses: color at half the resolution, a few levels of light."""
    light = np.abs((frame.astype(int) - picture) @ [0.2126, 0.7152, 0.0722])
    return bool(light.mean() < 3 and np.percentile(light, 99) < 16)


def smooth(seed: int, height_px: int = 48, width_px: int = 64) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 255, (4, 4, 3), np.uint8)
    return np.asarray(Image.fromarray(noise).resize((width_px, height_px)))


def test_progress_film_shows_first_to_last(tmp_path: Path) -> None:
    snapshots = [smooth(seed) for seed in range(10)]
    path = films.save_progress_film(snapshots, tmp_path / "a.mp4", seconds_s=1, hold_s=0.5)
    frames = frames_of(path)
    assert len(frames) == 45
    for index in range(10):
        near = [is_near(frames[round(index * 29 / 9)], other) for other in snapshots]
        assert near == [other == index for other in range(10)]
    assert all(is_near(frame, snapshots[-1]) for frame in frames[30:])


@pytest.mark.parametrize(("count", "frames"), [(1, 300), (7, 300), (300, 300), (5000, 300), (3, 0)])
def test_pictures_are_spread_evenly(count: int, frames: int) -> None:
    shown = timing.spread(count, frames)
    assert sum(times for _, times in shown) == max(frames, 2)
    order = [index for index, _ in shown]
    assert order == sorted(set(order))
    assert order[-1] == count - 1
    assert order[0] == 0
    inner = [times for _, times in shown[1:-1]]
    assert not inner or max(inner) - min(inner) <= 1


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_strokes_film_ends_on_the_picture(size: tuple[int, int], tmp_path: Path) -> None:
    painting = make(size)
    path = films.save_strokes_film(painting, tmp_path / "a.mp4", Timing(1, 0.2))
    frames = frames_of(path)
    assert len(frames) == 36
    assert frames[-1].shape == (size[0] + size[0] % 2, size[1] + size[1] % 2, 3)
    blank = np.broadcast_to(np.array([230, 217, 51], np.uint8), (*size, 3))
    assert is_near(frames[0][: size[0], : size[1]], blank)
    assert is_near(frames[-1][: size[0], : size[1]], pictures.render(painting))
    assert not is_near(frames[15][: size[0], : size[1]], pictures.render(painting))


def test_strokes_film_gets_exactly_the_picture(tmp_path: Path, monkeypatch) -> None:
    got: list[np.ndarray] = []
    add = films.Film.add
    monkeypatch.setattr(films.Film, "add", lambda self, p, times=1: (got.append(p), add(self, p)))
    films.save_strokes_film(make(), tmp_path / "a.mp4", Timing(0.3, 0))
    assert np.array_equal(got[-1], pictures.render(make()))


def test_large_paintings_are_filmed_smaller() -> None:
    assert films.film_side_px(make((2000, 4000))) == 960
    assert films.film_side_px(make((512, 640))) == 512
    assert films.film_side_px(make((8, 16384))) == 8


def test_film_plays_in_browsers(tmp_path: Path) -> None:
    path = films.save_progress_film([smooth(1)], tmp_path / "a.mp4", seconds_s=0.2, hold_s=0)
    data = path.read_bytes()
    assert data[4:8] == b"ftyp"
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert b"Lavf" not in data  # the muxer's version, which would change the bytes
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_range, context.color_trc) == (1, 1, 13)
        assert stream.average_rate == 30


def test_same_painting_same_film(tmp_path: Path) -> None:
    snapshots = [smooth(seed) for seed in range(9)]
    for take in range(8):
        films.save_progress_film(snapshots, tmp_path / f"found-{take}.mp4", 2, 0)
        films.save_strokes_film(make(), tmp_path / f"painted-{take}.mp4", Timing(0.5, 0))
    for kind in ("found", "painted"):
        assert len({path.read_bytes() for path in tmp_path.glob(f"{kind}-*.mp4")}) == 1


def test_broken_film_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    stack = contextlib.ExitStack()
    stack.enter_context(films.film(path, 48, 64)).add(smooth(1))
    with pytest.raises(RuntimeError), stack:
        raise RuntimeError
    stack = contextlib.ExitStack()
    reel = stack.enter_context(films.film(path, 48, 64))
    with pytest.raises(BadValue, match="got a picture of"), stack:
        reel.add(smooth(1, 50))
    with pytest.raises(BadValue, match="no picture"), films.film(path, 48, 64):
        pass
    assert os.listdir(tmp_path) == ["a.mp4"]
    assert path.read_bytes() == b"old"


# --- layers and curves


def test_ora_holds_the_painting_in_layers(tmp_path: Path) -> None:
    painting = make(prompt='"<sheep>" & co\0')
    path = ora.save_ora(painting, tmp_path / "a.ora", 4)
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml"))
        names = [layer.attrib["src"] for layer in stack.iter("layer")]
        found = [name for name in archive.namelist() if name.endswith(".png")]
        layers = {name: Image.open(archive.open(name)) for name in found}
        merged = np.asarray(layers["mergedimage.png"])
        flat = Image.new("RGBA", (80, 48))
        for name in reversed(names):
            flat.alpha_composite(layers[name].convert("RGBA"))
        assert max(layers["Thumbnails/thumbnail.png"].size) <= 256
    assert (stack.get("w"), stack.get("h"), stack.get("name")) == ("80", "48", '"<sheep>" & co')
    assert len(names) == 5
    assert np.array_equal(merged, pictures.render(painting))
    assert np.abs(np.asarray(flat)[..., :3].astype(int) - merged).max() <= 3
    assert ora.save_ora(painting, tmp_path / "b.ora", 4).read_bytes() == path.read_bytes()


def test_svg_has_a_path_for_every_stroke(tmp_path: Path) -> None:
    painting = make(prompt="<sheep> & co\0")
    text = svg.save_svg(painting, tmp_path / "a.svg").read_text()
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == "0 0 1666.67 1000"
    assert root.findtext(f"{space}title") == "<sheep> & co"
    paths = list(root.iter(f"{space}path"))
    assert len(paths) == 24
    numbers = [float(word) for word in re.findall(r"[-\d.]+", paths[3].get("d", ""))]
    action = painting.actions[3].tolist()
    assert numbers == pytest.approx([1000 * action[i] for i in (7, 8, 3, 4, 5, 6)], abs=0.01)
    widths = [float(path.get("stroke-width", "")) / 1000 for path in paths]
    opacities = [float(path.get("stroke-opacity", "")) for path in paths]
    sizes = painting.actions[:, 2].tolist()
    assert all(0.6 < wide / size < 2.2 for wide, size in zip(widths, sizes, strict=True))
    assert all(0.3 < opacity <= 1 for opacity in opacities)
    assert paths[3].get("stroke") == "#" + bytes(round(255 * v) for v in action[9:]).hex()


def test_every_group_of_an_svg_above_a_layer_is_a_layer() -> None:
    """Inkscape's list of layers shows none that lies in a plain group."""
    painting = make()
    root = ElementTree.fromstring(svg.to_svg(painting))
    (canvas,) = [one for one in root if one.tag.endswith("}g")]
    mode = "{http://www.inkscape.org/namespaces/inkscape}groupmode"
    layers = [one for one in canvas if one.tag.endswith("}g")]
    assert len(layers) == len(painting.layers)
    assert {one.get(mode) for one in (canvas, *layers)} == {"layer"}


def test_svg_holds_as_much_paint(tmp_path: Path) -> None:
    flat = torch.tensor([[0.5, 0.5, 0.1, 0.5, 0.5, 0.8, 0.5, 0.2, 0.5, 0.0, 0.0, 0.0]])
    black = make((64, 64), 1, actions=flat, background=(1.0, 1.0, 1.0))
    (path,) = ElementTree.fromstring(svg.to_svg(black)).iter("{http://www.w3.org/2000/svg}path")
    wide, opacity = (float(path.get(f"stroke-{name}", "")) for name in ("width", "opacity"))
    assert path.get("stroke-linecap") == "butt"  # oil's ends are straight
    paint = opacity * 600 * wide / 1e6
    assert paint == pytest.approx((1 - pictures.render(black, 256) / 255).mean(), rel=0.02)


# --- the folder


def test_folder_holds_all_and_nothing_else(tmp_path: Path) -> None:
    painting, snapshots = make(), [smooth(seed) for seed in range(9)]
    place = folders.save_folder(painting, folders.claim(tmp_path / "new" / "sheep"), snapshots)
    names = ["painting.json", "painting.png", "progress.mp4", "progress.png", "strokes.mp4"]
    assert sorted(os.listdir(place)) == names
    assert os.listdir(tmp_path) == ["new"]
    assert np.array_equal(read(place / "painting.png"), pictures.render(painting))
    before = {name: hashlib.sha256((place / name).read_bytes()).digest() for name in names}
    folders.save_folder(painting, place, snapshots)
    assert before == {n: hashlib.sha256((place / n).read_bytes()).digest() for n in names}


def test_claim_protects_a_painting(tmp_path: Path) -> None:
    assert folders.claim(tmp_path / "a") == tmp_path / "a"
    assert os.listdir(tmp_path / "a") == []
    make().save(tmp_path / "a")
    with pytest.raises(BadFolder, match=r"holds a painting already.*--overwrite"):
        folders.claim(tmp_path / "a")
    assert folders.claim(tmp_path / "a", overwrite=True)
    assert os.listdir(tmp_path / "a") == ["painting.json"]
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "a", Path("/proc/nowhere")):
        with pytest.raises(BadFolder, match=re.escape(str(place))):
            folders.claim(place)


NOISE = np.random.default_rng(0).integers(0, 255, (256, 256, 3), np.uint8)
WRITERS: dict[str, Callable[[Path], object]] = {
    "png": lambda path: png.save_png(NOISE, path),
    "film": lambda path: films.save_progress_film([NOISE, NOISE[::-1]] * 9, path, 1, 0),
    "strokes": lambda path: films.save_strokes_film(make((480, 640), 80), path, Timing(0.5, 0)),
    "ora": lambda path: ora.save_ora(make((480, 800)), path),
    "svg": lambda path: svg.save_svg(make(count=900), path),
}


@pytest.fixture
def tiny_disk(tmp_path: Path):
    """A disk of 48 KiB, where mounting is permitted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("name", WRITERS)
def test_full_disk_leaves_nothing_half_written(name: str, tiny_disk: Path) -> None:
    (tiny_disk / "a").write_bytes(b"old")
    with pytest.raises(BadFolder, match=r"cannot write .*disk/a \(no space left on device\); make"):
        WRITERS[name](tiny_disk / "a")
    assert os.listdir(tiny_disk) == ["a"]
    assert (tiny_disk / "a").read_bytes() == b"old"


@pytest.mark.parametrize("name", WRITERS)
def test_unwritable_places_are_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadFolder, match=r"cannot write .*file/a"):
        WRITERS[name](tmp_path / "file" / "a")


# --- who finishes


def test_a_brush_that_the_engine_lacks_is_finished_by_the_network() -> None:
    from diavlex.brushes import mypaint

    usual = "mypaint" if mypaint.is_available() else "neural"
    assert pictures.finisher("auto", ["oil", "ink"]) == usual
    assert (
        pictures.finisher("auto", ["oil", "mine"])
        == pictures.finisher("neural", ["mine"])
        == "neural"
    )
    with pytest.raises(UnknownName, match="did you mean 'neural'"):
        pictures.finisher("neurla", ["oil"])
    if usual == "mypaint":
        with pytest.raises(UnknownName, match="no brush is called 'mine'"):
            pictures.finisher("mypaint", ["oil", "mine"])


def test_a_record_can_be_saved_as_any_other_file(tmp_path: Path) -> None:
    import diavlex

    path = diavlex.save(make(), tmp_path / "kept.json")
    assert diavlex.load(path).prompt == make().prompt
    assert {"paint", "save", "__version__"} <= set(dir(diavlex))


def test_who_is_interrupted_leaves_no_film_half_made(tmp_path: Path) -> None:
    painting = make((24, 32), 2000)

    def snapshots() -> Iterator[np.ndarray]:
        yield np.zeros((24, 32, 3), np.uint8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folders.save_folder(painting, tmp_path, snapshots())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["painting.json", "painting.png"]


def test_the_picture_is_there_before_the_rest(tmp_path: Path) -> None:
    told: list[str] = []

    def each(what: str, share: float) -> None:
        if what == folders.PROGRESS_FILM:
            assert (tmp_path / folders.PICTURE).is_file()
        told.append(what)

    pictures = [np.zeros((24, 32, 3), np.uint8)] * 2
    folders.save_folder(make((24, 32)), tmp_path, pictures, each=each)
    assert told[0] == folders.PICTURE
    assert (tmp_path / folders.STROKES_FILM).is_file()


def test_a_film_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / folders.STROKES_FILM).mkdir()
    (tmp_path / folders.STROKES_FILM / "kept").write_text("mine")
    with pytest.raises(BadFolder):
        folders.save_folder(make((24, 32)), tmp_path, [])
