"""The typed values of choices: sizes, points, colors, and names or prompts with a weight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from diavlex.errors import BadValue

from .knob import Knob, Typed

LEAST_SIDE_PX = 8
MOST_SIDE_PX = 16_384
MOST_PX = 1 << 27
"""Pixels of the largest picture, about 11,585 squared; on a canvas they need 16 bytes each."""
MOST_ASPECT = 8
"""How many times longer the longer side may be than the shorter."""
MOST_COLORS = 64
"""Of a palette."""
MOST_BACKDROP = 1 << 19
"""Letters of the text by which a picture is kept as a background."""
PAPERS = ("plain", "paper", "canvas", "laid")
"""What the bare canvas may be: one color, or a paper with a grain."""
REMARKS = "remarks"
"""The entry of a record's settings that is no choice: what was told to the person who painted."""
_BYTES_PER_PX = 16
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_WEIGHTED = re.compile(rf"(.*):\s*({_NUMBER})\s*", re.DOTALL)

Color = tuple[float, float, float]
"""sRGB in [0, 1]."""


class Size(NamedTuple):
    """Height and width of a picture in pixels."""

    height_px: int
    width_px: int

    @property
    def aspect(self) -> tuple[float, float]:
        """Height and width over the shorter side."""
        short = min(self)
        return self.height_px / short, self.width_px / short

    def __str__(self) -> str:
        """As people write it, width first: 640x480."""
        return f"{self.width_px}x{self.height_px}"


class Point(NamedTuple):
    """A place on a picture: shares of its width and height from the upper left corner."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x!r},{self.y!r}"


@dataclass(frozen=True)
class Palette:
    """A few colors for all strokes: given ones, or a count of them that is found."""

    colors: tuple[Color, ...] = ()
    count: int = 0

    def __str__(self) -> str:
        return ",".join(map(write_hex, self.colors)) if self.colors else str(self.count)


class Weighted(NamedTuple):
    """Words, or a name, and how much they count."""

    words: str
    weight: float = 1.0

    def __str__(self) -> str:
        is_plain = self.weight == 1 and not is_weighted(self.words)
        return self.words if is_plain else f"{self.words}:{self.weight!r}"


def read_size(given: Any) -> Size:
    """A size from width x height as people write it ("640x480"), or from (width, height).

    Raises:
        BadValue: not of that form, or too small or too large; says the memory it would need.
    """
    if isinstance(given, Size):
        sides = (given.width_px, given.height_px)
    elif isinstance(given, str):
        match = re.fullmatch(r"\s*(\d{1,9})\s*[x×X]\s*(\d{1,9})\s*", given)
        sides = (int(match[1]), int(match[2])) if match else ()
    else:
        sides = _whole_numbers(given)
    if len(sides) != 2:
        raise BadValue(f"--size is '{given}': give width x height in pixels, as in 512x512.")
    size = Size(sides[1], sides[0])
    check_size(size)
    if max(size) > MOST_ASPECT * min(size):
        raise BadValue(f"--size is {size}: one side may be at most {MOST_ASPECT} times the other.")
    return size


def check_size(size: Size) -> None:
    """Check that a picture of a size can be painted: the one limit for every door.

    Raises:
        BadValue: too small, or too large; says the memory it would need.
    """
    if min(size) < LEAST_SIDE_PX:
        raise BadValue(f"--size is {size}: each side needs at least {LEAST_SIDE_PX} pixels.")
    if max(size) > MOST_SIDE_PX or size.height_px * size.width_px > MOST_PX:
        gibibytes = size.height_px * size.width_px * _BYTES_PER_PX / 2**30
        raise BadValue(
            f"--size is {size}: that needs {gibibytes:,.1f} GiB of memory; stay within "
            f"{MOST_SIDE_PX} pixels a side and {MOST_PX // 1_000_000} megapixels."
        )


def read_point(given: Any) -> Point | None:
    """A point from "x,y", each 0 to 1, or from a pair of numbers; None for nothing.

    Raises:
        BadValue: not two numbers from 0 to 1.
    """
    if given is None or given == "":
        return None
    if isinstance(given, str):
        match = re.fullmatch(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*", given)
        numbers: Sequence[float] = (float(match[1]), float(match[2])) if match else ()
    else:
        numbers = _numbers(given)
    if len(numbers) != 2 or not all(0 <= value <= 1 for value in numbers):
        raise BadValue(f"--focus is '{given}': give x,y from the upper left corner, each 0 to 1.")
    return Point(*numbers)


def read_color(given: Any) -> Color:
    """SRGB in [0, 1] from a color's name, from #rrggbb, or from three numbers from 0 to 1.

    Raises:
        BadValue: no such color, or one that lets something through.
    """
    from PIL import ImageColor

    if isinstance(given, str):
        try:
            red, green, blue, *alpha = ImageColor.getrgb(given)
        except ValueError:
            raise BadValue(
                f"'{given}' is no color: give a name such as ivory, or #rrggbb."
            ) from None
        if alpha and alpha[0] < 255:
            raise BadValue(f"'{given}' lets something through: give an opaque color, #rrggbb.")
        return red / 255, green / 255, blue / 255
    numbers = _numbers(given)
    if len(numbers) != 3 or not all(0 <= value <= 1 for value in numbers):
        raise BadValue(f"{given!r:.40} is no color: give three numbers from 0 to 1, or #rrggbb.")
    return numbers[0], numbers[1], numbers[2]


def write_color(color: Color) -> str | list[float]:
    """A color as #rrggbb where that is exact, else as its numbers."""
    levels = [round(value * 255) for value in color]
    if all(level / 255 == value for level, value in zip(levels, color, strict=True)):
        return write_hex(color)
    return list(color)


