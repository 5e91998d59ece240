"""The term of the words: the canvas is near to the prompt, and nearer than to other things."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.scene import Scene
from diavlex.tensors import Embeddings

from .brief import Brief, recolored
from .reading import Reading
from .term import Term, Weighed

SKETCHED, COLORED = 1.5, 4.0
"""How much words count beside a sketch, which shows the shape without their help; and where they
say the color of the one thing that is shown: a large shape survives, and the color is theirs."""
LATE, FROM, FULL = 5.0, 0.6, 0.7
"""How many times as much they count in the latter case at the end, when the shape is found and
strokes move little: from which share of the steps on it grows, and from which on it is all."""


@dataclass(frozen=True)
class Words(Term):
    """The mean distance of each guide's views from the words, by the guides' strengths."""

    readings: Sequence[Reading]
    contrast: float
    """Share of telling the prompt from its negatives."""
    late: float = 1.0
    """How many times as much it counts at the end."""

    def __call__(self, scene: Scene) -> Tensor:
        """The sum over the guides of `distance`, more of it at the end."""
        each = [
            one.strength * distance(scene.seen(one.guide).vectors, one, self.contrast)
            for one in self.readings
        ]
        grown = min(1.0, max(0.0, (scene.share - FROM) / (FULL - FROM)))
        return torch.stack(each).sum() * (1 + (self.late - 1) * grown)


def make(brief: Brief) -> Weighed | None:
    """The term of a brief; none where a photo is painted without words."""
    if not brief.phrase.text:
        return None
    late = LATE if says_color(brief) else 1.0
    return Weighed("words", weight(brief), Words(brief.readings, brief.config.contrast, late))


def weight(brief: Brief) -> float:
    """How much the words of a brief count."""
    if brief.aim is None:
        return 1.0
    return COLORED if says_color(brief) else SKETCHED


def says_color(brief: Brief) -> bool:
    """Whether one thing is shown, and the words say its color."""
    aim = brief.aim
    is_one = aim is not None and len(aim.names) == 1 and not aim.has_place
    return is_one and bool(recolored(brief.phrase.text))


def distance(vectors: Embeddings, reading: Reading, contrast: float) -> Tensor:
    """How far pictures are from what a reading wants.

    It is 1 - cosine, mixed with the cross-entropy of the prompt among its negatives: to be like
    the words is not enough where a hundred other words would be liked as well. What has a negative
    weight is pushed away by its cosine alone.

    Args:
        vectors: of the pictures.
        reading: what is wanted.
        contrast: share of the cross-entropy, 0 to 1.

    Source: cosine and negative prompts, Frans et al. 2021; contrast prompts, Kim et al. 2024
    (TextNorm).
    """
    cosine = vectors @ reading.wanted.T
    weights = vectors.new_tensor(reading.weights)
    loss = (1 - contrast) * ((1 - cosine) * weights).sum(1).mean()
    if not contrast:
        return loss
    known = vectors @ reading.negatives.T
    right = torch.zeros(len(vectors), dtype=torch.long, device=vectors.device)
    for own, weight in zip(cosine.split(1, 1), reading.weights, strict=True):
        if weight > 0:
            logits = reading.guide.logit_scale * torch.cat([own, known], 1)
            loss = loss + contrast * 0.5 * weight * functional.cross_entropy(logits, right)
    return loss
