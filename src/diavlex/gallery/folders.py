"""A painting's folder: the record, the picture, and how both came to be."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from diavlex.device import own_numerics
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
    snapshots: Iterable[Picture],
    engine: str = "neural",
    each: Callable[[str, float], None] = lambda what, share: None,
) -> Path:
    """Write all that a folder of a painting holds: the record first, then the picture.

    The film of the strokes is made in a thread of its own while the rest is.

    Args:
        painting: the record.
        folder: where to; missing folders are made, files of the same names are replaced.
        snapshots: the canvas on the way, from noise on, all of one size; made when they are needed.
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
    with _strokes_film(painting, folder / STROKES_FILM, engine) as film:
        if pictures := list(snapshots):
            save_png(strip(pictures), folder / STRIP, describe(painting))
            each(PROGRESS_FILM, 0.0)
            save_progress_film(pictures, folder / PROGRESS_FILM)
        while not film.is_made():
            each(STROKES_FILM, film.share)
        each(STROKES_FILM, 1.0)
    return folder


class _Film:
    """The film of the strokes as it is made in a thread; `share` of it is there."""

    def __init__(self, thread: Executor, painting: Painting, path: Path, engine: str) -> None:
        self.share, self.is_unwanted = 0.0, False
        self._count = len(painting.actions)
        self._made = thread.submit(self._make, painting, path, engine)

    def is_made(self, patience_s: float = 0.1) -> bool:
        """Whether it is finished, after so long a wait; raises what went wrong in it."""
        if not wait([self._made], patience_s).done:
            return False
        self._made.result()
        return True

    def _make(self, painting: Painting, path: Path, engine: str) -> None:
        with own_numerics():
            save_strokes_film(painting, path, engine=engine, each=self._tell)

    def _tell(self, done: int) -> None:
        self.share = done / self._count
        if self.is_unwanted:
            raise InterruptedError


@contextmanager
def _strokes_film(painting: Painting, path: Path, engine: str) -> Iterator[_Film]:
    """Make the film of the strokes in a thread, while whoever asks does something else.

    Where that fails, or is interrupted, the film is given up.
    """
    with ThreadPoolExecutor(1) as thread:
        film = _Film(thread, painting, path, engine)
        try:
            yield film
        except BaseException:
            film.is_unwanted = True
            raise
