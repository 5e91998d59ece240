"""Pictures out: everything that is made from a painting's record alone.

A name's module is loaded when the name is first used: the choices of an export need no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .easel import Picture
    from .exports import save
    from .films import Film, film, save_progress_film, save_strokes_film
    from .folders import check_unclaimed, claim, save_folder
    from .kept import load
    from .ora import save_ora
    from .pictures import ENGINES, finisher, render, size_of, stages
    from .png import describe, save_png
    from .sheets import contact_sheet, strip
    from .svg import save_svg, to_svg

_HOMES = {
    "ENGINES": "pictures",
    "Film": "films",
    "Picture": "easel",
    "check_unclaimed": "folders",
    "claim": "folders",
    "contact_sheet": "sheets",
    "describe": "png",
    "film": "films",
    "finisher": "pictures",
    "load": "kept",
    "render": "pictures",
    "save": "exports",
    "save_folder": "folders",
    "save_ora": "ora",
    "save_png": "png",
    "save_progress_film": "films",
    "save_strokes_film": "films",
    "save_svg": "svg",
    "size_of": "pictures",
    "stages": "pictures",
    "strip": "sheets",
    "to_svg": "svg",
}
__all__ = [
    "ENGINES", "Film", "Picture", "check_unclaimed", "claim", "contact_sheet", "describe", "film",
    "finisher", "load", "render", "save", "save_folder", "save_ora", "save_png",
    "save_progress_film", "save_strokes_film", "save_svg", "size_of", "stages", "strip", "to_svg",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"the gallery has no '{name}'")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
