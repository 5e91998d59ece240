"""What a person may choose, with its bounds; the CLI flags and the checks are made from here."""

import math
import re
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any

from diavlex.errors import BadValue, UnknownName

FINISHES = ("auto", "mypaint", "neural")
ORDERS = ("large-first", "random")
LOOKS = ("mixed", "clipdraw")
FALLS = ("cosine", "clipdraw")
MAX_PROMPT = 500
MAX_SIDE_PX = 16_384
MAX_AREA_PX = 100_000_000


NAMED = {"finish": FINISHES, "order": ORDERS, "looks": LOOKS, "rate_fall": FALLS}
"""Choices that are one of a few names."""

PRESETS: dict[str, dict[str, Any]] = {
    "clipdraw": {
        "views": 4, "looks": "clipdraw", "noise": 0.0, "contrast": 0.0, "calm": 0.0, "replant": 0,
        "random_ground": 0.0, "background": "white", "order": "random", "first_colors": 1.0,
        "rate_fall": "clipdraw", "rate_place": 0.016, "rate_shape": 0.03, "rate_color": 0.04,
    },
}  # fmt: skip
"""Choices that go together, by name.

clipdraw: plain cosine over four looks (perspective, then crop), random strokes of random colors on
white, no help afterwards (Frans et al. 2021, section 3). Its rates, 1 and 0.1 pixels of 224 for
points and widths and 0.01 for colors, are brought to our units: what moves a stroke of half-length
0.15 as far in the middle of its range.
"""


@dataclass(frozen=True)
class Knob:
    """What a choice means and how far it goes."""

    about: str
    low: float | None = None
    high: float | None = None

    @property
    def bounds(self) -> str:
        """The bounds in words, for help texts."""
        if self.low is None and self.high is None:
            return ""
        if self.high is None:
            return f"at least {self.low:g}"
        return f"{self.low:g} to {self.high:g}"


def knob(default: Any, about: str, low: float | None = None, high: float | None = None) -> Any:
    """A dataclass field that knows its bounds."""
    return field(default=default, metadata={"knob": Knob(about, low, high)})


def knobs(config: type) -> dict[str, tuple[Field, Knob]]:
    """The choices of a config class by name."""
    return {f.name: (f, f.metadata["knob"]) for f in fields(config) if "knob" in f.metadata}


@dataclass(frozen=True)
class PaintConfig:
    """All that decides how a painting turns out, besides the prompt.

    Raises:
        BadValue: a value outside its bounds.
    """

    seed: int = knob(0, "random seed; the same seed gives the same painting", 0, 2**31 - 1)
    strokes: int = knob(320, "how many brushstrokes", 1, 20_000)
    steps: int = knob(150, "how often all strokes are moved", 1, 100_000)
    brush: str = knob("oil", "brush that paints (see: diavlex brushes)")
    guide: str = knob("pocket", "model that judges the canvas (see: diavlex guides)")
    size: str = knob("512x512", "width x height of the finished picture, in pixels")
    finish: str = knob("auto", "who paints the finished picture: mypaint, neural, or auto")
    background: str = knob("#f4efe6", "color of the bare canvas: a name or #rrggbb")
    views: int = knob(16, "looks that the guide takes at each step", 1, 256)
    canvas_px: int = knob(
        0, "shorter side of the canvas while strokes are found; 0 as the guide needs it", 0, 1024
    )
    contrast: float = knob(
        0.3, "share of telling the prompt from other things, beside being like it", 0, 1
    )
    calm: float = knob(6.0, "how much loud colors are held back", 0, 100)
    rate_place: float = knob(0.06, "learning rate of where strokes lie", 0, 10)
    rate_shape: float = knob(0.05, "learning rate of bend, width and pressure", 0, 10)
    rate_color: float = knob(0.02, "learning rate of colors", 0, 10)
    replant: int = knob(25, "steps between replanting strokes that do not help; 0 never", 0, 10_000)
    random_ground: float = knob(0.5, "share of the steps with a random ground", 0, 1)
    noise: float = knob(0.05, "noise on the guide's looks at first; falls to 0.4 of it", 0, 1)
    looks: str = knob("mixed", "how the guide looks: mixed (wide and close), or clipdraw")
    wide: float = knob(0.8, "share of looks at the whole canvas at first", 0, 1)
    wide_fall: float = knob(0.3, "how much smaller that share is at the end", 0, 1)
    rate_fall: str = knob("cosine", "how learning rates fall: cosine, or clipdraw (two drops)")
    order: str = knob("large-first", "order of the first strokes: large-first, or random")
    first_colors: float = knob(0.1, "how far from grey the first colors may lie; 1 any", 0, 1)
    shuffle: float = knob(0.0, "share of the steps with strokes laid in random order", 0, 1)
    largest: float = knob(0.40, "half-length of the first strokes (shorter side = 1)", 0.02, 0.8)
    smallest: float = knob(0.05, "half-length of the last strokes (shorter side = 1)", 0.02, 0.8)

    def __post_init__(self) -> None:
        for name, (_, limits) in knobs(type(self)).items():
            check_bounds(name, getattr(self, name), limits)
        if self.smallest > self.largest:
            raise BadValue(
                f"--smallest {self.smallest:g} is above --largest {self.largest:g}; swap them."
            )
        for name, known in NAMED.items():
            if getattr(self, name) not in known:
                raise UnknownName(name.replace("_", "-"), getattr(self, name), known)
        if 0 < self.canvas_px < 32:
            raise BadValue(f"--canvas-px is {self.canvas_px}: it must be 0 or 32 to 1024.")
        size_px(self.size)
        color(self.background)

    @property
    def height_px(self) -> int:
        """Of the finished picture."""
        return size_px(self.size)[0]

    @property
    def width_px(self) -> int:
        """Of the finished picture."""
        return size_px(self.size)[1]

    @property
    def aspect(self) -> tuple[float, float]:
        """Height and width over the shorter side."""
        short = min(self.height_px, self.width_px)
        return self.height_px / short, self.width_px / short

    def to_plain(self) -> dict[str, Any]:
        """As plain data, for the record."""
        return asdict(self)


