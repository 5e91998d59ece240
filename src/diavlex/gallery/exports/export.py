"""What an export is: a kind of file that a painting can become, and the choices that it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diavlex.config import knobs, read_all
from diavlex.errors import BadValue

if TYPE_CHECKING:
    from diavlex.painting import Painting

Each = Callable[[float], None]
"""Told how much is done, from 0 to 1, by whoever does it."""


@dataclass(frozen=True)
class NoChoices:
    """The choices of an export that has none."""


@dataclass(frozen=True)
class Export:
    """A kind of file, or of folder, that a painting's record can become."""

    name: str
    """What a person asks for: png, mp4, plotter."""
    suffix: str
    """The ending of its file's name, such as .png; empty for a folder."""
    about: str
    """What it is, in one line."""
    write: Callable[["Painting", Path, Any, Each], None]
    """Writes it: a painting, to a path, with the options; tells how much is done.

    It writes all of it or nothing, and replaces what is there.
    """
    options: type = NoChoices
    """A frozen dataclass whose fields are knobs, and which checks itself."""
    remark: Callable[["Painting", Any], str] | None = None
    """What a person shall know before it is written, in one line."""
    beside: tuple[str, ...] = ()
    """Endings which, put behind the file's name, name other files that are written."""


def choose(export: Export, given: Mapping[str, Any], others: Iterable[Export] = ()) -> Any:
    """The options of an export.

    Args:
        export: whose.
        given: choices by name, as their type or as text; all others are as usual.
        others: exports to name if one of them takes a choice that this one does not.

    Raises:
        BadValue: a choice that it does not take, or a value that cannot be.
        UnknownName: a name that a choice does not have.
    """
    mine = knobs(export.options)
    for name in given:
        if name not in mine:
            raise _not_taken(export, name, others)
    return export.options(**read_all(given, export.options))


def _not_taken(export: Export, name: str, others: Iterable[Export]) -> BadValue:
    flag = "--" + name.replace("_", "-")
    takers = [other.name for other in others if name in knobs(other.options)]
    takes = ["--" + known.replace("_", "-") for known in knobs(export.options)]
    cure = f"it goes with {', '.join(takers)}" if takers else "leave it out"
    told = f"takes {', '.join(takes)}" if takes else "takes no choices"
    return BadValue(f"{flag} says nothing of {export.name}, which {told}; {cure}.")
