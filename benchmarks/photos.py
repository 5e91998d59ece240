"""How near do the strokes come to a photo, beside those of two older ways to paint one?

    python -m benchmarks.photos --out runs/photos
    python -m benchmarks.photos --strokes 4000 --only ours

Paints five photos with so many strokes of the oil brush, finishes each by the MyPaint engine, and
prints how near that is to the photo (PSNR in dB; SSIM, Wang et al. 2004) and how long it took.
Beside it, in the same run and with the same brush and engine: the founding notebook's recipe, and
Hertzmann's greedy painter. Writes sheet.png: the photo, ours, Hertzmann's, the founding recipe's.

The photos: four of scikit-image's (astronaut, chelsea and coffee are CC0 or in the public domain,
rocket is CC0) and the landscape of scikit-learn (china.jpg, CC BY 2.0, Karen Vardanyan); none is
copied into this repository.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import diavlex
from diavlex import guides, stroke
from diavlex.brushes import load_mixed
from diavlex.brushes.neural import SIDE_PX
from diavlex.gallery import contact_sheet, render, save_png
from diavlex.objective.photo import inner_of
from diavlex.painting import Painting
from diavlex.pictures import Photo
from diavlex.scene import Strokes

LONGER_PX = 512
NAMES = ("astronaut", "coffee", "chelsea", "rocket", "china")
FOUNDING_STROKES, FOUNDING_STEPS, FOUNDING_RATE, FOUNDING_PX = 32, 1000, 0.01, 64
CELLS, WIDE, LENGTHS = 1.4, 1.4, (1, 4)
"""Of Hertzmann's painter: cells of a layer's grid for each of its strokes, sides of a cell for each
radius of its brush, and the least and most radii that a stroke goes: the best of eighteen settings
on these photos."""
WAYS = ("ours", "hertzmann", "founding")


@dataclass(frozen=True)
class Result:
    """A photo, painted."""

    picture: np.ndarray
    psnr: float
    ssim: float
    seconds: float


def photo_of(name: str) -> Photo:
    """A photo with a longer side of `LONGER_PX` pixels."""
    if name == "china":
        from sklearn.datasets import load_sample_image

        pixels = load_sample_image("china.jpg")
    else:
        from skimage import data

        pixels = getattr(data, name)()
    colors = torch.from_numpy(np.asarray(pixels)[..., :3].copy()).permute(2, 0, 1).float() / 255
    return Photo(colors, torch.ones(colors.shape[1:])).shrunk(LONGER_PX)


def ours(photo: Photo, strokes: int) -> Painting:
    """As `diavlex paint --from photo --strokes N --brush oil` paints it."""
    height, width = photo.colors.shape[-2:]
    return diavlex.paint(
        "", photo=photo, strokes=strokes, brush="oil", size=f"{width}x{height}", seed=0
    )


def founding(photo: Photo, strokes: int) -> Painting:
    """The founding notebook's recipe, with our oil brush in the place of its network.

    32 strokes on one canvas of 64 pixels, 1000 steps of RMSprop at a rate of .01 from uniform
    random numbers, kept to [0, 1]; the loss is of features, of their Gram matrices and of pixels.
    What it took from VGG16 is taken from the inner layers of the pocket guide.

    Source: Castillo et al. 2021 (arXiv 2111.10283), their fourth notebook.
    """
    del strokes  # it has its own count
    guide, brush = guides.load("pocket"), load_mixed(["oil"], [0] * FOUNDING_STROKES)
    aspect = aspect_of(photo)
    size = tuple(round(side * FOUNDING_PX) for side in aspect)
    goal = photo.fitted(*size)
    free = torch.rand(FOUNDING_STROKES, 12, generator=torch.Generator().manual_seed(0))
    free.requires_grad_()
    with torch.no_grad():
        wanted = inner_of(guide, goal)
    optimizer = torch.optim.RMSprop([free], lr=FOUNDING_RATE)
    variants = torch.zeros(FOUNDING_STROKES, dtype=torch.long)
    for _ in range(FOUNDING_STEPS):
        optimizer.zero_grad()
        parts = stroke.split(within(free, aspect))
        patches = brush(parts.shapes, variants, SIDE_PX)
        canvas = Strokes(parts, patches).lay(torch.ones(3, *size))
        found = inner_of(guide, canvas)
        pairs = list(zip(found, wanted, strict=True))
        loss = (canvas - goal).abs().mean()
        loss = loss + sum((a - b).square().sum(1).mean() for a, b in pairs)
        loss = loss + sum((gram(a) - gram(b)).square().sum() for a, b in pairs)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            free.clamp_(0, 1)
    return record(photo, within(free.detach(), aspect))


def within(free: Tensor, aspect: tuple[float, float]) -> Tensor:
    """Strokes from numbers in [0, 1]: points on the canvas, radii up to a quarter of it."""
    height, width = aspect
    points = free[:, 3:9] * free.new_tensor([width, height] * 3)
    sizes = 0.01 + 0.24 * free[:, 2:3]
    return torch.cat([0.05 + 0.95 * free[:, :2], sizes, points, free[:, 9:]], -1)


def gram(layer: Tensor) -> Tensor:
    """How often channels are found together, [channels channels]."""
    flat = layer.flatten(2)[0]
    return flat @ flat.T / flat.shape[1]


def hertzmann(photo: Photo, strokes: int) -> Painting:
    """The greedy painter: layers of ever smaller brushes, each where the picture is wrong.

    A layer's strokes begin at the worst pixel of each cell of its grid and run along the lines of
    equal lightness of the photo blurred as its brush is wide. Each has the color that is there. The
    threshold of the paper gives way to a count: a layer paints its worst cells, as many as are its
    share of all strokes; each brush is half as wide as the one before and has four times as many.
    A path becomes the quadratic curve through its ends that is nearest to it.

    Source: Hertzmann 1998, Painterly rendering with curved brush strokes of multiple sizes.
    """
    from scipy import ndimage

    height, width = photo.colors.shape[-2:]
    side = min(height, width)
    actions = torch.zeros(0, 12)
    for share in (1 / 21, 4 / 21, 16 / 21):
        count = round(strokes * share)
        cell = side * (aspect_of(photo)[0] * aspect_of(photo)[1] / (CELLS * count)) ** 0.5
        radius = cell / WIDE
        blurred = ndimage.gaussian_filter(photo.colors.numpy(), (0, radius / 2, radius / 2))
        canvas = picture_of(photo, actions)
        error = np.linalg.norm(canvas - blurred, axis=0)
        starts = worst_of_cells(error, max(2, round(cell)), count)
        light = ndimage.gaussian_filter(blurred.mean(0), 1)
        gradient = np.stack([*np.gradient(light)])
        paths = [follow(start, radius, blurred, canvas, gradient) for start in starts]
        rows = [as_stroke(path, radius, blurred, side) for path in paths]
        np.random.default_rng(0).shuffle(rows)
        actions = torch.cat([actions, torch.tensor(np.array(rows), dtype=torch.float32)])
    return record(photo, actions)


def worst_of_cells(error: np.ndarray, cell: int, count: int) -> list[tuple[int, int]]:
    """The worst pixel of each of the worst cells of a grid, row and column."""
    found = []
    for top in range(0, error.shape[0], cell):
        for left in range(0, error.shape[1], cell):
            block = error[top : top + cell, left : left + cell]
            at = np.unravel_index(block.argmax(), block.shape)
            found.append((float(block.sum()), (top + int(at[0]), left + int(at[1]))))
    found.sort(reverse=True)
    return [place for _, place in found[:count]]


def follow(
    start: tuple[int, int],
    radius: float,
    blurred: np.ndarray,
    canvas: np.ndarray,
    gradient: np.ndarray,
) -> np.ndarray:
    """The points of a stroke from its start on, row and column; it goes a radius at a time."""
    height, width = blurred.shape[1:]
    color = blurred[:, start[0], start[1]]
    at, before = np.array(start, float), np.zeros(2)
    points = [at]
    for number in range(LENGTHS[1]):
        y, x = int(at[0]), int(at[1])
        here = blurred[:, y, x]
        is_done = np.linalg.norm(here - canvas[:, y, x]) < np.linalg.norm(here - color)
        rise = gradient[:, y, x]
        if (number >= LENGTHS[0] and is_done) or not rise.any():
            break
        along = np.array([rise[1], -rise[0]])
        along = -along if along @ before < 0 else along
        before = along / np.linalg.norm(along)
        at = np.clip(at + radius * before, 0, [height - 1, width - 1])
        points.append(at)
    if len(points) == 1:
        points.append(np.clip(at + np.array([0, radius]), 0, [height - 1, width - 1]))
    return np.array(points)


def as_stroke(points: np.ndarray, radius: float, blurred: np.ndarray, side: int) -> list[float]:
    """A stroke's twelve numbers from its points, row and column."""
    y, x = points[0].astype(int)
    color = blurred[:, y, x].tolist()
    spots = (points[:, ::-1] + 0.5) / side
    times = np.linspace(0, 1, len(spots))[1:-1, None]
    first, last = spots[0], spots[-1]
    if np.linalg.norm(last - first) < radius / side:  # it came back to where it began
        last = first + np.array([radius / side, 0])
    control = (first + last) / 2
    if len(times):
        pull = 2 * times * (1 - times)
        rest = spots[1:-1] - (1 - times) ** 2 * first - times**2 * last
        control = (pull * rest).sum(0) / (pull**2).sum()
    return [0.9, 0.9, radius / side, *control, *last, *first, *color]


