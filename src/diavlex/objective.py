"""What a painting should be: a weighted sum of what guides say of their looks at a canvas."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.guides.guide import Guide
from diavlex.tensors import Canvas, Pictures

NEAR = 0.75
"""Rivals nearer than this to the prompt are no rivals: they may well be the same thing."""


@dataclass(frozen=True)
class Scores:
    """What a guide says of a canvas."""

    total: Tensor
    """To be lowered; differentiable."""
    cosine: float
    """Of words and canvas, mean over the looks."""


@dataclass(frozen=True)
class Target:
    """A prompt as a guide reads it, and what it is told apart from."""

    guide: Guide
    wanted: Float[Tensor, "1 features"]
    rivals: Float[Tensor, "rivals features"]
    contrast: float
    strength: float = 1.0

    def __call__(self, looks: Pictures) -> Scores:
        """Judge looks at a canvas.

        The loss is 1 - cosine, mixed with the cross-entropy of the prompt among its rivals: to be
        like the words is not enough where a hundred other words would be liked as well.

        Source: cosine, Frans et al. 2021; contrast prompts, Kim et al. 2024 (TextNorm).
        """
        seen = self.guide.encode_image(looks)
        cosine = seen @ self.wanted.T
        loss = (1 - self.contrast) * (1 - cosine).mean()
        if self.contrast:
            scores = self.guide.warmth * torch.cat([cosine, seen @ self.rivals.T], 1)
            right = torch.zeros(len(scores), dtype=torch.long, device=scores.device)
            loss = loss + self.contrast * 0.5 * functional.cross_entropy(scores, right)
        return Scores(self.strength * loss, float(cosine.detach().mean()))


def loudness(canvas: Canvas) -> Tensor:
    """How colorful a canvas is: mean squared distance from its own greys; differentiable.

    Guides like loud colors better than nature does: a little of this makes them earn each.
    """
    return (canvas - canvas.mean(0, keepdim=True)).square().mean()


def target(
    guide: Guide, prompt: str, things: list[str], contrast: float, strength: float = 1.0
) -> Target:
    """The target of a prompt, told apart from all things that it is not."""
    wanted, known = guide.encode_text([prompt]), guide.encode_text(things)
    rivals = known[(known @ wanted.T)[:, 0] < NEAR]
    return Target(guide, wanted, rivals, contrast, strength)
