"""What a painting should be: a weighted sum of what guides say of their looks at a canvas."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.guides.guide import Guide
from diavlex.guides.imagination import Imagined, Subject, layout
from diavlex.guides.words import says_where
from diavlex.tensors import Canvas, Embeddings, Pictures

NEAR = 0.75
"""Rivals nearer than this to the prompt are no rivals: they may well be the same thing."""
_LAYOUT = 10.0
"""How much misplaced colors count beside what the guide finds in its looks: they show the shape."""
_BEHIND = 0.5
"""How much the whole canvas shall look like what is imagined where subjects stand in a place."""


@dataclass(frozen=True)
class Scores:
    """What a guide says of a canvas."""

    total: Tensor
    """To be lowered; differentiable."""
    cosine: Tensor
    """Of words and canvas, mean over the looks; without a gradient."""


@dataclass(frozen=True)
class Target:
    """A prompt as a guide reads it, and what it is told apart from."""

    guide: Guide
    wanted: Float[Tensor, "prompts features"]
    """The prompt first, then what else shall or shall not be seen."""
    weights: tuple[float, ...]
    """How much each counts."""
    rivals: Float[Tensor, "rivals features"]
    contrast: float
    strength: float = 1.0
    imagine: float = 0.0
    """How much the canvas shall look like what the guide imagines."""
    imagined: Imagined | None = None
    """What that is; of one picture."""
    whole: float = 1.0
    """How much of it is found in the whole canvas, not only in its subjects."""
    subjects: tuple[Subject, ...] = ()
    """Things that strokes of their own shall show, each alone and over the others."""

    def __call__(self, looks: Pictures) -> Scores:
        """Judge looks at a canvas.

        The loss is 1 - cosine, mixed with the cross-entropy of the prompt among its rivals: to be
        like the words is not enough where a hundred other words would be liked as well. What has
        a negative weight is pushed away by its cosine alone.

        Source: cosine and negative prompts, Frans et al. 2021; contrast prompts, Kim et al. 2024
        (TextNorm).
        """
        sight = self.guide.see(looks)
        seen = sight.vectors
        cosine = seen @ self.wanted.T
        loss = (1 - self.contrast) * ((1 - cosine) * seen.new_tensor(self.weights)).sum(1).mean()
        if self.contrast:
            known = seen @ self.rivals.T
            right = torch.zeros(len(seen), dtype=torch.long, device=seen.device)
            for own, weight in zip(cosine.split(1, 1), self.weights, strict=True):
                if weight > 0:
                    scores = self.guide.warmth * torch.cat([own, known], 1)
                    share = self.contrast * 0.5 * weight
                    loss = loss + share * functional.cross_entropy(scores, right)
        if self.imagined is not None and self.whole:
            assert sight.features is not None
            alike = (sight.features @ self.imagined.features.T).mean()
            loss = loss + self.imagine * self.whole * (1 - alike)
        return Scores(self.strength * loss, cosine[:, :1].detach().mean())

    def misplaced(
        self, canvas: Canvas, weights: Float[Tensor, "places places"] | None = None
    ) -> Tensor:
        """How far the colors of a canvas are from those imagined, place by place.

        Args:
            canvas: sRGB in [0, 1].
            weights: how much each place counts; 1 if not given.
        """
        if self.imagined is None:
            return canvas.new_zeros(())
        return self._apart(canvas, self.imagined.layouts[0], 1.0 if weights is None else weights)

    def unlike(self, looks: Pictures, subject: Subject) -> Tensor:
        """How far what the guide finds in looks at a subject's own strokes is from the thing."""
        found = self.guide.see(looks).features
        assert found is not None
        return self.strength * self.imagine * (1 - (found @ subject.features.T).mean())

    def miscolored(self, framed: Canvas, ground: Float[Tensor, " 3"], subject: Subject) -> Tensor:
        """How far the colors of a subject's own strokes are from the thing's on a ground."""
        return self._apart(framed, subject.on(ground))

    def _apart(self, canvas: Canvas, colors: Tensor, weights: Tensor | float = 1.0) -> Tensor:
        apart = (layout(canvas, colors.shape[-1]) - colors).square() * weights
        return self.strength * self.imagine * _LAYOUT * apart.mean()


