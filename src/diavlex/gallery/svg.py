"""SVG files: every stroke as a curve that a vector editor can move."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from jaxtyping import Float
from torch import Tensor

from diavlex import stroke
from diavlex.files import replacing
from diavlex.painting import Painting, to_text

from .easel import load_brushes, patches_of
from .layers import layers_of
from .paper import Placed
from .pictures import size_of
from .text import hex_color, number, xml_quoted, xml_text

INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
_UNIT = 1000
"""SVG units in the canvas' shorter side."""
_FEW = 256


def save_svg(
    painting: Painting,
    path: Path | str,
    short_side_px: int | None = None,
    placed: Placed | None = None,
    *,
    has_background: bool = True,
) -> Path:
    """Write a painting's strokes as curves with round ends, one path each, in painting order.

    A brush's texture has no counterpart in SVG: a curve is as opaque as the stroke's paint and as
    wide as lets it hold as much paint. The file keeps the record as well.

    Args:
        painting: the record.
        path: the file.
        short_side_px: how large it is shown; as painted if not given.
        placed: how it lies on paper, which then decides its size.
        has_background: whether a rectangle of the background's color lies under the strokes.

    Raises:
        BadValue: a size that cannot be.
        BadFolder: it cannot be written there.
    """
    data = to_svg(painting, short_side_px, placed, has_background=has_background).encode()
    with replacing(Path(path)) as fresh:
        fresh.write_bytes(data)
    return Path(path)


def to_svg(
    painting: Painting,
    short_side_px: int | None = None,
    placed: Placed | None = None,
    *,
    has_background: bool = True,
) -> str:
    """The same as text."""
    high, wide = (number(side * _UNIT) for side in painting.aspect)
    box = f'width="{wide}" height="{high}"'
    ground = f'  <rect {box} fill="{hex_color(painting.background)}"/>\n' if has_background else ""
    return (
        f"{_head(painting, short_side_px, placed)}\n"
        f" <title>{xml_text(painting.prompt)}</title>\n"
        f' <metadata id="diavlex-record">{xml_text(to_text(painting))}</metadata>\n'
        f' <clipPath id="canvas"><rect {box}/></clipPath>\n'
        f' <g clip-path="url(#canvas)"{_moved(placed)}>\n{ground}{_groups(painting)} </g>\n</svg>\n'
    )


def _head(painting: Painting, short_side_px: int | None, placed: Placed | None) -> str:
    """The opening tag: how large the picture is, in pixels or, on paper, in millimeters."""
    if placed is None:
        high, wide = (number(side * _UNIT) for side in painting.aspect)
        height, width = (str(side) for side in size_of(painting, short_side_px))
    else:
        high, wide = number(placed.height_mm), number(placed.width_mm)
        height, width = f"{high}mm", f"{wide}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="{INKSCAPE}"'
        f' viewBox="0 0 {wide} {high}" width="{width}" height="{height}">'
    )


def _moved(placed: Placed | None) -> str:
    if placed is None:
        return ""
    place = f"translate({number(placed.left_mm, 3)} {number(placed.top_mm, 3)})"
    return f' transform="{place} scale({number(placed.scale_mm / _UNIT, 7)})"'


def _groups(painting: Painting) -> str:
    """A group a layer, which Inkscape shows as its layers, with a path a stroke."""
    widths, opacities = curves(painting)
    paths = [
        f"   {_path(*look)}\n"
        for look in zip(painting.actions.tolist(), widths, opacities, strict=True)
    ]
    return "".join(
        f'  <g inkscape:groupmode="layer" inkscape:label={xml_quoted(layer.name)}'
        f' fill="none" stroke-linecap="round">\n{"".join(paths[layer.first : layer.last])}  </g>\n'
        for layer in layers_of(painting)
    )


def _path(action: Sequence[float], width: float, opacity: float) -> str:
    start, control, end = (
        " ".join(number(value * _UNIT) for value in action[part])
        for part in (stroke.START, stroke.CONTROL, stroke.END)
    )
    return (
        f'<path d="M{start} Q{control} {end}" stroke="{hex_color(action[stroke.COLOR])}"'
        f' stroke-width="{number(width * _UNIT)}" stroke-opacity="{number(opacity)}"/>'
    )


def curves(painting: Painting) -> tuple[list[float], list[float]]:
    """Width, in shorter sides, and opacity of curves that hold as much paint as the strokes."""
    widths, opacities = [], []
    for width, opacity in _curves(painting):
        widths += width.tolist()
        opacities += opacity.tolist()
    return widths, opacities


def _curves(
    painting: Painting,
) -> Iterator[tuple[Float[Tensor, " strokes"], Float[Tensor, " strokes"]]]:
    loaded = load_brushes(painting)
    for first in range(0, len(painting.actions), _FEW):
        last = min(first + _FEW, len(painting.actions))
        patches = patches_of(painting, loaded, first, last)
        total = patches.sum((1, 2)).clamp_min(1e-6)
        opacity = patches.square().sum((1, 2)) / total  # of an average bit of the paint
        actions = painting.actions[first:last]
        pixel = stroke.split(actions).axes.square().sum(-1) * (2 / patches.shape[1]) ** 2
        area, length = total * pixel / opacity, stroke.lengths(actions)
        # the width w of a curve with round ends: w length + pi w^2 / 4 = area
        yield ((length.square() + math.pi * area).sqrt() - length) * 2 / math.pi, opacity
