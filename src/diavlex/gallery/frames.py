"""A painting as a folder of pictures, one a stroke or a stage, for whoever animates it."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from diavlex.errors import BadFolder
from diavlex.painting import Painting

from .pictures import groups, stages
from .png import describe, save_png
from .sheets import evenly

_FRESH, _OLD = ".frames-", ".old-"


def save_frames(
    painting: Painting,
    folder: Path | str,
    count: int,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
    *,
    has_background: bool = True,
    is_alone: bool = False,
) -> Path:
    """Write pictures of a painting on its way: 0001.png, 0002.png and so on.

    Args:
        painting: the record.
        folder: where to; it appears, whole, when all went well, in the place of one that is there.
        count: how many pictures, evenly spread over the strokes; one a stroke at most.
        short_side_px: of the pictures; as painted if not given.
        engine: who paints, neural or mypaint.
        each: called with the count of strokes painted so far.
        has_background: whether the strokes lie on the background; if not, on nothing, with alpha.
        is_alone: each picture shows only what is new in it, on nothing.

    Raises:
        BadFolder: it cannot be written there.
    """
    strokes = len(painting.actions)
    cuts = evenly(strokes + 1, min(count, strokes) + 1)
    if is_alone:
        pictures = groups(painting, cuts, short_side_px, engine)
    else:
        pictures = stages(painting, cuts[1:], short_side_px, engine, has_background=has_background)
    digits = max(4, len(str(len(cuts) - 1)))
    about = describe(painting, engine)
    with replacing_folder(Path(folder)) as fresh:
        for number, (picture, cut) in enumerate(zip(pictures, cuts[1:], strict=True), 1):
            told = about | {"strokes": f"{cut} of {strokes}"}
            save_png(picture, fresh / f"{number:0{digits}}.png", told)
            if each is not None:
                each(cut)
    return Path(folder)


@contextlib.contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A fresh folder to fill; it takes a folder's place only when all went well.

    Raises:
        BadFolder: it cannot be written, or there is a file in its place.
    """
    fresh = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if os.path.exists(folder) and not folder.is_dir():
            raise BadFolder(f"{folder} is a file; give the name of a folder.")
        fresh = folder.parent / f"{_FRESH}{secrets.token_hex(8)}"
        fresh.mkdir()  # as the umask lets
        yield fresh
        _swap(fresh, folder)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadFolder(f"cannot write {folder} ({why}); choose another place.") from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, folder: Path) -> None:
    """Put a folder in another's place; the other goes when the new one is there."""
    if not folder.exists():
        os.replace(fresh, folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_OLD))
    os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
