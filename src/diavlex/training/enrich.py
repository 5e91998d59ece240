"""A corpus with more in it: pictures painted again, pictures made, strokes that show nothing."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from diavlex import brushes
from diavlex.guides.things import NOTHING
from diavlex.training import made
from diavlex.training.corpus import Corpus, Row
from diavlex.training.repaint import Bank, repaint, scribble

BANK = 512
MADE = ("painted", "drawn")
"""The shards, and kinds, of what is made here."""


def enrich(
    corpus: Corpus,
    painted: int,
    drawn: int,
    *,
    icons: float = 1.0,
    brush: str = "oil",
    seed: int = 0,
) -> Corpus:
    """A corpus and, after its own rows, what is made from it.

    Args:
        corpus: as it was read.
        painted: training pictures painted again; a tenth as many more are strokes without sense.
        drawn: shapes, horizons and recolored things, a third each.
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


def _painted(
    corpus: Corpus, count: int, icons: float, brush: str, seed: int
) -> Iterator[tuple[np.ndarray, Row, int]]:
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


def _drawn(corpus: Corpus, count: int, seed: int) -> Iterator[tuple[np.ndarray, Row, int]]:
    generator, side = np.random.default_rng(seed), corpus.pictures.shape[1]
    plain = [*made.shapes(side, count // 3, generator), *made.horizons(side, count // 3, generator)]
    for k, (picture, text) in enumerate(plain):
        yield picture, Row((), (text,), "drawn", "made", "open", "train", "drawn"), -1 - k
    for picture, text, i in made.recolored(corpus, count // 3, generator):
        row = replace(corpus.rows[i], labels=(), captions=(text,), kind="drawn", shard="drawn")
        yield picture, row, int(corpus.origins[i])


def _levels(picture: torch.Tensor) -> np.ndarray:
    return picture.clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).numpy()
