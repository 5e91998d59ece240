"""How near the neural painters come to the MyPaint engine, and how fast both are.

    python -m benchmarks.brushes                  # every brush, prints the table
    python -m benchmarks.brushes oil --sheets     # and pictures/brushes_oil.png: real above neural

Of every brush: its coverage at 64 px on strokes that it never learned from (held out) and on those
that a painting ends with (found); that painting and one of random strokes at 512 px, neural
against engine, the engine's painted at twice the size and averaged; by how much the guide's cosine
drops when the engine paints; how alike the engine paints the first with other textures of the brush
(what grain and bristles are worth by chance); the painter's strokes a second, forward and backward
on one thread; the engine's time for 500 strokes at 2048 px. Times are processor time.
"""

import argparse
import math
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import kornia
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from diavlex import __version__, brushes, guides, series, stroke
from diavlex.brushes import VARIANTS
from diavlex.brushes.definition import find
from diavlex.brushes.neural import SIDE_PX, NeuralBrush
from diavlex.gallery import Picture, render
from diavlex.painting import Painting
from diavlex.training.brush import HELD_OUT
from diavlex.training.brush_scores import score
from diavlex.training.strokes import Strokes, join, paint_strokes, painted, random_shapes

PICTURES = Path(__file__).parent.parent / "pictures"
SIDE = 512
STROKES = 300
COLUMNS = (
    "brush", "held out: dB", "R2", "found: dB", "R2", "painting: dB", "SSIM", "cosine drop",
    "other textures: dB", "SSIM", "random painting: dB", "SSIM", "strokes/s", "engine s",
)  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("brushes", nargs="*", help="brushes (default: all)")
    parser.add_argument("--strokes", type=int, default=HELD_OUT, help="held out")
    parser.add_argument("--steps", type=int, default=150, help="of the painting")
    parser.add_argument("--prompt", default="black sheep", help="of the painting")
    parser.add_argument("--sheets", action="store_true", help="write pictures/brushes_NAME.png")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    names = options.brushes or brushes.names()
    if options.sheets:
        for name in names:
            print(sheet(name))
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name in names:
        print(f"| {' | '.join(measure(name, options))} |", flush=True)
    print(f"\n`diavlex render --engine mypaint --size 4096`, {names[0]}: {largest(names[0])}")


def measure(name: str, options: argparse.Namespace) -> list[str]:
    """A brush's row of the table."""
    brush = brushes.load(name)
    held_out = join(list(paint_strokes(find(name), random_shapes(options.strokes, 10_000))))
    painting = series.paint(options.prompt, brush=name, strokes=STROKES, steps=options.steps)
    scores = [score(brush, strokes) for strokes in (held_out, found_strokes(painting))]
    guess, real = by_both(painting)
    other = by_engine(replace(painting, variants=(painting.variants + 1) % VARIANTS))
    return [
        name,
        *(text for s in scores for text in (f"{s['psnr']:.1f}", f"{s['r2']:.3f}")),
        *likeness(guess, real),
        f"{cosine(painting, guess) - cosine(painting, real):.4f}",
        *likeness(other, real),
        *likeness(*by_both(random_painting(name, STROKES))),
        f"{speed(brush):.0f}",
        f"{engine_time(random_painting(name, 500)):.1f}",
    ]


def speed(brush: NeuralBrush, batch: int = 256) -> float:
    """Strokes a second, forward and backward, the best of ten on one thread (processor time)."""
    shapes = torch.from_numpy(random_shapes(batch, 0)).requires_grad_()
    best = math.inf
    for _ in range(10):
        begun = time.process_time()
        brush(shapes, torch.arange(batch) % VARIANTS).sum().backward()
        best = min(best, time.process_time() - begun)
    return batch / best


def engine_time(painting: Painting, side_px: int = 2048) -> float:
    """Seconds of processor time that the engine takes for a painting."""
    begun = time.process_time()
    render(painting, side_px, "mypaint")
    return time.process_time() - begun


