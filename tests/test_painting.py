"""The record: exact round trips, and every way a file can be broken."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from diavlex import painting as record
from diavlex import stroke
from diavlex.device import machine
from diavlex.errors import BadPainting
from diavlex.painting import Layer, Painting
from diavlex.painting.record import shortest


def make(count: int = 12, **changes) -> Painting:
    generator = torch.Generator().manual_seed(0)
    aspect = (1.0, 1.5)
    facts: dict[str, Any] = dict(
        actions=stroke.random_actions(torch.linspace(0.5, 0.05, count), generator, aspect),
        brushes=("oil", "round"),
        brush_of=torch.arange(count) % 2,
        variants=torch.arange(count) % 3,
        background=(1.0, 0.9, 0.1),
        height_px=64,
        width_px=96,
        prompt='black "sheep" — Овца 🐑\n',
        guide="pocket",
        seed=7,
        steps=200,
        version="0.1.0",
        scores={"similarity": 0.1 + 0.2, "start": 0.01},
        settings={"brush": "oil", "size": [64, 96], "rates": {"place": 0.02, "color": 1e-7}},
    )
    return Painting(**(facts | changes))


STROKES = ("actions", "brush_of", "variants")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return make().save(tmp_path / "painting.json")


def test_round_trip_is_exact(saved: Path) -> None:
    first, again = make(), record.load(saved)
    for field in dataclasses.fields(Painting):
        one, other = getattr(first, field.name), getattr(again, field.name)
        same = torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other
        assert same, field.name
    assert again.actions.dtype == torch.float32


def test_an_old_record_is_read_as_one_layer(saved: Path, tmp_path: Path) -> None:
    plain = json.loads(saved.read_text())
    del plain["layers"], plain["machine"]
    saved.write_text(json.dumps(plain | {"format_version": 1}))
    old = record.load(saved)
    assert old.layers == (Layer("background", 0, 12),)
    assert old.machine == {}
    assert torch.equal(old.actions, make().actions)
    again = record.load(old.save(tmp_path / "again.json"))
    assert json.loads((tmp_path / "again.json").read_text())["format_version"] == 2
    assert again.layers == old.layers


def test_layers_are_kept(tmp_path: Path) -> None:
    layers = (Layer("background", 0, 5), Layer("a sheep", 5, 4), Layer("a sheep", 9, 3))
    painting = record.load(make(layers=layers).save(tmp_path))
    assert painting.layers == layers
    rows = [painting.actions[layer.rows] for layer in layers]
    assert torch.equal(torch.cat(rows), painting.actions)
    assert json.loads((tmp_path / "painting.json").read_text())["layers"] == [
        {"name": layer.name, "strokes": layer.count} for layer in layers
    ]


def test_the_machine_is_kept(tmp_path: Path) -> None:
    painting = record.load(make(machine=machine()).save(tmp_path))
    assert painting.machine == machine()
    assert {"threads", "instructions", "torch", "numpy", "diavlex"} <= painting.machine.keys()


def test_a_painting_is_short_to_look_at() -> None:
    words = repr(make(prompt="black sheep " * 400 + "\n"))
    assert len(words) < 200
    assert "\n" not in words
    assert "12 strokes of oil, round, 96x64 px, seed 7" in words


def test_bytes_are_the_same_every_time(saved: Path, tmp_path: Path) -> None:
    again = record.load(saved).save(tmp_path / "again.json")
    assert again.read_bytes() == saved.read_bytes() == make().save(tmp_path / "b.json").read_bytes()
    shuffled = make(scores={"start": 0.01, "similarity": 0.1 + 0.2})
    assert record.to_text(shuffled).encode() == saved.read_bytes()


def test_every_float32_survives() -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 200_000, np.uint32).view(np.float32)
    near_one = rng.random(50_000, np.float32)
    values = np.concatenate(
        [bits[np.isfinite(bits)], near_one, np.array([0.1, -0.0, 1e-45], np.float32)]
    )
    read = np.array([float(json.dumps(v)) for v in shortest(values)], np.float32)
    assert np.array_equal(read.view(np.uint32), values.view(np.uint32))
    assert shortest(np.array([0.1, 0.3], np.float32)) == [0.1, 0.3]


def test_one_stroke_a_line(saved: Path) -> None:
    lines = saved.read_text().splitlines()
    strokes = [json.loads(line.rstrip(",")) for line in lines if line.startswith("  [")]
    assert len(strokes) == 12
    assert all(len(numbers) == 14 for numbers in strokes)
    assert json.loads(saved.read_text())["columns"][:12] == list(stroke.NAMES)


def test_plain_data_round_trips() -> None:
    plain = record.to_plain(make())
    assert record.to_plain(record.from_plain(json.loads(json.dumps(plain)))) == plain
    names = {field.name for field in dataclasses.fields(Painting)}
    assert names | {"format", "format_version", "columns", "strokes"} == {*record.KEYS, *STROKES}


def test_record_keeps_its_own_copy() -> None:
    actions = make().actions
    painting = make(actions=actions)
    before = record.to_text(painting)
    actions += 1
    assert record.to_text(painting) == before


def test_folder_stands_for_the_file_in_it(tmp_path: Path) -> None:
    assert make().save(tmp_path) == tmp_path / "painting.json"
    assert record.load(tmp_path).prompt == make().prompt


def edited(**changes):
    return lambda plain: plain | changes


def stroke_edited(at: int, column: str, value):
    def edit(plain: dict) -> dict:
        plain["strokes"][at][record.COLUMNS.index(column)] = value
        return plain

    return edit


def still(plain: dict) -> dict:
    row = plain["strokes"][4]
    row[5:7] = row[7:9]
    return plain


BROKEN = {
    "foreign": (lambda plain: {"name": "something", "version": 3}, "not written by diavlex"),
    "list": (lambda plain: [1, 2], "not written by diavlex"),
    "newer": (edited(format_version=3), "format version 3"),
    "version as truth": (edited(format_version=True), "format version true"),
    "unknown entry": (edited(frame="gold"), "unknown entry 'frame'"),
    "columns": (edited(columns=["red"]), "columns"),
    "no strokes": (edited(strokes=[]), "1 to 100000 strokes"),
    "strokes as text": (edited(strokes="many"), "strokes cannot .* a list, got text"),
    "too many strokes": (edited(strokes=[[]] * 100_001), "1 to 100000 strokes"),
    "short stroke": (lambda p: p | {"strokes": [[0.1] * 12]}, "stroke 1 cannot .* of length 14"),
    "stroke as text": (stroke_edited(3, "red", "0.5"), "stroke 4, red, .* a number, got text"),
    "stroke as truth": (stroke_edited(3, "red", True), "stroke 4, red, .* got true or false"),
    "null": (stroke_edited(0, "size", None), "stroke 1, size, .* got nothing"),
    "huge": (stroke_edited(3, "end_x", 1e39), "stroke 4 has 1e[+]39 for its end_x"),
    "huge whole": (stroke_edited(3, "end_x", 10**400), "stroke 4, end_x, .* out of range"),
    "too red": (stroke_edited(3, "red", 1.7), "stroke 4 has a red of 1.7, must be 0 to 1"),
    "no size": (stroke_edited(3, "size", 0), "stroke 4 has a size of 0"),
    "far away": (stroke_edited(3, "start_x", -4.5), "start_x of -4.5, must be -4 to 5.5"),
    "unknown brush": (stroke_edited(3, "brush", 2), "stroke 4 has a brush of 2, must be 0 to 1"),
    "half a brush": (stroke_edited(3, "brush", 0.5), "stroke 4, brush, .* a whole number"),
    "variant below": (stroke_edited(3, "variant", -1), "stroke 4 has a variant of -1"),
    "still stroke": (still, "stroke 5 ends where it starts"),
    "absurd size": (edited(height_px=100_000), "height_px is 100000, which must be 8 to 16384"),
    "size zero": (edited(width_px=0), "width_px is 0"),
    "half a pixel": (edited(width_px=64.5), "'width_px' cannot .* a whole number, got a"),
    "seed below": (edited(seed=-1), "seed is -1"),
    "prompt as number": (edited(prompt=3), "'prompt' cannot .* text, got a whole"),
    "two colors": (edited(background=[1, 1]), "background"),
    "bright": (edited(background=[1, 1, 1.5]), "background"),
    "a background beyond float32": (edited(background=[3.5e38, 1, 1]), "background"),
    "huge background": (edited(background=[1, 1, 10**400]), "'background'"),
    "twice the same brush": (edited(brushes=["oil", "oil"]), "brushes"),
    "brush as number": (edited(brushes=["oil", 3]), "'brushes' cannot .* text, got .* at .*1"),
    "scores as list": (edited(scores=[]), "'scores' cannot be read .* a table, got a list"),
    "score as text": (edited(scores={"cosine": "high"}), "'scores' cannot .* got text"),
    "score as truth": (edited(scores={"tries": [1, True]}), "'scores' cannot .* true or false"),
    "setting too deep": (edited(settings={"a": [[[[[1]]]]]}), "'settings' cannot .* got a list"),
    "settings as text": (edited(settings="none"), "'settings' cannot .* a table, got text"),
    "also as number": (edited(settings={"also": 3}), "'also' is not a list of texts"),
    "also of numbers": (edited(settings={"also": ["a", 3]}), "'also' is not a list of texts"),
    "long settings": (edited(settings={"a": "b" * 2**20}), "'settings' is longer than 1 MiB"),
    "brush as path": (edited(brushes=["oil", "../x.myb"]), "'../x.myb' is not the name of a brush"),
    "brush as steering": (edited(brushes=["oil", "a\x1b[31m"]), "'a.x1b.31m' is not the name"),
    "long prompt": (edited(prompt="a" * 10_001), "prompt has 10001 characters, and 10000"),
    "guide of two lines": (edited(guide="clip\nfare"), "guide holds control characters"),
    "machine as list": (edited(machine=[]), "'machine' cannot be read"),
    "no layers": (edited(layers=[{"name": "a", "strokes": 11}]), "hold 11 strokes, and there are"),
    "layer without strokes": (
        edited(layers=[{"name": "a", "strokes": 12}, {"name": "b", "strokes": 0}]),
        "layer 2 must have a name",
    ),
    "layer without a name": (edited(layers=[{"name": "", "strokes": 12}]), "must have a name"),
    "layer as number": (edited(layers=[12]), "expected a table, got a whole number at '.0"),
    "layer of more": (edited(layers=[{"name": "a", "strokes": 12, "x": 1}]), "unknown entry 'x'"),
    "old with layers": (edited(format_version=1), "unknown entry '(layers|machine)'"),
} | {f"no {key}": (lambda p, k=key: {i: p[i] for i in p if i != k}, f"no '{key}'") for key in
     record.KEYS[2:]}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_records_are_refused(name: str, saved: Path) -> None:
    edit, says = BROKEN[name]
    saved.write_text(json.dumps(edit(json.loads(saved.read_text()))))
    with pytest.raises(BadPainting, match=says) as caught:
        record.load(saved)
    assert str(saved) in str(caught.value)
    assert "\n" not in str(caught.value)


TEXTS = {
    "empty": b"",
    "not text": b"\xff\xfe\x00",
    "null": b"null",
    "deep": b"[" * 100_000,
    "code": b"__import__('os').system('true')",
    "nan": b'{"format": NaN}',
    "infinite": b'{"format": -Infinity}',
    "deep under a key": b'{"format": "diavlex painting", "x": ' + b'{"a":' * 100_000,
    "long number": b'{"format": ' + b"9" * 5000 + b"}",
    "half a letter": b'{"format": "diavlex painting", "format_version": 2, "prompt": "\\ud83d"}',
    "png": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_files_that_are_no_records_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "painting.json"
    path.write_bytes(TEXTS[name])
    with pytest.raises(BadPainting, match=re.escape(str(path))):
        record.load(path)


def test_truncated_anywhere_is_refused(saved: Path) -> None:
    data = saved.read_bytes().rstrip()
    for length in range(0, len(data), 37):
        saved.write_bytes(data[:length])
        with pytest.raises(BadPainting):
            record.load(saved)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused(word: str, saved: Path) -> None:
    plain = json.loads(saved.read_text())
    red = json.dumps(plain["strokes"][2][9])
    saved.write_text(saved.read_text().replace(red, word, 1))
    with pytest.raises(BadPainting, match=r"not JSON|out of range"):
        record.load(saved)
    saved.write_text(json.dumps(plain | {"scores": {"x": "Q"}}).replace('"Q"', word))
    with pytest.raises(BadPainting, match=r"not JSON|out of range"):
        record.load(saved)


def test_missing_and_oversized_files(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(BadPainting, match="no such painting"):
        record.load(tmp_path / "nothing")
    with pytest.raises(BadPainting, match="no such painting"):
        record.load(tmp_path)
    path = make().save(tmp_path)
    monkeypatch.setattr("diavlex.painting.text.MOST_BYTES", 100)
    with pytest.raises(BadPainting, match="larger than"):
        record.load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": torch.full((12, 12), float("nan"))},
        {"scores": {"x": float("inf")}},
        {"settings": {"path": Path()}},
        {"settings": {"word": "\udc80"}},
        {"prompt": "\udc80"},
        {"seed": -1},
        {"brushes": ()},
        {"brushes": ("oil", "sub/oil")},
        {"scores": {"x": "high"}},
        {"scores": {"x": None}},
        {"settings": {"also": "a storm"}},
        {"settings": {"a": {"b": {"c": {"d": {"e": 1}}}}}},
        {"settings": {"a": "b" * 2**20}},
        {"machine": {"threads": [[[[[1]]]]]}},
        {"seed": 10**5000},
        {"height_px": 10**30},
        {"layers": (Layer("a", 1, 11),)},
        {"layers": (Layer("a", 0, 6), Layer("b", 5, 6))},
        {"layers": (Layer("a", 0, 13),)},
        {"layers": (Layer("a\n", 0, 12),)},
    ],
)
def test_what_could_not_be_loaded_cannot_be_made(changes: dict) -> None:
    with pytest.raises(BadPainting):
        make(**changes)


WRONG_TYPES = {
    "prompt": 3, "guide": None, "seed": 1.5, "steps": True, "brushes": ("oil", 3),
    "background": (1.0, 1.0), "settings": [], "scores": None, "layers": (3,),
}  # fmt: skip


def run(code: str) -> list[str]:
    """The lines that a program of its own prints, in which no types are checked by the tests."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=here, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()


