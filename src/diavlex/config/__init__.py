"""What a person may choose, typed and bounded; flags, checks and pages are made from here."""

from .choices import PaintConfig, choose
from .foreign import said_here
from .headings import BASIC, RANDOM, RENAMED
from .honored import PHOTO_TERMS, unheard
from .knob import Knob, Typed, check_bounds, knob, knobs, read_all, settle
from .looks import RECIPE_SUFFIX, check_no_path, is_file, read_toml, recipe, write_recipe
from .presets import PRESETS, about, preset, shipped, shipped_names
from .prompts import (
    STRENGTH,
    TEMPLATES,
    WEIGHT,
    check_prompt,
    read_guides,
    read_prompts,
    write_guides,
)
from .regions import SHAPE_SIDE, Region, write_shape
from .values import (
    LEAST_SIDE_PX,
    MOST_BACKDROP,
    MOST_PX,
    MOST_SIDE_PX,
    PAPERS,
    REMARKS,
    SWITCH,
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
    "BASIC", "LEAST_SIDE_PX", "MOST_BACKDROP", "MOST_PX", "MOST_SIDE_PX",
    "PAPERS", "PHOTO_TERMS", "PRESETS", "RANDOM",
    "RECIPE_SUFFIX", "REMARKS", "RENAMED",
    "SHAPE_SIDE", "STRENGTH", "SWITCH", "TEMPLATES", "WEIGHT", "Color", "Knob",
    "PaintConfig", "Palette", "Point", "Region", "Size", "Typed", "Weighted",
    "about", "check_bounds", "check_no_path", "check_prompt", "check_size", "choose", "is_file",
    "is_weighted", "knob", "knobs", "preset", "read_all", "read_color", "read_guides",
    "read_prompts", "read_size", "read_toml", "recipe", "said_here", "settle", "shipped",
    "shipped_names", "unheard", "write_guides", "write_recipe", "write_shape",
]  # fmt: skip
