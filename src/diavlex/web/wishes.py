"""Wishes beside the choices, as the library takes them: ids become files of the studio alone."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from diavlex.config import PaintConfig
from diavlex.web import shelf
from diavlex.web.ledger import Entry, Ledger
from diavlex.web.settings import Settings

FIELDS = {
    "photo": ("photo",),
    "palette": ("palette",),
    "regions": ("regions", "region"),
    "keep": ("keep",),
    "start": ("start",),
}
"""The names that the library's choice of each wish may have."""


def field_of(wish: str) -> str | None:
    """The library's choice of a wish; None where it has none."""
    known = {field.name for field in fields(PaintConfig)}
    return next((name for name in FIELDS[wish] if name in known), None)


class Wishes:
    """What wishes mean in a studio."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings, self._ledger = settings, ledger

    def of(self, entry: Entry) -> dict[str, Any]:
        """What the wishes of a painting come to, as choices of the library."""
        return choices(entry.request["wishes"], self.file_of)

    def file_of(self, wish: str, id: str) -> Path:
        """The file that an id means: a picture that was sent, or a painting's record."""
        if wish != "start":
            return self._settings.hidden / "pictures" / f"{id}.png"
        entry = self._ledger.get(id)
        folder = self._settings.folder / entry.folder if entry else self._settings.hidden
        return folder / shelf.RECORD


def choices(wishes: dict[str, Any], file_of: Callable[[str, str], Path]) -> dict[str, Any]:
    """The library's choices of wishes that were checked.

    Args:
        wishes: as `form.read` gives them.
        file_of: the file that is meant, of a wish and an id.
    """
    found = {}
    for wish, value in wishes.items():
        if (name := field_of(wish)) is not None:
            found[name] = _as_text(wish, value, file_of)
    return found


def _as_text(wish: str, value: Any, file_of: Callable[[str, str], Path]) -> Any:
    """A wish as a person would type it."""
    if wish == "regions":
        return [_region(one) for one in value]
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, dict):
        return f"{file_of(wish, value['picture'])}:{value['count']}"
    return str(file_of(wish, value))


def _region(one: dict[str, Any]) -> str:
    """A rectangle by its two corners, and its words."""
    left, top, width, height = one["box"]
    sides = (left, top, min(left + width, 1.0), min(top + height, 1.0))
    return ",".join(f"{side:.4g}" for side in sides) + ":" + one["words"]
