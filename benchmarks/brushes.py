"""How near the neural painters come to the MyPaint engine, and how fast both are.

    python -m benchmarks.brushes                  # every brush, prints the tables
    python -m benchmarks.brushes oil --sheets     # and pictures/brushes_oil.png: real above neural

With `--paintings FOLDER` the strokes of finished paintings (painting.json) are measured as well.
"""

import argparse
import math
import time
from pathlib import Path

import kornia
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from diavlex import brushes, stroke
from diavlex import painting as record
from diavlex.brushes import VARIANTS, mypaint
from diavlex.brushes.neural import SIDE_PX, NeuralBrush
from diavlex.canvas import paint
from diavlex.training.brush import HELD_OUT, Strokes, join, paint_strokes, random_shapes, score

PICTURES = Path(__file__).parent.parent / "pictures"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("brushes", nargs="*", help="brushes (default: all)")
    parser.add_argument("--strokes", type=int, default=HELD_OUT)
    parser.add_argument("--sheets", action="store_true", help="write pictures/brushes_NAME.png")
    parser.add_argument("--paintings", type=Path, help="folder with painting.json files")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    names = options.brushes or brushes.names()
    if options.sheets:
        for name in names:
            print(sheet(name))
    print_held_out(names, options.strokes)
    print_paintings(names)
    if options.paintings:
        print_ended(options.paintings)


def print_held_out(names: list[str], count: int) -> None:
    """Coverage at 64 px against the engine, on strokes no painter has learned from."""
    print("\n| brush | PSNR dB | on stroke | SSIM | R2 | variants apart dB | strokes/s | params |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        brush = brushes.load(name)
        strokes = join(list(paint_strokes(name, random_shapes(count, 10_000))))
        row, apart = score(brush, strokes), brushes.cards()[name].scores["between_variants_psnr"]
        params = sum(p.numel() for p in brush.parameters())
        print(
            f"| {name} | {row['psnr']:.1f} | {row['psnr_on_stroke']:.1f} | {row['ssim']:.3f} "
            f"| {row['r2']:.3f} | {apart:.1f} | {speed(brush):.0f} | {params / 1e6:.2f} M |"
        )


def speed(brush: NeuralBrush, batch: int = 256) -> float:
    """Strokes a second, forward and backward, the best of ten on one thread (processor time)."""
    shapes = torch.from_numpy(random_shapes(batch, 0)).requires_grad_()
    best = math.inf
    for _ in range(10):
        begun = time.process_time()
        brush(shapes, torch.arange(batch) % VARIANTS).sum().backward()
        best = min(best, time.process_time() - begun)
    return batch / best


def print_paintings(names: list[str]) -> None:
    """Whole paintings of random strokes, large to small: neural against engine; engine's time."""
    print("\n| brush | 512 px, 300 strokes: PSNR dB | SSIM | engine s, 500 strokes at 2048 px |")
    print("|---|---|---|---|")
    for name in names:
        variants = torch.arange(500) % VARIANTS
        psnr, ssim = compare_pictures(random_painting(300), [name] * 300, variants[:300])
        actions, begun = random_painting(500).numpy(), time.process_time()
        mypaint.paint(actions, [name] * 500, variants.tolist(), (1, 1, 1), 2048, 2048)
        print(f"| {name} | {psnr:.1f} | {ssim:.3f} | {time.process_time() - begun:.1f} |")


def print_ended(folder: Path) -> None:
    """The same for strokes as an optimization left them, and for the picture they make."""
    print("\n| painting | brush | strokes | PSNR dB | R2 | picture PSNR dB | SSIM |")
    print("|---|---|---|---|---|---|---|")
    for path in sorted(folder.rglob("painting.json")):
        painting = record.load(path)
        shapes, variants = stroke.split(painting.actions).shapes.numpy(), painting.variants
        whole = compare_pictures(painting.actions, painting.brush_names, variants)
        for name in painting.brushes:
            own = np.array([each == name for each in painting.brush_names])
            row = score(
                brushes.load(name), engine_strokes(name, shapes[own], variants.numpy()[own])
            )
            left = f"| {path.parent.name} | {name} | {own.sum()} | {row['psnr']:.1f} "
            print(left + "| {:.3f} | {:.1f} | {:.3f} |".format(row["r2"], *whole))


def engine_strokes(name: str, shapes: np.ndarray, variants: np.ndarray) -> Strokes:
    """Given strokes, each of a given variant, as the engine paints them."""
    patches = [
        mypaint.resolved_patch(name, shape.tolist(), int(variant), SIDE_PX)
        for shape, variant in zip(shapes, variants, strict=True)
    ]
    return Strokes(shapes, variants, np.round(np.array(patches) * 255).astype(np.uint8))


def compare_pictures(
    actions: Tensor, names: list[str], variants: Tensor, side_px: int = 512
) -> tuple[float, float]:
    """PSNR and SSIM of the neural painter's picture against the engine's, square, on white."""
    large_px = 2 * side_px
    white = (1.0, 1.0, 1.0)
    real = mypaint.paint(actions.numpy(), names, variants.tolist(), white, large_px, large_px)
    real = torch.from_numpy(real).permute(2, 0, 1)[None]
    real = torch.nn.functional.avg_pool2d(real, 2)
    guess = neural_painting(actions, names, variants, side_px)[None]
    psnr = -10 * math.log10(float((guess - real).square().mean()))
    return psnr, float(kornia.metrics.ssim(guess, real, 11).mean())


def random_painting(count: int) -> Tensor:
    """Strokes anywhere, from large to small, as a painting begins."""
    lengths = torch.logspace(math.log10(0.4), math.log10(0.06), count)
    return stroke.random_actions(lengths, torch.Generator().manual_seed(0))


@torch.no_grad()
def neural_painting(actions: Tensor, names: list[str], variants: Tensor, side_px: int) -> Tensor:
    """What the neural painters paint on white; [3 height width]."""
    parts = stroke.split(actions)
    patches = torch.empty(len(actions), SIDE_PX, SIDE_PX)
    for name in set(names):
        own = torch.tensor([each == name for each in names])
        patches[own] = brushes.load(name)(parts.shapes[own], variants[own])
    return paint(patches, parts.placements, parts.colors, torch.ones(3, side_px, side_px))


def sheet(name: str) -> Path:
    """Twenty-four strokes, the engine's above the painter's, thin to thick, light to heavy."""
    shapes = _sheet_shapes()
    strokes = join(list(paint_strokes(name, shapes)))
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
