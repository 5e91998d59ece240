"""Sheets of paper in millimeters, and how a painting lies on one."""

import re
from dataclasses import dataclass
from typing import Any

from diavlex.errors import BadValue

PAPERS = {
    "a2": (420, 594), "a3": (297, 420), "a4": (210, 297), "a5": (148, 210), "a6": (105, 148),
    "letter": (215.9, 279.4), "legal": (215.9, 355.6), "tabloid": (279.4, 431.8),
}  # fmt: skip
"""Width and height of upright sheets."""
SIDE_MM = (10.0, 5000.0)
UNITS_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "": 1.0}
_LENGTH = r"\s*(\d+\.?\d*|\.\d+)\s*(mm|cm|m|in|)\s*"


@dataclass(frozen=True)
class Paper:
    """A sheet of paper."""

    width_mm: float
    height_mm: float
    is_turnable: bool = False
    """Whether it may be laid across, where the painting is wider than high."""


@dataclass(frozen=True)
class Placed:
    """A painting on a sheet of paper: in its middle, as large as the margins let it be."""

    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float
    scale_mm: float
    """The painting's shorter side."""
    aspect: tuple[float, float]
    """The painting's height and width over its shorter side."""

    @property
    def right_mm(self) -> float:
        """The painting's right edge."""
        return self.left_mm + self.aspect[1] * self.scale_mm

    @property
    def bottom_mm(self) -> float:
        """The painting's lower edge."""
        return self.top_mm + self.aspect[0] * self.scale_mm


def read_paper(given: Any) -> Paper | None:
    """A sheet from its name ("a4") or from width x height ("200x300", in mm); None for nothing.

    Raises:
        BadValue: no such sheet, or too small or too large.
    """
    if given is None or isinstance(given, Paper):
        return given
    text = str(given).strip().lower()
    if not text:
        return None
    if text in PAPERS:
        return Paper(*PAPERS[text], is_turnable=True)
    match = re.fullmatch(r"(\d+\.?\d*)\s*[x×]\s*(\d+\.?\d*)(?:\s*mm)?", text)
    sides = [float(side) for side in match.groups()] if match else []
    if not sides or not all(SIDE_MM[0] <= side <= SIDE_MM[1] for side in sides):
        names = ", ".join(PAPERS)
        raise BadValue(
            f"--paper is '{given}': give one of {names}, or width x height in mm "
            f"({SIDE_MM[0]:g} to {SIDE_MM[1]:g}), as in 200x300."
        )
    return Paper(sides[0], sides[1])


def write_paper(paper: Paper | None) -> str:
    """A sheet as text that `read_paper` reads."""
    if paper is None:
        return ""
    names = {sides: name for name, sides in PAPERS.items()}
    sides = (paper.width_mm, paper.height_mm)
    return names[sides] if paper.is_turnable else f"{sides[0]:g}x{sides[1]:g}"


def read_length_mm(name: str, given: Any) -> float:
    """A length in millimeters from a number, or from a text with a unit: 500mm, 50cm, 2in.

    Args:
        name: of the flag, for the message.
        given: as a person gave it.

    Raises:
        BadValue: no length.
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    match = re.fullmatch(_LENGTH, str(given).lower())
    if not match:
        raise BadValue(f"--{name} is '{given}': give a length such as 500mm, 50cm or 2in.")
    return float(match[1]) * UNITS_MM[match[2]]


def place(aspect: tuple[float, float], paper: Paper, margin_mm: float) -> Placed:
    """Lay a painting on a sheet of paper.

    Args:
        aspect: the painting's height and width over its shorter side.
        paper: the sheet; a turnable one is laid so that the painting gets larger.
        margin_mm: kept free on every side.

    Raises:
        BadValue: the margins leave no room.
    """
    height, width = aspect
    sides = paper.width_mm, paper.height_mm
    if paper.is_turnable and width > height:
        sides = sides[1], sides[0]
    room = sides[0] - 2 * margin_mm, sides[1] - 2 * margin_mm
    if min(room) < 1:
        raise BadValue(
            f"--margin is {margin_mm:g} mm: it leaves no room on a sheet of "
            f"{sides[0]:g} x {sides[1]:g} mm; give a smaller one."
        )
    scale = min(room[0] / width, room[1] / height)
    left, top = (sides[0] - width * scale) / 2, (sides[1] - height * scale) / 2
    return Placed(sides[0], sides[1], left, top, scale, aspect)
