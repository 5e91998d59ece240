"""A drawing job as SVG, for plotters, and as G-code, for robots and milling machines."""

from collections.abc import Iterator
from pathlib import Path

from diavlex.files import replacing
from diavlex.painting import Painting

from ..svg import INKSCAPE
from ..text import hex_color, number, xml_quoted, xml_text
from .job import Job, Pen
from .lines import Line


def save_plot_svg(job: Job, painting: Painting, path: Path | str) -> Path:
    """Write a job as SVG in millimeters: a layer a pen, in it a group a load of paint.

    Raises:
        BadFolder: it cannot be written there.
    """
    return _save(to_plot_svg(job, painting), path)


def save_gcode(job: Job, painting: Painting, path: Path | str) -> Path:
    """Write a job as G-code, with a stop (M0) for each pen and each reload.

    Millimeters from the lower left corner of the paper; at z = 0 the pen touches it.

    Raises:
        BadFolder: it cannot be written there.
    """
    return _save(to_gcode(job, painting), path)


def to_plot_svg(job: Job, painting: Painting) -> str:
    """The SVG as text."""
    wide, high = (number(side) for side in (job.placed.width_mm, job.placed.height_mm))
    cap = "round" if job.setup.pen_mm else "butt"
    layers = "".join(_layer(at, pen, cap) for at, pen in enumerate(job.pens))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="{INKSCAPE}"'
        f' viewBox="0 0 {wide} {high}" width="{wide}mm" height="{high}mm">\n'
        f" <title>{xml_text(painting.prompt)}</title>\n"
        f" <desc>{xml_text(str(job))}</desc>\n{layers}</svg>\n"
    )


def _layer(at: int, pen: Pen, cap: str) -> str:
    loads = "".join(
        f'  <g id="turn{at + 1}-load{index}">\n{"".join(_polyline(line) for line in load)}  </g>\n'
        for index, load in enumerate(pen.loads, 1)
    )
    return (
        f' <g inkscape:groupmode="layer" id="turn{at + 1}"'
        f' inkscape:label={xml_quoted(pen.name)} fill="none"'
        f' stroke="{hex_color(pen.color)}" stroke-linecap="{cap}" stroke-linejoin="round">\n'
        f"{loads} </g>\n"
    )


def _polyline(line: Line) -> str:
    points = " ".join(f"{number(x, 3)},{number(y, 3)}" for x, y in line.points.tolist())
    return f'   <polyline points="{points}" stroke-width="{number(line.width_mm)}"/>\n'


def to_gcode(job: Job, painting: Painting) -> str:
    """The G-code as text."""
    return "\n".join([*_gcode(job, painting), ""])


def _gcode(job: Job, painting: Painting) -> Iterator[str]:
    lift = number(job.setup.lift_mm)
    yield _told(f"diavlex {painting.version}: {painting.prompt}")
    yield _told(str(job))
    yield from ("G21", "G90", "G94")  # millimeters, absolute, feed a minute
    yield f"G0 Z{lift}"
    for pen in job.pens:
        for index, load in enumerate(pen.loads):
            what = f"pen {pen.name}" if index == 0 else f"reload {hex_color(pen.color)}"
            yield from ("G0 X0 Y0", f"M0 {_told(what)}") if index == 0 else (f"M0 {_told(what)}",)
            for line in load:
                yield from _drawn(line, job)
    yield from ("G0 X0 Y0", "M2")


def _drawn(line: Line, job: Job) -> Iterator[str]:
    setup, high = job.setup, job.placed.height_mm
    places = [f"X{number(x, 3)} Y{number(high - y, 3)}" for x, y in line.points.tolist()]
    feed = number(setup.draw_mm_s * 60)
    yield f"G0 {places[0]} F{number(setup.travel_mm_s * 60)}"
    yield f"G1 Z0 F{feed}"
    yield from (f"G1 {place}" for place in places[1:])
    yield f"G0 Z{number(setup.lift_mm)}"


def _told(text: str) -> str:
    """A remark that every machine can skip: plain letters, no parenthesis in it."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in "();" else "?"
        for letter in text
    )
    return f"({plain[:200]})"


def _save(text: str, path: Path | str) -> Path:
    with replacing(Path(path)) as fresh:
        fresh.write_text(text, encoding="utf-8")
    return Path(path)
