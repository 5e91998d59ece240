"""Does a guide see what people see? The sixty paintings whose lookers did not know the prompts.

    python -m benchmarks.agreement

cuts pictures/everyday.jpg apart, reads in pictures/everyday.txt which of them a looker named, and
prints for every guide how often it ranks the own prompt first among all sixty, of those that were
named and of those that were not; and how likely a named one leads by more than one that was not
(one half: no better than chance).
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from diavlex import guides, weights
from diavlex.series import judging

SIDE_PX, PITCH_PX = 200, 204
ROW = "{:<16}{:>8}{:>12}{:>8}"


@dataclass(frozen=True)
class Seen:
    """What was asked of a painting, and whether a looker named it at the first or second guess."""

    prompt: str
    is_named: bool


def read(text: str) -> list[Seen]:
    """The lines of everyday.txt that speak of a painting."""
    lines = re.findall(r"^ ?\d+  (\S.*?)  +\S.*?  +(first|second|-)$", text, re.MULTILINE)
    return [Seen(prompt, verdict != "-") for prompt, verdict in lines]


def cut(sheet: np.ndarray, count: int) -> list[np.ndarray]:
    """The paintings of a sheet, row by row."""
    columns = (sheet.shape[1] + PITCH_PX - SIDE_PX) // PITCH_PX
    corners = [(n // columns * PITCH_PX, n % columns * PITCH_PX) for n in range(count)]
    return [sheet[y : y + SIDE_PX, x : x + SIDE_PX] for y, x in corners]


def leads(scores: Tensor) -> Tensor:
    """How much better each picture's own text (the diagonal) scores than the best other."""
    others = scores - torch.eye(len(scores)) * 9
    return scores.diagonal() - others.max(1).values


def likely(more: Tensor, less: Tensor) -> float:
    """How likely one of some numbers is larger than one of others."""
    return float((more[:, None] > less[None]).float().mean())


def main() -> None:
    """Judge the paintings, and judge the judges."""
    options = flags().parse_args()
    seen = read(Path(options.seen).read_text(encoding="utf-8"))
    with Image.open(options.sheet) as file:
        pictures = np.stack(cut(np.asarray(file.convert("RGB")), len(seen)))
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    is_named = torch.tensor([one.is_named for one in seen])
    print(f"{int(is_named.sum())} of {len(seen)} were named")
    print(ROW.format("ranked first by", "named", "not named", "leads"))
    for name in weights.known("guide"):
        guide = guides.load(name)
        with torch.no_grad():
            scores = guide.encode_image(batch) @ guide.encode_text([s.prompt for s in seen]).T
        lead = leads(scores)
        is_first = judging.ranks(scores, torch.arange(len(seen))) == 1
        first = [f"{float(is_first[of].float().mean()):.0%}" for of in (is_named, ~is_named)]
        print(ROW.format(name, *first, f"{likely(lead[is_named], lead[~is_named]):.2f}"))


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sheet", default="pictures/everyday.jpg")
    parser.add_argument("--seen", default="pictures/everyday.txt")
    return parser


if __name__ == "__main__":
    main()
