"""What other packages add to diavlex: terms, guides, brushes and exports, by their entry points.

A package names what it adds in its own pyproject.toml, for example under
`[project.entry-points."diavlex.terms"]`. Setting `DIAVLEX_PLUGINS=0` leaves all of them out.
"""

import logging
import os
from functools import cache
from importlib.metadata import entry_points
from typing import Any

GROUPS = ("diavlex.terms", "diavlex.guides", "diavlex.brushes", "diavlex.exports")
_log = logging.getLogger("diavlex")


@cache
def load(group: str) -> dict[str, Any]:
    """Load what other packages offer under an entry point group, by name.

    An entry that cannot be loaded is left out and named in one logged line; the others stay.

    Args:
        group: one of `GROUPS`.
    """
    assert group in GROUPS, group
    if os.environ.get("DIAVLEX_PLUGINS") == "0":
        return {}
    found: dict[str, Any] = {}
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            found[point.name] = point.load()
        except Exception as error:  # whatever a stranger's module raises must harm nobody else
            leave_out(point.name, group, f"{type(error).__name__}: {error}")
    return found


def names(group: str) -> list[str]:
    """What other packages offer under an entry point group, by name; nothing is loaded."""
    if os.environ.get("DIAVLEX_PLUGINS") == "0":
        return []
    return sorted({point.name for point in entry_points(group=group)})


def leave_out(name: str, group: str, why: str) -> None:
    """Log in one line that an added part is not used, and why."""
    told = " ".join(why.split())[:200]
    _log.warning("the plugin '%s' (%s) is left out: %s", name, group, told)
