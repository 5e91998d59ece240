"""The record of a painting, from which every picture, film and file of it can be made again.

It is kept as `painting.json`: plain, one stroke a line, the same bytes for the same painting.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from diavlex import stroke
from diavlex.errors import BadPainting
from diavlex.files import replacing

FILE_NAME = "painting.json"
FORMAT = "diavlex painting"
FORMAT_VERSION = 1
MOST_BYTES = 1 << 26
"""The largest file that is read at all."""
MOST_STROKES = 100_000
SIDE_PX = (8, 16384)
SEED = (0, 2**63 - 1)
AFAR = 4.0
"""How far outside the canvas a stroke's points may lie, in shorter sides."""
COLUMNS = (*stroke.NAMES, "brush", "variant")
"""What stands in a stroke's line: its twelve numbers, its brush (from 0) and its variant."""

_CURE = "restore the file from a copy, or paint it again"
_SLACK = 1e-5
_LEAST_CHORD = 1e-5
_MOST_VARIANTS = 256


@dataclass(frozen=True, eq=False)
class Painting:
    """A finished painting: its strokes in painting order, and how they were found.

    It keeps its own copy of what it is given, on the CPU, checked and in plain form.

    Raises:
        BadPainting: numbers that are not finite or out of bounds, or lengths that do not agree.
    """

    actions: Float[Tensor, "strokes 12"]
    brushes: tuple[str, ...]
    """The names of the brushes in use, each once."""
    brush_of: Int[Tensor, " strokes"]
    """Which of `brushes` paints each stroke."""
    variants: Int[Tensor, " strokes"]
    background: tuple[float, float, float]
    """sRGB in [0, 1]."""
    height_px: int
    width_px: int
    prompt: str
    guide: str
    seed: int
    steps: int
    version: str
    """Of the diavlex that painted it."""
    scores: dict[str, Any]
    settings: dict[str, Any]

    def __post_init__(self) -> None:
        own = {
            "actions": self.actions.detach().to("cpu", torch.float32, copy=True),
            "brush_of": self.brush_of.detach().to("cpu", torch.long, copy=True),
            "variants": self.variants.detach().to("cpu", torch.long, copy=True),
            "brushes": tuple(self.brushes),
            "background": tuple(_shortest(np.asarray(self.background, np.float32).reshape(-1))),
            "scores": _plain_copy("scores", self.scores),
            "settings": _plain_copy("settings", self.settings),
        }
        for name, value in own.items():
            object.__setattr__(self, name, value)
        _check_facts(self)
        _check_strokes(self)

    @property
    def brush_names(self) -> list[str]:
        """The name of each stroke's brush."""
        return [self.brushes[index] for index in self.brush_of.tolist()]

    @property
    def aspect(self) -> tuple[float, float]:
        """Canvas height and width over its shorter side."""
        shorter = min(self.height_px, self.width_px)
        return self.height_px / shorter, self.width_px / shorter

    def save(self, path: Path | str) -> Path:
        """Write the record, whole or not at all; a folder gets a `painting.json`.

        Returns:
            The file written.

        Raises:
            BadFolder: it cannot be written there.
        """
        path = _file_of(Path(path))
        data = to_text(self).encode()
        with replacing(path) as fresh:
            fresh.write_bytes(data)
        return path


def load(path: Path | str) -> Painting:
    """Read a record; a folder stands for the `painting.json` in it.

    Raises:
        BadPainting: it is missing, cut short, altered or not a painting of diavlex.
    """
    path = _file_of(Path(path))
    try:
        return from_plain(_parse(_read(path)))
    except BadPainting as error:
        raise BadPainting(f"{path}: {error}.") from error


def to_plain(painting: Painting) -> dict[str, Any]:
    """The record as plain data, each number the shortest decimal that means the same."""
    numbers = _shortest(painting.actions.numpy().reshape(-1))
    rows = [numbers[at : at + 12] for at in range(0, len(numbers), 12)]
    pairs = zip(painting.brush_of.tolist(), painting.variants.tolist(), strict=True)
    head = {"format": FORMAT, "format_version": FORMAT_VERSION}
    facts = {name: getattr(painting, name) for name in _FACTS}
    facts["brushes"], facts["background"] = list(painting.brushes), list(painting.background)
    strokes = [[*row, *pair] for row, pair in zip(rows, pairs, strict=True)]
    return head | facts | {"columns": list(COLUMNS), "strokes": strokes}


