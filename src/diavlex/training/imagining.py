"""Teaching a guide to imagine: prototypes of the pictures that it has learned from.

Photos and paintings that look alike and are called alike make one; icons (emoji and clip art) that
are called the same make one, for an icon is drawn to be known.

Source: clustering on the sphere, Dhillon and Modha 2001 (spherical k-means).
"""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.cluster.hierarchy import fcluster, linkage
from torch import Tensor
from torch.nn import functional

from diavlex.guides.imagination import Imagination, layout
from diavlex.guides.pocket import PX, Eye
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings
from diavlex.training.corpus import ICONS, Row, shown

FEWEST = 4
"""Pictures that make a prototype; one of fewer would be those pictures rather than their kind."""
FEWEST_ICONS = 2
"""The same of icons: those of one thing are drawn alike, and there are few of each."""
_ROUNDS = 8
_WORDS = 0.7
"""How much pictures are told apart by what they are called, beside how they look."""
_NAMES = 1.5
"""The same for icons, of which a name says most."""
_PLACED = 0.7
"""How much they are told apart by where their colors are: the mean of unlike ones shows neither."""
_APART = 0.25
"""1 - cosine, in all three, beyond which two icons are not of one prototype."""
_MOST_ICONS = 12
"""Icons of one prototype; of more, it is those that are nearer to each other than `_NEARER`."""
_NEARER = 0.1


def taught(
    eye: Eye,
    pictures: Tensor,
    texts: Embeddings,
    icons: Tensor,
    *,
    prototypes: int,
    seed: int = 0,
) -> Imagination:
    """An imagination for an eye, which stays as it is.

    Args:
        eye: that finds things in pictures.
        pictures: to look at, uint8 [pictures side side 3].
        texts: what they are called, as unit vectors.
        icons: which of them are icons, bool.
        prototypes: how many to seek among those that are not; those of too few pictures are left
            out.
        seed: of the pictures that the prototypes begin as.
    """
    features, layouts = looked_at(eye, pictures)
    with torch.no_grad():
        vectors = functional.normalize(eye.head(features), dim=-1)
    photos = ~icons
    both = functional.normalize(torch.cat([vectors, _WORDS * texts], 1), dim=-1)[photos]
    of_photos = clusters(both, max(1, min(prototypes, len(both) // (2 * FEWEST))), seed)
    of_icons = families(torch.cat([vectors, _NAMES * texts], 1)[icons], layouts[icons])
    found = [
        (means(values[photos], of_photos, FEWEST), means(values[icons], of_icons, FEWEST_ICONS))
        for values in (features, layouts)
    ]
    words = means(texts[photos], of_photos, FEWEST), names(vectors[icons], texts[icons], of_icons)
    return Imagination(*map(torch.cat, (*found, words)), icons=len(words[1]))


@torch.no_grad()
def called(words: Words, rows: Sequence[Row]) -> Embeddings:
    """What pictures are called, as unit vectors: by their first label and their first caption.

    Icons by their label alone: their captions say no more.
    """
    names = [
        row.labels[:1] + (() if row.labels and row.kind in ICONS else row.captions[:1])
        for row in rows
    ]
    texts = sorted({name for row in names for name in row})
    number = {text: i for i, text in enumerate(texts)}
    vectors = torch.cat([words(texts[at : at + 4096]) for at in range(0, len(texts), 4096)])
    total = torch.stack([vectors[[number[name] for name in row]].sum(0) for row in names])
    return functional.normalize(total, dim=-1)


@torch.no_grad()
def looked_at(eye: Eye, pictures: Tensor, batch: int = 256) -> tuple[Tensor, Tensor]:
    """What an eye finds in pictures, and their layouts."""
    device = eye.head.weight.device
    features, layouts = [], []
    for part in pictures.split(batch):
        view = shown(part.to(device))
        view = view.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            features.append(eye.features(view, PX).float())
        layouts.append(layout(view))
    return torch.cat(features), torch.cat(layouts)


def clusters(vectors: Tensor, count: int, seed: int) -> Tensor:
    """Which of `count` clusters each unit vector belongs to; none if there is none."""
    if not len(vectors):
        return torch.zeros(0, dtype=torch.long, device=vectors.device)
    generator = torch.Generator().manual_seed(seed)
    first = torch.randperm(len(vectors), generator=generator)[:count]
    centers = vectors[first.to(vectors.device)].clone()
    owner = _nearest(vectors, centers)
    for _ in range(_ROUNDS):
        total = torch.zeros_like(centers).index_add(0, owner, vectors)
        centers = functional.normalize(total + 1e-6 * centers, dim=-1)
        owner = _nearest(vectors, centers)
    return owner


def families(vectors: Tensor, layouts: Tensor) -> Tensor:
    """Which cluster each icon belongs to, if no two in a cluster are too far apart.

    Args:
        vectors: how icons look and what they are called.
        layouts: their colors by place.

    Source: complete linkage, Sorensen 1948.
    """
    if len(vectors) < 2:
        return torch.zeros(len(vectors), dtype=torch.long, device=vectors.device)
    placed = functional.normalize((layouts - layouts.mean(0)).flatten(1), dim=-1)
    vectors = torch.cat([vectors, _PLACED * placed], 1)
    tree = linkage(vectors.cpu().numpy(), "complete", "cosine")
    owner, nearer = (fcluster(tree, far, "distance") for far in (_APART, _NEARER))
    is_large = np.bincount(owner)[owner] > _MOST_ICONS
    owner = np.where(is_large, owner.max() + nearer, owner)
    return torch.from_numpy(np.unique(owner, return_inverse=True)[1]).to(vectors.device)


def names(vectors: Tensor, texts: Tensor, owner: Tensor) -> Tensor:
    """What each family is called: by that name of its own which says best how it looks.

    One may be named for what tells it from its family ("locomotive" among trains).
    """
    chosen = []
    for number, count in enumerate(torch.bincount(owner).tolist()):
        if count >= FEWEST_ICONS:
            own = owner == number
            chosen.append(texts[own][(texts[own] @ vectors[own].mean(0)).argmax()])
    return torch.stack(chosen) if chosen else texts[:0]


def means(values: Tensor, owner: Tensor, fewest: int) -> Tensor:
    """The mean of each cluster, but for those of too few pictures."""
    size = torch.bincount(owner)
    total = values.new_zeros(len(size), *values.shape[1:]).index_add(0, owner, values)
    return (total.movedim(0, -1) / size).movedim(-1, 0)[size >= fewest]


def _nearest(vectors: Tensor, centers: Tensor) -> Tensor:
    return torch.cat([(part @ centers.T).argmax(1) for part in vectors.split(8192)])