def preset(name: str) -> dict[str, Any]:
    """The choices that go together under a name; none for an empty name.

    Raises:
        UnknownName: no such preset.
    """
    if name and name not in PRESETS:
        raise UnknownName("preset", name, PRESETS)
    return dict(PRESETS.get(name, {}))


def check_bounds(name: str, value: Any, limits: Knob) -> None:
    """Check a number against its bounds.

    Raises:
        BadValue: outside them, or not finite.
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    flag = "--" + name.replace("_", "-")
    low = -math.inf if limits.low is None else limits.low
    high = math.inf if limits.high is None else limits.high
    if not low <= value <= high:
        raise BadValue(f"{flag} is {value:g}: it must be {limits.bounds}.")


def check_prompt(prompt: str) -> str:
    """A prompt without surrounding blanks.

    Raises:
        BadValue: empty, without a letter or digit, too long, or with control characters.
    """
    words = " ".join(prompt.split())
    if not words:
        raise BadValue('the prompt is empty: say what to paint, as in diavlex paint "black sheep".')
    if not any(c.isalnum() for c in words):
        raise BadValue(f"the prompt '{words[:40]}' holds no word: say what to paint.")
    if len(words) > MAX_PROMPT:
        raise BadValue(
            f"the prompt has {len(words)} characters: at most {MAX_PROMPT} are read; shorten it."
        )
    if not words.isprintable():
        raise BadValue("the prompt holds control characters: type it again without them.")
    return words


def size_px(text: str) -> tuple[int, int]:
    """Height and width in pixels of a size as people write it, width first: 640x480.

    Raises:
        BadValue: not of that form, or too small or too large; says the memory it would need.
    """
    match = re.fullmatch(r"\s*(\d{1,9})\s*[x×X]\s*(\d{1,9})\s*", text)
    if not match:
        raise BadValue(f"--size is '{text}': give width x height in pixels, as in 512x512.")
    width, height = int(match[1]), int(match[2])
    if min(width, height) < 16:
        raise BadValue(f"--size is {width}x{height}: each side needs at least 16 pixels.")
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_AREA_PX:
        gigabytes = width * height * 3 * 4 / 1e9
        raise BadValue(
            f"--size is {width}x{height}: that needs {gigabytes:,.1f} GB for the canvas alone; "
            f"stay within {MAX_SIDE_PX} a side and {MAX_AREA_PX // 1_000_000} megapixels."
        )
    if max(width, height) > 8 * min(width, height):
        raise BadValue(f"--size is {width}x{height}: one side may be at most 8 times the other.")
    return height, width


def color(text: str) -> tuple[float, float, float]:
    """SRGB in [0, 1] of a color's name or of #rrggbb.

    Raises:
        BadValue: no such color.
    """
    from PIL import ImageColor

    try:
        red, green, blue, *_ = ImageColor.getrgb(text)
    except ValueError:
        raise BadValue(f"'{text}' is no color: give a name such as ivory, or #rrggbb.") from None
    return red / 255, green / 255, blue / 255
