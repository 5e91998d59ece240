"""Paint everyday prompts, lay them out on a sheet, and rank each among all prompts.

    python -m benchmarks.everyday --prompts benchmarks/prompts/everyday_60.txt --out runs/everyday

prints, for the guide that painted and for the judge, how often the own prompt ranks first and
among the first five; writes sheet.png (captions), blind.png (shuffled, no captions) and key.txt.
"""

import argparse
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from diavlex import guides, weights
from diavlex.brushes import mypaint
from diavlex.config import PaintConfig, choose
from diavlex.errors import BadValue
from diavlex.gallery import contact_sheet, render, save_png
from diavlex.series import judging, paint_series
from diavlex.series.plan import Job


def main() -> None:
    """Paint, score, lay out."""
    options = flags().parse_args()
    prompts = judging.read_captions(Path(options.prompts))
    chosen = prompts[:: max(1, len(prompts) // options.count)][: options.count]
    out = Path(options.out)
    config = choose(**dict(choice(pair) for pair in options.set))
    jobs = [Job(p, replace(config, seed=s)) for p in chosen for s in range(options.seeds)]
    start, records = time.perf_counter(), []
    for record in paint_series(jobs, out, workers=options.workers):
        records.append(record)
        print(f"{record.prompt:<32} {record.scores}", flush=True)
    records.sort(key=lambda record: (chosen.index(record.prompt), record.seed))
    print(
        f"{time.perf_counter() - start:.0f} s, {len(jobs)} paintings, {options.workers} at a time"
    )
    engine = "mypaint" if mypaint.is_available() else "neural"
    pictures = [render(record, 224, engine) for record in records]
    rank_table(pictures, [r.prompt for r in records], prompts)
    save_png(contact_sheet(pictures, [r.prompt for r in records], 10), out / "sheet.png")
    order = random.Random(len(pictures)).sample(range(len(pictures)), len(pictures))
    numbered = contact_sheet(
        [pictures[i] for i in order], [str(n + 1) for n in range(len(order))], 10
    )
    save_png(numbered, out / "blind.png")
    (out / "key.txt").write_text(
        "".join(f"{n + 1} {records[i].prompt}\n" for n, i in enumerate(order))
    )


def choice(pair: str) -> tuple[str, Any]:
    """`steps=200` as a choice's name and its value: a number where the choice is one.

    Raises:
        BadValue: it has no equals sign, or no number where one is asked for.
    """
    name, is_given, value = pair.partition("=")
    kind = type(getattr(PaintConfig(), name, ""))
    try:
        if is_given:
            return name, kind(value) if kind in (int, float) else value
    except ValueError:
        pass  # told below
    raise BadValue(f"--set was given '{pair}': write a choice and its value, as steps=200.")


def rank_table(pictures: list[np.ndarray], own: list[str], prompts: list[str]) -> None:
    """Print how often each guide ranks the own prompt first, and in the first five."""
    batch = torch.stack([torch.from_numpy(p).permute(2, 0, 1) / 255 for p in pictures])
    print(f"{'scored by':<14}{'first':>8}{'in 5':>8}{'cosine':>9}   of {len(own)} paintings")
    for name in weights.known("guide"):
        guide = guides.load(name)
        with torch.no_grad():
            scores = guide.encode_image(batch) @ guide.encode_text(prompts).T
        right = torch.tensor([prompts.index(p) for p in own])
        rank, cosine = judging.ranks(scores, right), scores.gather(1, right[:, None]).mean()
        first, five = (rank == 1).float().mean(), (rank <= 5).float().mean()
        print(f"{name:<14}{first:>8.1%}{five:>8.1%}{cosine:>9.3f}")


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--prompts", required=True)
    parser.add_argument("--out", default="runs/everyday")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--set", nargs="*", default=[], help="choices, as in steps=200 strokes=100")
    return parser


if __name__ == "__main__":
    main()
