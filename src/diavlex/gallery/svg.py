"""SVG files: every stroke as a curve that a vector editor can move."""

import math
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import torch
from torch import Tensor

from diavlex import stroke
from diavlex.files import replacing
from diavlex.painting import Painting
from diavlex.tensors import Actions

from .easel import load_brushes, patches_of

_UNIT = 1000
"""SVG units in the canvas' shorter side."""
_FEW = 256


def save_svg(painting: Painting, path: Path | str) -> Path:
    """Write a painting's strokes as curves with round ends, one path each, in painting order.

    A brush's texture has no counterpart in SVG: a curve is as opaque as the stroke's paint and as
    wide as lets it hold as much paint.

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
    looks = zip(painting.actions.tolist(), *_paint_of(painting), strict=True)
    paths = "\n".join(f" {_path(*look)}" for look in looks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"'
        f' width="{painting.width_px}" height="{painting.height_px}">\n'
        f" <title>{escape(_printable(painting.prompt))}</title>\n"
        f' <rect width="100%" height="100%" fill="{_color(painting.background)}"/>\n'
        f' <g fill="none" stroke-linecap="round">\n{paths}\n </g>\n</svg>\n'
    )


def _path(action: Sequence[float], width: float, opacity: float) -> str:
    control, end, start = (
        " ".join(_number(value * _UNIT) for value in action[at : at + 2]) for at in (3, 5, 7)
    )
    return (
        f'<path d="M{start} Q{control} {end}" stroke="{_color(action[9:])}"'
        f' stroke-width="{_number(width * _UNIT)}" stroke-opacity="{_number(opacity)}"/>'
    )


def _paint_of(painting: Painting) -> tuple[list[float], list[float]]:
    """Width, in shorter sides, and opacity of curves that hold as much paint as the strokes."""
    loaded, widths, opacities = load_brushes(painting), [], []
    for first in range(0, len(painting.actions), _FEW):
        last = min(first + _FEW, len(painting.actions))
        patches = patches_of(painting, loaded, first, last)
        total = patches.sum((1, 2)).clamp_min(1e-6)
        opacity = patches.square().sum((1, 2)) / total  # of an average bit of the paint
        actions = painting.actions[first:last]
        pixel = (
            stroke.split(actions).placements[:, 2:].square().sum(-1) * (2 / patches.shape[1]) ** 2
        )
        area, length = total * pixel / opacity, _lengths(actions)
        # the width w of a curve with round ends: w length + pi w^2 / 4 = area
        width = ((length.square() + math.pi * area).sqrt() - length) * 2 / math.pi
        widths += width.tolist()
        opacities += opacity.tolist()
    return widths, opacities


def _lengths(actions: Actions) -> Tensor:
    """Length of each stroke's path, in shorter sides."""
    t = torch.linspace(0, 1, 17)[:, None, None]
    control, end, start = actions[:, 3:5], actions[:, 5:7], actions[:, 7:9]
    path = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return path.diff(dim=0).norm(dim=-1).sum(0)


def _color(color: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(max(value, 0), 1) * 255):02x}" for value in color)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
