"""The record: exact round trips, and every way a file can be broken."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex import painting as record
from diavlex import stroke
from diavlex.errors import BadPainting
from diavlex.painting import Painting


def make(count: int = 12, **changes) -> Painting:
    generator = torch.Generator().manual_seed(0)
    aspect = (1.0, 1.5)
    facts = dict(
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


def test_bytes_are_the_same_every_time(saved: Path, tmp_path: Path) -> None:
    again = record.load(saved).save(tmp_path / "again.json")
    assert again.read_bytes() == saved.read_bytes() == make().save(tmp_path / "b.json").read_bytes()
    shuffled = make(scores={"start": 0.01, "similarity": 0.1 + 0.2})
    assert record.to_text(shuffled).encode() == saved.read_bytes()


def test_every_float32_survives() -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 200_000, np.uint32).view(np.float32)
    near_one = rng.random(50_000, np.float32)
    values = np.concatenate([bits[np.isfinite(bits)], near_one, np.float32([0.1, -0.0, 1e-45])])
    read = np.array([float(json.dumps(v)) for v in record._shortest(values)], np.float32)
    assert np.array_equal(read.view(np.uint32), values.view(np.uint32))
    assert record._shortest(np.float32([0.1, 0.3])) == [0.1, 0.3]


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
    assert names - {"actions", "brush_of", "variants"} == set(record._FACTS)


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
    "newer": (edited(format_version=2), "format version 2"),
    "version as truth": (edited(format_version=True), "format version True"),
    "unknown entry": (edited(frame="gold"), "unknown entry 'frame'"),
    "columns": (edited(columns=["red"]), "columns"),
    "no strokes": (edited(strokes=[]), "1 to 100000 strokes"),
    "strokes as text": (edited(strokes="many"), "1 to 100000 strokes"),
    "too many strokes": (edited(strokes=[[]] * 100_001), "1 to 100000 strokes"),
    "short stroke": (lambda p: p | {"strokes": [[0.1] * 13]}, "stroke 1 does not have 14"),
    "stroke as text": (stroke_edited(3, "red", "0.5"), "stroke 4 has '0.5' for its red"),
    "stroke as truth": (stroke_edited(3, "red", True), "stroke 4 has True for its red"),
    "null": (stroke_edited(0, "size", None), "stroke 1 has None for its size"),
    "huge": (stroke_edited(3, "end_x", 1e39), "stroke 4 has 1e[+]39 for its end_x"),
    "huge whole": (stroke_edited(3, "end_x", 10**400), "stroke 4 has 1000+ for its end_x"),
    "too red": (stroke_edited(3, "red", 1.7), "stroke 4 has a red of 1.7, must be 0 to 1"),
    "no size": (stroke_edited(3, "size", 0), "stroke 4 has a size of 0"),
    "far away": (stroke_edited(3, "start_x", -4.5), "start_x of -4.5, must be -4 to 5.5"),
    "unknown brush": (stroke_edited(3, "brush", 2), "stroke 4 has a brush of 2, must be 0 to 1"),
    "half a brush": (stroke_edited(3, "brush", 0.5), "stroke 4 has 0.5 for its brush"),
    "variant below": (stroke_edited(3, "variant", -1), "stroke 4 has a variant of -1"),
    "still stroke": (still, "stroke 5 ends where it starts"),
    "absurd size": (edited(height_px=100_000), "height_px is 100000, which must be 8 to 16384"),
    "size zero": (edited(width_px=0), "width_px is 0"),
    "half a pixel": (edited(width_px=64.5), "'width_px' is not a whole number"),
    "seed below": (edited(seed=-1), "seed is -1"),
    "prompt as number": (edited(prompt=3), "'prompt' is not text"),
    "two colors": (edited(background=[1, 1]), "background"),
    "bright": (edited(background=[1, 1, 1.5]), "background"),
    "huge background": (edited(background=[1, 1, 10**400]), "'background'"),
    "twice the same brush": (edited(brushes=["oil", "oil"]), "brushes"),
    "brush as number": (edited(brushes=["oil", 3]), "'brushes' holds something"),
    "scores as list": (edited(scores=[]), "'scores' is not a table"),
} | {f"no {key}": (lambda p, k=key: {i: p[i] for i in p if i != k}, f"no '{key}'") for key in
     record._KEYS[2:]}  # fmt: skip


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
    "long number": b'{"format": ' + b"9" * 5000 + b"}",
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
    with pytest.raises(BadPainting, match=r"NaN|Infinity|inf"):
        record.load(saved)
    saved.write_text(json.dumps(plain | {"scores": {"x": "Q"}}).replace('"Q"', word))
    with pytest.raises(BadPainting, match=r"NaN|Infinity|finite"):
        record.load(saved)


def test_missing_and_oversized_files(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(BadPainting, match="no such painting"):
        record.load(tmp_path / "nothing")
    with pytest.raises(BadPainting, match="no such painting"):
        record.load(tmp_path)
    path = make().save(tmp_path)
    monkeypatch.setattr(record, "MOST_BYTES", 100)
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
    ],
)
def test_what_could_not_be_loaded_cannot_be_made(changes: dict) -> None:
    with pytest.raises(BadPainting):
        make(**changes)
