"""Is the color that is said the color that is seen? Paint things in said colors, and measure.

    python -m benchmarks.colors --out runs/colors

paints "a COLOR THING" for every pair (or so many of them), takes the median color within the place
of the thing on the painted picture, and tells whether of all colors with a name the one that was
said is nearest (OKLab, lightness counted half). Prints a line a painting and how many are right;
writes sheet.png.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from diavlex import guides
from diavlex.config import PaintConfig
from diavlex.gallery import contact_sheet, render, save_png
from diavlex.objective.aim import take_aim
from diavlex.oklab import to_oklab
from diavlex.painting import Painting
from diavlex.phrases import COLORS
from diavlex.series import paint_series
from diavlex.series.plan import Job

NAMES = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")
"""The colors that are asked for."""
THINGS = ("car", "horse", "umbrella", "fish")
_SIDE_PX = 160
_INSIDE = 0.8
"""From which share on a place is surely the thing's."""


def main() -> None:
    """Paint, measure, lay out."""
    options = flags().parse_args()
    prompts = [f"{_article(name)} {name} {thing}" for thing in THINGS for name in NAMES]
    prompts = prompts[:: max(1, len(prompts) // options.count)][: options.count]
    config, out = PaintConfig(), Path(options.out)
    jobs = [Job(prompt, config) for prompt in prompts]
    guide, pictures, right = guides.load("pocket"), [], 0
    painted = {record.prompt: record for record in paint_series(jobs, out, workers=options.workers)}
    records = [painted[prompt] for prompt in prompts]
    for record in records:
        picture = render(record, _SIDE_PX)
        pictures.append(picture)
        seen, said = nearest(color_of_thing(record, picture, guide)), record.prompt.split()[1]
        right += seen == said
        print(f"{record.prompt:<24} {seen:<8} {'' if seen == said else 'wrong'}", flush=True)
    print(f"{right} of {len(records)} have the color that was said")
    save_png(contact_sheet(pictures, [r.prompt for r in records], 10), out / "sheet.png")


def color_of_thing(record: Painting, picture: np.ndarray, guide: guides.Guide) -> Tensor:
    """The median color of a picture, sRGB in [0, 1], where its sketch has the thing."""
    aim = take_aim(record.prompt, PaintConfig(), [guide])
    assert aim is not None
    share = (1 - aim.shares[0])[None, None]
    share = functional.interpolate(share, picture.shape[:2], mode="bilinear")[0, 0]
    colors = torch.from_numpy(picture).float() / 255
    return colors[share > _INSIDE].median(0).values


def nearest(color: Tensor) -> str:
    """The name of the color that is nearest to one in sRGB."""
    weight = torch.tensor([0.5, 1.0, 1.0])
    known = torch.tensor([COLORS[name] for name in (*NAMES, "grey")]).T / 255
    away = ((to_oklab(known) - to_oklab(color)[:, None]).T * weight).norm(dim=-1)
    return (*NAMES, "grey")[int(away.argmin())]


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", default="runs/colors")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--workers", type=int, default=1)
    return parser


if __name__ == "__main__":
    main()
