"""Pictures: PNG, and TIFF of 16 bits."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.config import settle

from .choices import Side, engine, engine_of, has_background, short_side_px, size, told, transparent
from .export import Each, Export

if TYPE_CHECKING:
    from diavlex.painting import Painting


@dataclass(frozen=True)
class Still:
    """How a picture is made."""

    size: Side = size()
    engine: str = engine()
    transparent: bool = transparent()

    def __post_init__(self) -> None:
        settle(self)


def write_png(painting: "Painting", path: Path, options: Still, each: Each) -> None:
    """Write a PNG; its metadata hold the whole record."""
    from ..pictures import render
    from ..png import describe, save_png

    painter = engine_of(options.engine, painting)
    picture = render(
        painting,
        short_side_px(options.size, painting),
        painter,
        told(each, len(painting.actions)),
        has_background=has_background(options, painting),
    )
    save_png(picture, path, describe(painting, painter, has_record=True))


def write_tiff(painting: "Painting", path: Path, options: Still, each: Each) -> None:
    """Write a TIFF of 16 bits a channel; its description holds the whole record."""
    from ..pictures import render
    from ..tiff import save_tiff

    picture = render(
        painting,
        short_side_px(options.size, painting),
        engine_of(options.engine, painting),
        told(each, len(painting.actions)),
        has_background=has_background(options, painting),
        bits=16,
    )
    save_tiff(picture, path, painting)


PNG = Export("png", ".png", "a picture", write_png, Still)
TIFF = Export("tiff", ".tiff", "a picture of 16 bits a channel, for print", write_tiff, Still)
