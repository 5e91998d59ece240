"""Pictures out: everything that is made from a painting's record alone."""

from .easel import ENGINES, Picture, finisher, render, size_of, stages
from .films import Film, film, save_progress_film, save_strokes_film
from .folders import FORMATS, check_unclaimed, claim, hang, save
from .ora import save_ora
from .png import describe, save_png
from .sheets import contact_sheet, strip
from .svg import save_svg, to_svg

__all__ = [
    "ENGINES",
    "FORMATS",
    "Film",
    "Picture",
    "check_unclaimed",
    "claim",
    "contact_sheet",
    "describe",
    "film",
    "finisher",
    "hang",
    "render",
    "save",
    "save_ora",
    "save_png",
    "save_progress_film",
    "save_strokes_film",
    "save_svg",
    "size_of",
    "stages",
    "strip",
    "to_svg",
]
