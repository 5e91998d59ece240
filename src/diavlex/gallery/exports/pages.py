"""A page that paints the painting again."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.config import settle

from .choices import engine, engine_of
from .export import Each, Export

if TYPE_CHECKING:
    from diavlex.painting import Painting


@dataclass(frozen=True)
class Page:
    """Who paints the textures of the strokes."""

    engine: str = engine()

    def __post_init__(self) -> None:
        settle(self)


def write_html(painting: "Painting", path: Path, options: Page, each: Each) -> None:
    """Write the page."""
    from ..replay import save_html

    save_html(painting, path, engine_of(options.engine, painting))
    each(1.0)


HTML = Export(
    "html", ".html", "a page that paints it again: play, scrub, hover; needs no network",
    write_html, Page,
)  # fmt: skip
