"""Files: written whole or not at all, read only if they are ordinary ones; names of folders."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from diavlex.errors import BadFolder, BadValue, shown

_FRESH = ".new-"
_LOCK = ".painting"
_LONGEST_SUFFIX = 16
_CURES = {
    errno.ENOSPC: "make room there or choose another folder",
    errno.EDQUOT: "make room there or choose another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def path_of(text: str | os.PathLike[str]) -> Path:
    """The path that a person wrote, its `~` expanded.

    Raises:
        BadValue: it is empty, holds a zero byte, or names the home of nobody.
    """
    words = os.fspath(text)
    if not words:
        raise BadValue("a path is empty; give the name of a file or a folder.")
    if "\0" in words:
        raise BadValue(f"the path '{shown(words)}' holds a zero byte; give one without.")
    expanded = os.path.expanduser(words)
    if expanded.startswith("~"):
        raise BadValue(
            f"'{shown(words)}' is nobody's home; for a folder of that name, put ./ first."
        )
    path = Path(expanded)
    is_plain = str(path).startswith("~")  # of ./~, pathlib leaves ~ alone: it must not expand later
    return path.absolute() if is_plain else path


def here() -> Path:
    """The folder in which the program runs; where that was taken away, a name for it."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


def read(path: Path, most_bytes: int) -> bytes:
    """All of an ordinary file, or of the one that a link leads to.

    Raises:
        OSError: there is none, it cannot be read, is a folder or a device, or is too large;
            `strerror` says which.
    """
    with open(ordinary(path), "rb") as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise OSError(errno.EFBIG, f"it is larger than {_size(most_bytes)}")
        return file.read()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A fresh file beside `path` to write into; it takes `path`'s place only when all went well.

    Missing folders are made. If anything fails, `path` stays as it was and nothing is left behind.
    A link stays one: what it leads to is replaced. The file may be read and written by whom the
    umask lets, or, if it was there before, by whom it was.

    Raises:
        BadFolder: the disk is full, the folder cannot be written, `path` is a device, or the like.
    """
    fresh = None
    try:
        real = ordinary(path)
        real.parent.mkdir(parents=True, exist_ok=True)
        fresh = _new_beside(real, path.suffix[:_LONGEST_SUFFIX])
        yield fresh
        _keep(fresh, real)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Make sure that a file can be written, before hours are spent on what shall be in it.

    Nothing is written and no folder is made.

    Raises:
        BadFolder: it is a device or the like, has too long a name, or lies where it cannot.
    """
    try:
        folder = ordinary(path).parent
        while not os.path.lexists(folder):
            folder = folder.parent
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(path, error) from error


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Within it, no other process works in a folder.

    Raises:
        BadFolder: another one does, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / _LOCK, blocking=False)
        held.acquire()
    except Timeout:
        raise BadFolder(
            f"another diavlex is painting in {folder}; wait until it is done, or give another "
            "--seed or --out."
        ) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        (folder / _LOCK).unlink(missing_ok=True)
        held.release()


def sweep(folder: Path) -> None:
    """Take away what a program that was killed left half-written."""
    for left in folder.glob(_FRESH + "*"):
        left.unlink(missing_ok=True)


def slug(prompt: str) -> str:
    """A prompt as a folder name: letters, digits and hyphens, at most 60 bytes, never a path."""
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", prompt.lower())).strip("-")
    return name.encode()[:60].decode(errors="ignore").strip("-") or "painting"


def ordinary(path: Path) -> Path:
    """Where a path leads in the end: to an ordinary file, or to nothing yet; nothing is opened.

    Raises:
        OSError: to a folder, to a device, or in a circle.
    """
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "it holds a zero byte")
    real = Path(os.path.realpath(path))
    try:
        mode = os.lstat(real).st_mode
    except FileNotFoundError:
        return real
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a link that leads in a circle")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file")
    return real


def _new_beside(real: Path, suffix: str) -> Path:
    """An empty file in the same folder; the system applies the umask."""
    fresh = real.parent / f"{_FRESH}{secrets.token_hex(8)}{suffix}"
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return fresh


def _keep(fresh: Path, real: Path) -> None:
    """Force a fresh file to the disk, then put it in the place of another."""
    with open(fresh, "rb+") as file:
        os.fsync(file.fileno())
    if real.exists():
        shutil.copymode(real, fresh)
    os.replace(fresh, real)


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >> 20 else f"{count} bytes"


def _unwritable(path: Path, error: OSError) -> BadFolder:
    why = (error.strerror or str(error)).lower()
    cure = _CURES.get(error.errno or 0, "choose another place")
    return BadFolder(f"cannot write {path} ({why}); {cure}.")