def aspect_of(photo: Photo) -> tuple[float, float]:
    """Height and width of a photo over its shorter side."""
    height, width = photo.colors.shape[-2:]
    return height / min(height, width), width / min(height, width)


def record(photo: Photo, actions: Tensor) -> Painting:
    """A record of strokes of the oil brush on white, of a photo's size."""
    height, width = photo.colors.shape[-2:]
    rows = torch.zeros(len(actions), dtype=torch.long)
    return Painting(
        actions, ("oil",), rows, rows, (1.0, 1.0, 1.0), height, width,
        prompt="", guide="pocket", seed=0, steps=0, version="", scores={}, settings={},
    )  # fmt: skip


def picture_of(photo: Photo, actions: Tensor) -> np.ndarray:
    """What MyPaint makes of strokes so far, sRGB in [0, 1], [3 height width]."""
    if not len(actions):
        return np.ones_like(photo.colors.numpy())
    return render(record(photo, actions), engine="mypaint").transpose(2, 0, 1) / 255


def measured(photo: Photo, way: Callable[[Photo, int], Painting], strokes: int) -> Result:
    """Paint a photo, and compare what MyPaint makes of it."""
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    begun = time.perf_counter()
    picture = render(way(photo, strokes), engine="mypaint")[..., :3]
    seconds = time.perf_counter() - begun
    goal = photo.levels()
    return Result(
        picture,
        float(peak_signal_noise_ratio(goal, picture)),
        float(np.asarray(structural_similarity(goal, picture, channel_axis=-1))),
        seconds,
    )


