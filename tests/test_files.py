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
from diavlex.errors import BadFolder, BadValue
from diavlex.files import lock, path_of, read, replacing


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    for text in ("one", "another"):
        with replacing(path) as fresh:
            fresh.write_text(text)
        assert path.read_text() == text
    assert os.listdir(path.parent) == [path.name]


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002, 0o027])
def test_who_may_read_is_for_the_system_to_say(
    mask: int, umask: Callable[[int], int], tmp_path: Path
) -> None:
    umask(mask)
    path = tmp_path / "new" / "file.txt"
    with replacing(path) as fresh:
        assert fresh.stat().st_mode & 0o777 == 0o666 & ~mask, "also while it is written"
        fresh.write_text("one")
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert path.parent.stat().st_mode & 0o777 == 0o777 & ~mask
    path.chmod(0o640)
    with replacing(path) as fresh:
        fresh.write_text("another")
    assert path.stat().st_mode & 0o777 == 0o640, "as somebody set it"


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
    with lock(folder):
        with pytest.raises(BadFolder, match="another diavlex is painting in"), lock(folder):
            pass
        with lock(tmp_path / "other"):
            pass
    assert not list(folder.iterdir())
    with contextlib.suppress(RuntimeError), lock(folder):
        raise RuntimeError
    with lock(folder):
        pass


def test_a_folder_that_cannot_be_worked_in_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file" / "in", Path("/proc/nowhere")):
        with pytest.raises(BadFolder, match=re.escape(str(place))), lock(place):
            pass


def test_a_lock_names_the_folder_and_not_its_inside(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BadFolder) as caught, lock(tmp_path / "file"):
        pass
    assert ".painting" not in str(caught.value)


def test_a_link_to_a_file_is_written_through(tmp_path: Path) -> None:
    for link, target in (("there", "a.txt"), ("new", "b.txt"), ("far", "sub/c.txt")):
        (tmp_path / link).symlink_to(target)
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "again").symlink_to("there")
    for link in ("there", "new", "far", "again"):
        with replacing(tmp_path / link) as fresh:
            fresh.write_text(link)
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / link).read_text() == link
    assert (tmp_path / "a.txt").read_text() == "again"
    assert (tmp_path / "sub" / "c.txt").read_text() == "far"
    names = {path.name for path in tmp_path.rglob("*")}
    assert names == {"there", "new", "far", "again", "a.txt", "b.txt", "sub", "c.txt"}


def test_devices_circles_and_folders_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "device").symlink_to("/dev/null")
    (tmp_path / "circle").symlink_to("back")
    (tmp_path / "back").symlink_to("circle")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, says in {
        "device": "a device or a pipe", "pipe": "a device or a pipe", "circle": "in a circle",
        "self": "in a circle", "folder": "it is a folder",
    }.items():  # fmt: skip
        path = tmp_path / name
        before = path.lstat()
        with pytest.raises(BadFolder, match=says), replacing(path):
            pytest.fail("nothing is begun")
        with pytest.raises(OSError, match=says.split()[-1]):
            read(path, 100)
        assert path.lstat() == before
    with pytest.raises(BadFolder, match="a device or a pipe"), replacing(Path("/dev/full")):
        pass
    assert len(os.listdir(tmp_path)) == 6


@pytest.mark.parametrize(("name", "says"), [("a" * 300, "name too long"), ("a\0b", "zero byte")])
def test_names_that_cannot_be_are_told(name: str, says: str, tmp_path: Path) -> None:
    for path in (tmp_path / name, tmp_path / name / "in.txt"):
        with pytest.raises(BadFolder, match=says) as caught, replacing(path):
            pytest.fail("nothing is begun")
        assert str(caught.value).isprintable()
        with pytest.raises(OSError, match=f"(?i){says}|No such file"):
            read(path, 100)
    assert not os.listdir(tmp_path)


def test_what_is_read_is_measured_first(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read(path, 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read(path, 4)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none", 4)


def test_a_persons_path_has_its_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert path_of("~") == Path("/home/me")
    assert path_of("~/a b") == Path("/home/me/a b")
    assert path_of(Path("a/~")) == Path("a/~")
    assert path_of(path_of("./~x")) == Path("~x").absolute()
    for text, says in {"": "empty", "a\0b": "zero byte", "~nobody-at-all": "put ./ first"}.items():
        with pytest.raises(BadValue, match=says):
            path_of(text)
