"""Teaching icons: of each name the mean of two or three drawings by different hands.

The drawings are cut out, chosen by name, laid over each other, and their mean is kept with all
names it has. No single drawing is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.guides.icons import KINDS, Icons
from diavlex.tensors import Embeddings

from .choosing import Choice, Chooser
from .corpus import Row
from .drawings import Drawings, drawings
from .registration import alike, registered
from .wordnet import WordNet

_CLEAR = 0.45
"""Least cosine of the drawings of an icon."""
_CLEARER, _NAMED = 0.6, 0.12
"""The same, and how much they look as they are called, where a name is only one of many."""
_ALIKE = 1.3
"""How much it counts that drawings are alike once they are laid over each other."""
_SHARP = 2.5
"""How much sharper the edge of an icon is than that of the mean of its drawings."""
_SURE = 0.25
"""Share of a place from which on its color is an icon's own."""
_SPREAD = 24
"""How often the colors of an icon are spread to places around it."""
_PEOPLE = {"man", "woman", "person", "people", "men", "women", "boy", "girl", "child", "baby"}
Name = tuple[str, int, int]
"""A name, the number of the icon that has it, and its rank: 0 its own, more for others."""


@dataclass(frozen=True)
class Taught:
    """Icons, and the sources of the pictures that they are means of."""

    icons: Icons
    sources: frozenset[str]


def taught(
    rows: Sequence[Row],
    pictures: np.ndarray,
    looks: Embeddings,
    encode: Callable[[list[str]], Embeddings],
    net: WordNet | None = None,
    everyday: set[str] | None = None,
) -> Taught | None:
    """Icons of the pictures of a corpus; None if no two hands drew one thing.

    Args:
        rows: what is known of the pictures.
        pictures: uint8 [pictures side side 3].
        looks: how a guide sees them, as unit vectors.
        encode: gives unit vectors of texts, in the same space.
        net: for more names; without it, icons have the names of their drawings alone.
        everyday: words that people know, of which `net` may give names.
    """
    made, kept = drawings(rows, pictures)
    choices = _choices(made, looks[torch.tensor(kept, dtype=torch.long)], encode)
    if not choices:
        return None
    keys = list(dict.fromkeys(frozenset(one.drawings) for one in choices))
    first = {frozenset(one.drawings): one for one in reversed(choices)}
    means, clear = laid_over(made, [first[key] for key in keys])
    numbers = {key: at for at, key in enumerate(keys)}
    best = _best(choices, clear, numbers)
    used = sorted({numbers[frozenset(one.drawings)] for one in best})
    if not used:
        return None
    place = {number: at for at, number in enumerate(used)}
    names: list[Name] = [
        (one.name, place[numbers[frozenset(one.drawings)]], 0 if one.is_own else 1) for one in best
    ]
    icons = _icons(means[used], clear[used], _named(names, net, everyday or set()), net)
    shown = {row for number in used for row in keys[number]}
    return Taught(icons, frozenset(rows[kept[row]].source for row in shown))


def _choices(
    made: Drawings, looks: Embeddings, encode: Callable[[list[str]], Embeddings]
) -> list[Choice]:
    names = made.names()
    if not names:
        return []
    chooser = Chooser(made, looks)
    texts = torch.cat([encode(names[at : at + 2048]) for at in range(0, len(names), 2048)])
    return [
        choice
        for name, text in zip(names, texts, strict=True)
        for choice in chooser.choices(name, text)
    ]


def laid_over(
    made: Drawings, choices: Sequence[Choice]
) -> tuple[Float[Tensor, "icons 4 side side"], Float[Tensor, " icons"]]:
    """The mean of the drawings of each choice, laid over the first, and how alike they are."""
    pairs = [
        (at, row, is_mirrored)
        for at, one in enumerate(choices)
        for row, is_mirrored in list(zip(one.drawings, one.mirrored, strict=True))[1:]
    ]
    owner = torch.tensor([at for at, _, _ in pairs])
    total = made.cutouts[[one.drawings[0] for one in choices]].clone()
    fixed = total[owner]
    moving = torch.stack(
        [made.cutouts[row].flip(-1) if flip else made.cutouts[row] for _, row, flip in pairs]
    )
    moved = registered(fixed, moving)
    count = torch.bincount(owner, minlength=len(choices)).float()
    total.index_add_(0, owner, moved)
    clear = torch.zeros(len(choices)).index_add(0, owner, alike(fixed, moved)) / count
    return total / (count + 1)[:, None, None, None], clear


def _best(
    choices: Sequence[Choice], clear: Float[Tensor, " icons"], numbers: dict[frozenset[int], int]
) -> list[Choice]:
    """The best choice of each name, if its mean is clear enough."""
    best: dict[str, tuple[float, Choice]] = {}
    for one in choices:
        sure = float(clear[numbers[frozenset(one.drawings)]])
        score = _ALIKE * sure + one.merit
        if one.name not in best or score > best[one.name][0]:
            best[one.name] = score, one
    kept = []
    for _, one in best.values():
        sure = float(clear[numbers[frozenset(one.drawings)]])
        is_sure = sure >= _CLEARER and one.named >= _NAMED
        if sure >= _CLEAR and (one.is_own or is_sure):
            kept.append(one)
    return kept


def _named(names: list[Name], net: WordNet | None, everyday: set[str]) -> list[Name]:
    """Names, and more of them from a net of words."""
    if net is None:
        return names
    own = {name: number for name, number, rank in names if rank == 0}
    more = net.more_names(own, {name for name, _, _ in names}, everyday)
    return [*names, *((name, number, rank) for name, (number, rank) in more.items())]


def _icons(
    means: Float[Tensor, "icons 4 side side"],
    clear: Float[Tensor, " icons"],
    names: Sequence[Name],
    net: WordNet | None,
) -> Icons:
    kinds = [0] * len(means)
    for name, number, rank in names:
        if rank == 0 and not kinds[number]:
            kinds[number] = KINDS.index(_kind(name, net))
    share = ((means[:, 3] - 0.5) * _SHARP + 0.5).clamp(0, 1)
    called, owner, rank = zip(*names, strict=True)
    return Icons.of(
        spread(means), share, clear, torch.tensor(kinds), called, torch.tensor(owner),
        torch.tensor(rank),
    )  # fmt: skip


def _kind(name: str, net: WordNet | None) -> str:
    found = net.kind(name) if net else None
    return found or ("person" if _PEOPLE & set(name.split()) else KINDS[0])


def spread(means: Float[Tensor, "icons 4 side side"]) -> Float[Tensor, "icons 3 side side"]:
    """The colors of icons, sensible also where they are not: as those of the nearest places are."""
    share = means[:, 3:]
    colors, around = means[:, :3], share
    for _ in range(_SPREAD):
        colors, around = (functional.avg_pool2d(plane, 5, 1, 2) for plane in (colors, around))
    far = torch.where(around > 1e-3, colors / around.clamp_min(1e-3), 0.5)
    own = means[:, :3] / share.clamp_min(1e-3)
    return torch.where(share > _SURE, own, far).clamp(0, 1)
