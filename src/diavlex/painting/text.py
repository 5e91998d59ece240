"""The record as a file: `painting.json`, plain, one stroke a line.

The same painting gives the same bytes. Anybody may have written a file that is read here: it is
measured and counted before anything is built of it.
"""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec import Raw, Struct

from diavlex import schema
from diavlex.errors import BadPainting, shown
from diavlex.files import path_of, read, replacing

from .record import (
    COLUMNS,
    FACTS,
    MOST_STROKES,
    MOST_TABLE_BYTES,
    Layer,
    Painting,
    dump,
    shortest,
    unfit,
)

FILE_NAME = "painting.json"
FORMAT = "diavlex painting"
FORMAT_VERSION = 2
"""Version 1 had no layers and did not tell of the machine; it is still read."""
MOST_BYTES = 1 << 26
"""The largest file that is read at all."""

_NOTHING = Raw(b"null")
_ROW = tuple[tuple([float] * 12 + [int] * 2)]  # type: ignore[misc]
KEYS = ("format", "format_version", *FACTS, "layers", "columns", "strokes")
"""The entries of a record, in their order in the file."""
_KEYS_OF = {1: tuple(key for key in KEYS if key not in ("machine", "layers")), 2: KEYS}


class _Mark(Struct):
    """What tells a record from other JSON; all else is passed over."""

    format: Raw = _NOTHING
    format_version: Raw = _NOTHING


class _Share(Struct, forbid_unknown_fields=True):
    """A layer, as it stands in the file."""

    name: str
    strokes: int


def load(path: Path | str) -> Painting:
    """Read a record; a folder stands for the `painting.json` in it.

    Raises:
        BadPainting: it is missing, cut short, altered or not a painting of diavlex.
    """
    path = _file_of(path_of(path))
    try:
        return _parse(_read(path))
    except BadPainting as error:
        raise BadPainting(f"{path}: {error}.") from error


def save(painting: Painting, path: Path | str) -> Path:
    """Write a record, whole or not at all; see `Painting.save`."""
    path = _file_of(path_of(path))
    data = to_text(painting).encode()
    with replacing(path) as fresh:
        fresh.write_bytes(data)
    return path


def to_plain(painting: Painting) -> dict[str, Any]:
    """The record as plain data, each number the shortest decimal that means the same."""
    numbers = shortest(painting.actions.numpy().reshape(-1))
    rows = [numbers[at : at + 12] for at in range(0, len(numbers), 12)]
    pairs = zip(painting.brush_of.tolist(), painting.variants.tolist(), strict=True)
    facts = {name: getattr(painting, name) for name in FACTS}
    facts["brushes"], facts["background"] = list(painting.brushes), list(painting.background)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **facts,
        "layers": [{"name": one.name, "strokes": one.count} for one in painting.layers],
        "columns": list(COLUMNS),
        "strokes": [[*row, *pair] for row, pair in zip(rows, pairs, strict=True)],
    }


def from_plain(plain: Any) -> Painting:
    """The record that `to_plain` took apart.

    Raises:
        BadPainting: something in it is missing, unknown, or out of bounds.
    """
    try:
        data = dump(plain).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise unfit(f"it is not plain data ({shown(error)})") from error
    return _parse(data)


def to_text(painting: Painting) -> str:
    """The record as JSON, one stroke a line; the same painting gives the same text."""
    plain = to_plain(painting)
    strokes = plain.pop("strokes")
    head = "".join(f" {dump(key)}: {dump(value)},\n" for key, value in plain.items())
    lines = ",\n".join(f"  {dump(row)}" for row in strokes)
    return f'{{\n{head} "strokes": [\n{lines}\n ]\n}}\n'


def _file_of(path: Path) -> Path:
    return path / FILE_NAME if os.path.isdir(path) else path


def _read(path: Path) -> bytes:
    try:
        return read(path, MOST_BYTES)
    except FileNotFoundError as error:
        raise unfit("there is no such painting", "check the path") from error
    except OSError as error:
        raise unfit(f"it cannot be read ({error.strerror})", "check the path") from error


def _parse(data: bytes) -> Painting:
    try:
        pieces = schema.pieces(data, _KEYS_OF[_version(data)])
        _check_sizes(pieces)
        if schema.read(pieces["columns"], list[str]) != list(COLUMNS):
            raise unfit("the columns of its strokes are not diavlex's")
        facts = {name: _fact(name, pieces[name]) for name in FACTS if name in pieces}
        rows = _rows(pieces["strokes"])
        layers = _layers(pieces["layers"]) if "layers" in pieces else ()
    except schema.Unfit as error:
        raise unfit(str(error)) from error
    return Painting(
        actions=torch.from_numpy(rows[:, :12].astype(np.float32)),
        brush_of=torch.from_numpy(rows[:, 12].astype(np.int64)),
        variants=torch.from_numpy(rows[:, 13].astype(np.int64)),
        layers=layers,
        **facts,
    )


def _version(data: bytes) -> int:
    """The version of the format; the keys of other JSON are of no interest."""
    foreign = unfit("it was not written by diavlex", "choose a painting.json of diavlex")
    if data.lstrip()[:1] not in (b"{", b""):
        raise foreign
    mark = schema.read(data, _Mark)
    try:
        if schema.read(mark.format, str) != FORMAT:
            raise foreign
    except schema.Unfit as error:
        raise foreign from error
    try:
        version = schema.read(mark.format_version, int)
    except schema.Unfit:
        version = 0
    if version not in _KEYS_OF:
        given = shown(bytes(mark.format_version).decode(errors="replace"), 40)
        raise unfit(
            f"it has format version {given}, this diavlex reads {' and '.join(map(str, _KEYS_OF))}",
            "use the diavlex that painted it, or a newer one",
        )
    return version


def _check_sizes(pieces: dict[str, Raw]) -> None:
    """Refuse what would fill the memory when it is read."""
    for name, piece in pieces.items():
        most = MOST_BYTES if name == "strokes" else MOST_TABLE_BYTES
        if len(memoryview(piece)) > most:
            raise unfit(f"its '{name}' is longer than {most >> 20} MiB")
    if bytes(pieces["strokes"]).count(b"[") > MOST_STROKES + 1:
        raise unfit(f"it must hold 1 to {MOST_STROKES} strokes, and it holds more")


def _fact(name: str, piece: Raw) -> Any:
    try:
        return schema.read(piece, FACTS[name])
    except schema.Unfit as error:
        raise unfit(f"its '{name}' cannot be read ({error})") from error


def _rows(piece: Raw) -> np.ndarray:
    """Strokes as a table of float64; whole numbers stay exact."""
    try:
        rows = np.array(schema.read(piece, list[_ROW]), np.float64).reshape(-1, len(COLUMNS))
    except schema.Unfit as error:
        raise unfit(f"{_placed(error.place)} cannot be read ({error.what})") from error
    wild = np.argwhere(~(np.abs(rows) < 1e6))
    if len(wild):
        at, column = (int(v) for v in wild[0])
        raise unfit(f"stroke {at + 1} has {rows[at, column]:g} for its {COLUMNS[column]}")
    return rows


def _placed(place: str) -> str:
    """What a place such as `[3][9]` among the strokes is called."""
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", place)]
    if not numbers:
        return "its list of strokes"
    column = "".join(f", {COLUMNS[at]}," for at in numbers[1:])
    return f"stroke {numbers[0] + 1}{column}"


def _layers(piece: Raw) -> tuple[Layer, ...]:
    layers, first = [], 0
    for share in schema.read(piece, list[_Share]):
        layers.append(Layer(share.name, first, share.strokes))
        first += share.strokes
    return tuple(layers)
