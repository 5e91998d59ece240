"""Files to work on: OpenRaster with layers, SVG with a curve a stroke."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.config import knob, settle
from diavlex.errors import BadValue

from ..paper import Paper
from .choices import (
    PICTURE,
    Side,
    engine,
    engine_of,
    has_background,
    margin,
    paper,
    placed_on,
    short_side_px,
    size,
    told,
    transparent,
)
from .export import Each, Export

if TYPE_CHECKING:
    from diavlex.painting import Painting


@dataclass(frozen=True)
class Layered:
    """How the layers are made."""

    size: Side = size()
    engine: str = engine()
    transparent: bool = transparent()
    groups: int = knob(
        6, "how many layers the strokes are shared out to, in painting order", 1, 200,
        group=PICTURE,
    )  # fmt: skip

    def __post_init__(self) -> None:
        settle(self)


def write_ora(painting: "Painting", path: Path, options: Layered, each: Each) -> None:
    """Write an OpenRaster file."""
    from ..ora import save_ora

    save_ora(
        painting,
        path,
        options.groups,
        short_side_px(options.size, painting),
        engine_of(options.engine, painting),
        told(each, 2 * len(painting.actions)),
        has_background=has_background(options, painting),
    )


@dataclass(frozen=True)
class Curves:
    """How the curves are shown."""

    size: Side = size()
    transparent: bool = transparent()
    paper: Paper | None = paper()
    margin: float | None = margin()

    def __post_init__(self) -> None:
        settle(self)
        if self.paper is None and self.margin is not None:
            raise BadValue("--margin is kept free on a sheet of paper: give --paper as well.")
        if self.paper is not None and self.size is not None:
            raise BadValue("--paper decides how large it is: leave out --size, or --paper.")


def write_svg(painting: "Painting", path: Path, options: Curves, each: Each) -> None:
    """Write an SVG file, which keeps the whole record."""
    from ..svg import save_svg

    placed = options.paper and placed_on(options.paper, options.margin, painting)
    side_px = short_side_px(options.size, painting)
    save_svg(
        painting,
        path,
        side_px,
        placed,
        has_background=has_background(options, painting),
    )
    each(1.0)


ORA = Export("ora", ".ora", "layers for Krita, GIMP and MyPaint", write_ora, Layered)
SVG = Export("svg", ".svg", "a curve a stroke, for Inkscape and browsers", write_svg, Curves)
