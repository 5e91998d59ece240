"""Choices that go together under one name: ways to search, and the recipes that ship."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from diavlex.errors import UnknownName

_SHIPPED = Path(__file__).parent / "recipes"
PRESETS: dict[str, dict[str, Any]] = {
    "clipdraw": {
        "views": 4, "augment": "clipdraw", "noise": 0.0, "contrast": 0.0, "imagine": 0.0,
        "sketch": 0.0, "saturation": 0.0, "reinitialize": 0, "random_background": 0.0,
        "background": "white",
        "order": "random", "first_colors": 1.0, "rate_schedule": "clipdraw", "rate_place": 0.016,
        "rate_shape": 0.03, "rate_color": 0.04,
    },
    "photo": {
        "strokes": 1000, "steps": 400, "largest": 0.15, "smallest": 0.02, "reinitialize": 0,
        "rate_place": 0.04, "rate_shape": 0.04, "rate_color": 0.03, "random_background": 0.0,
        "saturation": 0.0, "canvas_px": 112,
    },
}  # fmt: skip
"""The choices of each preset that is a way to search and no look.

clipdraw: plain cosine over four views (perspective, then crop), random strokes of random colors on
white, no help afterwards (Frans et al. 2021, section 3). Its rates, 1 and 0.1 pixels of 224 for
points and widths and 0.01 for colors, are brought to our units: what moves a stroke of half-length
0.15 as far in the middle of its range.

photo: what is usual where a photo is painted from (--from); many small strokes, moved often on a
small canvas, and no help that only words need.
"""


def preset(name: str) -> dict[str, Any]:
    """The choices that go together under a name; none for an empty name.

    Raises:
        UnknownName: no such preset.
    """
    if name and name not in (*PRESETS, *shipped_names()):
        raise UnknownName("preset", name, (*PRESETS, *shipped_names()))
    return dict(PRESETS.get(name) or (shipped(name) if name else {}))


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the recipes that ship."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))


@cache
def shipped(name: str) -> dict[str, Any]:
    """The choices of a recipe that ships."""
    return tomllib.loads((_SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))


def about(name: str) -> str:
    """What a recipe that ships looks like: the first line of its file."""
    first, *_ = (_SHIPPED / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    return first.removeprefix("#").strip()
