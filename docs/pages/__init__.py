"""Pages that are made from the program itself, so that they cannot tell of another one.

python -m docs.pages            # writes them anew
"""

from collections.abc import Callable
from pathlib import Path

from recipes import pictures

from . import cards, choices, commands, face, http, record

HOME = Path(__file__).parents[2]
PAGES: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands.page,
    "docs/choices.md": choices.page,
    "docs/python.md": face.page,
    "docs/http.md": http.page,
    "docs/cards.md": cards.page,
    "docs/gallery.md": pictures.page,
    "src/diavlex/painting/painting.schema.json": record.schema,
}
"""What makes each file."""


def write_all() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (HOME / name).write_text(make(), encoding="utf-8")
        print(name)
