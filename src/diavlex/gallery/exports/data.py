"""The strokes as numbers: the record itself, JSON Lines, and CSV."""

from pathlib import Path
from typing import TYPE_CHECKING

from .export import Each, Export, NoChoices

if TYPE_CHECKING:
    from diavlex.painting import Painting


def write_record(painting: "Painting", path: Path, options: NoChoices, each: Each) -> None:
    """Write the record."""
    painting.save(path)
    each(1.0)


def write_lines(painting: "Painting", path: Path, options: NoChoices, each: Each) -> None:
    """Write a line of JSON a stroke."""
    from ..tables import save_lines

    save_lines(painting, path)
    each(1.0)


def write_csv(painting: "Painting", path: Path, options: NoChoices, each: Each) -> None:
    """Write a row a stroke, and beside it what the columns mean."""
    from ..tables import save_csv

    save_csv(painting, path)
    each(1.0)


RECORD = Export("record", ".json", "the record, as it stands in a painting's folder", write_record)
LINES = Export("jsonl", ".jsonl", "a line of JSON a stroke; the first tells units", write_lines)
CSV = Export(
    "csv", ".csv", "a row a stroke; units in a file beside it (CSV on the Web)", write_csv,
    beside=("-metadata.json",),
)  # fmt: skip
