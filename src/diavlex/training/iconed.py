"""Giving a guide its icons: they are taught by the drawings of a corpus, as the guide sees them."""

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from diavlex import weights
from diavlex.guides.pocket import Eye, load_pocket
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings

from .corpus import read
from .drawings import is_usable
from .icons import Taught, taught
from .imagining import looked_at
from .pool import part_of
from .reading import dictionary
from .terms import LICENCE, terms_of
from .wordnet import wordnet

ICON_PX = 96
"""Side of the pictures that icons are made of."""
NOTE = (
    "shows things by {icons:,} icons with {names:,} names: each is the mean of two or three "
    "drawings by different hands, cut out and laid over each other; no single drawing is kept"
)


def teach_icons(
    corpus_folder: Path, eye: Eye, words: Words, licences: frozenset[str] | None = None
) -> Taught | None:
    """Icons of the training pictures of a corpus that are the painter's; None if there are none.

    Args:
        corpus_folder: where the shards are.
        eye: of the guide.
        words: of the guide.
        licences: licence classes to keep; all when None.

    Raises:
        BadCorpus: a shard is missing or altered.
    """
    corpus = read(corpus_folder, ICON_PX, licences, keep=is_usable)
    own = part_of(corpus, corpus.where(split="train"), "painter").tolist()
    if not own:
        return None
    rows, pictures = [corpus.rows[at] for at in own], corpus.pictures[own]
    net = wordnet()
    looks = _looks(eye, torch.from_numpy(pictures))

    @torch.no_grad()
    def encode(texts: list[str]) -> Embeddings:
        return words(texts)

    return taught(rows, pictures, looks, encode, net, dictionary() if net else set())


@torch.no_grad()
def _looks(eye: Eye, pictures: Tensor) -> Tensor:
    whole = torch.tensor([[1.0, 0, 0]]).expand(len(pictures), 3)
    features, _ = looked_at(eye, pictures, whole)
    return functional.normalize(eye.head(features), dim=-1)


def tensors_of(found: Taught) -> dict[str, Tensor]:
    """The tensors of icons for a weights file."""
    return {f"icons.{key}": value for key, value in found.icons.state_dict().items()}


def card_with(card: weights.Card, found: Taught) -> weights.Card:
    """A card that names what the icons are made of, with the terms."""
    sources = sorted({*found.sources, *(("wordnet",) if wordnet() else ())})
    terms = {source: terms_of(source, "open") for source in sources}
    note = NOTE.format(icons=len(found.icons), names=len(found.icons.called))
    first = NOTE.split("{")[0]
    notes = [one for one in card.notes if not one.startswith(first)]
    trained_on = dict(sorted((card.trained_on | terms).items()))
    return replace(card, licence=LICENCE, trained_on=trained_on, notes=[*notes, note])


def reteach(corpus_folder: Path, run: Path, name: str) -> Path:
    """Write the weights of a guide with icons taught anew; all else stays as it is.

    Args:
        corpus_folder: where the shards are.
        run: the folder to write to.
        name: of the guide.

    Returns:
        The path of the weights.

    Raises:
        UnknownName: no such guide.
        BadCorpus: a shard is missing or altered, or it holds no two drawings of one thing.
    """
    card, tensors = weights.load("guide", name)
    guide = load_pocket(name)
    found = teach_icons(corpus_folder, guide.eye, guide.words)
    return save(run, card, tensors, found)


def save(
    folder: Path, card: weights.Card, tensors: dict[str, Tensor], found: Taught | None
) -> Path:
    """Write a guide's weights and card, with its icons in place of any that are there."""
    kept = {key: value for key, value in tensors.items() if not key.startswith("icons.")}
    if found is not None:
        card, kept = card_with(card, found), kept | tensors_of(found)
    return weights.save(folder, card, kept)
