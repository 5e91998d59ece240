"""Choices that several exports share; each is said once."""

from typing import TYPE_CHECKING, Any

from diavlex.config import LEAST_SIDE_PX, MOST_SIDE_PX, SWITCH, Size, Typed, knob, read_size
from diavlex.errors import BadValue

from ..paper import Paper, Placed, place, read_length_mm, read_paper, write_paper
from ..timing import EASINGS

if TYPE_CHECKING:
    from diavlex.painting import Painting

PICTURE, FILM, PAPER, MACHINE = "the picture", "the film", "the paper", "the machine"
"""The headings under which choices are shown."""
USUAL_MARGIN_MM = 10.0
Side = int | Size | None
"""The shorter side of a picture, or both, in pixels; None as painted."""


def read_side(given: Any) -> Side:
    """A picture's shorter side, or both sides, from a number or from text: 2048, 3072x2048.

    Raises:
        BadValue: neither, or too small or too large.
    """
    if given is None or given == "" or isinstance(given, Size):
        return given or None
    text = str(given).strip()
    if not (text.isascii() and text.isdecimal()) or isinstance(given, bool):
        return read_size(given)
    side = int(text[:10])
    if not LEAST_SIDE_PX <= side <= MOST_SIDE_PX:
        raise BadValue(f"--size is {text:.20}: it must be {LEAST_SIDE_PX} to {MOST_SIDE_PX}.")
    return side


def short_side_px(side: Side, painting: "Painting") -> int | None:
    """The shorter side that is meant; None as painted.

    Raises:
        BadValue: both sides were given, and their ratio is not the painting's.
    """
    if not isinstance(side, Size):
        return side
    short = min(side)
    same = Size(*(round(one * short) for one in painting.aspect))
    if same != side:
        raise BadValue(
            f"--size is {side}, which is not the painting's ratio: ask for {same}, or give the "
            "shorter side alone."
        )
    return short


def engine_of(engine: str, painting: "Painting") -> str:
    """Who paints: neural or mypaint.

    Raises:
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    from ..pictures import finisher

    return finisher(engine, painting.brushes)


SIDE = Typed(read_side, lambda side: "" if side is None else str(side), "PIXELS")
PAPER_SHEET = Typed(read_paper, write_paper, "PAPER")


def size() -> Any:
    """How large a picture is."""
    about = f"shorter side in pixels ({LEAST_SIDE_PX} to {MOST_SIDE_PX}), or width x height"
    return knob(None, f"{about} (default: as painted)", typed=SIDE, group=PICTURE)


def engine() -> Any:
    """Who paints."""
    about = "who paints: neural, mypaint, or auto (mypaint where it can)"
    return knob("auto", about, choices=("auto", "mypaint", "neural"), group=PICTURE)


def transparent() -> Any:
    """Whether there is a background."""
    return knob(False, "leave the background out: only strokes cover", typed=SWITCH, group=PICTURE)


def has_background(options: Any, painting: "Painting") -> bool:
    """Whether a background is wanted by the options of an export, and by whoever painted."""
    return not (options.transparent or painting.is_transparent)


def paper(default: str = "") -> Any:
    """The sheet of paper."""
    about = "a2 to a6, letter, legal, tabloid, or width x height in mm"
    sheet: Paper | None = read_paper(default)
    return knob(sheet, about, typed=PAPER_SHEET, group=PAPER)


def margin() -> Any:
    """How much of the paper stays free; None as usual."""
    about = f"kept free on every side of the paper (default: {USUAL_MARGIN_MM:g}mm)"
    return length("margin", None, about, PAPER, 500.0)


def placed_on(sheet: Paper, margin_mm: float | None, painting: "Painting") -> Placed:
    """How a painting lies on a sheet of paper.

    Raises:
        BadValue: the margins leave no room.
    """
    return place(painting.aspect, sheet, USUAL_MARGIN_MM if margin_mm is None else margin_mm)


def length(name: str, default_mm: float | None, about: str, group: str, most_mm: float) -> Any:
    """A length: a number of millimeters, or a text with a unit; None for none."""

    def read(given: Any) -> float | None:
        if given is None or given == "":
            return default_mm
        value = read_length_mm(name, given)
        if not 0 <= value <= most_mm:
            raise BadValue(f"--{name} is {value:g} mm: it must be 0 to {most_mm:g} mm.")
        return value

    told = f"{about}, 0 to {most_mm:g} mm"

    def write(value_mm: float | None) -> str:
        return "" if value_mm is None else f"{value_mm:g}mm"

    return knob(default_mm, told, typed=Typed(read, write, "LENGTH"), group=group)


def easing() -> Any:
    """The pace of a film."""
    about = "how strokes follow each other in time: linear, in (slow at first), out, in-out"
    return knob("linear", about, choices=tuple(EASINGS), group=FILM)


def told(each: Any, count: int) -> Any:
    """A listener to counts of strokes that passes on how much is done."""
    return lambda done: each(done / count)
