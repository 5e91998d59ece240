"""Teaching a guide to imagine: prototypes of the pictures that it has learned from.

Photos and paintings that look alike and are called alike make a cluster; icons (emoji and clip art)
that are called the same make a family, for an icon is drawn to be known. A prototype is the mean of
the few of them that are nearest to each other, each framed so that its colors lie where the
others' lie: the mean of all as they are shows no shape.

Source: clustering on the sphere, Dhillon and Modha 2001 (spherical k-means); pictures framed alike
before their mean is taken, Learned-Miller 2006 (congealing). Differs from the latter in that frames
are chosen among a few, each by itself, to be like one of the pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from torch import Tensor
from torch.nn import functional

from diavlex.guides.cutout import COARSE, FINE, layout
from diavlex.guides.pocket import PX, SIDE_PX, Eye
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings, Pictures
from diavlex.training.corpus import ICONS, Row

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
UNLIKE = 0.05
"""Share of the prototypes of photos left out: those that look least like what they are called."""
UNCLEAR = 0.38
"""Icons less clear than this show no shape."""
_APART = 0.25
"""1 - cosine, in all three, beyond which two icons are not of one family."""
_MOST_ICONS = 12
"""Icons of one family; of more, it is three or more nearer to each other than `_NEARER`."""
_NEARER = 0.1
_DARK = 0.5
"""How much it counts, where colors are laid over each other, what they are on the whole."""
_SAME = 0.999
"""Cosine of two names that are one."""
Frame = tuple[float, float, float]
"""Side of what is seen of a picture, over its own, and where in it that lies, from -1 to 1; a side
below 0 is of its mirror image. Beyond its edge a picture goes on as it is there."""
_WHOLE: tuple[Frame, ...] = ((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0))


def _frames(*sides: float) -> tuple[Frame, ...]:
    """Whole pictures, then parts of them or what is around them, each also as its mirror image."""
    at = (-1.0, 0.0, 1.0)
    return _WHOLE + tuple(
        (side * facing, x, y) for side, x, y, facing in product(sides, at, at, (1, -1))
    )


@dataclass(frozen=True)
class Core:
    """Which of a cluster's pictures its prototype is the mean of."""

    size: int
    """How many they are at most."""
    placed: float
    """How much it counts that their colors are in the same places, beside that they look alike."""
    named: float
    """How much it counts that they look like what they are called."""
    frames: tuple[Frame, ...]
    """How they may be framed, the first as they are."""


@dataclass(frozen=True)
class Chosen:
    """The pictures that prototypes are the means of."""

    rows: Tensor
    frames: Tensor
    """How each is framed, [pictures 3]."""
    owner: Tensor
    """Of which prototype each is."""
    clear: Tensor
    """How clear the mean of each prototype's pictures is, in [0, 1]."""


_OF_PHOTOS = Core(FEWEST, 1.0, 2.0, _frames(0.85, 0.72))
_OF_ICONS = Core(3, 1.0, 1.0, _frames(1.18, 0.85))


