"""What a brush is to MyPaint: its settings, as JSON, and how diavlex deals them to a stroke."""

import copy
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from diavlex.errors import BadValue, UnknownName
from diavlex.weights import own_folder

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
    """Half-length of a dab along the stroke, in lengths of the stroke, ends included; 0: round."""
    width: float
    """Half-width of a dab across the stroke, in radii of the stroke."""
    largest_px: float = math.inf
    """Radius from which on a stroke shows nothing finer: a larger one is drawn so and enlarged."""

    def text(self, variant: int) -> str:
        """The brush as the JSON that MyPaint reads, its bristles dealt for one variant."""
        settings = copy.deepcopy(self.settings)
        bristles = settings.get("offset_angle", {}).get("inputs", {})
        if "random" in bristles:
            bristles["random"] = _deal(bristles["random"], variant)
        return json.dumps({"comment": "", "settings": settings, "version": 3})


def names() -> list[str]:
    """The brushes that MyPaint can paint with: diavlex's own, then those a person has trained."""
    folders = (LIBRARY, own_folder())
    found = [path.stem for folder in folders for path in sorted(folder.glob("*.myb"))]
    return list(dict.fromkeys(found))


def is_own(name: str) -> bool:
    """It is the name of one of diavlex's own brushes."""
    return (LIBRARY / f"{name}.myb").is_file()


@cache
def find(name: str) -> Definition:
    """One of these brushes by name, or the MyPaint file at a path that ends in .myb.

    Raises:
        UnknownName: no such brush; the nearest is offered.
        BadValue: the file cannot be read as a MyPaint brush.
    """
    return read(file_of(name))


def file_of(name: str) -> Path:
    """The MyPaint file of one of these brushes; a path that ends in .myb is its own.

    Raises:
        UnknownName: no such brush; the nearest is offered.
    """
    if name.endswith(".myb"):
        return Path(name)
    if name not in names():
        raise UnknownName("brush", name, names())
    paths = [folder / f"{name}.myb" for folder in (LIBRARY, own_folder())]
    return next(path for path in paths if path.is_file())


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
            f"'{path}' is no MyPaint brush ({error}); give a version 3 .myb file."
        ) from error
    own = record.get("diavlex", {})
    about = own.get("about") or record.get("description") or "a MyPaint brush"
    measures = (own.get("dabs", 0), float(own.get("length", 0)), float(own.get("width", 1)))
    largest_px = float(own.get("largest_px", math.inf))
    return Definition(path.stem, about, settings, *measures, largest_px)


_CANVAS_BOUND = (
    "smudge", "eraser", "lock_alpha", "colorize", "posterize", "paint_mode",
    "change_color_h", "change_color_l", "change_color_hsl_s", "change_color_v",
    "change_color_hsv_s",
)  # fmt: skip
_PLACE_BOUND = ("gridmap_x", "gridmap_y", "tilt_ascension", "barrel_rotation")


def check(definition: Definition) -> None:
    """Refuse a brush whose strokes are no coverage of their own.

    Raises:
        BadValue: what it paints depends on the canvas, or on where the stroke lies; the setting is
            named.
    """
    for name, setting in definition.settings.items():
        inputs = {key: points for key, points in setting["inputs"].items() if _is_used(points)}
        if name in _CANVAS_BOUND and (setting["base_value"] or inputs):
            raise BadValue(
                f"the brush '{definition.name}' uses '{name}': what it paints depends on the "
                "canvas, and diavlex learns coverage alone; set it to 0 in MyPaint and try again."
            )
        for key in inputs:
            if key in _PLACE_BOUND:
                raise BadValue(
                    f"the brush '{definition.name}' lets '{name}' follow '{key}', so its strokes "
                    "differ from place to place; clear that input in MyPaint and try again."
                )


def _is_used(points: list[list[float]]) -> bool:
    return any(y for _, y in points)


def _deal(points: list[list[float]], variant: int) -> list[list[float]]:
    """Where the bristles sit across the brush: turned if spread evenly, every second time mirrored.

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