def main() -> None:
    """Paint, compare, print, lay out."""
    options = flags().parse_args()
    torch.set_flush_denormal(True)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    ways = {"ours": ours, "hertzmann": hertzmann, "founding": founding}
    results: dict[str, list[Result]] = {way: [] for way in options.only or WAYS}
    pictures: list[np.ndarray] = []
    for name in options.photos or NAMES:
        photo = photo_of(name)
        pictures.append(photo.levels())
        for way, found in results.items():
            found.append(measured(photo, ways[way], options.strokes))
            pictures.append(found[-1].picture)
            save_png(found[-1].picture, out / f"{name}-{way}-{options.strokes}.png")
            one = found[-1]
            told = f"{one.psnr:6.2f} dB  SSIM {one.ssim:.3f}  {one.seconds:6.1f} s"
            print(f"{name:<10} {way:<10} {told}", flush=True)
    for way, found in results.items():
        means = (statistics.mean(getattr(one, key) for one in found) for key in ("psnr", "ssim"))
        psnr, ssim = means
        longest = max(one.seconds for one in found)
        print(f"mean       {way:<10} {psnr:6.2f} dB  SSIM {ssim:.3f}  at most {longest:.1f} s")
    labels = [label for name in options.photos or NAMES for label in (name, *results)]
    save_png(contact_sheet(pictures, labels, 1 + len(results)), out / "sheet.png")


def flags() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", default="runs/photos")
    parser.add_argument("--strokes", type=int, default=1000)
    parser.add_argument("--only", nargs="*", choices=WAYS, help="(default: all)")
    parser.add_argument("--photos", nargs="*", choices=NAMES, help="(default: all)")
    return parser


if __name__ == "__main__":
    main()
