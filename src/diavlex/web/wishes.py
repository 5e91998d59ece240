"""Wishes beside the choices, as the library takes them: ids become files of the studio alone."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from diavlex.config import PaintConfig, choose, preset
from diavlex.web.ledger import Entry, Ledger
from diavlex.web.settings import RECORD, Settings

WISHES = {
    "photo": "paint from a picture",
    "palette": "keep to a few colors",
    "regions": "say what goes where",
    "keep": "repaint one part and keep the rest",
    "start": "go on from a finished painting",
}
"""Wishes beside the choices, and what each is good for."""
BEGUN_WITH = ("photo", "start", "keep")
"""Those that `diavlex.begin` takes beside the config; a test compares them with it."""
FLAGS = {"photo": "from", "regions": "region"}
"""Flags of `diavlex paint` that are not called as the wish is."""


def is_able(wish: str) -> bool:
    """Whether the library can fulfil a wish."""
    return wish in BEGUN_WITH or wish in {field.name for field in fields(PaintConfig)}


def config_of(plain: dict[str, Any]) -> PaintConfig:
    """The library's choices of a request that was kept; see `form.Request.plain`."""
    return choose(**usual(plain) | plain["choices"] | _chosen(plain), also=plain["also"])


def usual(plain: dict[str, Any]) -> dict[str, Any]:
    """The choices that a request stands on: those of its recipe, and those usual for a photo."""
    return preset("photo" if plain["wishes"].get("photo") else "") | preset(plain["recipe"])


class Wishes:
    """What wishes mean in a studio."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings, self._ledger = settings, ledger

    def begun_with(self, entry: Entry) -> dict[str, str]:
        """The files that a painting is begun with, by what `diavlex.begin` calls them."""
        asked = entry.request["wishes"]
        return {
            wish: str(self.file_of(wish, asked[wish])) for wish in BEGUN_WITH if asked.get(wish)
        }

    def told(self, entry: Entry) -> dict[str, Any]:
        """All that a painting's wishes come to, for the command that makes the same."""
        return _chosen(entry.request) | self.begun_with(entry)

    def file_of(self, wish: str, id: str) -> Path:
        """The file that an id means: a picture that was sent, or a painting's record."""
        if wish != "start":
            return self._settings.hidden.absolute() / "pictures" / f"{id}.png"
        entry = self._ledger.get(id)
        folder = self._settings.folder.absolute()
        return folder / entry.folder / RECORD if entry else folder / "none"


def _chosen(plain: dict[str, Any]) -> dict[str, Any]:
    """The wishes of a request that are choices of the library, as a person would type them."""
    made = {"palette": _palette, "regions": lambda several: [_region(one) for one in several]}
    asked = {wish: value for wish, value in plain["wishes"].items() if wish not in BEGUN_WITH}
    return {wish: made[wish](value) for wish, value in asked.items() if wish in made}


def _palette(value: list[str] | int) -> str:
    return str(value) if isinstance(value, int) else ",".join(value)


def _region(one: dict[str, Any]) -> str:
    """A rectangle by its two corners, and its words."""
    left, top, width, height = one["box"]
    sides = (left, top, min(left + width, 1.0), min(top + height, 1.0))
    return ",".join(f"{side:.4g}" for side in sides) + ":" + one["words"]
