"""A drawing job: pens, their lines in order, where paint is reloaded, how long it takes."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diavlex.painting import Painting

from ..paper import Placed
from ..text import duration, hex_color
from .drawing import lines_of
from .lines import Line
from .pens import choose_pens
from .route import short_route, travel_mm

HOME = np.zeros(2)
"""Where the pen begins and ends: the upper left corner of the paper."""


@dataclass(frozen=True)
class Setup:
    """The machine and its tools."""

    pens: int = 8
    """How many pens or paints, at most."""
    pen_mm: float = 0.8
    """Width of the pens, which fill each stroke; 0 draws each stroke once, along its middle."""
    reload_mm: float = 0.0
    """After how much drawing the brush needs paint again; 0 for never."""
    is_sorted: bool = True
    """Whether each pen draws once, in an order with little travel; or all stays as painted, and
    pens are changed as often as that takes."""
    is_hidden_drawn: bool = False
    """Whether what later strokes cover is drawn as well."""
    draw_mm_s: float = 30.0
    travel_mm_s: float = 80.0
    lift_mm: float = 5.0
    """How far the pen is lifted between lines."""
    lift_s: float = 0.3
    """How long it takes to lift the pen, or to lower it."""
    reload_s: float = 15.0
    change_s: float = 30.0
    """How long it takes to change the pen."""


@dataclass(frozen=True)
class Pen:
    """A pen or paint, and what it draws before the next one is taken."""

    number: int
    """From 1, lightest first."""

    color: tuple[float, float, float]
    """sRGB in [0, 1]."""
    loads: list[list[Line]]
    """Lines in their order, parted where paint is reloaded."""

    @property
    def name(self) -> str:
        """Its number and color; plotters go by the number."""
        return f"{self.number} {hex_color(self.color)}"

    @property
    def lines(self) -> list[Line]:
        """All of its lines."""
        return [line for load in self.loads for line in load]


@dataclass(frozen=True)
class Job:
    """What a machine draws."""

    placed: Placed
    setup: Setup
    pens: list[Pen]

    @property
    def lines(self) -> int:
        """How often the pen is lowered."""
        return sum(len(pen.lines) for pen in self.pens)

    @property
    def drawn_mm(self) -> float:
        """How far the pens draw."""
        return sum(line.length_mm for pen in self.pens for line in pen.lines)

    @property
    def travel_mm(self) -> float:
        """How far the pens travel without drawing, home included."""
        ways = []
        for pen in self.pens:
            lines = pen.lines
            last = lines[-1].points[-1] if lines else HOME
            ways.append(travel_mm(lines, HOME) + float(np.hypot(*(last - HOME))))
        return sum(ways)

    @property
    def reloads(self) -> int:
        """How often paint is reloaded, beside the first time of each pen."""
        return sum(max(0, len(pen.loads) - 1) for pen in self.pens)

    @property
    def seconds_s(self) -> float:
        """About how long it takes; that machines speed up and slow down is left out."""
        setup = self.setup
        moves = self.drawn_mm / setup.draw_mm_s + self.travel_mm / setup.travel_mm_s
        stops = self.reloads * setup.reload_s + (len(self.pens) - 1) * setup.change_s
        return moves + 2 * self.lines * setup.lift_s + stops

    def __str__(self) -> str:
        """The job in one line."""
        placed = self.placed
        pens = len({pen.number for pen in self.pens})
        changes = f" changed {len(self.pens) - 1} times" if not self.setup.is_sorted else ""
        reloads = f", {self.reloads} reloads" if self.setup.reload_mm else ""
        return (
            f"{placed.width_mm:g} x {placed.height_mm:g} mm, {pens} pens{changes}, "
            f"{self.lines} lines: {self.drawn_mm / 1000:.1f} m drawn, "
            f"{self.travel_mm / 1000:.1f} m of travel{reloads}, about {duration(self.seconds_s)}"
        )


def job_of(painting: Painting, placed: Placed, setup: Setup) -> Job:
    """Plan how a machine draws a painting.

    Args:
        painting: the record.
        placed: how it lies on the paper.
        setup: the machine.

    Raises:
        BadValue: the pen is so thin that there would be too many lines.
    """
    lines = lines_of(painting, placed, setup.pen_mm, is_hidden_drawn=setup.is_hidden_drawn)
    colors = np.array([line.color for line in lines]).reshape(-1, 3)
    areas = np.array([line.length_mm * line.width_mm for line in lines])
    known, pen_of = choose_pens(colors, areas, setup.pens)
    turns = list(zip(pen_of.tolist(), lines, strict=True))
    if setup.is_sorted:
        turns.sort(key=_pen)
    pens = []
    for at, pairs in itertools.groupby(turns, key=_pen):
        mine = [line for _, line in pairs]
        mine = short_route(mine, HOME) if setup.is_sorted else mine
        red, green, blue = known[at].tolist()
        pens.append(Pen(at + 1, (red, green, blue), loads_of(mine, setup.reload_mm)))
    return Job(placed, setup, pens)


def _pen(pair: tuple[int, Line]) -> int:
    return pair[0]


def loads_of(lines: Sequence[Line], reload_mm: float) -> list[list[Line]]:
    """Lines parted so that no load draws farther than the paint reaches; long lines are cut.

    Args:
        lines: in their order.
        reload_mm: how far the paint reaches; 0 for without end.
    """
    if not reload_mm:
        return [list(lines)]
    loads: list[list[Line]] = [[]]
    left = reload_mm
    for line in lines:
        for piece in _cut(line, left, reload_mm):
            if piece.length_mm > left + 1e-9:
                loads.append([])
                left = reload_mm
            loads[-1].append(piece)
            left -= piece.length_mm
    return loads


def _cut(line: Line, first_mm: float, each_mm: float) -> list[Line]:
    """A line in pieces, the first of one length at most and the others of another.

    It stays whole if what is left of a load would only draw a stub of it.
    """
    length = line.length_mm
    if length <= first_mm or length <= each_mm:
        return [line]
    ends = np.arange(first_mm if first_mm > 0.1 * each_mm else each_mm, length, each_mm)
    return line.cut(ends[ends < length - 1e-6].tolist())
