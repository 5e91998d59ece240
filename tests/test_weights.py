"""Weights and their cards: written together, refused when they do not fit."""

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from diavlex import brushes, guides, weights
from diavlex.errors import BadValue, BadWeights, UnknownName


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    card = weights.Card("mine", "brush", "a test", "MIT", {}, {}, {"psnr": 30.0})
    weights.save(tmp_path, card, {"a": torch.arange(6.0).view(2, 3), "b": torch.ones(2).half()})
    return tmp_path


def test_written_and_read(own: Path) -> None:
    card, tensors = weights.load("brush", "mine")
    assert card.scores == {"psnr": 30.0}
    assert torch.equal(tensors["a"], torch.arange(6.0).view(2, 3))
    assert "mine" in weights.known("brush")
    assert "mine" not in weights.known("guide")
    assert sorted(p.name for p in own.iterdir()) == ["mine.json", "mine.safetensors"]


def test_altered_weights_are_refused(own: Path) -> None:
    path = own / "mine.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadWeights, match="checksum differs"):
        weights.load("brush", "mine")
    path.unlink()
    with pytest.raises(BadWeights, match="missing"):
        weights.load("brush", "mine")


def test_nan_is_refused(own: Path) -> None:
    card = weights.read_card(own / "mine.json")
    weights.save(own, card, {"a": torch.tensor([1.0, float("nan")])})
    with pytest.raises(BadWeights, match="NaN in 'a'"):
        weights.load("brush", "mine")


@pytest.mark.parametrize("missing", ["imagination.drawn", "eye.head.bias", "words.weight"])
def test_a_guide_of_another_version_is_refused(own: Path, missing: str) -> None:
    card, tensors = weights.load("guide", "pocket")
    del tensors[missing]
    weights.save(own, replace(card, name="older"), tensors)
    with pytest.raises(BadWeights, match=f"'older' do not fit.*{missing.split('.')[-1]}"):
        guides.load("older")


def test_a_brush_of_another_version_is_refused(own: Path) -> None:
    card, tensors = weights.load("brush", "ink")
    network = card.settings["network"]
    for name, settings, complaint in (
        ("older", {key: value for key, value in network.items() if key != "far"}, "far"),
        ("newer", network | {"hairs": 9}, "hairs"),
    ):
        kept = replace(card, name=name, settings={"network": settings})
        weights.save(own, kept, tensors)
        with pytest.raises(BadWeights, match=f"'{name}' do not fit.*{complaint}"):
            brushes.load(name)


