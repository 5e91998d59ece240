"""Files that are written whole or not at all, and how a painting's folder is called."""

import contextlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from diavlex.errors import BadFolder

_FRESH = ".new-"
_LOCK = ".painting"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A fresh file beside `path` to write into; it takes `path`'s place only when all went well.

    Missing folders are made. If anything fails, `path` stays as it was and nothing is left behind.

    Raises:
        BadFolder: the disk is full, the folder cannot be written, or the like.
    """
    fresh = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_FRESH, suffix=path.suffix)
        os.close(handle)
        fresh = Path(name)
        yield fresh
        _keep(fresh, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within it, no other process works in a folder.

    Raises:
        BadFolder: another one does, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    path = folder / _LOCK
    lock = FileLock(path, blocking=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BadFolder(
            f"another diavlex is painting in {folder}; wait until it is done, or give another "
            "--seed or --out."
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def sweep(folder: Path) -> None:
    """Take away what a program that was killed left half-written."""
    for left in folder.glob(_FRESH + "*"):
        left.unlink(missing_ok=True)


def slug(prompt: str) -> str:
    """A prompt as a folder name: letters, digits and hyphens, at most 60 bytes, never a path."""
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", prompt.lower())).strip("-")
    return name.encode()[:60].decode(errors="ignore").strip("-") or "painting"


def _keep(fresh: Path, path: Path) -> None:
    """Force a fresh file to the disk, then put it in the place of `path`."""
    with open(fresh, "rb+") as file:
        os.fsync(file.fileno())
    fresh.chmod(0o644)
    os.replace(fresh, path)


def _unwritable(path: Path, error: OSError) -> BadFolder:
    why = error.strerror or str(error)
    cure = "make room there or choose another folder"
    return BadFolder(f"cannot write {path} ({why.lower()}); {cure}.")
