"""The exam of a guide: naming test pictures, also under attack, and finding their captions."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from diavlex.guides.words import Words
from diavlex.training.corpus import Corpus, shown


def examine(
    corpus: Corpus, encode: Callable[[Tensor], Tensor], words: Words, attacked: int = 500
) -> dict[str, Any]:
    """What a guide's card says of it: naming, by kind, under attack, and finding captions.

    Args:
        corpus: whose test pictures are shown.
        encode: unit vectors of pictures at 64 px.
        words: the guide's reader.
        attacked: how many pictures are attacked at each radius.
    """
    exam = Exam(corpus)
    ranks = exam.ranks(encode, words)
    scores: dict[str, Any] = {"labels": len(exam.labels), "pictures": len(ranks)} | _named(ranks)
    for kind in sorted(set(exam.kinds)):
        scores[kind] = _named(ranks[exam.kinds == kind])
    for radius in (0.5, 1.0, 2.0):
        seen = exam.ranks(encode, words, radius=radius, limit=attacked)
        scores[f"attacked, L2 {radius}, 20 steps"] = _named(seen)
    return scores | {"caption found in the first 10 of all": _found(corpus, encode, words)}


def _named(ranks: np.ndarray) -> dict[str, float]:
    return {
        "top1": round(float((ranks < 1).mean()), 4),
        "top5": round(float((ranks < 5).mean()), 4),
    }


@torch.no_grad()
def _found(corpus: Corpus, encode: Callable[[Tensor], Tensor], words: Words) -> float:
    """Share of held-out captioned pictures whose first caption is among the ten nearest."""
    rows = [i for i in corpus.where(split="test") if corpus.rows[i].captions]
    pictures = shown(torch.from_numpy(corpus.pictures[rows]).to(words.weight.device))
    seen = torch.cat([encode(part) for part in pictures.split(100)])
    texts = words([corpus.rows[i].captions[0] for i in rows])
    scores = seen @ texts.T
    rank = (scores > scores.diagonal()[:, None]).sum(1)
    return round(float((rank < 10).float().mean()), 4)


class Exam:
    """Zero-shot naming of test pictures, over the labels with 20 or more training pictures."""

    def __init__(self, corpus: Corpus) -> None:
        core = [
            i for i, row in enumerate(corpus.rows) if row.shard.startswith("core") and row.labels
        ]
        count = Counter(corpus.rows[i].labels[0] for i in core if corpus.rows[i].split == "train")
        self.labels = sorted(label for label, n in count.items() if n >= 20)
        index = {label: i for i, label in enumerate(self.labels)}
        mine = [
            i for i in core if corpus.rows[i].split == "test" and corpus.rows[i].labels[0] in index
        ]
        order = np.random.default_rng(0).permutation(len(mine))
        self.rows = np.array(mine)[order]
        self.right = torch.tensor([index[corpus.rows[i].labels[0]] for i in self.rows])
        self.kinds = np.array([corpus.rows[i].kind for i in self.rows])
        self.corpus = corpus

    def ranks(
        self,
        encode: Callable[[Tensor], Tensor],
        words: Words,
        *,
        radius: float = 0.0,
        steps: int = 20,
        limit: int | None = None,
    ) -> np.ndarray:
        """Rank of each test picture's right label, 0 the best; attacked if a radius is given."""
        with torch.no_grad():
            texts = words(self.labels)
        out = []
        for start in range(0, len(self.rows[:limit]), 100):
            rows = slice(start, min(start + 100, limit or len(self.rows)))
            pictures = torch.from_numpy(self.corpus.pictures[self.rows[rows]])
            pictures = shown(pictures.to(texts.device))
            right = self.right[rows].to(texts.device)
            if radius:
                pictures = attack(encode, texts, pictures, right, radius, steps)
            with torch.no_grad():
                scores = encode(pictures) @ texts.T
            out.append((scores > scores.gather(1, right[:, None])).sum(1).cpu())
        return torch.cat(out).numpy()


def attack(
    encode, texts: Tensor, pictures: Tensor, right: Tensor, radius: float, steps: int
) -> Tensor:
    """Pictures moved within an L2 ball to be misnamed.

    Source: projected gradient descent, Madry et al. 2018; step 2.5 radius / steps.
    """
    push = torch.zeros_like(pictures)
    for _ in range(steps):
        view = (pictures + push).requires_grad_()
        loss = functional.cross_entropy(20 * encode(view) @ texts.T, right, reduction="sum")
        (slope,) = torch.autograd.grad(loss, view)
        step = functional.normalize(slope.flatten(1), dim=1).view_as(push)
        push = push + 2.5 * radius / steps * step
        length = push.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        push = push * (radius / length.clamp_min(1e-9)).clamp_max(1)
        push = (pictures + push).clamp(0, 1) - pictures
    return pictures + push
