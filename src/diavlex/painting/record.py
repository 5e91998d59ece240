"""What is known of a finished painting: its strokes, and how they were found; checked when made."""

import json
import math
import operator
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from diavlex import schema, stroke
from diavlex.config import REMARKS
from diavlex.errors import BadPainting, shown
from diavlex.weights import is_name

COLUMNS = (*stroke.NAMES, "brush", "variant")
"""What stands in a stroke's line: its twelve numbers, its brush (from 0) and its variant."""
MOST_STROKES = 100_000
MOST_TABLE_BYTES = 1 << 20
"""The longest table of scores, settings or the machine, as JSON."""
SIDE_PX = (8, 16384)
SEED = (0, 2**63 - 1)
AFAR = 4.0
"""How far outside the canvas a stroke's points may lie, in shorter sides."""
BACKGROUND = "background"
"""The name of the layer that holds all strokes, where no other layers were told apart."""

FACTS: dict[str, Any] = {
    "version": str, "prompt": str, "guide": str, "seed": int, "steps": int,
    "height_px": int, "width_px": int, "background": tuple[float, float, float],
    "brushes": tuple[str, ...], "scores": schema.Numbers, "settings": schema.Facts,
    "machine": schema.Facts,
}  # fmt: skip
"""The entries that stand in the record as they are, and their types."""

_LONGEST = {"version": 100, "prompt": 10_000, "guide": 2_000}
_CURE = "restore the file from a copy, or paint it again"
_SLACK = 1e-5
_LEAST_CHORD = 1e-5
_MOST_VARIANTS = 256


@dataclass(frozen=True)
class Layer:
    """Strokes that paint one thing, one after the other."""

    name: str
    """What they paint: a thing of the prompt, or the background."""
    first: int
    """Row of its first stroke, from 0."""
    count: int
    """How many strokes; one or more."""

    @property
    def rows(self) -> slice:
        """Which of the painting's strokes are its own."""
        return slice(self.first, self.first + self.count)


@dataclass(frozen=True, eq=False, repr=False)
class Painting:
    """A finished painting: its strokes in painting order, and how they were found.

    It keeps its own copy of what it is given, on the CPU, checked and in plain form.

    Raises:
        BadPainting: numbers that are not finite or out of bounds, or lengths that do not agree.
    """

    actions: Float[Tensor, "strokes 12"]
    brushes: tuple[str, ...]
    """The names of the brushes in use, each once; names alone, never paths."""
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
    """Numbers, lists of numbers, or tables of these."""
    settings: dict[str, Any]
    layers: tuple[Layer, ...] = ()
    """Every stroke lies in one, in painting order; without any, all lie in the background."""
    machine: dict[str, Any] = field(default_factory=dict)
    """What painted it (see `diavlex.device.machine`); empty in records of format 1."""

    def __post_init__(self) -> None:
        count = len(self.actions)
        with np.errstate(over="ignore"):  # a wild background is told below
            background = shortest(np.asarray(self.background, np.float32).reshape(-1))
        own = {
            "actions": self.actions.detach().to("cpu", torch.float32, copy=True),
            "brush_of": self.brush_of.detach().to("cpu", torch.long, copy=True),
            "variants": self.variants.detach().to("cpu", torch.long, copy=True),
            "brushes": tuple(self.brushes),
            "background": tuple(background),
            "layers": tuple(self.layers) or (Layer(BACKGROUND, 0, count),),
        }
        for name in ("height_px", "width_px", "seed", "steps"):
            own[name] = _whole(getattr(self, name))
        for name in ("scores", "settings", "machine"):
            own[name] = _plain_copy(name, getattr(self, name))
        for name, value in own.items():
            object.__setattr__(self, name, value)
        _check_facts(self)
        _check_strokes(self)
        _check_layers(self.layers, count)

    def __repr__(self) -> str:
        """The painting in one line: words, strokes, size, brushes, seed."""
        return (
            f"<Painting '{shown(self.prompt)}': {len(self.actions)} strokes of "
            f"{', '.join(self.brushes)}, {self.width_px}x{self.height_px} px, seed {self.seed}>"
        )

    @property
    def brush_names(self) -> list[str]:
        """The name of each stroke's brush."""
        return [self.brushes[index] for index in self.brush_of.tolist()]

    @property
    def aspect(self) -> tuple[float, float]:
        """Canvas height and width over its shorter side."""
        shorter = min(self.height_px, self.width_px)
        return self.height_px / shorter, self.width_px / shorter

    @property
    def is_transparent(self) -> bool:
        """Whether it shall have no background where that can be."""
        return self.settings.get("transparent") is True

    def save(self, path: Path | str) -> Path:
        """Write the record, whole or not at all; a folder gets a `painting.json`.

        Returns:
            The file written.

        Raises:
            BadFolder: it cannot be written there.
        """
        from .text import save

        return save(self, path)


def unfit(what: str, cure: str = _CURE) -> BadPainting:
    """What is wrong with a record, and what to do."""
    return BadPainting(f"{what}; {cure}")


