"""How a guide reads a prompt: the vectors that are wanted, and what they are told apart from."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.config import Weighted
from diavlex.guides import Guide, Imagined
from diavlex.tensors import Embeddings

NEAR = 0.75
"""What is nearer than this to the prompt is no negative: it may well be the same thing."""


@dataclass(frozen=True)
class Reading:
    """A prompt as a guide reads it."""

    guide: Guide
    strength: float
    """How much this guide counts among others."""
    wanted: Float[Tensor, "prompts features"]
    """The prompt first, then what else shall or shall not be seen."""
    weights: tuple[float, ...]
    """How much each of them counts; less than 0 for what shall not be seen."""
    negatives: Float[Tensor, "negatives features"]
    """What the prompt is told apart from."""
    imagined: Imagined | None = None
    """What pictures of all that is wanted look like, as one row; None if it is not imagined."""


def read_prompt(
    guide: Guide,
    prompt: str,
    things: Sequence[str],
    *,
    strength: float = 1.0,
    also: Sequence[Weighted] = (),
    templates: Sequence[str] = ("{}",),
    against: Sequence[str] = (),
) -> Reading:
    """Let a guide read a prompt.

    Args:
        guide: that reads it.
        prompt: what is painted.
        things: what it may be told apart from; what is near to what is wanted is left out.
        strength: of this guide among others.
        also: what else shall be seen, or with a negative weight shall not.
        templates: phrases whose mean stands for each of the words.
        against: further negatives, however near they are: "white sheep" of "black sheep".
    """
    wanted = encode(guide, [prompt, *(words for words, _ in also)], templates)
    weights = 1.0, *(weight for _, weight in also)
    known = encode(guide, list(things), templates)
    liked = wanted[[i for i, weight in enumerate(weights) if weight > 0]]
    negatives = known[((known @ liked.T) < NEAR).all(1)]
    if against:
        negatives = torch.cat([negatives, encode(guide, list(against), templates)])
    return Reading(guide, strength, wanted, weights, negatives)


def encode(guide: Guide, texts: list[str], templates: Sequence[str]) -> Embeddings:
    """Unit vectors of texts, each the mean over templates.

    Source: Radford et al. 2021 (CLIP), section 3.1.4.
    """
    each = [guide.encode_text([phrase.format(text) for text in texts]) for phrase in templates]
    return each[0] if len(each) == 1 else functional.normalize(torch.stack(each).mean(0), dim=-1)