def test_what_is_of_another_type_cannot_be_made() -> None:
    lines = run(f"""
from test_painting import make
from diavlex.errors import BadPainting
for name, value in {WRONG_TYPES!r}.items():
    try:
        make(**{{name: value}})
    except BadPainting as error:
        print(name, error)
""")
    assert [line.split()[0] for line in lines] == list(WRONG_TYPES)


def test_whole_numbers_of_any_library_are_taken() -> None:
    lines = run("""
import numpy, torch
from test_painting import make
from diavlex.painting import to_text
painting = make(seed=numpy.int64(7), steps=torch.tensor(200), height_px=numpy.uint8(64))
print(type(painting.seed), to_text(painting) == to_text(make()))
""")
    assert lines == ["<class 'int'> True"]


def with_entry(name: str, value: bytes) -> bytes:
    """A record in which one entry is something else."""
    entries = {key: json.dumps(one).encode() for key, one in record.to_plain(make()).items()}
    entries[name] = value
    return b"{" + b",".join(b'"%s":%s' % (key.encode(), one) for key, one in entries.items()) + b"}"


A_STROKE = b"[0.5,0.5,0.1,0.1,0.1,0.9,0.9,0.1,0.1,1,1,1,0,0]"
HUGE = {
    "strokes": (lambda: b"[" + b",".join([A_STROKE] * 1_380_000) + b"]", "it holds more"),
    "strokes of one": (lambda: b"[[" + b"0," * 33_000_000 + b"0]]", "stroke 1 .* length 14"),
    "settings": (lambda: b'{"a":[' + b"[]," * 22_000_000 + b"[]]}", "longer than 1 MiB"),
    "format_version": (lambda: b"[" + b"0," * 33_000_000 + b"0]", "format version .0,0"),
    "format": (lambda: b"[" * 66_000_000, "nested too deeply"),
    "frames": (lambda: b"[" + b"0," * 33_000_000 + b"0]", "unknown entry 'frames'"),
}  # fmt: skip
"""By entry: what fills it, and what is said of that."""


