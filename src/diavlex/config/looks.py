"""Recipes: files of choices that make a look, as TOML; some ship with diavlex."""

import json
import tomllib
from pathlib import Path
from typing import Any

from diavlex.errors import BadValue, UnknownName, shown
from diavlex.files import path_of
from diavlex.files import read as read_file

from .choices import PaintConfig, choose
from .knob import knobs
from .presets import PRESETS, shipped, shipped_names
from .prompts import read_guides

MOST_BYTES = 1 << 16
"""The largest TOML file that is read."""
RECIPE_SUFFIX = ".toml"
OF_ONE_PAINTING = ("seed", "also", "tries", "focus", "regions", "backdrop")
"""Choices that belong to what is painted and not to its look."""
_WORDS = ("also", "term", "regions")
"""Choices that are words, in which a stroke of the pen is no path."""


def recipe(given: str | Path) -> dict[str, Any]:
    """The choices of a recipe.

    Args:
        given: the name of one that ships, or the path of a TOML file; nothing for no choices.

    Raises:
        BadValue: the file cannot be read, is not TOML, or holds a choice that cannot be.
        UnknownName: no such recipe, or no such choice in it.
    """
    if not given:
        return {}
    if is_file(given):
        return read_recipe(path_of(given))
    if given not in (*shipped_names(), *PRESETS):
        raise UnknownName("recipe", shown(str(given)), (*shipped_names(), *PRESETS))
    return dict(PRESETS.get(str(given)) or shipped(str(given)))


def is_file(given: str | Path) -> bool:
    """Whether a recipe is given as the path of a file, and not by its name."""
    return isinstance(given, Path) or given.endswith(RECIPE_SUFFIX) or bool(set(given) & set("/\\"))


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """What a person's TOML file holds.

    Args:
        path: the file.
        what: how messages call it.

    Raises:
        BadValue: it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(read_file(path, MOST_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadValue(f"{what} {path} cannot be read ({why}); give a TOML file.") from error


def read_recipe(path: Path) -> dict[str, Any]:
    """The choices of a recipe's file, checked.

    Raises:
        BadValue: it cannot be read, is not TOML, or holds a choice that cannot be.
        UnknownName: no such choice.
    """
    choices = read_toml(path, "the recipe")
    for name, value in choices.items():
        if name not in knobs(PaintConfig):
            raise UnknownName(f"choice (in {path})", shown(name), knobs(PaintConfig))
        check_no_path(name, value)
    try:
        choose(**choices)
    except (BadValue, UnknownName) as error:
        raise BadValue(f"the recipe {path}: {error}") from error
    return choices


def write_recipe(config: PaintConfig) -> str:
    """A config's look as the text of a recipe: what is not as usual, and is no part of the words.

    Raises:
        BadValue: a choice names a file, which no recipe may.
    """
    usual, lines = PaintConfig().to_plain(), []
    for name, value in config.to_plain().items():
        if name in OF_ONE_PAINTING or value == usual[name]:
            continue
        check_no_path(name, value)
        lines.append(f"{name} = {_toml(value)}\n")
    return "".join(lines)


def check_no_path(name: str, value: Any) -> None:
    """Check that a choice in a file names no other file: a file decides nothing about files.

    Raises:
        BadValue: it does.
    """
    if isinstance(value, list) and name not in _WORDS:
        for one in value:
            check_no_path(name, one)
    if not isinstance(value, str) or name in _WORDS:
        return
    is_folder = name == "guide" and any(Path(part).exists() for part, _ in read_guides(value))
    if is_folder or set(value) & set("/\\") or value.startswith(("~", "..")):
        raise BadValue(
            f"its {name} is '{shown(value, 40)}', which names a file or an address: say it on the "
            f"command line, --{name.replace('_', '-')}."
        )


def _toml(value: Any) -> str:
    """A text, a number, a truth, or a list of these as TOML; its texts are as in JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
