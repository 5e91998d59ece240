"""Props: what else is drawn where somebody does something, by name."""

from collections.abc import Callable
from functools import cache
from math import cos, sin
from pathlib import Path

from ..drawn import drawing, read
from ..shapes import Cutout, Paint, Point, Shape, ellipse, fill, line, nothing, stacked

STAGE: Shape = (96, 96)
"""Rows and columns of the stage that a person and their things share."""
_WOOD: Paint = (0.52, 0.34, 0.20)
_DARK: Paint = (0.20, 0.20, 0.22)
_TIP = (0.94, 0.34)
"""Of a fishing rod."""


@cache
def _drawn() -> dict[str, tuple[str, tuple[str, ...]]]:
    return read(Path(__file__).parent / "props.txt")


def prop(name: str, near: Point, far: Point, thing: Point, width: float) -> tuple[Cutout, Cutout]:
    """A prop, as what lies behind the person, and what lies before.

    Args:
        name: of the prop; "" for none.
        near: where the near hand is, on the stage.
        far: where the far hand is.
        thing: where the center is of that with which something is done.
        width: of that thing.
    """
    none = nothing(STAGE)
    if name == "bed":
        under, over = (drawing(_drawn()[part][1], STAGE) for part in ("bedstead", "quilt"))
        return under, over
    if name in _drawn():
        where, lines = _drawn()[name]
        shown = drawing(lines, STAGE)
        return (shown, none) if where == "behind" else (none, shown)
    make = _TIED.get(name)
    if make is None:
        return none, none
    return (
        (make(near, far, thing, width), none)
        if name in _BACK
        else (none, make(near, far, thing, width))
    )


def _string(near: Point, far: Point, thing: Point, width: float) -> Cutout:
    end = thing[0], thing[1] + 0.3 * width
    return fill(line([near, end], 0.026, None, STAGE), (0.25, 0.25, 0.28))


def _leash(near: Point, far: Point, thing: Point, width: float) -> Cutout:
    end = thing[0] - 0.02, thing[1] - 0.08
    return fill(line([far, end], 0.026, None, STAGE), (0.5, 0.15, 0.12))


def _rod(near: Point, far: Point, thing: Point, width: float) -> Cutout:
    rod = fill(line([far, _TIP], 0.026, 0.014, STAGE), _WOOD)
    thread = fill(line([_TIP, (0.95, 0.86)], 0.012, None, STAGE), _DARK)
    return stacked(
        [rod, thread, fill(ellipse((0.95, 0.87), 0.06, 0.06, STAGE), (0.88, 0.15, 0.12))]
    )


def _rope(near: Point, far: Point, thing: Point, width: float) -> Cutout:
    turns = [0.9 * (0.7 + 0.35 * k) for k in range(17)]
    arc = [(0.5 + 0.36 * sin(turn), 0.52 - 0.44 * cos(turn)) for turn in turns]
    return fill(line([far, *reversed(arc), near], 0.024, None, STAGE), (0.85, 0.20, 0.20))


_TIED: dict[str, Callable[[Point, Point, Point, float], Cutout]] = {
    "string": _string, "leash": _leash, "rod": _rod, "rope": _rope,
}  # fmt: skip
"""Props that begin at a hand."""
_BACK = ("string", "rope")
"""Those of them that lie behind the person."""
