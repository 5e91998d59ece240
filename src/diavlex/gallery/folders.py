"""A painting's folder: the record, the picture, how both came to be; and single files from it."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from diavlex.errors import BadFolder, BadValue
from diavlex.files import replacing
from diavlex.painting import FILE_NAME, Painting

from .easel import render
from .films import save_progress_film, save_strokes_film
from .ora import save_ora
from .png import describe, save_png
from .sheets import Picture, strip
from .svg import save_svg

PICTURE, RECORD = "painting.png", FILE_NAME
STRIP, PROGRESS_FILM, STROKES_FILM = "progress.png", "progress.mp4", "strokes.mp4"


FORMATS = (".png", ".ora", ".svg", ".mp4", ".json")
"""Files that `save` can write."""


def save(
    painting: Painting,
    path: Path | str,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
) -> Path:
    """Write a painting as the kind of file that its name says.

    Picture (.png), layers (.ora), curves (.svg), film (.mp4), or the record itself (.json).

    Args:
        painting: the record.
        path: the file, its ending one of `FORMATS`.
        short_side_px: of the picture; as painted if not given. Curves have no size.
        engine: who paints a picture or a film; layers are the neural painter's.
        each: called with the count of strokes painted so far, for a picture.

    Raises:
        BadValue: another ending, or what that kind of file cannot be.
        BadFolder: it cannot be written there.
    """
    kind = Path(path).suffix.lower()
    if kind not in FORMATS:
        raise BadValue(f"cannot write {path}: its name must end in one of {', '.join(FORMATS)}.")
    if kind == ".png":
        picture = render(painting, short_side_px, engine, each)
        return save_png(picture, path, describe(painting, engine))
    if kind == ".json":
        return painting.save(path)
    if kind == ".mp4":
        return save_strokes_film(painting, path, short_side_px=short_side_px, engine=engine)
    if engine != "neural":
        raise BadValue(f"{kind} cannot be painted by {engine}; ask for .png, or leave out engine.")
    if kind == ".ora":
        return save_ora(painting, path, short_side_px=short_side_px)
    return save_svg(painting, path)


def check_unclaimed(folder: Path) -> None:
    """Make sure that a folder holds no finished painting; nothing is written.

    Raises:
        BadFolder: it does.
    """
    if any(os.path.exists(folder / name) for name in (RECORD, PICTURE)):
        raise BadFolder(
            f"{folder} holds a painting already; give another --seed or --out, or --overwrite."
        )


def claim(folder: Path | str, *, overwrite: bool = False) -> Path:
    """Make a folder for a painting, and make sure that it can be written.

    Raises:
        BadFolder: it cannot be written, or holds a painting that must not be lost.
    """
    folder = Path(folder)
    if not overwrite:
        check_unclaimed(folder)
    trial = folder / ".trial"
    with replacing(trial) as fresh:
        fresh.write_bytes(b"diavlex")
    trial.unlink()
    return folder


def hang(
    painting: Painting, folder: Path | str, snapshots: Sequence[Picture], engine: str = "neural"
) -> Path:
    """Write all that a folder of a painting holds; the record comes first, so it is never lost.

    Args:
        painting: the record.
        folder: where to; missing folders are made, files of the same names are replaced.
        snapshots: the canvas on the way, from noise on, all of one size.
        engine: who paints the picture and its film, neural or mypaint.

    Returns:
        The folder.

    Raises:
        BadFolder: it cannot be written.
    """
    folder = Path(folder)
    painting.save(folder / RECORD)
    save_png(render(painting, engine=engine), folder / PICTURE, describe(painting, engine))
    if snapshots:
        save_png(strip(snapshots), folder / STRIP, describe(painting))
        save_progress_film(snapshots, folder / PROGRESS_FILM)
    save_strokes_film(painting, folder / STROKES_FILM, engine=engine)
    return folder
