"""Teaching a guide to imagine: prototypes of the pictures that it has learned from.

Photos and paintings that look alike and are called alike make a cluster; icons (emoji and clip art)
that are called the same make a family, for an icon is drawn to be known. A prototype is the mean of
the few of them that are nearest to each other: the mean of all shows no shape.

Source: clustering on the sphere, Dhillon and Modha 2001 (spherical k-means).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from torch import Tensor
from torch.nn import functional

from diavlex.guides.imagination import FINE, Imagination, layout
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
UNLIKE = 0.07
"""Share of the prototypes of photos left out: those that look least like what they are called."""
_APART = 0.25
"""1 - cosine, in all three, beyond which two icons are not of one family."""
_PAIR = 0.13
"""The same for two that have no third: they say less of their kind."""
_MOST_ICONS = 12
"""Icons of one family; of more, it is three or more nearer to each other than `_NEARER`."""
_NEARER = 0.1
_DARK = 0.5
"""How much it counts, where colors are laid over each other, what they are on the whole."""


@dataclass(frozen=True)
class Core:
    """Which of a cluster's pictures its prototype is the mean of."""

    size: int
    """How many they are at most."""
    placed: float
    """How much it counts that their colors are in the same places, beside that they look alike."""
    named: float
    """How much it counts that they look like what they are called."""


