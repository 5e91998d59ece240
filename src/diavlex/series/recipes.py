"""Recipes: files of choices that make a look, as TOML."""

import tomllib
from pathlib import Path
from typing import Any

from diavlex.config import PaintConfig, choose, knobs
from diavlex.errors import BadValue, UnknownName
from diavlex.files import read as read_file

from .lines import check_no_path

MOST_BYTES = 1 << 16


def read(path: Path) -> dict[str, Any]:
    """The choices of a recipe, checked.

    Raises:
        BadValue: it cannot be read, is not TOML, or holds a choice that cannot be.
        UnknownName: no such choice.
    """
    try:
        choices = tomllib.loads(read_file(path, MOST_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadValue(f"the recipe {path} cannot be read ({why}); give a TOML file.") from error
    for name, value in choices.items():
        if name not in knobs(PaintConfig):
            raise UnknownName(f"choice (in {path})", name, knobs(PaintConfig))
        check_no_path(name, value)
    try:
        choose(**choices)
    except (BadValue, UnknownName) as error:
        raise BadValue(f"the recipe {path}: {error}") from error
    return choices
