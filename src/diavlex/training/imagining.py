"""Teaching a guide to imagine: prototypes of the pictures that it has learned from.

Photos and paintings that look alike and are called alike make a cluster. A prototype is the mean of
the few of them that are nearest to each other, each framed so that its colors lie where the
others' lie: the mean of all as they are shows no shape.

Source: clustering on the sphere, Dhillon and Modha 2001 (spherical k-means); pictures framed alike
before their mean is taken, Learned-Miller 2006 (congealing). Differs from the latter in that frames
are chosen among a few, each by itself, to be like one of the pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.guides.cutout import FINE, layout
from diavlex.guides.pocket import PX, SIDE_PX, Eye
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings, Pictures
from diavlex.training.corpus import Row

FEWEST = 4
"""Pictures that make a prototype; one of fewer would be those pictures rather than their kind."""
_ROUNDS = 8
_WORDS = 0.7
"""How much pictures are told apart by what they are called, beside how they look."""
UNLIKE = 0.05
"""Share of the prototypes left out: those that look least like what they are called."""
_DARK = 0.5
"""How much it counts, where colors are laid over each other, what they are on the whole."""
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


def taught(
    eye: Eye, pictures: Tensor, texts: Embeddings, *, prototypes: int, seed: int = 0
) -> Prototypes:
    """An imagination for an eye, which stays as it is.

    Args:
        eye: that finds things in pictures.
        pictures: to look at, uint8 [pictures side side 3].
        texts: what they are called, as unit vectors.
        prototypes: how many to seek; those of too few pictures are left out.
        seed: of the pictures that the prototypes begin as.
    """
    features, places = looked_at(eye, pictures, torch.tensor(_WHOLE[:1]).expand(len(pictures), 3))
    with torch.no_grad():
        vectors = functional.normalize(eye.head(features), dim=-1)
    both = functional.normalize(torch.cat([vectors, _WORDS * texts], 1), dim=-1)
    owner = clusters(both, max(1, min(prototypes, len(both) // (2 * FEWEST))), seed)
    kinds = [(own, texts[own].mean(0), _OF_PHOTOS) for own in grouped(owner, FEWEST)]
    chosen = cores(vectors, pictures, places.mean((0, 2, 3)), kinds)
    found = looked_at(eye, pictures[chosen.rows.to(pictures.device)], chosen.frames)
    features, places = (means(values, chosen.owner) for values in found)
    words = torch.stack([words for _, words, _ in kinds])
    with torch.no_grad():
        keys = functional.normalize(eye.head(features), dim=-1)
    kept = telling(keys, words)
    return Prototypes.of(features[kept], places[kept], words[kept], clear=chosen.clear[kept])


@torch.no_grad()
def called(words: Words, rows: Sequence[Row]) -> Embeddings:
    """What pictures are called, as unit vectors: by their first label and their first caption."""
    names = [row.labels[:1] + row.captions[:1] for row in rows]
    texts = sorted({"", *(name for row in names for name in row)})
    number = {text: i for i, text in enumerate(texts)}
    vectors = torch.cat([words(texts[at : at + 4096]) for at in range(0, len(texts), 4096)])
    total = torch.stack([vectors[[number[name] for name in row]].sum(0) for row in names])
    return functional.normalize(total, dim=-1)


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


def grouped(owner: Tensor, fewest: int) -> list[Tensor]:
    """The rows of each cluster, but for those of too few pictures.

    Args:
        owner: of which cluster each picture is.
        fewest: pictures of a cluster.
    """
    rows = owner.argsort(stable=True)
    parts = rows.split(torch.bincount(owner).tolist())
    return [own for own in parts if len(own) >= fewest]


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


def telling(looks: Tensor, words: Tensor) -> Tensor:
    """Rows of the prototypes that tell what they show: without those that look least like it.

    Args:
        looks: of all prototypes, as unit vectors.
        words: what they are called.
    """
    alike = (looks * functional.normalize(words, dim=-1)).sum(1)
    return alike.argsort(stable=True)[int(UNLIKE * len(alike)) :].sort().values


def means(values: Tensor, owner: Tensor) -> Tensor:
    """The mean of each cluster."""
    size = torch.bincount(owner)
    total = values.new_zeros(len(size), *values.shape[1:]).index_add(0, owner, values)
    return (total.movedim(0, -1) / size).movedim(-1, 0)


def _nearest(vectors: Tensor, centers: Tensor) -> Tensor:
    return torch.cat([(part @ centers.T).argmax(1) for part in vectors.split(8192)])