def largest(name: str) -> str:
    """Time and memory of `diavlex render` at 4096 px."""
    with tempfile.TemporaryDirectory() as folder:
        random_painting(name, 500).save(Path(folder))
        words = ["render", folder, "--engine", "mypaint", "--size", "4096", "--out", "large.png"]
        subprocess.run(
            [sys.executable, "-m", "diavlex", *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"{used.ru_utime + used.ru_stime:.0f} s, {used.ru_maxrss / 2**20:.2f} GiB at most"


def found_strokes(painting: Painting) -> Strokes:
    """The strokes of a painting of one brush as the engine paints them."""
    shapes, variants = stroke.split(painting.actions).shapes.numpy(), painting.variants.numpy()
    return painted(find(painting.brushes[0]), shapes, variants)


def by_both(painting: Painting) -> tuple[Tensor, Tensor]:
    """A painting by the neural painter and by the engine, [1 3 side side]."""
    return _tensor(render(painting, SIDE)), by_engine(painting)


def by_engine(painting: Painting) -> Tensor:
    """Painted by the engine at twice the size and averaged, [1 3 side side]."""
    return torch.nn.functional.avg_pool2d(_tensor(render(painting, 2 * SIDE, "mypaint")), 2)


def likeness(guess: Tensor, real: Tensor) -> tuple[str, str]:
    """PSNR in dB and SSIM of a picture against another."""
    psnr = -10 * math.log10(max(float((guess - real).square().mean()), 1e-10))
    return f"{psnr:.1f}", f"{float(kornia.metrics.ssim(guess, real, 11).mean()):.3f}"


@torch.no_grad()
def cosine(painting: Painting, picture: Tensor) -> float:
    """Of a picture and its prompt, by the guide that painted."""
    guide = guides.load(painting.guide)
    return float(guide.encode_image(picture) @ guide.encode_text([painting.prompt]).T)


def random_painting(name: str, count: int) -> Painting:
    """Strokes anywhere, from large to small, as a painting begins."""
    lengths = torch.logspace(math.log10(0.4), math.log10(0.06), count)
    return Painting(
        actions=stroke.random_actions(lengths, torch.Generator().manual_seed(0)),
        brushes=(name,),
        brush_of=torch.zeros(count, dtype=torch.long),
        variants=torch.arange(count) % VARIANTS,
        background=(1.0, 1.0, 1.0),
        height_px=SIDE,
        width_px=SIDE,
        prompt="random strokes",
        guide="pocket",
        seed=0,
        steps=0,
        version=__version__,
        scores={},
        settings={},
    )


def _tensor(picture: Picture) -> Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None] / 255


def sheet(name: str) -> Path:
    """Twenty-four strokes, the engine's above the painter's, thin to thick, light to heavy."""
    shapes = _sheet_shapes()
    strokes = join(list(paint_strokes(find(name), shapes)))
    with torch.no_grad():
        guess = brushes.load(name)(torch.from_numpy(shapes), torch.from_numpy(strokes.variants))
    real = torch.from_numpy(strokes.patches).float() / 255
    rows = [part[row : row + 8] for row in (0, 8, 16) for part in (real, guess)]
    picture = 1 - torch.cat([torch.cat(list(row), 1) for row in rows]) * 0.9
    image = Image.fromarray((picture * 255).round().byte().numpy())
    image = image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for index in range(6):
        draw.text((4, index * SIDE_PX * 2 + 2), ("engine", "neural")[index % 2], fill=120)
    PICTURES.mkdir(exist_ok=True)
    image.save(PICTURES / f"brushes_{name}.png", optimize=True)
    return PICTURES / f"brushes_{name}.png"


def _sheet_shapes() -> np.ndarray:
    spread = random_shapes(24, 5)
    order = np.argsort(spread[:, 0])
    spread[:, 0] = np.linspace(*stroke.FULLNESS, 24)[np.argsort(order)]
    return spread[order]


if __name__ == "__main__":
    main()
