"""Pictures added to a corpus: some of its own painted again, shapes and horizons, mere strokes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from diavlex import brushes
from diavlex.guides.things import NOTHING

from . import made
from .corpus import Corpus, Row
from .repaint import Bank, repaint, scribble

BANK = 512
"""Different strokes that pictures are painted with."""
Addition = tuple[np.ndarray, Row, int]
"""A picture (uint8 [side side 3], sRGB), its row, and its origin: below 0 if it has none."""


def enrich(
    corpus: Corpus,
    painted: int,
    drawn: int,
    *,
    icons: float = 1.0,
    brush: str = "oil",
    seed: int = 0,
) -> Corpus:
    """A corpus with the pictures made here after its own rows.

    Args:
        corpus: as it was read.
        painted: how many training pictures are painted again; a tenth as many pictures are added
            whose strokes show nothing.
        drawn: how many pictures are drawn: shapes, horizons and recolored things, a third each.
        icons: how much likelier an icon is to be painted again than another picture.
        brush: that paints.
        seed: of all choices.
    """
    additions = [*_painted(corpus, painted, icons, brush, seed), *_drawn(corpus, drawn, seed)]
    if not additions:
        return corpus
    pictures, rows, origins = zip(*additions, strict=True)
    return Corpus(
        [*corpus.rows, *rows],
        np.concatenate([corpus.pictures, np.stack(pictures)]),
        np.concatenate([corpus.origins, np.array(origins)]),
    )


def _painted(corpus: Corpus, count: int, icons: float, brush: str, seed: int) -> Iterator[Addition]:
    """Training pictures painted again, and strokes that show nothing."""
    generator = torch.Generator().manual_seed(seed)
    bank = Bank.of(brushes.load(brush), BANK, generator)
    train = corpus.where(split="train")
    odds = torch.from_numpy(np.where(corpus.are_icons()[train], icons, 1.0))
    count = min(count, len(train))
    chosen = train[torch.multinomial(odds, count, generator=generator).numpy()]
    for i in chosen.tolist():
        picture = torch.from_numpy(corpus.pictures[i].copy()).permute(2, 0, 1) / 255
        levels = int(torch.randint(2, 6, (1,), generator=generator))
        row = replace(corpus.rows[i], kind="painted", shard="painted")
        yield _levels(repaint(picture, bank, levels, generator)), row, int(corpus.origins[i])
    side = corpus.pictures.shape[1]
    for k in range(count // 10):
        row = Row((NOTHING,), (), "painted", "made", "open", "train", "painted")
        yield _levels(scribble(side, bank, generator)), row, -1 - k


def _drawn(corpus: Corpus, count: int, seed: int) -> Iterator[Addition]:
    """Shapes, horizons and recolored things."""
    generator, side = np.random.default_rng(seed), corpus.pictures.shape[1]
    plain = [*made.shapes(side, count // 3, generator), *made.horizons(side, count // 3, generator)]
    for k, (picture, text) in enumerate(plain):
        yield picture, Row((), (text,), "drawn", "made", "open", "train", "drawn"), -1 - k
    for picture, text, i in made.recolored(corpus, count // 3, generator):
        row = replace(corpus.rows[i], labels=(), captions=(text,), kind="drawn", shard="drawn")
        yield picture, row, int(corpus.origins[i])


def _levels(picture: torch.Tensor) -> np.ndarray:
    """A picture [3 side side] in [0, 1] as uint8 [side side 3]."""
    return picture.clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).numpy()
