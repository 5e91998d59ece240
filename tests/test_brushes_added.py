"""Brushes of other packages: they paint as a person's own do, and a broken one harms nobody."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from diavlex import brushes, plugins, weights
from diavlex.brushes import definition
from diavlex.brushes.definition import LIBRARY
from diavlex.weights import SHIPPED


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What packages offer under the group; the folder tmp_path/their holds a brush of that name."""
    entries: dict[str, Any] = {}
    folder = tmp_path / "their"
    folder.mkdir()
    card = json.loads((SHIPPED / "ink.json").read_text()) | {"name": "their"}
    (folder / "their.json").write_text(json.dumps(card))
    shutil.copyfile(SHIPPED / "ink.safetensors", folder / "their.safetensors")
    shutil.copyfile(LIBRARY / "ink.myb", folder / "their.myb")
    monkeypatch.setattr(plugins, "load", {"diavlex.brushes": entries}.__getitem__)
    weights._added_brushes.cache_clear()
    yield entries
    weights._added_brushes.cache_clear()


@pytest.mark.parametrize("kind", ["path", "text", "callable"])
def test_a_folder_of_brushes_is_added(added: dict[str, Any], tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "their"
    added["them"] = {"path": folder, "text": str(folder), "callable": lambda: folder}[kind]
    assert "their" in brushes.names()
    assert brushes.cards()["their"].name == "their"
    assert torch.equal(brushes.load("their").grain, brushes.load("ink").grain)
    assert definition.names()[-1] == "their"
    assert definition.file_of("their") == folder / "their.myb"
    assert not definition.find("their").is_trusted, "it paints in a process of its own"


def test_a_name_that_is_taken_keeps_its_brush(added: dict[str, Any], tmp_path: Path) -> None:
    for suffix in ("json", "safetensors", "myb"):
        path = tmp_path / "their" / f"oil.{suffix}"
        path.write_bytes((tmp_path / "their" / f"their.{suffix}").read_bytes())
    added["them"] = tmp_path / "their"
    assert not torch.equal(brushes.load("oil").grain, brushes.load("ink").grain)
    assert definition.file_of("oil") == LIBRARY / "oil.myb"
    assert definition.find("oil").is_trusted


def test_what_is_no_folder_is_left_out(
    added: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    added |= {"gone": tmp_path / "gone", "number": 3, "raises": lambda: 1 / 0, "file": __file__}
    added["them"] = tmp_path / "their"
    with caplog.at_level(logging.WARNING, "diavlex"):
        assert "their" in brushes.names()
        brushes.names()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 4, "each once"
    for name, line in zip(("gone", "number", "raises", "file"), told, strict=True):
        assert line.startswith(f"the plugin '{name}' (diavlex.brushes) is left out: ")
        assert "\n" not in line
