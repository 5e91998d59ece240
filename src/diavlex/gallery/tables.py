"""A painting's strokes as tables that other programs read, each number exactly as in the record."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diavlex.files import replacing
from diavlex.painting import COLUMNS, Painting, to_plain

from .layers import names_by_stroke
from .text import hex_color

LENGTH, SHARE, COLOR = "shorter sides of the canvas", "0 to 1", "sRGB, 0 to 1"
_KINDS = {
    "start_pressure": (SHARE, "pressure of the brush at the start"),
    "end_pressure": (SHARE, "pressure of the brush at the end"),
    "size": (LENGTH, "radius of the brush"),
    "control_x": (LENGTH, "control point of the quadratic Bezier, from the left edge"),
    "control_y": (LENGTH, "control point of the quadratic Bezier, from the upper edge"),
    "end_x": (LENGTH, "where the stroke ends, from the left edge"),
    "end_y": (LENGTH, "where the stroke ends, from the upper edge"),
    "start_x": (LENGTH, "where the stroke starts, from the left edge"),
    "start_y": (LENGTH, "where the stroke starts, from the upper edge"),
    "red": (COLOR, "red of the paint"),
    "green": (COLOR, "green of the paint"),
    "blue": (COLOR, "blue of the paint"),
}
FIELDS = {
    "stroke": ("", "number in painting order, from 1"),
    **_KINDS,
    "brush": ("", "name of the brush"),
    "variant": ("", "which texture of the brush, from 0"),
    "layer": ("", "name of the layer"),
    "color": ("#rrggbb", "the paint's color, rounded"),
}
"""The columns: the unit of each, and what it is."""


def save_lines(painting: Painting, path: Path | str) -> Path:
    """Write JSON Lines: first the painting's facts and the columns' units, then a stroke a line.

    Raises:
        BadFolder: it cannot be written there.
    """
    head = {"format": "diavlex strokes", "painting": _facts(painting), "columns": _about()}
    with replacing(Path(path)) as fresh, open(fresh, "w", encoding="utf-8") as file:
        for line in (head, *_rows(painting)):
            file.write(json.dumps(line) + "\n")  # plain letters: some break lines
    return Path(path)


def save_csv(painting: Painting, path: Path | str) -> Path:
    """Write CSV, a row a stroke; what the columns mean stands in a file beside it.

    Raises:
        BadFolder: it cannot be written there.

    Source: CSV on the Web, W3C 2015: a file's metadata end in -metadata.json.
    """
    path = Path(path)
    with replacing(path.with_name(path.name + "-metadata.json")) as about, replacing(path) as fresh:
        with open(fresh, "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, FIELDS)
            table.writeheader()
            table.writerows(_rows(painting))
        about.write_text(json.dumps(_metadata(painting, path), indent=1, ensure_ascii=False) + "\n")
    return path


def _rows(painting: Painting) -> Iterator[dict[str, Any]]:
    layers = names_by_stroke(painting)
    for number, row in enumerate(to_plain(painting)["strokes"], 1):
        named = dict(zip(COLUMNS, row, strict=True))
        yield (
            {"stroke": number}
            | named
            | {
                "brush": painting.brushes[named["brush"]],
                "layer": layers[number - 1],
                "color": hex_color([named[name] for name in ("red", "green", "blue")]),
            }
        )


def _facts(painting: Painting) -> dict[str, Any]:
    """The record without its strokes."""
    plain = to_plain(painting)
    return {name: value for name, value in plain.items() if name not in ("strokes", "columns")}


def _about() -> dict[str, dict[str, str]]:
    return {name: {"unit": unit, "about": about} for name, (unit, about) in FIELDS.items()}


def _metadata(painting: Painting, path: Path) -> dict[str, Any]:
    texts = ("brush", "layer", "color")
    whole = ("stroke", "variant")
    columns = [
        {
            "name": name,
            "titles": name,
            "dc:description": f"{about}; {unit}" if unit else about,
            "datatype": "string" if name in texts else "integer" if name in whole else "number",
        }
        for name, (unit, about) in FIELDS.items()
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": path.name,
        "dc:title": painting.prompt,
        "tableSchema": {"columns": columns, "primaryKey": "stroke"},
        "notes": [_facts(painting)],
    }
