"""What a person may choose, with its bounds; the CLI flags and the checks are made from here."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
import operator
from typing import NamedTuple
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


TEMPLATES = {
    "none": ("{}",),
    "painting": ("{}", "a painting of {}", "an oil painting of {}", "{}, brushstrokes on canvas"),
    "picture": ("{}", "a picture of {}", "a photo of {}", "a drawing of {}", "a painting of {}"),
}
"""Phrases whose mean stands for a prompt."""
NAMED = {
    "finish": FINISHES, "order": ORDERS, "looks": LOOKS, "rate_fall": FALLS, "templates": TEMPLATES,
}  # fmt: skip
"""Choices that are one of a few names."""

PRESETS: dict[str, dict[str, Any]] = {
    "clipdraw": {
        "views": 4, "looks": "clipdraw", "noise": 0.0, "contrast": 0.0, "imagine": 0.0, "calm": 0.0,
        "replant": 0, "random_ground": 0.0, "background": "white", "order": "random",
        "first_colors": 1.0, "rate_fall": "clipdraw", "rate_place": 0.016, "rate_shape": 0.03,
        "rate_color": 0.04,
    },
}  # fmt: skip
"""Choices that go together, by name.

clipdraw: plain cosine over four looks (perspective, then crop), random strokes of random colors on
white, no help afterwards (Frans et al. 2021, section 3). Its rates, 1 and 0.1 pixels of 224 for
points and widths and 0.01 for colors, are brought to our units: what moves a stroke of half-length
0.15 as far in the middle of its range.
"""


@dataclass(frozen=True)
class Typed:
    """How a choice that is neither a number nor one of a few names is read and written."""

    parse: Callable[[Any], Any]
    """Makes the typed value of what a person gave: text, or a value that has the type already."""
    write: Callable[[Any], Any]
    """Makes plain data (text, numbers, lists) of a typed value; `parse` reads it back exactly."""
    form: str
    """What stands for the value in help texts, such as WIDTHxHEIGHT."""
    is_list: bool = False
    """Whether a flag for it may be given more than once."""


@dataclass(frozen=True)
class Knob:
    """What a choice means and how far it goes."""

    about: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    """The names that it may have; empty if it is no name."""
    typed: Typed | None = None
    group: str = ""
    is_list: bool = False
    """The heading under which help and page show it."""

    @property
    def bounds(self) -> str:
        """The bounds in words, for help texts."""
        if self.low is None and self.high is None:
            return ""
        low, high = (str(v) if isinstance(v, int) else f"{v or 0:g}" for v in (self.low, self.high))
        return f"at least {low}" if self.high is None else f"{low} to {high}"

    def read(self, name: str, value: Any, kind: type) -> Any:
        """The value of a choice, checked and typed.

        Args:
            name: of the field, for messages.
            value: as given.
            kind: type of the field's default.

        Raises:
            BadValue: of another kind, or outside the bounds.
            UnknownName: none of the names.
        """
        if self.typed:
            return self.typed.parse(value)
        value = as_kind(name, value, kind)
        if self.choices and value not in self.choices:
            raise UnknownName(name.replace("_", "-"), value, self.choices)
        if kind is not str:
            check_bounds(name, value, self)
        return value

    def write(self, value: Any) -> Any:
        """The value as plain data."""
        return self.typed.write(value) if self.typed else value


WEIGHT = Knob("how much a prompt counts", -10, 10)
STRENGTH = Knob("how much a guide counts", 0.001, 100)


def knob(
    default: Any,
    about: str,
    low: float | None = None,
    high: float | None = None,
    *,
    choices: tuple[str, ...] = (),
    typed: Typed | None = None,
    group: str = "",
    is_list: bool = False,
) -> Any:
    """A dataclass field that knows its bounds, its names or its type."""
    told = Knob(about, low, high, choices, typed, group, is_list)
    return field(default=default, metadata={"knob": told})


def knobs(config: type) -> dict[str, tuple[Field, Knob]]:
    """The choices of a config class by name."""
    return {f.name: (f, f.metadata["knob"]) for f in fields(config) if "knob" in f.metadata}


def settle(config: Any) -> None:
    """Check and type every choice of a frozen config; to be called from its `__post_init__`.

    Raises:
        BadValue: a value of another kind, or outside its bounds.
        UnknownName: a name that a choice does not have.
    """
    for name, (known, told) in knobs(type(config)).items():
        value = told.read(name, getattr(config, name), type(known.default))
        object.__setattr__(config, name, value)


def check_names(given: Mapping[str, Any], config: type) -> None:
    """Check that all names are choices of a config class.

    Raises:
        UnknownName: one is not.
    """
    for name in given:
        if name not in knobs(config):
            raise UnknownName("choice", name, knobs(config))


def as_kind(name: str, value: Any, kind: type) -> Any:
    """A choice as a number or a text, as its default is; numpy's numbers become Python's.

    Raises:
        BadValue: it is something else.
    """
    told = {int: "a whole number", float: "a number", str: "text"}[kind]
    try:
        if isinstance(value, bool) or (kind is str) != isinstance(value, str):
            raise TypeError
        return value if kind is str else operator.index(value) if kind is int else float(value)
    except (TypeError, ValueError):
        flag = name.replace("_", "-")
        raise BadValue(f"{flag} is {value!r:.40}: it must be {told}.") from None


def check_bounds(name: str, value: float, told: Knob) -> None:
    """Check a number against its bounds.

    Raises:
        BadValue: outside them, or not finite.
    """
    flag = "--" + name.replace("_", "-")
    low = -math.inf if told.low is None else told.low
    high = math.inf if told.high is None else told.high
    if not low <= value <= high:
        shown = str(value) if isinstance(value, int) else f"{value:g}"
        raise BadValue(f"{flag} is {shown}: it must be {told.bounds}.")
@dataclass(frozen=True)
class PaintConfig:
    """All that decides how a painting turns out, besides the prompt.

    Raises:
        BadValue: a value outside its bounds.
    """

    seed: int = knob(0, "random seed; the same seed gives the same painting", 0, 2**31 - 1)
    strokes: int = knob(400, "how many brushstrokes", 1, 20_000)
    steps: int = knob(150, "how often all strokes are moved", 1, 100_000)
    brush: str = knob(
        "oil", "brush that paints (see: diavlex brushes), or several, large strokes first: wash,oil"
    )
    guide: str = knob(
        "pocket",
        "model that judges the canvas (see: diavlex guides), with its strength if it is not 1, as "
        "in clip:0.5; may be given more than once",
        is_list=True,
    )
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
    imagine: float = knob(
        6.0, "how much the canvas shall look like what the guide imagines, if it can", 0, 100
    )
    subject: float = knob(
        0.65,
        "share of the strokes that paint the things of a prompt which says where or how many they "
        "are (a horse in a field, two cats) over the others; 0 they have none of their own",
        0,
        1,
    )
    calm: float = knob(2.0, "how much loud colors are held back", 0, 100)
    rate_place: float = knob(0.06, "learning rate of where strokes lie", 0, 10)
    rate_shape: float = knob(0.05, "learning rate of bend, width and pressure", 0, 10)
    rate_color: float = knob(0.035, "learning rate of colors", 0, 10)
    replant: int = knob(25, "steps between replanting strokes that do not help; 0 never", 0, 10_000)
    random_ground: float = knob(0.5, "share of the steps with a random ground", 0, 1)
    noise: float = knob(0.05, "noise on the guide's looks at first; falls to 0.4 of it", 0, 1)
    looks: str = knob("mixed", "how the guide looks: mixed (wide and close), or clipdraw")
    wide: float = knob(0.8, "share of looks at the whole canvas at first", 0, 1)
    wide_fall: float = knob(0.3, "how much smaller that share is at the end", 0, 1)
    rate_fall: str = knob("cosine", "how learning rates fall: cosine, or clipdraw (two drops)")
    templates: str = knob(
        "none", "phrases whose mean stands for the prompt: " + ", ".join(TEMPLATES)
    )
    tries: int = knob(1, "short starts to choose the best of", 1, 64)
    focus: str = knob(
        "", "where the subject shall be, x,y from 0 to 1: 0.5,0.6 (default: anywhere)"
    )
    order: str = knob("large-first", "order of the first strokes: large-first, or random")
    first_colors: float = knob(0.1, "how far from grey the first colors may lie; 1 any", 0, 1)
    shuffle: float = knob(0.0, "share of the steps with strokes laid in random order", 0, 1)
    largest: float = knob(0.40, "half-length of the first strokes (shorter side = 1)", 0.02, 0.8)
    smallest: float = knob(0.04, "half-length of the last strokes (shorter side = 1)", 0.02, 0.8)
    also: Sequence[str] = ()
    """Further prompts, each with its weight: "a storm:0.5", "lettering:-0.3"; kept as a tuple."""

    def __post_init__(self) -> None:
        also = (self.also,) if isinstance(self.also, str) else tuple(self.also)
        object.__setattr__(self, "also", also)
        for name, (known, limits) in knobs(type(self)).items():
            check_kind(name, getattr(self, name), type(known.default))
            isinstance(getattr(self, name), str) or check_bounds(name, getattr(self, name), limits)
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
        turns = self._turns()
        if not all(turns):
            raise BadValue(f"--brush is '{self.brush}': give names with commas, as in wash,oil.")
        if len(turns) > self.strokes:
            raise BadValue(
                f"--brush names {len(turns)} brushes for --strokes {self.strokes}; name fewer."
            )
        _ = self.others, self.focus_at, read_guides(self.guide)

    @property
    def brushes(self) -> tuple[str, ...]:
        """The brushes in use, each once."""
        return tuple(dict.fromkeys(self._turns()))

    @property
    def brush_of(self) -> list[int]:
        """Which of `brushes` paints each stroke: one after the other, in even shares."""
        turns = [self.brushes.index(name) for name in self._turns()]
        return [turns[at * len(turns) // self.strokes] for at in range(self.strokes)]

    def _turns(self) -> list[str]:
        return [name.strip() for name in self.brush.split(",")]

    @property
    def others(self) -> list[tuple[str, float]]:
        """The further prompts and their weights.

        Raises:
            BadValue: one that cannot be.
        """
        return read_prompts(["as given", *self.also])[1:]

    @property
    def focus_at(self) -> tuple[float, float] | None:
        """Where the subject shall be, x and y in shorter sides; None for anywhere.

        Raises:
            BadValue: `focus` is not two numbers from 0 to 1.
        """
        if not self.focus:
            return None
        match = re.fullmatch(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*", self.focus)
        x, y = (float(match[1]), float(match[2])) if match else (-1.0, -1.0)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise BadValue(
                f"--focus is '{self.focus}': give x,y from the upper left corner, each 0 to 1."
            )
        height, width = self.aspect
        return x * width, y * height

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


def check_kind(name: str, value: Any, kind: type) -> None:
    """Check that a choice is a number or a text, as its default is.

    Raises:
        BadValue: it is something else.
    """
    kinds = {int: (int,), float: (int, float), str: (str,)}[kind]
    if not isinstance(value, kinds) or isinstance(value, bool):
        told = {int: "a whole number", float: "a number", str: "text"}[kind]
        raise BadValue(f"{name.replace('_', '-')} is {value!r:.40}: it must be {told}.")



def check_prompt(prompt: str) -> str:
    """A prompt without surrounding blanks.

    Raises:
        BadValue: empty, without a letter or digit, too long, or with control characters.
    """
    if not isinstance(prompt, str):
        raise BadValue(f"the prompt is {prompt!r:.40}: give it as text.")
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


_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"

_WEIGHTED = rf"(.*):\s*({_NUMBER})\s*"


def is_weighted(text: str) -> bool:
    """Whether a text ends in a colon and a number."""
    return bool(re.fullmatch(_WEIGHTED, text, re.DOTALL))


def weighted(text: str, limits: Knob) -> tuple[str, float]:
    """A text and the number after its last colon; 1 where there is none.

    Raises:
        BadValue: the number is out of bounds.
    """
    match = re.fullmatch(_WEIGHTED, text, re.DOTALL)
    if not match:
        return text, 1.0
    number = float(match[2])
    if not (limits.low or 0) <= number <= (limits.high or 0):
        raise BadValue(
            f"'{text[:60]}' ends in {number:g}: {limits.about} must be {limits.bounds}; "
            f"where that is part of the words, put a weight behind it: '{text[:60]}:1'."
        )
    return match[1], number


def read_prompts(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Prompts and their weights; the first is what is painted, and its weight becomes 1.

    Raises:
        BadValue: no prompt, one that cannot be, or nothing asked for by the first.
    """
    pairs = [weighted(text, WEIGHT) for text in texts or [""]]
    pairs = [(check_prompt(words), weight) for words, weight in pairs]
    first = pairs[0][1]
    if first <= 0:
        raise BadValue(
            f"the weight of the first prompt is {first:g}: what is painted needs one > 0."
        )
    return [(words, weight / first) for words, weight in pairs]


def read_guides(text: str) -> list[tuple[str, float]]:
    """Names of guides and their strengths, from a list with commas.

    Raises:
        BadValue: a name is missing, or a strength out of bounds.
    """
    pairs = [weighted(part.strip(), STRENGTH) for part in text.split(",")]
    if not all(name for name, _ in pairs):
        raise BadValue(f"--guide is '{text}': give names, as in pocket or pocket,clip:0.5.")
    return pairs


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


LEAST_SIDE_PX = 8
MOST_SIDE_PX = 16_384
MOST_PX = 1 << 27
"""Pixels of the largest picture, about 11,585 squared; on a canvas they need 16 bytes each."""
MOST_ASPECT = 8
"""How many times longer the longer side may be than the shorter."""
_BYTES_PER_PX = 16
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


def read_color(given: Any) -> tuple[float, float, float]:
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


