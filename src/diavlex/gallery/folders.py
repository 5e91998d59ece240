"""A painting's folder: the record, the picture, and how both came to be."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from diavlex.errors import BadFolder
from diavlex.files import replacing
from diavlex.painting import FILE_NAME, Painting

from .films import save_progress_film, save_strokes_film
from .pictures import render
from .png import describe, save_png
from .sheets import Picture, strip

PICTURE, RECORD = "painting.png", FILE_NAME
STRIP, PROGRESS_FILM, STROKES_FILM = "progress.png", "progress.mp4", "strokes.mp4"


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


def save_folder(
    painting: Painting,
    folder: Path | str,
    snapshots: Sequence[Picture],
    engine: str = "neural",
    each: Callable[[str, float], None] = lambda what, share: None,
) -> Path:
    """Write all that a folder of a painting holds; the record comes first, so it is never lost.

    Args:
        painting: the record.
        folder: where to; missing folders are made, files of the same names are replaced.
        snapshots: the canvas on the way, from noise on, all of one size.
        engine: who paints the picture and its film, neural or mypaint.
        each: told which file is being made, and how much of it is, from 0 to 1.

    Returns:
        The folder.

    Raises:
        BadFolder: it cannot be written.
    """
    folder, count = Path(folder), len(painting.actions)
    painting.save(folder / RECORD)
    save_png(
        render(
            painting,
            engine=engine,
            each=lambda done: each(PICTURE, done / count),
            has_background=not painting.is_transparent,
        ),
        folder / PICTURE,
        describe(painting, engine, has_record=True),
    )
    if snapshots:
        save_png(strip(snapshots), folder / STRIP, describe(painting))
        each(PROGRESS_FILM, 0.0)
        save_progress_film(snapshots, folder / PROGRESS_FILM)
    save_strokes_film(
        painting,
        folder / STROKES_FILM,
        engine=engine,
        each=lambda done: each(STROKES_FILM, done / count),
    )
    return folder