_OF_PHOTOS, _OF_ICONS = Core(FEWEST, 1.0, 2.0), Core(3, 1.0, 1.0)


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
    features, places = looked_at(eye, pictures)
    with torch.no_grad():
        vectors = functional.normalize(eye.head(features), dim=-1)
    photos = ~icons
    both = functional.normalize(torch.cat([vectors, _WORDS * texts], 1), dim=-1)[photos]
    of_photos = clusters(both, max(1, min(prototypes, len(both) // (2 * FEWEST))), seed)
    both = torch.cat([vectors, _NAMES * texts], 1)[icons]
    of_icons = families(both, layout(places[icons]))
    drawn = grouped(of_icons, icons, FEWEST_ICONS)
    kinds = [
        *((own, texts[own].mean(0), _OF_PHOTOS) for own in grouped(of_photos, photos, FEWEST)),
        *((own, name(vectors[own], texts[own]), _OF_ICONS) for own in drawn),
    ]
    rows, is_turned, owner = cores(vectors, places, kinds)
    found = looked_at(eye, facing(pictures, rows, is_turned))
    features, places = (means(values, owner) for values in found)
    words = torch.stack([words for _, words, _ in kinds])
    with torch.no_grad():
        keys = functional.normalize(eye.head(features), dim=-1)
    kept = telling(keys, words, len(words) - len(drawn))
    return Imagination(features[kept], places[kept], words[kept], icons=len(drawn))


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
    """What an eye finds in pictures, and their colors in finer places than are imagined."""
    device = eye.head.weight.device
    features, places = [], []
    for part in pictures.split(batch):
        view = shown(part.to(device))
        view = view.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            features.append(eye.features(view, PX).float())
        places.append(functional.adaptive_avg_pool2d(view, FINE))
    return torch.cat(features), torch.cat(places)


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

    Mirror images are not apart. An icon that has no other near enough is a cluster by itself.

    Args:
        vectors: how icons look and what they are called.
        layouts: their colors by place.

    Source: complete linkage, Sorensen 1948.
    """
    count = len(vectors)
    if count < 2:
        return torch.zeros(count, dtype=torch.long, device=vectors.device)
    layouts = layouts - layouts.mean(0)
    placed, mirrored = (
        _PLACED * functional.normalize(v.flatten(1), dim=-1) for v in (layouts, layouts.flip(-1))
    )
    alike = vectors @ vectors.T + torch.maximum(placed @ placed.T, placed @ mirrored.T)
    length = (vectors.square().sum(1) + _PLACED**2).sqrt()
    apart = (1 - alike / length / length[:, None]).clamp_min(0).fill_diagonal_(0)
    tree = linkage(squareform(apart.cpu().numpy(), checks=False), "complete")
    owner, nearer, pair = (fcluster(tree, far, "distance") for far in (_APART, _NEARER, _PAIR))
    is_large = np.bincount(owner)[owner] > _MOST_ICONS
    owner = np.where(is_large, owner.max() + nearer, owner)
    is_pair = np.bincount(owner)[owner] == 2
    is_alone = is_pair & (is_large | (np.bincount(pair)[pair] == 1))
    owner = np.where(is_alone, owner.max() + 1 + np.arange(count), owner)
    return torch.from_numpy(np.unique(owner, return_inverse=True)[1]).to(vectors.device)


def grouped(owner: Tensor, among: Tensor, fewest: int) -> list[Tensor]:
    """The rows of each cluster, but for those of too few pictures.

    Args:
        owner: of which cluster each picture is, of those that are clustered.
        among: which of all rows those are, bool.
        fewest: pictures of a cluster.
    """
    size = torch.bincount(owner)
    rows = torch.nonzero(among).flatten()[owner.argsort(stable=True)]
    return [own for own in rows.split(size.tolist()) if len(own) >= fewest]


def name(vectors: Tensor, texts: Tensor) -> Tensor:
    """What a family is called: by that name of its own which says best how it looks.

    One may be named for what tells it from its family ("locomotive" among trains).
    """
    return texts[(texts @ vectors.mean(0)).argmax()]


def cores(
    vectors: Tensor, places: Tensor, kinds: Sequence[tuple[Tensor, Tensor, Core]]
) -> tuple[Tensor, Tensor, Tensor]:
    """The pictures of all prototypes: their rows, which are turned, and of which prototype each is.

    Args:
        vectors: how all pictures look, as unit vectors.
        places: their colors by place.
        kinds: of each prototype the rows it is chosen from, what they are called, and what counts.
    """
    placed, mirrored = laid_out(places), laid_out(places.flip(-1))
    rows, is_turned = [], []
    for own, words, how in kinds:
        near, turned = core(vectors[own], placed[own], mirrored[own], words, how)
        rows.append(own[near])
        is_turned.append(turned)
    owner = torch.arange(len(kinds)).repeat_interleave(torch.tensor([len(own) for own in rows]))
    return torch.cat(rows), torch.cat(is_turned), owner.to(vectors.device)


def core(
    vectors: Tensor, placed: Tensor, mirrored: Tensor, words: Tensor, how: Core
) -> tuple[Tensor, Tensor]:
    """Those of a cluster's pictures that are nearest to one of them, and which to its mirror image.

    That one is the picture whose nearest are nearest of all.

    Args:
        vectors: how the pictures look, as unit vectors.
        placed: their colors by place, as unit vectors.
        mirrored: the same of their mirror images.
        words: what they are called.
        how: what counts.
    """
    as_is, turned = placed @ placed.T, placed @ mirrored.T
    alike = vectors @ vectors.T + how.placed * torch.maximum(as_is, turned)
    alike = alike + how.named * (vectors @ words)
    nearest = alike.topk(min(how.size, len(vectors)), 1)
    center = nearest.values.mean(1).argmax()
    near = nearest.indices[center]
    return near, turned[center, near] > as_is[center, near]


def laid_out(places: Tensor) -> Tensor:
    """Colors by place as unit vectors, of which the mean color is a smaller part."""
    whole = places.mean((-2, -1), keepdim=True)
    parts = places - whole + _DARK * (whole - whole.mean(0))
    return functional.normalize(parts.flatten(1), dim=-1)


def facing(pictures: Tensor, rows: Tensor, is_turned: Tensor) -> Tensor:
    """Some of uint8 pictures [pictures side side 3], a few of them as their mirror images."""
    chosen = pictures[rows.to(pictures.device)]
    turned = is_turned.to(pictures.device)
    chosen[turned] = chosen[turned].flip(2)
    return chosen


def telling(looks: Tensor, words: Tensor, photos: int) -> Tensor:
    """Rows of the prototypes but for those of photos that look least like what they are called.

    Args:
        looks: of all prototypes, as unit vectors.
        words: what they are called.
        photos: how many of them, the first, are of photos.
    """
    alike = (looks * functional.normalize(words, dim=-1)).sum(1)[:photos]
    kept = alike.argsort(stable=True)[int(UNLIKE * photos) :].sort().values
    return torch.cat([kept, torch.arange(photos, len(words), device=kept.device)])


def means(values: Tensor, owner: Tensor) -> Tensor:
    """The mean of each cluster."""
    size = torch.bincount(owner)
    total = values.new_zeros(len(size), *values.shape[1:]).index_add(0, owner, values)
    return (total.movedim(0, -1) / size).movedim(-1, 0)


def _nearest(vectors: Tensor, centers: Tensor) -> Tensor:
    return torch.cat([(part @ centers.T).argmax(1) for part in vectors.split(8192)])