def test_unknown_names_get_the_nearest(own: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'mine'"):
        weights.find("brush", "mime")


def test_a_guide_may_be_called_as_a_brush_is(own: Path) -> None:
    card = weights.Card("oil", "guide", "a test", "MIT", {}, {}, {})
    weights.save(own, card, {"a": torch.ones(3)})
    found, path = weights.find("guide", "oil")
    assert (found.kind, path) == ("guide", own / "oil.safetensors")
    assert list(weights.load("guide", "oil")[1]) == ["a"]
    assert weights.find("brush", "oil")[1] == weights.SHIPPED / "oil.safetensors"


def no_card(path: Path) -> None:
    path.write_text('{"hello": 1}')


def of_a_mac(path: Path) -> None:
    path.write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def gone(path: Path) -> None:
    path.symlink_to("nowhere")


def huge(path: Path) -> None:
    path.write_bytes(b"[" * (1 << 19))


def deep(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


def empty(path: Path) -> None:
    path.touch()


def edited(**changes: Any) -> Callable[[Path], None]:
    """A card whose fields are something else."""

    def write(path: Path) -> None:
        card = weights.Card(path.stem, "brush", "a test", "MIT", {}, {}, {})
        path.write_text(json.dumps(dataclasses.asdict(card) | changes))

    return write


NEIGHBORS = {
    "notes": (no_card, "has no 'name'"),
    "._x": (of_a_mac, "not JSON"),
    "folder": (a_folder, "it is a folder"),
    "pipe": (a_pipe, "a device or a pipe"),
    "circle": (a_circle, "leads in a circle"),
    "gone": (gone, "no such file"),
    "huge": (huge, "larger than"),
    "deep": (deep, "a table, got a list"),
    "empty": (empty, "cut short"),
    "other": (edited(name="another"), "called 'another'.*its file 'other'"),
    "nameless": (edited(name=None), "text, got nothing at 'name'"),
    "unkind": (edited(kind=["brush"]), "text, got a list at 'kind'"),
    "unsettled": (edited(settings=[1]), "a table, got a list at 'settings'"),
    "deeper": (edited(settings={"a": [[[[[1]]]]]}), "got a list"),
    "scoreless": (edited(scores=None), "a table, got nothing at 'scores'"),
    "untrained": (edited(trained_on={"a": 1}), "text, got a whole number at 'trained_on"),
    "noted": (edited(notes="none"), "a list, got text at 'notes'"),
    "-rf": (edited(), "called '-rf'"),
}


@pytest.mark.parametrize("name", NEIGHBORS)
def test_one_bad_neighbor_is_told_once_and_stops_nobody(
    name: str, own: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write, says = NEIGHBORS[name]
    write(own / f"{name}.json")
    for _ in range(3):
        assert {"mine", "oil"} <= weights.known("brush").keys()
    assert name not in weights.known("brush")
    assert weights.load("brush", "mine")[0].name == "mine"
    (told,) = caplog.messages
    assert re.search(rf"{re.escape(name)}\.json cannot be read \(.*{says}.*take it away", told)
    assert "\n" not in told
    with pytest.raises(BadWeights, match=says):
        weights.find("brush", name)


def test_a_steering_name_is_told_harmlessly(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = own / "a\x1b[31m\n.json"
    edited()(path)
    assert path.stem not in weights.known("brush")
    (told,) = caplog.messages
    assert r"a\x1b[31m\n.json" in told
    assert told.isprintable()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may do this")
@pytest.mark.parametrize("closed", ["folder", "card"])
def test_what_may_not_be_read_is_told_and_stops_nobody(closed: str) -> None:
    """As a user whom files can be closed to."""
    code = """
import os
from diavlex import weights
weights.known("brush")
os.seteuid(65534)
print(*weights.known("brush"))
"""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        own = Path(place) / "own"
        card = weights.Card("mine", "brush", "a test", "MIT", {}, {}, {})
        weights.save(own, card, {"a": torch.ones(1)})
        for each in own.iterdir():
            each.chmod(0o644)
        seen = [_known(code, own)]
        (own if closed == "folder" else own / "mine.json").chmod(0)
        seen.append(_known(code.replace('weights.known("brush")\n', "", 1), own))
    if "oil" not in seen[0].stdout:
        pytest.skip("this checkout is closed to others")
    assert "mine" in seen[0].stdout.split()
    assert seen[0].stderr == ""
    assert "oil" in seen[1].stdout.split()
    assert "mine" not in seen[1].stdout.split()
    (line,) = seen[1].stderr.splitlines()
    assert str(own) in line
    assert "permission denied" in line


def _known(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DIAVLEX_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )


def test_without_a_home_there_is_nothing_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", "~nobody-at-all/x")
    assert weights.folders("brush") == [weights.SHIPPED]
    assert "oil" in weights.known("brush")
    (told,) = caplog.messages
    assert "nobody's home" in told


def test_the_home_may_be_written_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", "~/brushes")
    assert weights.own_folder() == Path.home() / "brushes"


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", ".hidden", "-v", "~me", "a,b", "a:2", "a\nb", "é" * 101]
)
def test_weights_have_plain_names(name: str, tmp_path: Path) -> None:
    card = weights.Card(name, "brush", "a test", "MIT", {}, {}, {})
    with pytest.raises(BadValue, match="cannot be called"):
        weights.save(tmp_path, card, {})
    assert not weights.is_name(name)
    assert not list(tmp_path.iterdir())
    with pytest.raises(UnknownName):
        weights.find("brush", name)


@pytest.mark.parametrize("name", ["oil", "2B pencil#1", "Ölfarbe", "墨", "a_b-c.2"])
def test_names_are_of_any_language(name: str) -> None:
    assert weights.is_name(name)


def cut(data: bytes) -> bytes:
    return data[:-5]


def header_too_large(data: bytes) -> bytes:
    return (1 << 60).to_bytes(8, "little") + data[8:]


def header_longer_than_the_file(data: bytes) -> bytes:
    return (len(data) * 2).to_bytes(8, "little") + data[8:]


def header_too_small(data: bytes) -> bytes:
    return (3).to_bytes(8, "little") + data[8:]


def header_of_nothing(data: bytes) -> bytes:
    return bytes(8)


def header_of_another_kind(data: bytes) -> bytes:
    return (2).to_bytes(8, "little") + b"[]"


def header_of_an_unknown_type(data: bytes) -> bytes:
    return data.replace(b'"F32"', b'"X32"')


def header_that_overlaps(data: bytes) -> bytes:
    return data.replace(b"[0,24]", b"[0,28]")


def header_of_a_huge_shape(data: bytes) -> bytes:
    head = b'{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}'
    return len(head).to_bytes(8, "little") + head + bytes(4)


def empty_file(data: bytes) -> bytes:
    return b""


INSIDES = [
    cut, header_too_large, header_longer_than_the_file, header_too_small, header_of_nothing,
    header_of_another_kind, header_of_an_unknown_type, header_that_overlaps,
    header_of_a_huge_shape, empty_file,
]  # fmt: skip


@pytest.mark.parametrize("spoil", INSIDES, ids=lambda spoil: spoil.__name__)
def test_a_wrong_inside_with_a_right_checksum_is_refused(
    own: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = own / "mine.safetensors"
    data = spoil(before := path.read_bytes())
    assert data != before
    path.write_bytes(data)
    facts = json.loads((own / "mine.json").read_text())
    facts["sha256"] = hashlib.sha256(data).hexdigest()
    (own / "mine.json").write_text(json.dumps(facts))
    with pytest.raises(BadWeights, match=r"'mine' are no safetensors.*mine\.safetensors") as caught:
        weights.load("brush", "mine")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("path", sorted(weights.SHIPPED.glob("*.json")), ids=lambda p: p.stem)
def test_shipped_weights_are_what_their_cards_say(path: Path) -> None:
    card = weights.read_card(path)
    loaded, tensors = weights.load(card.kind, card.name)
    assert loaded == card
    assert tensors
    size = path.with_suffix(".safetensors").stat().st_size
    assert size <= (3 << 20 if card.kind == "brush" else 30 << 20)
    assert card.licence
    assert card.trained_on
