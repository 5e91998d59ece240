"""Reads MyPaint brush files (.myb) and checks them whole before anything else sees them.

A brush file may come from anybody, and the engine trusts what it is given: it aborts the program
where a curve has one point, or where its points run backwards.

Source: the settings and inputs of libmypaint 1.6, and the ranges that it gives for them.
"""

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Raw

from diavlex import files, schema
from diavlex.errors import BadBrush, shown

MOST_BYTES = 1 << 20
"""The largest file that is read; MyPaint's own brushes hold at most 26 kB."""
MOST_POINTS = 64
"""Of a curve; libmypaint takes no more."""
SETTINGS = {
    "opaque": (0, 2), "opaque_multiply": (0, 2), "opaque_linearize": (0, 2),
    "radius_logarithmic": (-2, 6), "hardness": (0, 1), "anti_aliasing": (0, 5),
    "dabs_per_basic_radius": (0, 200), "dabs_per_actual_radius": (0, 200),
    "dabs_per_second": (0, 200), "radius_by_random": (0, 1.5), "speed1_slowness": (0, 0.2),
    "speed2_slowness": (0, 3), "speed1_gamma": (-8, 8), "speed2_gamma": (-8, 8),
    "offset_by_random": (0, 25), "offset_by_speed": (-3, 3), "offset_by_speed_slowness": (0, 15),
    "slow_tracking": (0, 10), "slow_tracking_per_dab": (0, 10), "tracking_noise": (0, 12),
    "color_h": (0, 1), "color_s": (-0.5, 1.5), "color_v": (-0.5, 1.5), "restore_color": (0, 1),
    "change_color_h": (-2, 2), "change_color_l": (-2, 2), "change_color_hsl_s": (-2, 2),
    "change_color_v": (-2, 2), "change_color_hsv_s": (-2, 2), "smudge": (0, 1),
    "smudge_length": (0, 1), "smudge_radius_log": (-1.6, 1.6), "eraser": (0, 1),
    "stroke_threshold": (0, 0.5), "stroke_duration_logarithmic": (-1, 14),
    "stroke_holdtime": (0, 10), "custom_input": (-5, 5), "custom_input_slowness": (0, 10),
    "elliptical_dab_ratio": (1, 10), "elliptical_dab_angle": (0, 180), "direction_filter": (0, 10),
    "lock_alpha": (0, 1), "colorize": (0, 1), "snap_to_pixel": (0, 1),
    "pressure_gain_log": (-1.8, 1.8), "gridmap_scale": (-10, 10), "gridmap_scale_x": (0, 10),
    "gridmap_scale_y": (0, 10), "smudge_length_log": (0, 20), "smudge_bucket": (0, 255),
    "smudge_transparency": (-1, 1), "offset_y": (-40, 40), "offset_x": (-40, 40),
    "offset_angle": (-40, 40), "offset_angle_asc": (-40, 40), "offset_angle_view": (-40, 40),
    "offset_angle_2": (0, 40), "offset_angle_2_asc": (0, 40), "offset_angle_2_view": (0, 40),
    "offset_angle_adj": (-180, 180), "offset_multiplier": (-2, 3), "posterize": (0, 1),
    "posterize_num": (0.01, 1.28), "paint_mode": (0, 1),
}  # fmt: skip
"""MyPaint's settings, and the lowest and highest base value of each."""
INPUTS = (
    "pressure", "speed1", "speed2", "random", "stroke", "direction", "tilt_declination",
    "tilt_ascension", "custom", "direction_angle", "attack_angle", "tilt_declinationx",
    "tilt_declinationy", "gridmap_x", "gridmap_y", "viewzoom", "barrel_rotation", "brush_radius",
)  # fmt: skip
"""What a setting may follow, by a curve of points [input, what is added to the base value]."""

_WIDEST = 10
"""The largest number of a curve, in ranges of its setting; brushes in use stay below 2."""
_LARGEST_INPUT = 1000
_SLACK = 1e-5
_LONGEST_ABOUT = 300

Curve = list[tuple[schema.Number, schema.Number]]


@dataclass(frozen=True)
class Setting:
    """One of MyPaint's settings."""

    base_value: schema.Number
    inputs: dict[str, Curve]
    """What is added to the base value: a curve over each input that the setting follows."""


