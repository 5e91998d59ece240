"""What a painting can become, by name: diavlex's own exports, and those that other packages add.

A package adds one under the entry point group `diavlex.exports`; the entry is an `Export`.
"""

from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diavlex import plugins
from diavlex.errors import BadValue, UnknownName
from diavlex.files import path_of

from .data import CSV, LINES, RECORD
from .export import Each, Export, NoChoices, choose
from .layered import ORA, SVG
from .machines import GCODE, PLOTTER
from .moving import FRAMES, GIF, MP4, WEBM
from .pages import HTML
from .stills import PNG, TIFF

if TYPE_CHECKING:
    from diavlex.painting import Painting

__all__ = [
    "GROUP", "Each", "Export", "NoChoices", "by_path", "check_path", "choose", "find", "known",
    "save",
]  # fmt: skip

GROUP = "diavlex.exports"
_OWN = (
    PNG, TIFF, GIF, MP4, WEBM, FRAMES, ORA, SVG, PLOTTER, GCODE, HTML, CSV, LINES, RECORD,
)  # fmt: skip
_ALSO = {".tif": ".tiff", ".htm": ".html", ".nc": ".gcode", ".ngc": ".gcode"}
"""Endings that mean the same."""


@cache
def known() -> Mapping[str, Export]:
    """All exports by name; one of another package that cannot be used is left out."""
    found = {export.name: export for export in _OWN}
    for name, added in plugins.load(GROUP).items():
        if not isinstance(added, Export) or not is_dataclass(added.options):
            plugins.leave_out(name, GROUP, "it is no Export, or its options are no dataclass")
        elif added.name in found or not added.name.isidentifier():
            plugins.leave_out(name, GROUP, f"the name '{added.name}' is taken, or no name")
        else:
            found[added.name] = added
    return found


def find(name: str) -> Export:
    """An export by name.

    Raises:
        UnknownName: there is none; the nearest is offered.
    """
    if name not in known():
        raise UnknownName("export", name, known())
    return known()[name]


def by_path(path: Path) -> Export:
    """The export that writes files of a name's ending, the first one if there are more.

    Raises:
        BadValue: none does.
    """
    suffix = path.suffix.lower()
    suffix = _ALSO.get(suffix, suffix)
    endings = dict.fromkeys(export.suffix for export in known().values() if export.suffix)
    if suffix not in endings:
        raise BadValue(f"cannot write {path}: its name must end in one of {', '.join(endings)}.")
    return next(export for export in known().values() if export.suffix == suffix)


def save(
    painting: "Painting", path: Path | str, to: str = "", each: Each | None = None, **choices: Any
) -> Path:
    """Write a painting as any export; what is there is replaced.

    Args:
        painting: the record.
        path: the file, or the folder for single frames.
        to: name of the export (see `diavlex export --help`); by the path's ending if not given.
        each: told how much is done, from 0 to 1.
        choices: of the export, such as size, engine or transparent; all others are as usual.

    Raises:
        UnknownName: no such export.
        BadValue: an ending that no export has, or a choice that cannot be.
        BadFolder: it cannot be written there.
    """
    path = path_of(path)
    export = find(to) if to else by_path(path)
    check_path(export, path)
    options = choose(export, choices, known().values())
    export.write(painting, path, options, each or (lambda share: None))
    return path


def check_path(export: Export, path: Path) -> None:
    """Check that a path's ending is that of an export.

    Raises:
        BadValue: it is not.
    """
    suffix = path.suffix.lower()
    if export.suffix and _ALSO.get(suffix, suffix) != export.suffix:
        raise BadValue(f"{export.name} cannot be '{path}': its name must end in {export.suffix}.")
