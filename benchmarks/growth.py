"""How time and memory grow with strokes, canvas and views, and where the engine takes longest.

`python -m benchmarks.speed --plot` prints the points and draws docs/speed.png.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.chart import Line, Panel, draw
from benchmarks.clock import both_ways, elsewhere, extra_memory, now
from diavlex import brushes, canvas, stroke
from diavlex.brushes import VARIANTS, mypaint
from diavlex.config import PaintConfig
from diavlex.guides.views import Augmentation, take_views
from diavlex.studio import first_strokes

STROKES = (64, 256, 1024, 4096, 10_000)
CANVASES_PX = (128, 256, 512, 1024, 2048)
VIEWS = (4, 16, 64)
FEW = 256
CPU = torch.device("cpu")


def plot(path: Path, ask: Callable[[str, int], float], threads: int, *, is_quick: bool) -> None:
    """Measure, print and draw.

    Args:
        path: of the picture.
        ask: seconds that a guide takes, forward and backward, for so many views.
        threads: of the processor.
        is_quick: a few small points only.
    """
    strokes = (8, 16) if is_quick else STROKES
    canvases = (32, 64) if is_quick else CANVASES_PX
    views = (2, 4) if is_quick else VIEWS
    few, middle, large = strokes[1], canvases[0 if is_quick else 2], canvases[-1]
    steps = PaintConfig().steps
    guides: dict[str, list[tuple[float, float]]] = {
        name: [(v, ask(name, v)) for v in views] for name in ("pocket", "vit")
    }

    def flat(name: str, times: int = 1) -> Line:
        took = dict(guides[name])[views[1]]
        return Line(f"{name}, {views[1]} views", [(n, times * took) for n in strokes])

    def made() -> Iterator[Panel]:
        yield Panel(
            "a step by views, canvas 224 px", "views", "seconds",
            [
                Line("views, 224 px", [(v, views_s(v, 224)) for v in views]),
                *(Line(name, points) for name, points in guides.items()),
            ],
        )  # fmt: skip
        yield Panel(
            f"a step by canvas, {few} strokes", "canvas px", "seconds",
            [
                Line("canvas", [(px, canvas_s(few, px)) for px in canvases]),
                Line(f"{views[1]} views, 224 px", [(px, views_s(views[1], px)) for px in canvases]),
            ],
        )  # fmt: skip
        sides = (middle, large)
        yield Panel(
            "a step by strokes", "strokes", "seconds",
            [
                Line("brush", [(n, brush_s(n)) for n in strokes]),
                *(Line(f"canvas {px} px", [(n, canvas_s(n, px)) for n in strokes]) for px in sides),
                flat("pocket"),
                flat("vit"),
            ],
        )  # fmt: skip
        yield Panel(
            "memory of brush and canvas", "strokes", "megabytes",
            [
                Line(f"{px} px", [(n, memory_elsewhere(n, px, threads) / 1e6) for n in strokes])
                for px in sides
            ],
        )  # fmt: skip
        if mypaint.is_available():
            yield Panel(
                f"guide of {steps} steps; engine at {large} px", "strokes", "seconds",
                [
                    flat("pocket", steps),
                    flat("vit", steps),
                    Line("engine", [(n, engine_s(n, large)) for n in strokes]),
                ],
            )  # fmt: skip

    panels = []
    for panel in made():
        print_points(panel)
        panels.append(panel)
    path.parent.mkdir(exist_ok=True)
    draw(panels, path)


def parts_of(count: int) -> stroke.Parts:
    """Random strokes as a painting has them, large to small."""
    lengths = first_strokes.half_lengths(count, PaintConfig().largest, PaintConfig().smallest)
    return stroke.split(stroke.random_actions(lengths, torch.Generator().manual_seed(0)))


def brush_s(count: int) -> float:
    """Seconds of the brush, forward and backward."""
    parts, painter, variants = parts_of(count), brushes.load("oil"), torch.arange(count) % VARIANTS
    return sum(both_ways(lambda s: painter(s, variants), [parts.shapes], 1))


def canvas_s(count: int, side_px: int) -> float:
    """Seconds of laying strokes on a canvas, forward and backward; measured once if it is long."""
    parts, background = parts_of(count), torch.ones(3, side_px, side_px)
    inputs = [patches_of(parts), parts.placements, parts.colors]
    rounds = 0 if count * side_px**2 > 1e9 else 1
    return sum(both_ways(lambda p, q, c: canvas.paint(p, q, c, background), inputs, rounds))


@torch.no_grad()
def patches_of(parts: stroke.Parts) -> Tensor:
    """What the oil brush makes of strokes."""
    return brushes.load("oil")(parts.shapes, torch.arange(len(parts.shapes)) % VARIANTS)


def views_s(count: int, canvas_px: int) -> float:
    """Seconds of taking views of a canvas, forward and backward."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(3, canvas_px, canvas_px)

    def view(picture: Tensor) -> Tensor:
        return take_views(picture, count, 224, Augmentation(), generator)

    return sum(both_ways(view, [picture], 1))


def engine_s(count: int, side_px: int) -> float:
    """Seconds in which the engine paints a finished picture."""
    actions = stroke.join(parts_of(count)).numpy()
    variants = (np.arange(count) % VARIANTS).tolist()
    begun = now(CPU)
    mypaint.paint(actions, ["oil"] * count, variants, (1, 1, 1), side_px, side_px)
    return now(CPU) - begun


def memory(count: int, side_px: int) -> int:
    """Bytes of brush and canvas at their peak, forward and backward; for a fresh process."""
    painter = brushes.load("oil")

    def run(count: int, side_px: int) -> None:
        parts, background = parts_of(count), torch.ones(3, side_px, side_px)
        shapes = parts.shapes.requires_grad_()
        patches = painter(shapes, torch.arange(count) % VARIANTS)
        canvas.paint(patches, parts.placements, parts.colors, background).sum().backward()

    run(2, 32)  # what is loaded once
    return extra_memory(lambda: run(count, side_px), CPU)


def memory_elsewhere(count: int, side_px: int, threads: int) -> float:
    """The same from a fresh process."""
    words = ["--threads", str(threads), "--render-memory", str(count), str(side_px)]
    return elsewhere("benchmarks.speed", words)[0]


def print_points(panel: Panel) -> None:
    """What is drawn, in numbers."""
    places = [f"{x:,}" for x, _ in panel.lines[0].points]
    print(f"\n**Growth: {panel.title}: {panel.up}**\n")
    print(f"| {panel.along} | {' | '.join(places)} |")
    print("|" + "---|" * (len(places) + 1))
    for line in panel.lines:
        cells = (f"{y:,.3g}" if y < 100 else f"{y:,.0f}" for _, y in line.points)
        print(f"| {line.name} | {' | '.join(cells)} |", flush=True)
