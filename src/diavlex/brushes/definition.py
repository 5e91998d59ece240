"""What a brush is to MyPaint: its settings, as JSON, and how diavlex deals them to a stroke."""

import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from diavlex.errors import BadValue, UnknownName

LIBRARY = Path(__file__).parent / "library"
"""The folder of diavlex's own brushes, one MyPaint file (.myb) each."""

VARIANTS = 4
"""How many textures every brush has, so that neighboring strokes do not repeat one stamp."""


@dataclass(frozen=True)
class Definition:
    """A brush as MyPaint reads it, and how its dabs are measured out along a stroke."""

    name: str
    about: str
    settings: dict[str, Any]
    """MyPaint's own: setting -> {"base_value": number, "inputs": {input: [[x, y], ...]}}."""
    dabs: int
    """How many dabs a stroke gets whatever its length; 0 leaves their spacing to the brush."""
    length: float
    """Half-length of a dab along the stroke, in lengths of the stroke with its ends; 0 when round."""
    width: float
    """Half-width of a dab across the stroke, in radii of the stroke."""

    def text(self, variant: int) -> str:
        """The brush as the JSON that MyPaint reads, its bristles dealt for one variant."""
        settings = copy.deepcopy(self.settings)
        bristles = settings.get("offset_angle", {}).get("inputs", {})
        if "random" in bristles:
            bristles["random"] = _deal(bristles["random"], variant)
        return json.dumps({"comment": "", "settings": settings, "version": 3})


def names() -> list[str]:
    """The names of diavlex's own brushes."""
    return sorted(path.stem for path in LIBRARY.glob("*.myb"))


@cache
def find(name: str) -> Definition:
    """One of diavlex's own brushes, or the MyPaint file at a path that ends in .myb.

    Raises:
        UnknownName: no such brush; the nearest is offered.
        BadValue: the file cannot be read as a MyPaint brush.
    """
    if name.endswith(".myb"):
        return read(Path(name))
    if name not in names():
        raise UnknownName("brush", name, names())
    return read(LIBRARY / f"{name}.myb")


def read(path: Path) -> Definition:
    """Read a MyPaint brush file (version 3, JSON).

    Raises:
        BadValue: it cannot be read as one.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        settings = record["settings"]
        if record["version"] != 3 or not isinstance(settings, dict):
            raise ValueError("not a version 3 brush")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadValue(
            f"'{path}' is no MyPaint brush that diavlex can read ({error}); give a version 3 .myb file."
        ) from error
    own = record.get("diavlex", {})
    about = own.get("about") or record.get("description") or "a MyPaint brush"
    measures = (own.get("dabs", 0), float(own.get("length", 0)), float(own.get("width", 1)))
    return Definition(path.stem, about, settings, *measures)


def _deal(points: list[list[float]], variant: int) -> list[list[float]]:
    """Where the bristles sit across the brush: every second variant mirrored, evenly spread ones turned.

    MyPaint draws the same random numbers for every stroke; each chooses a bristle's place and its
    paint. Other places for the same numbers are another brush of the same make.
    """
    if variant % 2:
        points = [[x, -y] for x, y in points]
    turn = variant % VARIANTS / VARIANTS
    if len(points) > 2 or not turn:
        return points
    (_, low), (_, high) = points
    seam = low + (high - low) * turn
    return [[0.0, seam], [1 - turn, high], [1 - turn + 1e-4, low], [1.0, seam]]
