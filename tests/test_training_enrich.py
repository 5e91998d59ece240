"""What is added to a corpus: it looks as it should, is named, and stays in its original's half."""

from dataclasses import replace

import numpy as np
import torch

from diavlex import brushes
from diavlex.guides.things import NOTHING
from diavlex.training import made, repaint
from diavlex.training.corpus import Corpus, Row
from diavlex.training.enrich import enrich
from diavlex.training.pool import Pool
from diavlex.training.recipes import Recipe


def corpus(count: int = 12) -> Corpus:
    """Pictures of one dark disk each, as clip art."""
    y, x = np.mgrid[:72, :72]
    disk = (x - 36) ** 2 + (y - 36) ** 2 < 400
    picture = np.where(disk[..., None], 60, 250) * np.ones(3)
    rows = [Row(("disk",), (), "clipart", "x", "open", "train", "core-0") for _ in range(count)]
    return Corpus(rows, np.stack([picture.astype(np.uint8)] * count), np.arange(count))


def test_a_picture_painted_again_is_like_it_and_finer_is_nearer() -> None:
    generator = torch.Generator().manual_seed(0)
    bank = repaint.Bank.of(brushes.load("oil"), 64, generator)
    picture = torch.from_numpy(corpus(1).pictures[0]).permute(2, 0, 1) / 255
    errors = [
        float((repaint.repaint(picture, bank, k, generator) - picture).square().mean())
        for k in (1, 3, 5)
    ]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.02


def test_made_pictures_show_what_they_say() -> None:
    generator = np.random.default_rng(0)
    for picture, text in made.shapes(48, 30, generator):
        assert picture.shape == (48, 48, 3)
        ink = text.split()[1]
        near = np.abs(picture.astype(int) - made.COLORS[ink]).max(-1) < 60
        assert near.mean() > 0.02, text
    for picture, text in made.horizons(48, 10, generator):
        assert " over " in text
        assert picture.dtype == np.uint8


def test_things_are_recolored_on_their_own_ground() -> None:
    pictures = list(made.recolored(corpus(), 12, np.random.default_rng(0)))
    assert len(pictures) == 12
    for picture, text, _ in pictures:
        color = text.split()[1]
        assert np.abs(picture[36, 36].astype(int) - made.COLORS[color]).max() < 70
        assert np.abs(picture[0, 0].astype(int) - 250).max() < 5
        assert text.endswith("disk")


def test_additions_stay_with_their_original() -> None:
    whole = enrich(corpus(), painted=10, drawn=9)
    assert len(whole.rows) == len(whole.pictures) == len(whole.origins)
    assert np.array_equal(whole.origins[:12], np.arange(12))
    again = enrich(corpus(), painted=10, drawn=9)
    assert np.array_equal(whole.pictures, again.pictures)
    kinds = [row.kind for row in whole.rows[12:]]
    assert kinds.count("painted") == 11
    assert "drawn" in kinds
    assert NOTHING in {row.labels[0] for row in whole.rows if row.labels}
    assert all(origin < 12 for origin in whole.origins)


def test_icons_are_painted_again_and_drawn_more_often_if_asked() -> None:
    few = corpus(400)
    rows = [replace(row, kind="photo") if i % 4 else row for i, row in enumerate(few.rows)]
    mixed = Corpus(rows, few.pictures, few.origins)
    assert mixed.are_icons().sum() == 100
    even, liked = (enrich(mixed, painted=40, drawn=0, icons=icons) for icons in (1.0, 20.0))
    assert even.are_icons()[400:].sum() < 20
    assert liked.are_icons()[400:].sum() > 25
    assert not liked.are_icons()[np.array([r.labels[0] == NOTHING for r in liked.rows])].any()
    pools = [Pool(liked, Recipe(icons=icons), ["disk"]) for icons in (1.0, 3.0)]
    shares = [float(p.odds[liked.are_icons()[p.rows]].sum() / p.odds.sum()) for p in pools]
    others = [(1 - share) / share for share in shares]
    assert abs(others[0] / others[1] - 3.0) < 1e-6
