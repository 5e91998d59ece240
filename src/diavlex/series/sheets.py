"""Contact sheets of a series."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from diavlex.errors import BadFolder, BadValue
from diavlex.gallery import Picture, contact_sheet, save_png

from .folder import SeriesFolder

PICTURE = "painting.png"
MOST_CELLS = 240
"""Paintings on one sheet; more of them make more sheets."""
_COLUMNS, _CELL_PX = 12, 224


def save_sheets(series: SeriesFolder, path: Path) -> Iterator[Path]:
    """Lay out the finished paintings in the order of the plan; yields the sheets' files.

    Args:
        series: whose paintings.
        path: the PNG file; where one sheet cannot hold all, `-2` and so on go before its ending.

    Raises:
        BadValue: nothing is finished yet, or another ending.
        BadFolder: it cannot be written there, or a picture cannot be read.
    """
    if path.suffix.lower() != ".png":
        raise BadValue(f"the sheet is '{path}': its name must end in .png.")
    names = series.finished()
    if not names:
        raise BadValue(f"{series.path} holds no finished painting yet.")
    for first in range(0, len(names), MOST_CELLS):
        number = first // MOST_CELLS + 1
        file = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        yield _save(series, names[first : first + MOST_CELLS], file)


def _save(series: SeriesFolder, names: Sequence[str], path: Path) -> Path:
    cells = [_picture(series.path / name / PICTURE) for name in names]
    rows = [series.planned[name] for name in names]
    marks = [f"{row.choices.get('seed', 0)} {row.recipe}".strip() for row in rows]
    notes = [f"{row.prompt} ({mark})" for row, mark in zip(rows, marks, strict=True)]
    save_png(contact_sheet(cells, notes, _COLUMNS, _CELL_PX), path)
    return path


def _picture(path: Path) -> Picture:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.thumbnail((_CELL_PX, _CELL_PX), Image.Resampling.LANCZOS)
            under = Image.new("RGBA", image.size, "white")
            under.alpha_composite(image.convert("RGBA"))
            return np.asarray(under.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadFolder(f"the picture {path} cannot be read ({error}); take it away.") from error
