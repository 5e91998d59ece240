"""Whether regions show their own words, by a guide that did not paint.

    python -m benchmarks.regions [--pictures 20] [--steps 80] [--sheet FILE]

Each picture has two regions. The judge looks at both alone, and says of each which of the two words
it is nearer to; a picture counts if both are nearer to their own.
"""

import argparse
import itertools
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import diavlex
from diavlex import guides
from diavlex.config import Region
from diavlex.gallery import contact_sheet, save_png

SPLITS = (
    ((0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 1.0)),
    ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)),
)
"""Upper and lower half, left and right half."""
WORDS = (
    "a stormy sky", "a green meadow", "a red barn in a field", "a lighthouse", "a yellow sunflower",
    "snowy mountains", "a black cat", "a blue sea", "a house", "a red apple", "a night sky",
    "an autumn tree", "a brown horse", "a sailing boat", "a desert", "a green frog", "a castle",
    "a pink flower", "a white sheep", "a yellow umbrella",
)  # fmt: skip


def cases(count: int) -> list[tuple[Region, Region]]:
    """Pairs of regions, the same ones every time."""
    order = np.random.default_rng(0)
    pairs = [order.choice(len(WORDS), 2, replace=False) for _ in range(count)]
    splits = itertools.cycle(SPLITS)
    return [
        (Region(*one, WORDS[first]), Region(*other, WORDS[second]))
        for (first, second), (one, other) in zip(pairs, splits, strict=False)
    ]


@torch.no_grad()
def are_told_apart(judge: guides.Guide, picture: np.ndarray, pair: tuple[Region, Region]) -> bool:
    """Whether each region is nearer to its own words than to the other's."""
    height, width = picture.shape[:2]
    parts = []
    for one in pair:
        rows = slice(round(one.top * height), round(one.bottom * height))
        part = picture[rows, round(one.left * width) : round(one.right * width)]
        values = torch.from_numpy(part.astype(np.float32)).permute(2, 0, 1)[None] / 255
        size = judge.side_px, judge.side_px
        parts.append(functional.interpolate(values, size, mode="bilinear", antialias=True)[0])
    alike = judge.encode_image(torch.stack(parts)) @ judge.encode_text([r.words for r in pair]).T
    return bool(alike[0, 0] > alike[0, 1]) and bool(alike[1, 1] > alike[1, 0])


def main() -> None:
    """Paint, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=20)
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    judge, right, seen = guides.load("pocket-judge"), 0, []
    for number, pair in enumerate(cases(options.pictures), 1):
        record = diavlex.paint(
            "a painting", regions=pair, steps=options.steps, size="256x256", canvas_px=112,
            views=8, seed=number,
        )  # fmt: skip
        picture = diavlex.render(record, 256)
        is_right = are_told_apart(judge, picture, pair)
        right, seen = right + is_right, [*seen, picture]
        words = " | ".join(one.words for one in pair)
        print(f"{number:>2} {'right' if is_right else 'wrong'}  {words}", flush=True)
    if options.sheet:
        save_png(contact_sheet(seen), options.sheet)
    print(f"{right} of {options.pictures} pictures: each region is nearer to its own words.")


if __name__ == "__main__":
    main()