def taught(
    eye: Eye,
    pictures: Tensor,
    texts: Embeddings,
    icons: Tensor,
    *,
    short: Embeddings | None = None,
    prototypes: int,
    seed: int = 0,
) -> Prototypes:
    """An imagination for an eye, which stays as it is.

    Args:
        eye: that finds things in pictures.
        pictures: to look at, uint8 [pictures side side 3].
        texts: what they are called, as unit vectors.
        icons: which of them are icons, bool.
        short: other names of icons; zero for none.
        prototypes: how many to seek among those that are not; those of too few pictures are left
            out.
        seed: of the pictures that the prototypes begin as.
    """
    features, places = looked_at(eye, pictures, torch.tensor(_WHOLE[:1]).expand(len(pictures), 3))
    with torch.no_grad():
        vectors = functional.normalize(eye.head(features), dim=-1)
    photos = ~icons
    both = functional.normalize(torch.cat([vectors, _WORDS * texts], 1), dim=-1)[photos]
    of_photos = clusters(both, max(1, min(prototypes, len(both) // (2 * FEWEST))), seed)
    both = torch.cat([vectors, _NAMES * texts], 1)[icons]
    of_icons = families(both, layout(places[icons], COARSE))
    drawn = grouped(of_icons, icons, FEWEST_ICONS)
    kinds = [
        *((own, texts[own].mean(0), _OF_PHOTOS) for own in grouped(of_photos, photos, FEWEST)),
        *((own, name(vectors[own], texts[own]), _OF_ICONS) for own in drawn),
    ]
    chosen = cores(vectors, pictures, places.mean((0, 2, 3)), kinds)
    found = looked_at(eye, pictures[chosen.rows.to(pictures.device)], chosen.frames)
    features, places = (means(values, chosen.owner) for values in found)
    words = torch.stack([words for _, words, _ in kinds])
    with torch.no_grad():
        keys = functional.normalize(eye.head(features), dim=-1)
    first_icon = len(kinds) - len(drawn)
    kept = telling(keys, words, chosen.clear, first_icon)
    short = torch.zeros_like(texts) if short is None else short
    names = [also(words[row], short[kinds[row][0]]) for row in kept.tolist()]
    of = torch.arange(len(kept)).repeat_interleave(torch.tensor([len(own) for own in names]))
    count = int((kept >= first_icon).sum())
    return Prototypes(
        features[kept], places[kept], torch.cat(names), of, chosen.clear[kept], icons=count
    )


@torch.no_grad()
def called(words: Words, rows: Sequence[Row]) -> Embeddings:
    """What pictures are called, as unit vectors: by their first label and their first caption.

    Icons by the label with which their caption ends: "an emoji of a doughnut".
    """
    return _read(words, [_names(row) for row in rows])


@torch.no_grad()
def called_in_short(words: Words, rows: Sequence[Row]) -> Embeddings:
    """What icons are called in everyday words, as unit vectors: "donut"; zero for all others."""
    return _read(words, [row.labels[:1] if row.kind in ICONS else () for row in rows])


def _names(row: Row) -> tuple[str, ...]:
    if not row.labels or row.kind not in ICONS:
        return row.labels[:1] + row.captions[:1]
    said = " ".join(row.captions[:1]).lower().rstrip(".")
    return (max(row.labels, key=lambda name: said.endswith(name.lower()) * len(name)),)


def _read(words: Words, names: Sequence[tuple[str, ...]]) -> Embeddings:
    texts = sorted({"", *(name for row in names for name in row)})
    number = {text: i for i, text in enumerate(texts)}
    vectors = torch.cat([words(texts[at : at + 4096]) for at in range(0, len(texts), 4096)])
    total = torch.stack([vectors[[number[name] for name in row]].sum(0) for row in names])
    return functional.normalize(total, dim=-1)


def also(name: Tensor, short: Tensor) -> Tensor:
    """All names of a prototype: its own, and others that a third of its pictures have in short.

    Args:
        name: as a unit vector.
        short: of its pictures, as unit vectors; zero for none.
    """
    names = [name]
    for other in short[((short @ short.T > _SAME).sum(1) >= len(short) / 3) & short.any(1)]:
        if max(float(other @ known) for known in names) < _SAME:
            names.append(other)
    return torch.stack(names)


@torch.no_grad()
def looked_at(
    eye: Eye, pictures: Tensor, frames: Tensor, batch: int = 256
) -> tuple[Tensor, Tensor]:
    """What an eye finds in pictures that are framed so, and their colors by place."""
    device = eye.head.weight.device
    features, places = [], []
    for part, how in zip(pictures.split(batch), frames.split(batch), strict=True):
        view = framed(part.to(device), how, SIDE_PX)
        view = view.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            features.append(eye.features(view, PX).float())
        places.append(layout(view, FINE))
    return torch.cat(features), torch.cat(places)


def framed(pictures: Tensor, frames: Tensor, side_px: int) -> Pictures:
    """Pictures in frames of their own, sRGB in [0, 1].

    Args:
        pictures: uint8 [pictures side side 3].
        frames: `Frame` of each, [pictures 3].
        side_px: of what is seen of them.
    """
    side, x, y = frames.to(pictures.device).unbind(1)
    theta = torch.zeros(len(pictures), 2, 3, device=pictures.device)
    theta[:, 0, 0], theta[:, 1, 1] = side, side.abs()
    theta[:, 0, 2], theta[:, 1, 2] = x * (1 - side.abs()), y * (1 - side.abs())
    grid = functional.affine_grid(theta, [len(pictures), 3, side_px, side_px], align_corners=False)
    seen = pictures.permute(0, 3, 1, 2).float() / 255
    return functional.grid_sample(seen, grid, padding_mode="border", align_corners=False)


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
    owner, nearer = (fcluster(tree, far, "distance") for far in (_APART, _NEARER))
    is_large = np.bincount(owner)[owner] > _MOST_ICONS
    owner = np.where(is_large, owner.max() + nearer, owner)
    is_alone = is_large & (np.bincount(owner)[owner] == 2)
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
    vectors: Tensor, pictures: Tensor, color: Tensor, kinds: Sequence[tuple[Tensor, Tensor, Core]]
) -> Chosen:
    """The pictures of all prototypes.

    Args:
        vectors: how all pictures look, as unit vectors.
        pictures: themselves, uint8 [pictures side side 3].
        color: the mean of all.
        kinds: of each prototype the rows it is chosen from, what they are called, and what counts.
    """
    rows, frames, clear = [], [], []
    for own, words, how in kinds:
        every, shown = torch.tensor(how.frames), pictures[own.to(pictures.device)].to(own.device)
        views = (framed(shown, one.expand(len(own), 3), 2 * FINE) for one in every)
        places = torch.stack([layout(view, FINE) for view in views], 1)
        near, frame = core(vectors[own], laid_out(places, color), words, how)
        rows.append(own[near])
        frames.append(every[frame.cpu()])
        clear.append(clearness(places[near, frame]))
    owner = torch.arange(len(kinds)).repeat_interleave(torch.tensor([len(own) for own in rows]))
    return Chosen(torch.cat(rows), torch.cat(frames), owner.to(vectors.device), torch.stack(clear))


def core(vectors: Tensor, placed: Tensor, words: Tensor, how: Core) -> tuple[Tensor, Tensor]:
    """Those of a cluster's pictures that are nearest to one of them, and in which frames they are.

    That one is the picture whose nearest are nearest of all; it is in its own, the first frame.

    Args:
        vectors: how the pictures look, as unit vectors.
        placed: their colors by place in each frame, as unit vectors [pictures frames colors].
        words: what they are called.
        how: what counts.
    """
    over, frame = torch.einsum("ac,pfc->apf", placed[:, 0], placed).max(-1)
    alike = vectors @ vectors.T + how.placed * over + how.named * (vectors @ words)
    nearest = alike.topk(min(how.size, len(vectors)), 1)
    center = nearest.values.mean(1).argmax()
    near = nearest.indices[center]
    return near, frame[center, near]


def clearness(places: Tensor) -> Tensor:
    """How clear the mean of pictures is: their mean cosine with each other, in [0, 1].

    Args:
        places: colors by place of two or more.
    """
    parts = (places - places.mean((-2, -1), keepdim=True)).flatten(1)
    alike, count = functional.normalize(parts, dim=-1), len(parts)
    return ((alike @ alike.T).sum() - count).div(count * (count - 1)).clamp(0, 1)


def laid_out(places: Tensor, color: Tensor) -> Tensor:
    """Colors by place as unit vectors, of which the mean color is a smaller part.

    Args:
        places: colors of pictures by place, [... 3 places places].
        color: the mean of all pictures.
    """
    whole = places.mean((-2, -1), keepdim=True)
    parts = places - whole + _DARK * (whole - color[:, None, None])
    return functional.normalize(parts.flatten(-3), dim=-1)


def telling(looks: Tensor, words: Tensor, clear: Tensor, photos: int) -> Tensor:
    """Rows of the prototypes that tell what they show.

    Left out are those of photos that look least like what they are called, and unclear icons.

    Args:
        looks: of all prototypes, as unit vectors.
        words: what they are called.
        clear: how clear they are.
        photos: how many of them, the first, are of photos.
    """
    alike = (looks * functional.normalize(words, dim=-1)).sum(1)[:photos]
    kept = alike.argsort(stable=True)[int(UNLIKE * photos) :].sort().values
    return torch.cat([kept, photos + torch.nonzero(clear[photos:] >= UNCLEAR).flatten()])


def means(values: Tensor, owner: Tensor) -> Tensor:
    """The mean of each cluster."""
    size = torch.bincount(owner)
    total = values.new_zeros(len(size), *values.shape[1:]).index_add(0, owner, values)
    return (total.movedim(0, -1) / size).movedim(-1, 0)


def _nearest(vectors: Tensor, centers: Tensor) -> Tensor:
    return torch.cat([(part @ centers.T).argmax(1) for part in vectors.split(8192)])
