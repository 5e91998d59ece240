"""Line charts on logarithmic scales, drawn with Pillow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, COLUMNS = 560, 380, 2
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 40, 50
COLORS = ("#1b6ca8", "#c8553d", "#3b7a57", "#8e5ea2", "#b8860b")
INK, GRID = "#222222", "#dddddd"


@dataclass(frozen=True)
class Line:
    """Points that belong together."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """One chart."""

    title: str
    along: str
    up: str
    lines: list[Line]


def draw(panels: list[Panel], path: Path) -> None:
    """Draw charts beside and below each other into a PNG."""
    rows = -(-len(panels) // COLUMNS)
    picture = Image.new("RGB", (WIDTH * COLUMNS, HEIGHT * rows), "white")
    for index, panel in enumerate(panels):
        corner = (index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT)
        picture.paste(_chart(panel), corner)
    picture.save(path, optimize=True)


def _chart(panel: Panel) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(13)
    ends = [_ends([p[axis] for line in panel.lines for p in line.points]) for axis in (0, 1)]

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (
            (math.log10(v) - low) / (high - low) for v, (low, high) in zip(point, ends, strict=True)
        )
        return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)

    pen.text((LEFT, 12), panel.title, INK, font)
    pen.text((LEFT, HEIGHT - 24), panel.along, INK, font)
    pen.text((4, TOP - 18), panel.up, INK, font)
    for power in range(math.ceil(ends[1][0]), math.floor(ends[1][1]) + 1):
        (left, y), (right, _) = (place((10**x, 10**power)) for x in ends[0])
        pen.line([(left, y), (right, y)], GRID)
        pen.text((4, y - 8), f"{10**power:g}", INK, font)
    for x in {p[0] for line in panel.lines for p in line.points}:
        pen.text((place((x, 10 ** ends[1][0]))[0] - 12, HEIGHT - BOTTOM + 4), f"{x:g}", INK, font)
    _lines(pen, panel, place, font)
    return picture


def _lines(pen: ImageDraw.ImageDraw, panel: Panel, place, font) -> None:
    """Lines with their names at the right, moved apart where they would meet."""
    last = sorted(range(len(panel.lines)), key=lambda i: place(panel.lines[i].points[-1])[1])
    lowest = 0.0
    for index in last:
        line, color = panel.lines[index], COLORS[index % len(COLORS)]
        spots = [place(p) for p in line.points]
        pen.line(spots, color, 2)
        for x, y in spots:
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), color)
        lowest = max(lowest, spots[-1][1] - 8)
        pen.text((spots[-1][0] + 8, lowest), line.name, color, font)
        lowest += 15


def _ends(values: list[float]) -> tuple[float, float]:
    """Logarithms between which all values lie, with some room."""
    low, high = math.log10(min(values)), math.log10(max(values))
    room = 0.05 * (high - low) + 0.02
    return low - room, high + room
