"""`diavlex show`: what is known of a finished painting, and a small picture of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diavlex.cli.export import SOURCE
from diavlex.cli.options import Flags
from diavlex.config import RENAMED, PaintConfig
from diavlex.files import path_of
from diavlex.gallery.text import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from diavlex.painting import Painting

_MOST_COLUMNS, _MOST_ROWS = 44, 64
"""Of the small picture, in its own pixels; a line of letters has two rows."""
_LEAST_WIDTH = 100
"""A terminal of fewer columns shows the picture above the facts, a wider one beside them."""
_MOST_LAYERS = 12


def run(words: Sequence[str]) -> int:
    """Show; the facts go to stdout."""
    parser = Flags("show", "Tell of a finished painting, with a small picture where that can be.")
    parser.add_argument("painting", help=SOURCE)
    source = path_of(parser.parse_args(words).painting)
    from rich.console import Console

    from diavlex import gallery

    record, console = gallery.load(source), Console(highlight=False, markup=False)
    facts = _table(record, source)
    can_show = console.color_system in ("256", "truecolor") and console.encoding.startswith("utf")
    if console.is_terminal and can_show:
        _print_beside(console, _picture(record, console.width), facts)
    else:
        console.print(facts)
    return 0


def facts_of(record: "Painting", source: Path) -> Iterator[tuple[str, str]]:
    """What is known of a painting: names, and what is so called.

    Args:
        record: the painting's.
        source: its folder, whose files are named, or its file.
    """
    yield "prompt", record.prompt
    yield "size", f"{record.width_px} x {record.height_px} px"
    yield "strokes", f"{len(record.actions)} of {', '.join(record.brushes)}"
    layers = record.layers
    for layer in layers[:_MOST_LAYERS] if len(layers) > 1 else []:
        yield "  layer", f"{layer.name}: {layer.count}"
    if len(layers) > _MOST_LAYERS:
        yield "", f"and {len(layers) - _MOST_LAYERS} more"
    yield "painted", f"seed {record.seed}, {record.steps} steps, by diavlex {record.version}"
    yield "guide", record.guide
    yield from (("  " + name, _shown(value)) for name, value in record.scores.items())
    yield from (("remark", line) for line in record.settings.get("remarks", []))
    yield from ((f"--{name}", value) for name, value in unusual(record.settings))
    if source.is_dir():
        yield from (("file", told) for told in _files(source))


def unusual(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The settings that differ from the usual, by the name of their flag today."""
    usual = PaintConfig().to_plain()
    for name, value in settings.items():
        if name == "remarks":
            continue
        today = RENAMED.get(name, name)
        if value != usual.get(today):
            yield today.replace("_", "-"), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    return str(value)


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            yield f"{path.name}, {_size(path.stat().st_size)}"


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _table(record: "Painting", source: Path) -> "RenderableType":
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts_of(record, source):
        table.add_row(printable(name), printable(value, " "))
    return table


def _picture(record: "Painting", width: int) -> "RenderableType":
    """The painting in letters, at most half as wide as the terminal."""
    import numpy as np
    from PIL import Image

    from diavlex.gallery import render
    from diavlex.gallery.blocks import blocks

    high, wide = record.aspect
    scale = min(min(_MOST_COLUMNS, width // 2) / wide, _MOST_ROWS / high)
    size = max(2, round(wide * scale)), max(2, round(high * scale))
    picture = Image.fromarray(render(record, 128)).resize(size, Image.Resampling.BOX)
    return blocks(np.asarray(picture))


def _print_beside(console: "Console", picture: "RenderableType", facts: "RenderableType") -> None:
    from rich.table import Table

    if console.width < _LEAST_WIDTH:
        console.print(picture)
        console.print(facts)
        return
    both = Table.grid(padding=(0, 3))
    both.add_row(picture, facts)
    console.print(both)