@dataclass(frozen=True)
class Measures:
    """What diavlex adds to a brush file; see `diavlex.brushes.definition.Definition`."""

    about: str = ""
    dabs: Annotated[int, Meta(ge=0, le=10_000)] = 0
    length: Annotated[float, Meta(ge=0, le=1)] = 0.0
    width: Annotated[float, Meta(ge=0.001, le=10)] = 1.0
    largest_px: Annotated[float, Meta(ge=1)] = float("inf")


@dataclass(frozen=True)
class _Outline:
    """The entries of a brush file that count; its settings are not read yet."""

    version: Literal[3]
    settings: dict[str, Raw]
    description: str = ""
    diavlex: Measures = field(default_factory=Measures)


@dataclass(frozen=True)
class BrushFile:
    """What a brush file says."""

    about: str
    """What the brush is, in one line."""
    settings: dict[str, Setting]
    measures: Measures


def read(path: Path) -> BrushFile:
    """Read a brush file.

    Settings and inputs that this libmypaint does not know are left out if they do nothing.

    Raises:
        BadBrush: it cannot be read, or the engine could not be trusted with it.
    """
    try:
        found = schema.read(files.read(path, MOST_BYTES), _Outline)
        settings = dict(_known_settings(found.settings))
        if not settings:
            raise ValueError("it has no settings")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadBrush(
            f"'{path}' is no brush that MyPaint could paint with ({why}); give a .myb file "
            "that MyPaint 2 has saved."
        ) from error
    return BrushFile(_line(found.diavlex.about or found.description), settings, found.diavlex)


def _line(about: str) -> str:
    """A description as one printable line."""
    words = " ".join(about.split())
    printable = "".join(letter for letter in words if letter.isprintable())
    return printable[:_LONGEST_ABOUT] or "a MyPaint brush"


def _known_settings(found: dict[str, Raw]) -> Iterator[tuple[str, Setting]]:
    """The settings that libmypaint knows, each checked.

    Raises:
        ValueError: one is malformed, or unknown and does something.
    """
    for name, raw in found.items():
        try:
            setting = schema.read(raw, Setting)
        except schema.Unfit as error:
            raise ValueError(f"its setting '{shown(name)}': {error}") from error
        if _is_known(f"setting '{shown(name)}'", name, SETTINGS, _does_something(setting)):
            known = Setting(setting.base_value, _curves(name, setting.inputs))
            _check(name, known)
            yield name, known


def _does_something(setting: Setting) -> bool:
    return bool(setting.base_value) or any(map(is_used, setting.inputs.values()))


def is_used(curve: Sequence[Sequence[schema.Number]]) -> bool:
    """The curve changes its setting."""
    return any(y for _, y in curve)


def _is_known(what: str, name: str, known: Collection[str], does_something: bool) -> bool:
    """Whether libmypaint knows the name of a setting or an input.

    Raises:
        ValueError: it does not, and the brush would paint otherwise if it did.
    """
    if name not in known and does_something:
        near = difflib.get_close_matches(shown(name), known, n=1)
        hint = f", only '{near[0]}'" if near else ""
        raise ValueError(f"libmypaint knows no {what}{hint}")
    return name in known


def _curves(name: str, inputs: dict[str, Curve]) -> dict[str, Curve]:
    return {
        key: curve
        for key, curve in inputs.items()
        if _is_known(f"input '{shown(key)}' of '{name}'", key, INPUTS, is_used(curve))
    }


def _check(name: str, setting: Setting) -> None:
    """Make sure that a setting keeps to its range and that its curves are ones.

    Raises:
        ValueError: it does not.
    """
    low, high = SETTINGS[name]
    if not low - _SLACK <= setting.base_value <= high + _SLACK:
        value = float(setting.base_value)
        raise ValueError(f"the base value of '{name}' is {value:g}, not {low} to {high}")
    most = _WIDEST * (high - low)
    for key, curve in setting.inputs.items():
        what = f"the curve of '{name}' over '{key}'"
        if len(curve) == 1 or len(curve) > MOST_POINTS:
            raise ValueError(f"{what} needs 2 to {MOST_POINTS} points, not {len(curve)}")
        places = [x for x, _ in curve]
        if places != sorted(places):
            raise ValueError(f"{what} runs backwards")
        if any(abs(x) > _LARGEST_INPUT or abs(y) > most for x, y in curve):
            raise ValueError(f"{what} holds a number that is too large")
