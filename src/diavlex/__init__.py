"""Diavlex paints from words, with brushstrokes.

>>> import diavlex
>>> painting = diavlex.paint("black sheep", strokes=200, seed=7)  # doctest: +SKIP
>>> picture = diavlex.render(painting, 1024, engine="mypaint")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from diavlex.threads import wait_quietly

__version__ = "0.2.0"

if TYPE_CHECKING:
    from diavlex.config import PaintConfig
    from diavlex.errors import DiavlexError
    from diavlex.gallery import load, render, save
    from diavlex.painting import Painting
    from diavlex.series import begin, paint, paint_series, read_layout, resume

_HOMES = {
    "DiavlexError": "errors",
    "PaintConfig": "config",
    "Painting": "painting",
    "begin": "series",
    "load": "gallery",
    "paint": "series",
    "paint_series": "series",
    "read_layout": "series",
    "render": "gallery",
    "resume": "series",
    "save": "gallery",
}
__all__ = [
    "DiavlexError", "PaintConfig", "Painting",
    "begin", "load", "paint", "paint_series", "read_layout", "render", "resume", "save",
]  # fmt: skip


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Load a name's room when the name is first used: importing diavlex loads no torch."""
    if name not in _HOMES:
        raise AttributeError(f"diavlex has no '{name}'")
    wait_quietly()
    found = getattr(import_module(f"diavlex.{_HOMES[name]}"), name)
    if name in ("Painting", "begin", "load", "paint", "resume"):
        _show_in_notebooks()
    return found


def _show_in_notebooks() -> None:
    """Let notebooks show a painting as a picture; its own room knows no pictures."""
    import_module("diavlex.painting").Painting._repr_png_ = _small_png


def _small_png(painting: "Painting") -> bytes:
    png, pictures = import_module("diavlex.gallery.png"), import_module("diavlex.gallery.pictures")
    side_px = min(512, painting.height_px, painting.width_px)
    return png.png_bytes(pictures.render(painting, side_px))
