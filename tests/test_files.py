"""Files appear whole or not at all, whoever writes them."""

import contextlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from test_painting import make

from diavlex import weights
from diavlex.errors import BadFolder
from diavlex.files import alone, replacing


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    for text in ("one", "another"):
        with replacing(path) as fresh:
            fresh.write_text(text)
        assert path.read_text() == text
    assert path.stat().st_mode & 0o777 == 0o644
    assert os.listdir(path.parent) == [path.name]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("whole")
    stack = contextlib.ExitStack()
    stack.enter_context(replacing(path)).write_bytes(b"half")
    with pytest.raises(RuntimeError), stack:
        raise RuntimeError
    assert path.read_text() == "whole"
    assert os.listdir(tmp_path) == [path.name]


def save_painting(folder: Path, count: int) -> Path:
    """A record of so many strokes."""
    return make(count).save(folder)


def save_weights(folder: Path, count: int) -> Path:
    """A file of so many hundred numbers, and its card."""
    card = weights.Card("mine", "brush", "a test", "MIT", {}, {}, {})
    noise = np.random.default_rng(0).standard_normal(100 * count)
    return weights.save(folder, card, {"a": torch.from_numpy(noise)})


WRITERS = pytest.mark.parametrize("write", [save_painting, save_weights])


@WRITERS
def test_unwritable_places_are_named(tmp_path: Path, write: Callable[[Path, int], Path]) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file" / "in", Path("/proc/nowhere")):
        with pytest.raises(BadFolder, match=re.escape(str(place))):
            write(place, 1)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where mounting is permitted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@WRITERS
def test_a_full_disk_leaves_nothing_half_written(
    tiny_disk: Path, write: Callable[[Path, int], Path]
) -> None:
    path = write(tiny_disk, 1)
    before, files = path.read_bytes(), sorted(os.listdir(tiny_disk))
    with pytest.raises(BadFolder, match="no space left"):
        write(tiny_disk, 2000)
    assert path.read_bytes() == before
    assert sorted(os.listdir(tiny_disk)) == files


def test_a_folder_is_worked_in_by_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with alone(folder):
        with pytest.raises(BadFolder, match="another diavlex is painting in"), alone(folder):
            pass
        with alone(tmp_path / "other"):
            pass
    assert not list(folder.iterdir())
    with contextlib.suppress(RuntimeError), alone(folder):
        raise RuntimeError
    with alone(folder):
        pass


def test_a_folder_that_cannot_be_worked_in_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file" / "in", Path("/proc/nowhere")):
        with pytest.raises(BadFolder, match=re.escape(str(place))), alone(place):
            pass
