"""Lines for plotters and robots: SVG in millimeters, and G-code."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.config import knob, settle

from ..paper import PAPERS, Paper
from .choices import MACHINE, length, margin, paper, placed_on
from .export import Each, Export

if TYPE_CHECKING:
    from diavlex.painting import Painting

    from ..plot import Job


@dataclass(frozen=True)
class _Machine:
    """The paper, the pens and the machine."""

    paper: Paper | None = paper("a4")
    margin: float | None = margin()
    pens: int = knob(
        8, "how many pens or paints; their colors are chosen, or exact if there are no more", 1,
        100, group=MACHINE,
    )  # fmt: skip
    pen_width: float = length(
        "pen-width", 0.8,
        "width of the pens, which fill each stroke; 0 draws each stroke once, along its middle",
        MACHINE, 100.0,
    )  # fmt: skip
    reload_every: float = length(
        "reload-every", 0.0, "how far a load of paint reaches, as in 500mm; 0 without end", MACHINE,
        100_000.0,
    )  # fmt: skip
    order: str = knob(
        "travel",
        "travel: one layer a pen, with little travel; painted: as painted, pens change to and fro",
        choices=("painted", "travel"),
        group=MACHINE,
    )
    hidden: str = knob(
        "left-out", "what later strokes cover: left-out, or drawn",
        choices=("drawn", "left-out"), group=MACHINE,
    )  # fmt: skip
    draw_speed: float = knob(30.0, "millimeters a second while drawing", 0.1, 1000, group=MACHINE)
    travel_speed: float = knob(80.0, "millimeters a second between", 0.1, 1000, group=MACHINE)

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True)
class Plotter(_Machine):
    """A machine that lifts its pens by itself."""


@dataclass(frozen=True)
class Robot(_Machine):
    """A machine that is told how high the pen is lifted."""

    lift: float = length("lift", 5.0, "how far the pen is lifted between lines", MACHINE, 200.0)


@lru_cache(maxsize=1)  # the remark and the file are made from one plan
def _job(painting: "Painting", options: _Machine) -> "Job":
    from ..plot import Setup, job_of

    sheet = options.paper or Paper(*PAPERS["a4"], is_turnable=True)
    setup = Setup(
        pens=options.pens,
        pen_mm=options.pen_width,
        reload_mm=options.reload_every,
        is_sorted=options.order == "travel",
        is_hidden_drawn=options.hidden == "drawn",
        draw_mm_s=options.draw_speed,
        travel_mm_s=options.travel_speed,
    )
    if isinstance(options, Robot):
        setup = replace(setup, lift_mm=options.lift)
    return job_of(painting, placed_on(sheet, options.margin, painting), setup)


def estimate(painting: "Painting", options: _Machine) -> str:
    """How much is drawn, and about how long it takes, in one line."""
    return str(_job(painting, options))


def write_plotter(painting: "Painting", path: Path, options: Plotter, each: Each) -> None:
    """Write an SVG file in millimeters with a layer a pen."""
    from ..plot import save_plot_svg

    save_plot_svg(_job(painting, options), painting, path)
    each(1.0)


def write_gcode(painting: "Painting", path: Path, options: Robot, each: Each) -> None:
    """Write G-code."""
    from ..plot import save_gcode

    save_gcode(_job(painting, options), painting, path)
    each(1.0)


PLOTTER = Export(
    "plotter", ".svg", "lines in millimeters, a layer a pen, for plotters", write_plotter, Plotter,
    estimate,
)  # fmt: skip
GCODE = Export(
    "gcode", ".gcode", "lines in millimeters, for robots with brushes or pens", write_gcode, Robot,
    estimate,
)  # fmt: skip
