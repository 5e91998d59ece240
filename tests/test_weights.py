"""Weights and their cards: written together, refused when they do not fit."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from diavlex import brushes, guides, weights
from diavlex.errors import BadWeights, UnknownName


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


def test_a_broken_card_is_told(own: Path) -> None:
    (own / "mine.json").write_text('{"name": "mine"')
    with pytest.raises(BadWeights, match=r"mine\.json cannot be read.*take it away"):
        weights.known("brush")
    (own / "mine.json").write_text("[]")
    with pytest.raises(BadWeights, match="it is no card"):
        weights.known("brush")


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
