"""Regions: rectangles of the canvas, each with words of its own."""

import re
from typing import Any, NamedTuple

from diavlex.errors import BadValue, shown

from .knob import Typed
from .prompts import check_prompt
from .values import listed

MOST_REGIONS = 16
LEAST_SIDE = 0.05
"""The shortest side of a region, as a share of the canvas' own."""
_SLACK = 1e-3
"""How far a region may leave the canvas by rounding."""
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

    def __str__(self) -> str:
        sides = ",".join(repr(side) for side in self[:4])
        return f"{sides}:{self.words}"

    def holds(self, other: "Region") -> bool:
        """Whether another region lies within this one."""
        starts = self.left <= other.left and self.top <= other.top
        return starts and self.right >= other.right and self.bottom >= other.bottom


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
    if isinstance(given, str):
        place, colon, words = given.partition(":")
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
    return Region(left, top, right, bottom, check_prompt(words))


REGIONS = Typed(
    read_regions,
    lambda several: list(map(str, several)),
    "X,Y,X,Y:WORDS",
    is_list=True,
    flag="region",
)