def loudness(canvas: Canvas) -> Tensor:
    """How colorful a canvas is: mean squared distance from its own greys; differentiable.

    Guides like loud colors better than nature does: a little of this makes them earn each.
    """
    return (canvas - canvas.mean(0, keepdim=True)).square().mean()


def unrest(canvas: Canvas, share: Float[Tensor, "height width"]) -> Tensor:
    """How far a canvas is from its own blur, weighed by a share of each pixel; differentiable."""
    reach = min(canvas.shape[-2:]) // 8
    blur = functional.avg_pool2d(canvas[None], 2 * reach + 1, 1, reach, count_include_pad=False)[0]
    return ((canvas - blur).square() * share).mean()


def target(
    guide: Guide,
    prompt: str,
    things: list[str],
    contrast: float,
    strength: float = 1.0,
    also: Sequence[tuple[str, float]] = (),
    templates: Sequence[str] = ("{}",),
    imagine: float = 0.0,
    *,
    has_subject: bool = False,
) -> Target:
    """The target of a prompt, told apart from all things that it is not.

    Args:
        guide: that reads it.
        prompt: what is painted.
        things: what it may be told apart from; what is near to what is wanted is left out.
        contrast: share of telling apart.
        strength: of this target among others.
        also: what else shall be seen, or with a negative weight shall not.
        templates: phrases whose mean stands for each of the words.
        imagine: how much the canvas shall look like what the guide imagines, if it can.
        has_subject: whether things of a prompt that says where or how many they are have strokes
            of their own.
    """
    wanted = read(guide, [prompt, *(words for words, _ in also)], templates)
    weights = 1.0, *(weight for _, weight in also)
    known = read(guide, things, templates)
    liked = wanted[[i for i, weight in enumerate(weights) if weight > 0]]
    rivals = known[((known @ liked.T) < NEAR).all(1)]
    subjects = tuple(guide.imagine_subjects(prompt)) if imagine and has_subject else ()
    is_placed = says_where(prompt)
    seen = _imagined(guide, prompt, also, subjects, is_placed) if imagine else None
    whole = (_BEHIND if is_placed else 0.0) if subjects else 1.0
    return Target(
        guide, wanted, weights, rivals, contrast, strength, imagine, seen, whole, subjects
    )


def _imagined(
    guide: Guide,
    prompt: str,
    also: Sequence[tuple[str, float]],
    subjects: Sequence[Subject],
    is_placed: bool,
) -> Imagined | None:
    """What pictures look like that show all that is wanted, each by its weight.

    Where subjects stand in front, a photo is imagined behind them if they are placed somewhere,
    else their own plain ground.
    """
    shown = [(prompt, 1.0), *((words, weight) for words, weight in also if weight > 0)]
    each = guide.imagine([words for words, _ in shown], is_photo=bool(subjects))
    if each is None:
        return None
    features, layouts = each.features.clone(), each.layouts.clone()
    if subjects:
        fore = torch.cat([subject.features for subject in subjects]).mean(0)
        features[0] = functional.normalize(features[0] + functional.normalize(fore, dim=0), dim=0)
        if not is_placed:
            grounds = torch.stack([subject.ground for subject in subjects])
            layouts[0] = grounds.mean(0)[:, None, None]
    weights = torch.tensor([weight for _, weight in shown]).to(features)
    features = functional.normalize(weights[None] @ features, dim=-1)
    layouts = torch.einsum("i,i...->...", weights / weights.sum(), layouts)
    return Imagined(features, layouts[None])


def read(guide: Guide, texts: list[str], templates: Sequence[str]) -> Embeddings:
    """Unit vectors of texts, each the mean over templates.

    Source: Radford et al. 2021 (CLIP), section 3.1.4.
    """
    each = [guide.encode_text([phrase.format(text) for text in texts]) for phrase in templates]
    return each[0] if len(each) == 1 else functional.normalize(torch.stack(each).mean(0), dim=-1)
