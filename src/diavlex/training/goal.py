"""What each picture of a batch shall be called, and how far a guide is from calling it so.

Source: contrast of pictures and texts, Radford et al. 2021; soft labels, Hinton et al. 2015.
Differs from the former in that all labels of the corpus are negatives, not only the batch's.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from .pool import Pool

_NONE = -100
"""The number of no label, which cross entropy leaves out."""
_NEVER = -1e4
"""A score that takes a label out of the negatives."""
_MAIN = 0.7
"""How often a picture shall be called by its main label, rather than by any of its labels."""
_MOST_SCALE = 60.0
_CAPTIONED = 0.5
"""Weight of the captions in the loss; that of the labels is 1."""


@dataclass(frozen=True)
class Goal:
    """What each picture of a batch shall be called."""

    label: Int[Tensor, " pictures"]
    """The number of one true label of each picture; -100 for a picture without any."""
    also_true: Int[Tensor, "pairs 2"]
    """(picture, label) pairs that are true as well: these labels are no negatives."""
    captions: list[str]
    owners: Int[Tensor, " captions"]
    """Which picture of the batch each caption belongs to."""
    soft_labels: Float[Tensor, "pictures labels"] | None = None
    """How likely each label is, by a tutor."""
    tutor_share: float = 0.0
    """Weight of the soft labels; that of the true ones is the rest."""


def draw_goal(
    pool: Pool,
    rows: np.ndarray,
    generator: torch.Generator,
    device: torch.device,
    soft_labels: Tensor | None = None,
    tutor_share: float = 0.0,
) -> Goal:
    """Choose among the words of each picture.

    Args:
        pool: whose pictures they are.
        rows: of the corpus, one a picture.
        generator: by which it chooses.
        device: of the goal's tensors.
        soft_labels: what a tutor says of the pictures, if there is one.
        tutor_share: weight of the soft labels.
    """
    chosen, also_true, captions, owners = [], [], [], []
    draws = torch.rand(len(rows), 3, generator=generator).tolist()
    for place, (row, draw) in enumerate(zip(rows.tolist(), draws, strict=True)):
        label = _label(pool.known[row], draw)
        chosen.append(label)
        also_true += [(place, other) for other in pool.known[row] if other != label]
        if caption := _caption(pool, row, draw):
            captions.append(caption)
            owners.append(place)
    label, pairs, owner = (
        torch.tensor(numbers, dtype=torch.long, device=device)
        for numbers in (chosen, also_true, owners)
    )
    share = tutor_share if soft_labels is not None else 0.0
    return Goal(label, pairs.view(-1, 2), captions, owner, soft_labels, share)


def _label(known: list[int], draw: list[float]) -> int:
    if not known:
        return _NONE
    return known[0 if draw[0] < _MAIN else int(draw[1] * len(known))]


def _caption(pool: Pool, row: int, draw: list[float]) -> str | None:
    """One of a picture's captions; the labels of a picture count too if all of them are rare."""
    words = pool.corpus.rows[row]
    texts = words.captions if pool.known[row] else (*words.captions, *words.labels)
    return texts[int(draw[2] * len(texts))] if texts else None


def loss(
    vectors: Float[Tensor, "pictures features"],
    labels: Float[Tensor, "labels features"],
    captions: Float[Tensor, "captions features"],
    goal: Goal,
    logit_scale: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """How far pictures are from their goal, on average.

    Args:
        vectors: unit vectors of the pictures.
        labels: unit vectors of all labels that are learned.
        captions: unit vectors of the goal's captions.
        goal: of the pictures.
        logit_scale: what cosines are multiplied by before the softmax; 60 at most is used.
    """
    scale = logit_scale.clamp_max(_MOST_SCALE)
    total = _labelled(scale * vectors @ labels.T, goal)
    if goal.captions:
        total = total + _CAPTIONED * _captioned(scale * vectors[goal.owners] @ captions.T)
    return total / len(vectors)


def _labelled(scores: Float[Tensor, "pictures labels"], goal: Goal) -> Tensor:
    """Cross entropy with the true labels and with the tutor's."""
    pictures, labels = goal.also_true.unbind(1)
    alone = scores.index_put((pictures, labels), scores.new_tensor(_NEVER))
    true = functional.cross_entropy(alone, goal.label, ignore_index=_NONE, reduction="sum")
    if goal.soft_labels is None:
        return true
    soft = -(goal.tutor_share * goal.soft_labels * functional.log_softmax(scores, -1)).sum()
    return soft + (1 - goal.tutor_share) * true


def _captioned(scores: Float[Tensor, "captions captions"]) -> Tensor:
    """Cross entropy of each picture with its caption among all, and of each caption likewise."""
    same = torch.arange(len(scores), device=scores.device)
    return functional.cross_entropy(scores, same, reduction="sum") + functional.cross_entropy(
        scores.T, same, reduction="sum"
    )
