"""SVG files: every stroke as a curve that a vector editor can move."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from diavlex import stroke
from diavlex.brushes import NeuralBrush
from diavlex.files import replacing
from diavlex.painting import Painting, to_text
from diavlex.tensors import Actions, Patches

from .easel import bare, levels, load_brushes, patches_of
from .paper import Placed
from .pictures import size_of
from .png import png_bytes
from .text import ascii_json, hex_color, number, xml_quoted, xml_text

INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
_UNDER_PX = 512
"""Shorter side of the picture of a background that is not of one color."""
_UNIT = 1000
"""SVG units in the canvas' shorter side."""
_FEW = 256
_FULLNESSES = (0.1, 0.2, 0.35)
"""Of the strokes by which it is told whether a brush has round ends."""


def save_svg(
    painting: Painting,
    path: Path | str,
    short_side_px: int | None = None,
    placed: Placed | None = None,
    *,
    has_background: bool = True,
) -> Path:
    """Write a painting's strokes as curves, one path each, in painting order.

    A brush's texture has no counterpart in SVG: a curve is as opaque as the stroke's paint, as wide
    as lets it hold as much paint, and its ends are round or straight like the brush's. The file
    keeps the record as well.

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
    box, record = f'width="{wide}" height="{high}"', ascii_json(to_text(painting))
    under = _under(painting, box) if has_background else ""
    return (
        f"{_head(painting, short_side_px, placed)}\n"
        f" <title>{xml_text(painting.prompt)}</title>\n"
        f' <metadata id="diavlex-record">{xml_text(record)}</metadata>\n'
        f' <clipPath id="canvas"><rect {box}/></clipPath>\n'
        f' <g inkscape:groupmode="layer" inkscape:label="canvas" clip-path="url(#canvas)"'
        f"{_moved(placed)}>\n{under}{_groups(painting)} </g>\n</svg>\n"
    )


def _under(painting: Painting, box: str) -> str:
    """The background: a rectangle of its color, and a small picture of what else is seen of it."""
    rect = f'  <rect {box} fill="{hex_color(painting.background)}"/>\n'
    own = bare(painting)
    if own.is_plain:
        return rect
    height, width = (round(side * _UNDER_PX) for side in painting.aspect)
    data = png_bytes(levels(own.canvas(height, width).permute(1, 2, 0).numpy()))
    source = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return f'{rect}  <image {box} preserveAspectRatio="none" href="{source}"/>\n'


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
    looks = zip(painting.actions.tolist(), curves(painting), strict=True)
    paths = [f"   {_path(action, curve)}\n" for action, curve in looks]
    return "".join(
        f'  <g inkscape:groupmode="layer" inkscape:label={xml_quoted(layer.name)}'
        f' fill="none" stroke-linecap="round">\n{"".join(paths[layer.rows])}  </g>\n'
        for layer in painting.layers
    )


@dataclass(frozen=True)
class Curve:
    """How a stroke looks as a curve of one width."""

    width: float
    """In shorter sides."""
    opacity: float
    is_round: bool
    """Whether its ends are half circles; if not, they are cut off straight."""


def _path(action: Sequence[float], curve: Curve) -> str:
    start, control, end = (
        " ".join(number(value * _UNIT) for value in action[part])
        for part in (stroke.START, stroke.CONTROL, stroke.END)
    )
    ends = "" if curve.is_round else ' stroke-linecap="butt"'
    return (
        f'<path d="M{start} Q{control} {end}" stroke="{hex_color(action[stroke.COLOR])}"{ends}'
        f' stroke-width="{number(curve.width * _UNIT)}" stroke-opacity="{number(curve.opacity)}"/>'
    )


def curves(painting: Painting) -> list[Curve]:
    """Curves that hold as much paint as the strokes, in the same order."""
    loaded = load_brushes(painting)
    are_round = torch.tensor([has_round_ends(brush) for brush in loaded])[painting.brush_of]
    made = []
    for first in range(0, len(painting.actions), _FEW):
        last = min(first + _FEW, len(painting.actions))
        patches = patches_of(painting, loaded, first, last)
        widths, opacities = _fitted(painting.actions[first:last], patches, are_round[first:last])
        rows = zip(widths.tolist(), opacities.tolist(), are_round[first:last].tolist(), strict=True)
        made += [Curve(*row) for row in rows]
    return made


def _fitted(
    actions: Actions, patches: Patches, are_round: Bool[Tensor, " strokes"]
) -> tuple[Float[Tensor, " strokes"], Float[Tensor, " strokes"]]:
    """Width and opacity of curves that hold as much paint as there is on patches."""
    total = patches.sum((1, 2)).clamp_min(1e-6)
    opacity = patches.square().sum((1, 2)) / total  # of an average bit of the paint
    pixel = stroke.split(actions).axes.square().sum(-1) * (2 / patches.shape[1]) ** 2
    area, length = total * pixel / opacity, stroke.lengths(actions)
    return torch.where(are_round, *_widths(area, length)), opacity


def _widths(area: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
    """How wide curves of an area are, with round ends and with straight ones."""
    # with round ends the width w solves w length + pi w^2 / 4 = area
    rounded = ((length.square() + math.pi * area).sqrt() - length) * 2 / math.pi
    return rounded, area / length.clamp_min(1e-6)


@torch.no_grad()
def has_round_ends(brush: NeuralBrush) -> bool:
    """Whether a brush's straight strokes are more like curves with round ends than without."""
    fullness = torch.tensor(_FULLNESSES)
    shapes = torch.stack([fullness, *torch.tensor([0.0, 0.0, 0.8, 0.8])[:, None].expand(4, 3)], 1)
    patches = brush(shapes, torch.zeros(3, dtype=torch.long))
    side = patches.shape[1]
    line = (torch.arange(side) + 0.5) * (2 / side) - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    half = stroke.REACH * (1 - fullness)[:, None, None]
    opacity = patches.square().sum((1, 2), keepdim=True) / patches.sum((1, 2), keepdim=True)
    area = patches.sum((1, 2), keepdim=True) * (2 / side) ** 2 / opacity
    past = (x.abs() - half).clamp_min(0)
    rounded, straight = _widths(area, 2 * half)
    curves = torch.hypot(past, y) < rounded / 2, (past == 0) & (y.abs() < straight / 2)
    wrong = [(patches - opacity * curve).square().sum() for curve in curves]
    return bool(wrong[0] < wrong[1])