def from_plain(plain: Any) -> Painting:
    """The record that `to_plain` took apart.

    Raises:
        BadPainting: something in it is missing, unknown, or out of bounds.
    """
    _check_head(plain)
    for name, kind in _FACTS.items():
        if not _is(plain[name], kind):
            raise _unfit(f"its '{name}' is not {_KIND_NAMES[kind]}")
    rows = _checked_rows(plain["strokes"])
    facts = {name: plain[name] for name in _FACTS}
    _check_list("brushes", facts["brushes"], str)
    _check_list("background", facts["background"], float)
    if len(facts["background"]) != 3:
        raise _unfit("its background must be three numbers from 0 to 1")
    facts |= {"brushes": tuple(facts["brushes"]), "background": tuple(facts["background"])}
    return Painting(
        actions=torch.from_numpy(rows[:, :12].astype(np.float32)),
        brush_of=torch.from_numpy(rows[:, 12].astype(np.int64)),
        variants=torch.from_numpy(rows[:, 13].astype(np.int64)),
        **facts,
    )


def to_text(painting: Painting) -> str:
    """The record as JSON, one stroke a line; the same painting gives the same text."""
    plain = to_plain(painting)
    strokes = plain.pop("strokes")
    head = "".join(f" {_dump(key)}: {_dump(value)},\n" for key, value in plain.items())
    lines = ",\n".join(f"  {_dump(row)}" for row in strokes)
    return f'{{\n{head} "strokes": [\n{lines}\n ]\n}}\n'


_FACTS: dict[str, type] = {
    "version": str, "prompt": str, "guide": str, "seed": int, "steps": int,
    "height_px": int, "width_px": int, "background": list, "brushes": list,
    "scores": dict, "settings": dict,
}  # fmt: skip
_KIND_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_KEYS = ("format", "format_version", *_FACTS, "columns", "strokes")


def _unfit(what: str, cure: str = _CURE) -> BadPainting:
    return BadPainting(f"{what}; {cure}")


def _file_of(path: Path) -> Path:
    return path / FILE_NAME if path.is_dir() else path


