"""Paintings in folders: begun, kept while they go on, taken up again, finished; one or many.

Names are loaded when they are first used: to ask how a series stands, no torch is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .doors import begin, paint, resume
    from .layout import read_layout
    from .many import paint_series
    from .session import Session

_HOMES = {
    "Session": "session",
    "begin": "doors",
    "paint": "doors",
    "paint_series": "many",
    "read_layout": "layout",
    "resume": "doors",
}
__all__ = ["Session", "begin", "paint", "paint_series", "read_layout", "resume"]


def __getattr__(name: str) -> Any:
    """Load a name's module when the name is first used."""
    if name not in _HOMES:
        raise AttributeError(f"diavlex.series has no '{name}'")
    return getattr(import_module(f"diavlex.series.{_HOMES[name]}"), name)
