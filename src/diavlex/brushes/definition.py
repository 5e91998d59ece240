"""What a brush is to MyPaint: its settings, and how its dabs are measured out along a stroke."""

import copy
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from diavlex import weights
from diavlex.brushes import myb
from diavlex.errors import BadBrush, UnknownName

LIBRARY = Path(__file__).parent / "library"
"""The folder of diavlex's own brushes, one MyPaint file (.myb) each."""

VARIANTS = 4
"""How many textures every brush has, so that neighboring strokes do not repeat one stamp."""

_Points = list[list[float]]


@dataclass(frozen=True, eq=False)
class Definition:
    """A brush as MyPaint reads it, and how its dabs are measured out along a stroke."""

    name: str
    about: str
    settings: dict[str, Any]
    """MyPaint's own: setting -> {"base_value": number, "inputs": {input: [[x, y], ...]}}."""
    dabs: int = 0
    """How many dabs a stroke gets whatever its length; 0 leaves their spacing to the brush."""
    length: float = 0.0
    """Half-length of a dab along the stroke, in lengths of the stroke, ends included; 0: round."""
    width: float = 1.0
    """Half-width of a dab across the stroke, in radii of the stroke."""
    largest_px: float = math.inf
    """A stroke of a larger radius than this shows nothing finer; it is drawn so and enlarged."""
    is_trusted: bool = False
    """It is diavlex's own, so the engine may paint with it in this process."""

    @lru_cache(maxsize=256)  # noqa: B019  (a stroke would take longer to write than to paint)
    def text(self, variant: int) -> str:
        """The brush as the JSON that MyPaint reads, its bristles dealt for one variant."""
        settings = copy.deepcopy(self.settings)
        bristles = settings.get("offset_angle", {}).get("inputs", {})
        if bristles.get("random"):
            bristles["random"] = _deal(bristles["random"], variant)
        return json.dumps({"comment": "", "settings": settings, "version": 3})


def names() -> list[str]:
    """The brushes that MyPaint can paint with: diavlex's own, a person's, and added ones."""
    found = [path.stem for folder in _folders() for path in sorted(folder.glob("*.myb"))]
    return [name for name in dict.fromkeys(found) if weights.is_name(name)]


def is_own(name: str) -> bool:
    """It is the name of one of diavlex's own brushes."""
    return name in {path.stem for path in LIBRARY.glob("*.myb")}


def find(name: str) -> Definition:
    """One of these brushes, by its name.

    Raises:
        UnknownName: no such brush; the nearest is offered.
        BadBrush: its file is malformed.
    """
    path = file_of(name)
    return _read_once(path, path.stat().st_mtime_ns)


def file_of(name: str) -> Path:
    """The MyPaint file of one of these brushes.

    Raises:
        UnknownName: no such brush; the nearest is offered.
    """
    if name not in names():
        raise UnknownName("brush", name, names())
    paths = [folder / f"{name}.myb" for folder in _folders()]
    return next(path for path in paths if path.is_file())


def _folders() -> Iterator[Path]:
    """Where brush files lie; where two have one name, the earlier folder's counts."""
    yield LIBRARY
    yield from weights.folders("brush")


@cache
def _read_once(path: Path, changed_ns: int) -> Definition:
    """Read a brush file, again only if it has changed."""
    return read(path)


def read(path: Path) -> Definition:
    """Read a MyPaint brush file, checked whole.

    Raises:
        BadBrush: it is malformed.
    """
    file = myb.read(path)
    settings = {name: _plain(setting) for name, setting in file.settings.items()}
    own = file.measures
    measures = (own.dabs, own.length, own.width, own.largest_px)
    return Definition(path.stem, file.about, settings, *measures, path.parent == LIBRARY)


def _plain(setting: myb.Setting) -> dict[str, Any]:
    inputs = {name: [[x, y] for x, y in curve] for name, curve in setting.inputs.items()}
    return {"base_value": setting.base_value, "inputs": inputs}


_CANVAS_BOUND = (
    "smudge", "eraser", "lock_alpha", "colorize", "posterize", "paint_mode",
    "change_color_h", "change_color_l", "change_color_hsl_s", "change_color_v",
    "change_color_hsv_s",
)  # fmt: skip
_PLACE_BOUND = ("gridmap_x", "gridmap_y", "tilt_ascension", "barrel_rotation")


def check_coverage(definition: Definition) -> None:
    """Make sure that all a brush's stroke leaves is coverage, whatever the canvas and the place.

    Raises:
        BadBrush: what it paints depends on the canvas, or on where the stroke lies; the setting is
            named.
    """
    for name, setting in definition.settings.items():
        inputs = [key for key, points in setting["inputs"].items() if myb.is_used(points)]
        if name in _CANVAS_BOUND and (setting["base_value"] or inputs):
            raise BadBrush(
                f"the brush '{definition.name}' uses '{name}': what it paints depends on the "
                "canvas, and diavlex learns coverage alone; set it to 0 in MyPaint and try again."
            )
        for key in inputs:
            if key in _PLACE_BOUND:
                raise BadBrush(
                    f"the brush '{definition.name}' lets '{name}' follow '{key}', so its strokes "
                    "differ from place to place; clear that input in MyPaint and try again."
                )


def _deal(points: _Points, variant: int) -> _Points:
    """The curve that says where the bristles of a variant sit across the brush.

    MyPaint draws the same random numbers for every stroke; this curve turns each into the place of
    a bristle. Every second variant is mirrored. If the bristles are spread evenly (two points), a
    variant is also turned: its bristles are moved on by a share of the width, and those that leave
    one side come in at the other.
    """
    if variant % 2:
        points = [[x, -y] for x, y in points]
    turn = variant % VARIANTS / VARIANTS
    if len(points) > 2 or not turn:
        return points
    (_, low), (_, high) = points
    seam = low + (high - low) * turn
    return [[0.0, seam], [1 - turn, high], [1 - turn + 1e-4, low], [1.0, seam]]
