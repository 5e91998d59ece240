"""Regions: rectangles of the canvas, or shapes within them, each with words of its own."""

import re
from typing import Any, NamedTuple

from diavlex.errors import BadValue, shown

from .knob import Typed
from .prompts import check_prompt
from .values import listed

MOST_REGIONS = 16
LEAST_SIDE = 0.05
"""The shortest side of a region, as a share of the canvas' own."""
SHAPE_SIDE = 32
"""Rows and columns in which the shape of a region within its rectangle is kept."""
_SLACK = 1e-3
"""How far a region may leave the canvas by rounding."""
_LETTERS = SHAPE_SIDE**2 // 4
_HOW = "give it as in '0,0,1,0.5:a stormy sky': left, top, right, bottom from 0 to 1, and words"


class Region(NamedTuple):
    """A rectangle of the canvas and what it shall show; a later one lies above those before it."""

    left: float
    """As a share of the canvas' width, from the left; so is `right`."""
    top: float
    """As a share of the canvas' height, from the top; so is `bottom`."""
    right: float
    bottom: float
    words: str
    shape: str = ""
    """Which places of the rectangle are the region's (see `write_shape`); empty for all."""

    def __str__(self) -> str:
        sides = ",".join(repr(side) for side in self[:4])
        shape = f"@{self.shape}" if self.shape else ""
        return f"{sides}{shape}:{self.words}"

    @property
    def places(self) -> list[list[bool]]:
        """Which of its rectangle's places it has, `SHAPE_SIDE` rows of as many."""
        bits = f"{int(self.shape or 'f' * _LETTERS, 16):0{SHAPE_SIDE**2}b}"
        rows = (bits[at : at + SHAPE_SIDE] for at in range(0, len(bits), SHAPE_SIDE))
        return [[bit == "1" for bit in row] for row in rows]

    def holds(self, other: "Region") -> bool:
        """Whether another region lies within this one; what has a shape of its own holds none."""
        if self.shape:
            return False
        starts = self.left <= other.left and self.top <= other.top
        return starts and self.right >= other.right and self.bottom >= other.bottom


def write_shape(places: list[list[bool]]) -> str:
    """Which of `SHAPE_SIDE` rows of as many places a region has, four places a hex digit."""
    bits = "".join("01"[is_own] for row in places for is_own in row)
    return f"{int(bits, 2):0{_LETTERS}x}"


def read_regions(given: Any) -> tuple[Region, ...]:
    """Regions from texts, or from numbers and words.

    Raises:
        BadValue: one that is no rectangle, leaves the canvas, is too small, has no words, or is
            hidden by a later one.
    """
    several = [given] if isinstance(given, Region) else listed(given)
    found = tuple(_read(one) for one in several)
    if len(found) > MOST_REGIONS:
        raise BadValue(f"there are {len(found)} regions: at most {MOST_REGIONS} are painted.")
    for at, one in enumerate(found):
        over = next((later for later in found[at + 1 :] if later.holds(one)), None)
        if over is not None:
            raise BadValue(
                f"the region '{shown(str(one), 60)}' is hidden by '{shown(str(over), 60)}', which "
                "comes later and lies above it; change their order, or leave it out."
            )
    return found


def _read(given: Any) -> Region:
    shape = ""
    if isinstance(given, str | Region):
        place, colon, words = str(given).partition(":")
        place, _, shape = place.partition("@")
        sides: Any = re.split(r"\s*,\s*", place.strip())
    else:
        *sides, words = listed(given) or [""]
        colon = ":"
    told = shown(str(given), 60)
    try:
        left, top, right, bottom = (float(side) for side in sides)
    except (TypeError, ValueError):
        raise BadValue(f"the region '{told}' is no rectangle; {_HOW}.") from None
    if not colon or not str(words).strip():
        raise BadValue(f"the region '{told}' has no words; {_HOW}.")
    if not all(-_SLACK <= side <= 1 + _SLACK for side in (left, top, right, bottom)):
        raise BadValue(f"the region '{told}' leaves the canvas; {_HOW}.")
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in (left, top, right, bottom))
    if right - left <= 0 or bottom - top <= 0:
        raise BadValue(f"the region '{told}' is empty: right lies right of left; {_HOW}.")
    if min(right - left, bottom - top) < LEAST_SIDE:
        raise BadValue(
            f"the region '{told}' is too small: each side needs {LEAST_SIDE:g} of the canvas' own."
        )
    if shape and (not re.fullmatch(f"[0-9a-f]{{{_LETTERS}}}", shape) or not int(shape, 16)):
        raise BadValue(f"the region '{told}' has no shape of {_LETTERS} hex digits, not all 0.")
    return Region(left, top, right, bottom, check_prompt(words), shape)


REGIONS = Typed(
    read_regions,
    lambda several: list(map(str, several)),
    "X,Y,X,Y:WORDS",
    is_list=True,
    flag="region",
)