def shortest(values: np.ndarray) -> list[float]:
    """Float32 numbers as the shortest decimals that read back as exactly the same float32."""
    short = [float(str(value)) for value in values]
    wrong = np.asarray(short, np.float32) != values
    return [
        float(exact) if is_wrong and math.isfinite(exact) else near
        for near, exact, is_wrong in zip(short, values, wrong, strict=True)
    ]


def dump(value: Any) -> str:
    """Plain data as JSON in one line; the same data gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _whole(value: Any) -> Any:
    """A whole number of any library as Python's own."""
    try:
        return value if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return value


def _plain_copy(name: str, value: Any) -> dict[str, Any]:
    """A copy of plain data; what JSON cannot hold exactly is refused."""
    try:
        data = dump(value).encode()
        if len(data) > MOST_TABLE_BYTES:
            raise ValueError(f"longer than {MOST_TABLE_BYTES >> 20} MiB")
        return schema.read(data, FACTS[name])
    except (ValueError, TypeError, RecursionError) as error:
        raise unfit(f"its {name} hold what is not plain data, or not finite ({error})") from error


def _check_facts(painting: Painting) -> None:
    for name, kind in FACTS.items():
        try:
            schema.check(getattr(painting, name), kind)
        except schema.Unfit as error:
            raise unfit(f"its '{name}' cannot be ({error})") from error
    for name, (low, high) in {
        "height_px": SIDE_PX, "width_px": SIDE_PX, "seed": SEED, "steps": (0, 10**9),
    }.items():  # fmt: skip
        value = getattr(painting, name)
        if not low <= value <= high:
            seen = value if abs(value) < 10**40 else "a huge number"
            raise unfit(f"its {name} is {seen}, which must be {low} to {high}")
    if not all(0 <= v <= 1 for v in painting.background):
        raise unfit("its background must be three numbers from 0 to 1")
    names = painting.brushes
    if not 1 <= len(names) <= _MOST_VARIANTS or len(set(names)) < len(names):
        raise unfit("its brushes must be names, each once, one at the least")
    for name in names:
        if not is_name(name):
            raise unfit(f"'{shown(name)}' is not the name of a brush")
    for name, most in _LONGEST.items():
        _check_text(name, getattr(painting, name), most, is_line=name != "prompt")
    for name in ("also", REMARKS):
        texts = painting.settings.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise unfit(f"its setting '{name}' is not a list of texts")


def _check_text(name: str, text: str, most: int, *, is_line: bool = True) -> None:
    if len(text) > most:
        raise unfit(f"its {name} has {len(text)} characters, and {most} are the most")
    for letter in text:
        category = unicodedata.category(letter)
        if category == "Cs":
            raise unfit(f"its {name} holds bytes that are not text", "give it as UTF-8")
        if category == "Cc" and is_line:
            raise unfit(f"its {name} holds control characters: '{shown(text)}'")


def _check_strokes(painting: Painting) -> None:
    count = len(painting.actions)
    if not 1 <= count <= MOST_STROKES or painting.actions.shape != (count, 12):
        raise unfit(f"it must hold 1 to {MOST_STROKES} strokes of twelve numbers")
    if painting.brush_of.shape != (count,) or painting.variants.shape != (count,):
        raise unfit(f"it has {count} strokes, but not as many brushes and variants")
    table = np.column_stack([painting.actions, painting.brush_of, painting.variants])
    low, high = _bounds(painting)
    inside = (table >= low - _SLACK) & (table <= high + _SLACK)  # False for NaN
    if not inside.all():
        at, column = (int(v) for v in np.argwhere(~inside)[0])
        value, limits = table[at, column], f"{low[column]:g} to {high[column]:g}"
        raise unfit(f"stroke {at + 1} has a {COLUMNS[column]} of {value:g}, must be {limits}")
    chords = (painting.actions[:, stroke.END] - painting.actions[:, stroke.START]).norm(dim=-1)
    if (chords < _LEAST_CHORD).any():
        raise unfit(f"stroke {int(chords.argmin()) + 1} ends where it starts")


def _bounds(painting: Painting) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each column of the strokes."""
    height, width = painting.aspect
    x, y = (-AFAR, width + AFAR), (-AFAR, height + AFAR)
    unit = (0.0, 1.0)
    brush, variant = (0.0, len(painting.brushes) - 1.0), (0.0, _MOST_VARIANTS - 1.0)
    pairs = [unit, unit, (1e-4, AFAR), x, y, x, y, x, y, unit, unit, unit, brush, variant]
    low, high = np.array(pairs).T
    return low, high


def _check_layers(layers: tuple[Layer, ...], strokes: int) -> None:
    end = 0
    for at, layer in enumerate(layers, 1):
        if not isinstance(layer, Layer):
            raise unfit(f"layer {at} is no layer")
        try:
            schema.check((layer.name, layer.first, layer.count), tuple[str, int, int])
        except schema.Unfit as error:
            raise unfit(f"layer {at} cannot be ({error})") from error
        _check_text(f"layer {at}", layer.name, 500)
        if not layer.name or layer.count < 1 or layer.first != end:
            raise unfit(f"layer {at} must have a name, and begin where the one before it ends")
        end += layer.count
    if end != strokes:
        raise unfit(f"its layers hold {end} strokes, and there are {strokes}")
