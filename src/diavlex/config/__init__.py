"""What a person may choose, typed and bounded; flags, checks and pages are made from here."""

from .choices import BASIC, RANDOM, RENAMED, TEMPLATES, PaintConfig, choose
from .foreign import said_here
from .honored import unheard
from .knob import Knob, Typed, check_bounds, knob, knobs, read_all, settle
from .presets import PRESETS, preset
from .prompts import (
    STRENGTH,
    WEIGHT,
    check_prompt,
    read_guides,
    read_prompts,
    write_guides,
)
from .values import (
    LEAST_SIDE_PX,
    MOST_PX,
    MOST_SIDE_PX,
    Color,
    Palette,
    Point,
    Size,
    Weighted,
    check_size,
    is_weighted,
    read_color,
    read_size,
)

__all__ = [
    "BASIC", "LEAST_SIDE_PX", "MOST_PX", "MOST_SIDE_PX", "PRESETS", "RANDOM", "RENAMED",
    "STRENGTH", "TEMPLATES", "WEIGHT", "Color", "Knob", "PaintConfig", "Palette", "Point", "Size",
    "Typed", "Weighted",
    "check_bounds", "check_prompt", "check_size", "choose", "is_weighted", "knob", "knobs",
    "preset", "read_all", "read_color", "read_guides", "read_prompts", "read_size",
    "said_here", "settle", "unheard", "write_guides",
]  # fmt: skip