def write_hex(color: Color) -> str:
    """A color as #rrggbb, the nearest there is."""
    return "#" + "".join(f"{round(value * 255):02x}" for value in color)


def read_palette(given: Any) -> Palette | None:
    """A palette from colors with commas, from a count, or from a sequence of colors; None for "".

    Raises:
        BadValue: a color that is none, or too few or too many of them.
    """
    if given is None or given == "" or isinstance(given, Palette):
        return given or None
    if isinstance(given, int) or (isinstance(given, str) and given.strip().isdecimal()):
        count = int(given)
        if not 1 <= count <= MOST_COLORS:
            raise BadValue(f"--palette is {count}: ask for 1 to {MOST_COLORS} colors.")
        return Palette(count=count)
    parts = [one.strip() for one in given.split(",")] if isinstance(given, str) else listed(given)
    if not 1 <= len(parts) <= MOST_COLORS:
        raise BadValue(f"--palette has {len(parts)} colors: give 1 to {MOST_COLORS}.")
    levels = [tuple(round(v * 255) / 255 for v in read_color(one)) for one in parts]
    return Palette(tuple(dict.fromkeys((r, g, b) for r, g, b in levels)))


def read_backdrop(given: Any) -> str:
    """The text by which a picture is kept as a background; see `diavlex.backgrounds`.

    Raises:
        BadValue: it is no such text, or too long.
    """
    text = "" if given is None else given
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text):
        raise BadValue("the backdrop is no picture in base 64: make it by backgrounds.backdrop_of.")
    if len(text) > MOST_BACKDROP:
        raise BadValue(f"the backdrop has {len(text)} letters: at most {MOST_BACKDROP} are kept.")
    return text


def read_switch(given: Any) -> bool:
    """Yes or no.

    Raises:
        BadValue: neither.
    """
    known = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    answer = given if isinstance(given, bool) else known.get(str(given).strip().lower())
    if answer is None:
        raise BadValue(f"'{given!s:.40}' is neither yes nor no.")
    return answer


def is_weighted(text: str) -> bool:
    """Whether a text ends in a colon and a number."""
    return bool(_WEIGHTED.fullmatch(text))


def read_weighted(given: Any, told: Knob) -> Weighted:
    """A text and the number after its last colon, or a pair of both; 1 where there is none.

    Raises:
        BadValue: the number is out of bounds, or there is no text.
    """
    match = _WEIGHTED.fullmatch(given) if isinstance(given, str) else None
    if match:
        pair = match[1], float(match[2])
    else:
        pair = (given, 1.0) if isinstance(given, str) else tuple(listed(given))
    if len(pair) != 2 or not isinstance(pair[0], str) or not isinstance(pair[1], int | float):
        raise BadValue(f"{given!r:.40} is no text with a weight: give it as in 'a storm:0.5'.")
    words, number = pair
    if not (told.low or 0) <= number <= (told.high or 0):
        raise BadValue(
            f"'{str(given)[:60]}' ends in {number:g}: {told.about} must be {told.bounds}; "
            f"where that is part of the words, put a weight behind it: '{str(given)[:60]}:1'."
        )
    return Weighted(words, float(number))


def read_brushes(given: Any) -> tuple[str, ...]:
    """Names of brushes, from a list with commas or a sequence; one may come again.

    Raises:
        BadValue: a name is missing.
    """
    names = given.split(",") if isinstance(given, str) else listed(given)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise BadValue(f"--brush is '{given}': give names with commas, as in wash,oil.")
    return tuple(name.strip() for name in names)


def listed(given: Any) -> list[Any]:
    """What was given as a list: a text alone is a list of one.

    Raises:
        BadValue: it is no text and no list.
    """
    try:
        return [given] if isinstance(given, str) else list(given)
    except TypeError:
        told = f"{given!r:.40} is no text with a weight: give it as in 'a storm:0.5'."
        raise BadValue(told) from None


def _whole_numbers(given: Any) -> tuple[int, ...]:
    import operator

    try:
        return tuple(operator.index(value) for value in given)
    except TypeError:
        return ()


def _numbers(given: Any) -> tuple[float, ...]:
    try:
        return tuple(float(value) for value in given)
    except (TypeError, ValueError):
        return ()


SIZE = Typed(read_size, str, "WIDTHxHEIGHT")
POINT = Typed(read_point, lambda point: "" if point is None else str(point), "X,Y")
COLOR = Typed(read_color, write_color, "COLOR")
PALETTE = Typed(read_palette, lambda one: str(one) if one else "", "COLORS|COUNT|PICTURE")
BACKDROP = Typed(read_backdrop, str, "")
SWITCH = Typed(read_switch, bool, "")
BRUSHES = Typed(read_brushes, ",".join, "NAME[,NAME]")
