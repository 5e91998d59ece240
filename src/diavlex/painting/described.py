"""The record as a JSON Schema, for programs that read or check paintings without diavlex.

The schema ships as `painting.schema.json` beside this file.
"""

from typing import Any

from msgspec.json import schema_components

from .record import COLUMNS, FACTS, MOST_STROKES, SEED, SIDE_PX
from .text import FORMAT, FORMAT_VERSION, KEYS

SCHEMA_NAME = "painting.schema.json"
_ABOUT = {
    "format": "tells a painting of diavlex from other JSON",
    "format_version": "of this layout; version 1 had neither layers nor machine",
    "version": "of the diavlex that painted",
    "prompt": "the words; empty where only a photo was painted from",
    "guide": "the names of what judged the canvas",
    "seed": "of every random number",
    "steps": "how often all strokes were moved",
    "height_px": "of the finished picture",
    "width_px": "of the finished picture",
    "background": "color of the bare canvas: red, green, blue; sRGB in [0, 1]",
    "brushes": "names of the brushes in use, each once",
    "scores": "what was measured at the end: cosines, and what each term added to the loss",
    "settings": "every choice, by name, and remarks that were told",
    "machine": "what painted: processor, system, versions, number of threads",
    "layers": "strokes that paint one thing, in painting order; together they hold every stroke",
    "columns": "what the numbers of a stroke are, in order",
    "strokes": "a row a stroke, in painting order; lengths are shares of the canvas's shorter side",
}
_UNIT: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
_PLACE: dict[str, Any] = {"type": "number", "minimum": -4}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 255}
_COLUMN: dict[str, dict[str, Any]] = {
    "start_pressure": _UNIT, "end_pressure": _UNIT,
    "size": {"type": "number", "exclusiveMinimum": 0, "maximum": 4},
    "control_x": _PLACE, "control_y": _PLACE, "end_x": _PLACE, "end_y": _PLACE,
    "start_x": _PLACE, "start_y": _PLACE,
    "red": _UNIT, "green": _UNIT, "blue": _UNIT,
    "brush": _COUNT, "variant": _COUNT,
}  # fmt: skip
_BOUNDS: dict[str, dict[str, Any]] = {
    "seed": {"minimum": SEED[0], "maximum": SEED[1]},
    "steps": {"minimum": 0, "maximum": 10**9},
    "height_px": {"minimum": SIDE_PX[0], "maximum": SIDE_PX[1]},
    "width_px": {"minimum": SIDE_PX[0], "maximum": SIDE_PX[1]},
    "brushes": {"minItems": 1, "maxItems": 256, "uniqueItems": True},
    "version": {"maxLength": 100},
    "prompt": {"maxLength": 10_000},
    "guide": {"maxLength": 2_000},
}


def json_schema() -> dict[str, Any]:
    """The schema of `painting.json`, format 2, by JSON Schema 2020-12.

    What diavlex writes keeps to it. What keeps to it may still be refused, for what no schema says:
    lengths that do not agree, a stroke that ends where it starts, texts with control characters.
    """
    kinds, _ = schema_components(list(FACTS.values()))
    known = dict(zip(FACTS, kinds, strict=True)) | _made_by_text()
    told = {key: {"description": _ABOUT[key]} | known[key] | _BOUNDS.get(key, {}) for key in KEYS}
    told["background"] |= {"prefixItems": [_UNIT] * 3}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A painting of diavlex: painting.json",
        "type": "object",
        "required": list(KEYS),
        "additionalProperties": False,
        "properties": told,
    }


def _made_by_text() -> dict[str, dict[str, Any]]:
    """The entries that are not facts of a painting: what the file is, layers and strokes."""
    names = {"name": {"type": "string", "minLength": 1, "maxLength": 500}}
    layer = names | {"strokes": {"type": "integer", "minimum": 1}}
    row = [_COLUMN[name] for name in COLUMNS]
    return {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "layers": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": list(layer),
                "additionalProperties": False,
                "properties": layer,
            },
        },
        "columns": {"const": list(COLUMNS)},
        "strokes": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_STROKES,
            "items": {
                "type": "array",
                "prefixItems": row,
                "items": False,
                "minItems": len(row),
                "maxItems": len(row),
            },
        },
    }
