"""The training pictures of one guide: drawn at random, and each varied."""

import math
from collections import Counter

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor
from torch.nn import functional

from diavlex.guides.pocket import SIDE_PX
from diavlex.tensors import Pictures

from .corpus import MADE, Corpus
from .recipes import Recipe

PICTURE_PX = 72
"""Side of the pictures in memory; a guide sees random crops of them."""

PAINTERS = ("icons-", "scenes-")
"""Beginnings of the names of shards of which the judge gets nothing."""
_FEWEST = 6
"""Training pictures of a label; rarer labels are read as captions."""


class Pool:
    """The pictures that a guide learns from, and the numbers of their labels.

    Args:
        corpus: that holds the pictures.
        recipe: says which of them are the guide's, and how much likelier icons are drawn.
        labels: all that are learned.
    """

    def __init__(self, corpus: Corpus, recipe: Recipe, labels: list[str]) -> None:
        train = corpus.where(split="train")
        self.rows = part_of(corpus, train, recipe.part)
        self.corpus = corpus
        self.labels = labels
        index = {label: i for i, label in enumerate(labels)}
        self.known = [[index[name] for name in row.labels if name in index] for row in corpus.rows]
        main = [row.labels[0] if row.labels else "" for row in corpus.rows]
        count = Counter(main[i] for i in self.rows)
        rarity = [1.0 if not main[i] else 4 / math.sqrt(3 + count[main[i]]) for i in self.rows]
        liking = np.where(corpus.are_icons()[self.rows], recipe.icons, 1.0)
        self.odds = torch.from_numpy(np.array(rarity) * liking)

    def draw(self, count: int, generator: torch.Generator) -> np.ndarray:
        """Rows of the corpus, drawn at random; those with rare labels are drawn more often."""
        return self.rows[torch.multinomial(self.odds, count, True, generator=generator).numpy()]


def part_of(corpus: Corpus, rows: np.ndarray, part: str) -> np.ndarray:
    """Those of some rows that are the painter's, or the judge's.

    Pictures of `PAINTERS` shards are all the painter's: they came after the judge was trained.
    """
    is_newer = [_shard(corpus, row).startswith(PAINTERS) for row in rows.tolist()]
    is_judges = _is_judges(corpus.origins[rows]) & ~np.array(is_newer, dtype=bool)
    return rows[is_judges == (part == "judge")]


def _shard(corpus: Corpus, row: int) -> str:
    """The shard of a picture, or of the one that it was made from."""
    shard, origin = corpus.rows[row].shard, int(corpus.origins[row])
    return corpus.rows[origin].shard if shard in MADE and origin >= 0 else shard


def _is_judges(origins: np.ndarray) -> np.ndarray:
    """Whether each picture is the judge's and not the painter's, by a hash of its origin."""
    return (origins.astype(np.uint64) * np.uint64(2654435761) >> np.uint64(16)) & np.uint64(3) == 3


def all_labels(corpus: Corpus) -> list[str]:
    """The labels that six or more training pictures have, sorted."""
    train = (row for row in corpus.rows if row.split == "train")
    count = Counter(label for row in train for label in row.labels)
    return sorted(label for label, times in count.items() if times >= _FEWEST)


def augment(pictures: UInt8[Tensor, "batch 3 side side"], generator: torch.Generator) -> Pictures:
    """Random crops of pictures, half of them mirrored, in slightly other light; 64 px."""
    count = len(pictures)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    scale = uniform(0.6, 1.0).sqrt()
    stretch = uniform(-0.12, 0.12).exp()
    mirror = torch.sign(uniform(-1, 1))
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = scale * stretch * mirror, scale / stretch
    theta[:, :, 2] = uniform(-1, 1, 2) * (1 - scale)[:, None]
    theta = theta.to(pictures.device)
    grid = functional.affine_grid(theta, [count, 3, SIDE_PX, SIDE_PX], align_corners=False)
    view = functional.grid_sample(
        pictures.float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    light = uniform(-0.08, 0.08, 1, 1, 1).to(view.device)
    contrast = uniform(0.8, 1.2, 1, 1, 1).to(view.device)
    mean = view.mean((1, 2, 3), keepdim=True)
    return ((view - mean) * contrast + mean + light).clamp(0, 1)