def costs(paths: list[Path]) -> list[tuple[str, float, float]]:
    """What comes of reading records, the seconds that it takes, and the megabytes so far."""
    lines = run(f"""
import json, re, time
from pathlib import Path
from diavlex.errors import BadPainting
from diavlex.painting import load
for path in {[str(path) for path in paths]!r}:
    start, said = time.monotonic(), "read"
    try:
        load(path)
    except BadPainting as error:
        said = str(error)
    peak = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
    print(json.dumps([said, time.monotonic() - start, int(peak) / 1000]))
""")
    return [json.loads(line) for line in lines]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_a_huge_file_costs_little(tmp_path: Path) -> None:
    """It is refused, or read, within two seconds and 1 GB, whatever the 64 MiB hold."""
    paths = [make(record.MOST_STROKES).save(tmp_path)]
    for name, (fill, _) in HUGE.items():
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_bytes(with_entry(name.split()[0], fill()))
        assert (60 << 20) < paths[-1].stat().st_size <= (64 << 20)
    found = costs(paths)
    for path, (said, seconds, megabytes) in zip(paths, found, strict=True):
        path.unlink()
        print(f"{seconds:.2f} s, {megabytes:.0f} MB: {said}")
        assert len(said) < 400
        assert seconds < 2
        assert megabytes < 1000
    says = ["read", *(says for _, says in HUGE.values())]
    assert all(re.search(*pair) for pair in zip(says, (said for said, *_ in found), strict=True))
