"""SVG files: every stroke as a curve that a vector editor can move."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from diavlex.painting import Painting, replacing

_UNIT = 1000
"""SVG units in the canvas' shorter side."""


def save_svg(painting: Painting, path: Path | str) -> Path:
    """Write a painting's strokes as curves with round ends, one path each, in painting order.

    A brush's texture has no counterpart in SVG: a curve is as wide as the brush and as opaque as
    it was pressed on average.

    Raises:
        BadFolder: it cannot be written there.
    """
    data = to_svg(painting).encode()
    with replacing(Path(path)) as fresh:
        fresh.write_bytes(data)
    return Path(path)


def to_svg(painting: Painting) -> str:
    """The same as text."""
    high, wide = (_number(side * _UNIT) for side in painting.aspect)
    paths = "\n".join(f" {_path(action)}" for action in painting.actions.tolist())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"'
        f' width="{painting.width_px}" height="{painting.height_px}">\n'
        f" <title>{escape(_printable(painting.prompt))}</title>\n"
        f' <rect width="100%" height="100%" fill="{_color(painting.background)}"/>\n'
        f' <g fill="none" stroke-linecap="round">\n{paths}\n </g>\n</svg>\n'
    )


def _path(action: Sequence[float]) -> str:
    start_pressure, end_pressure, size, *points = action[:9]
    control, end, start = (
        " ".join(_number(value * _UNIT) for value in points[at : at + 2]) for at in (0, 2, 4)
    )
    opacity = min(1.0, (start_pressure + end_pressure) / 2)
    return (
        f'<path d="M{start} Q{control} {end}" stroke="{_color(action[9:])}"'
        f' stroke-width="{_number(2 * size * _UNIT)}" stroke-opacity="{_number(opacity)}"/>'
    )


def _color(color: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(max(value, 0), 1) * 255):02x}" for value in color)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