def _read(path: Path) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        text = data.decode()
    except FileNotFoundError as error:
        raise _unfit("there is no such painting", "check the path") from error
    except OSError as error:
        raise _unfit(f"it cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        raise _unfit("it is not text, so not a painting's record") from error
    if len(data) > MOST_BYTES:
        raise _unfit(f"it is larger than {MOST_BYTES >> 20} MiB, so not a painting's record")
    return text


def _parse(text: str) -> Any:
    def refuse(name: str) -> float:
        raise _unfit(f"it holds {name} where a number should be")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _unfit(f"it is cut short or not JSON{where}") from error


def _check_head(plain: Any) -> None:
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise _unfit("it was not written by diavlex", "choose a painting.json of diavlex")
    version = plain.get("format_version")
    if version != FORMAT_VERSION or not _is(version, int):
        raise _unfit(
            f"it has format version {version!r:.40}, this diavlex reads {FORMAT_VERSION}",
            "use the diavlex that painted it, or a newer one",
        )
    for key in _KEYS:
        if key not in plain:
            raise _unfit(f"it has no '{key}'")
    for key in plain:
        if key not in _KEYS:
            raise _unfit(f"it has an unknown entry '{key:.40}'")
    if plain["columns"] != list(COLUMNS):
        raise _unfit("the columns of its strokes are not diavlex's")


def _is(value: Any, kind: type) -> bool:
    """Whether plain data is of a kind; a truth value is no number, a whole number is a number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind)


def _check_list(name: str, values: list[Any], kind: type) -> None:
    if not all(_is(value, kind) for value in values):
        raise _unfit(f"its '{name}' holds something that is not {_KIND_NAMES[kind]}")
    if kind is float and any(abs(value) > 1e6 for value in values):
        raise _unfit(f"its '{name}' holds a number out of bounds")


def _checked_rows(rows: Any) -> np.ndarray:
    """Strokes as a table of float64; whole numbers stay exact."""
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_STROKES:
        raise _unfit(f"it must hold 1 to {MOST_STROKES} strokes")
    kinds = (float,) * 12 + (int, int)
    for at, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(COLUMNS):
            raise _unfit(f"stroke {at} does not have {len(COLUMNS)} numbers")
        for name, kind, value in zip(COLUMNS, kinds, row, strict=True):
            if not _is(value, kind) or not abs(value) < 1e6:
                raise _unfit(f"stroke {at} has {value!r:.40} for its {name}")
    return np.array(rows, np.float64)


def _check_facts(painting: Painting) -> None:
    for name, (low, high) in {
        "height_px": SIDE_PX, "width_px": SIDE_PX, "seed": SEED, "steps": (0, 10**9),
    }.items():  # fmt: skip
        value = getattr(painting, name)
        if not _is(value, int) or not low <= value <= high:
            raise _unfit(f"its {name} is {value!r:.40}, which must be {low} to {high}")
    if not all(0 <= v <= 1 for v in painting.background):
        raise _unfit("its background must be three numbers from 0 to 1")
    names = painting.brushes
    if not names or len(set(names)) < len(names) or not all(names):
        raise _unfit("its brushes must be names, each once, one at the least")
    for name in ("prompt", "guide", "version", "brushes"):
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in "".join(getattr(painting, name))):
            raise _unfit(f"its {name} holds bytes that are not text", "give it as UTF-8")


def _check_strokes(painting: Painting) -> None:
    count = len(painting.actions)
    if not 1 <= count <= MOST_STROKES or painting.actions.shape != (count, 12):
        raise _unfit(f"it must hold 1 to {MOST_STROKES} strokes of twelve numbers")
    if painting.brush_of.shape != (count,) or painting.variants.shape != (count,):
        raise _unfit(f"it has {count} strokes, but not as many brushes and variants")
    table = np.column_stack([painting.actions, painting.brush_of, painting.variants])
    low, high = _bounds(painting)
    inside = (table >= low - _SLACK) & (table <= high + _SLACK)  # False for NaN
    if not inside.all():
        at, column = (int(v) for v in np.argwhere(~inside)[0])
        value, limits = table[at, column], f"{low[column]:g} to {high[column]:g}"
        raise _unfit(f"stroke {at + 1} has a {COLUMNS[column]} of {value:g}, must be {limits}")
    chords = (painting.actions[:, 5:7] - painting.actions[:, 7:9]).norm(dim=-1)
    if (chords < _LEAST_CHORD).any():
        raise _unfit(f"stroke {int(chords.argmin()) + 1} ends where it starts")


def _bounds(painting: Painting) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each column of the strokes."""
    height, width = painting.aspect
    x, y = (-AFAR, width + AFAR), (-AFAR, height + AFAR)
    unit = (0.0, 1.0)
    brush, variant = (0.0, len(painting.brushes) - 1.0), (0.0, _MOST_VARIANTS - 1.0)
    pairs = [unit, unit, (1e-4, AFAR), x, y, x, y, x, y, unit, unit, unit, brush, variant]
    low, high = np.array(pairs).T
    return low, high


def _plain_copy(name: str, value: Any) -> dict[str, Any]:
    """A copy of plain data; what JSON cannot hold exactly is refused."""
    try:
        return json.loads(_dump(value).encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise _unfit(f"its {name} hold what is not plain data, or not finite ({error})") from error


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _shortest(values: np.ndarray) -> list[float]:
    """Float32 numbers as the shortest decimals that read back as exactly the same float32."""
    short = [float(str(value)) for value in values]
    wrong = np.asarray(short, np.float32) != values
    return [
        float(exact) if is_wrong and math.isfinite(exact) else near
        for near, exact, is_wrong in zip(short, values, wrong, strict=True)
    ]
