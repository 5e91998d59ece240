"""Teaching a guide to imagine: prototypes of the pictures that it has learned from.

Source: clustering on the sphere, Dhillon and Modha 2001 (spherical k-means).
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.guides.imagination import Imagination, layout
from diavlex.guides.pocket import PX, Eye
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings
from diavlex.training.corpus import Row, shown

FEWEST = 4
"""Pictures that make a prototype; one of fewer would be those pictures rather than their kind."""
_ROUNDS = 8
_WORDS = 0.7
"""How much pictures are told apart by what they are called, beside how they look."""


def taught(
    eye: Eye, pictures: Tensor, texts: Embeddings, *, prototypes: int, seed: int = 0
) -> Imagination:
    """An imagination for an eye, which stays as it is.

    Args:
        eye: that finds things in pictures.
        pictures: to look at, uint8 [pictures side side 3].
        texts: what they are called, as unit vectors.
        prototypes: how many to seek; those of too few pictures are left out.
        seed: of the pictures that the prototypes begin as.
    """
    prototypes = max(1, min(prototypes, len(pictures) // (2 * FEWEST)))
    features, layouts = looked_at(eye, pictures)
    with torch.no_grad():
        vectors = functional.normalize(eye.head(features), dim=-1)
    both = functional.normalize(torch.cat([vectors, _WORDS * texts], 1), dim=-1)
    owner = clusters(both, prototypes, seed)
    return Imagination(*(means(each, owner, prototypes) for each in (features, layouts, texts)))


@torch.no_grad()
def called(words: Words, rows: Sequence[Row]) -> Embeddings:
    """What pictures are called, as unit vectors: by their first label and their first caption."""
    names = [[*row.labels[:1], *row.captions[:1]] for row in rows]
    texts = sorted({name for row in names for name in row})
    number = {text: i for i, text in enumerate(texts)}
    vectors = torch.cat([words(texts[at : at + 4096]) for at in range(0, len(texts), 4096)])
    total = torch.stack([vectors[[number[name] for name in row]].sum(0) for row in names])
    return functional.normalize(total, dim=-1)


@torch.no_grad()
def looked_at(eye: Eye, pictures: Tensor, batch: int = 256) -> tuple[Tensor, Tensor]:
    """What an eye finds in pictures, and their layouts, the same from left and from right."""
    device = eye.head.weight.device
    features, layouts = [], []
    for part in pictures.split(batch):
        view = shown(part.to(device))
        colors = layout(view)
        view = view.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            features.append(eye.features(view, PX).float())
        layouts.append((colors + colors.flip(-1)) / 2)
    return torch.cat(features), torch.cat(layouts)


def clusters(vectors: Tensor, count: int, seed: int) -> Tensor:
    """Which of `count` clusters each unit vector belongs to."""
    generator = torch.Generator().manual_seed(seed)
    first = torch.randperm(len(vectors), generator=generator)[:count]
    centers = vectors[first.to(vectors.device)].clone()
    owner = _nearest(vectors, centers)
    for _ in range(_ROUNDS):
        total = torch.zeros_like(centers).index_add(0, owner, vectors)
        centers = functional.normalize(total + 1e-6 * centers, dim=-1)
        owner = _nearest(vectors, centers)
    return owner


def means(values: Tensor, owner: Tensor, count: int) -> Tensor:
    """The mean of each of `count` clusters, but for those of too few pictures."""
    size = torch.bincount(owner, minlength=count)
    total = values.new_zeros(count, *values.shape[1:]).index_add(0, owner, values)
    return (total.movedim(0, -1) / size).movedim(-1, 0)[size >= FEWEST]


def _nearest(vectors: Tensor, centers: Tensor) -> Tensor:
    return torch.cat([(part @ centers.T).argmax(1) for part in vectors.split(8192)])
