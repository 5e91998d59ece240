"""The exam of a guide: naming test pictures, also under attack, and finding their captions."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from diavlex.guides.words import Words
from diavlex.tensors import Embeddings, Pictures

from .attack import attack
from .corpus import Corpus, Row, shown

Encode = Callable[[Pictures], Embeddings]
"""Unit vectors of pictures, sRGB in [0, 1], 64 px."""
_BATCH = 100
_FEWEST = 20
"""Training pictures of a label that the exam asks for."""
_STRIDE = 2.5
"""Length of an attack's steps together, in radii."""
_LOGIT_SCALE = 20.0
"""What cosines are multiplied by in the loss that an attack raises."""


def examine(corpus: Corpus, encode: Encode, words: Words, attacked: int = 500) -> dict[str, Any]:
    """The scores for a guide's card: naming, by kind of picture, under attack, finding captions.

    Args:
        corpus: whose test pictures are shown.
        encode: the guide's eye.
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
def _found(corpus: Corpus, encode: Encode, words: Words) -> float:
    """Share of held-out captioned pictures whose first caption is among the ten nearest."""
    rows = [i for i in corpus.where(split="test") if corpus.rows[i].captions]
    pictures = shown(torch.from_numpy(corpus.pictures[rows]).to(words.weight.device))
    vectors = torch.cat([encode(part) for part in pictures.split(_BATCH)])
    texts = words([corpus.rows[i].captions[0] for i in rows])
    ranks = _ranks(vectors @ texts.T, torch.arange(len(rows), device=texts.device))
    return round(float((ranks < 10).float().mean()), 4)


class Exam:
    """Naming of test pictures among all labels that have 20 or more training pictures."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        named = {i: row.labels[0] for i, row in enumerate(corpus.rows) if _is_asked(row)}
        count = Counter(label for i, label in named.items() if corpus.rows[i].split == "train")
        self.labels = sorted(label for label, n in count.items() if n >= _FEWEST)
        index = {label: number for number, label in enumerate(self.labels)}
        test = [i for i in named if corpus.rows[i].split == "test" and named[i] in index]
        self.rows = np.random.default_rng(0).permutation(np.array(test, dtype=np.int64))
        self.right = torch.tensor([index[named[i]] for i in self.rows])
        self.kinds = np.array([corpus.rows[i].kind for i in self.rows])

    def ranks(
        self,
        encode: Encode,
        words: Words,
        *,
        radius: float = 0.0,
        steps: int = 20,
        limit: int | None = None,
    ) -> np.ndarray:
        """Rank of each test picture's right label, 0 the best.

        Args:
            encode: the guide's eye.
            words: the guide's reader.
            radius: of the attack (L2, pixels in [0, 1]); without one, there is no attack.
            steps: of the attack.
            limit: how many pictures are shown at most.
        """
        with torch.no_grad():
            texts = words(self.labels)
        rows, out = self.rows[:limit], []
        for at in range(0, len(rows), _BATCH):
            pictures = torch.from_numpy(self.corpus.pictures[rows[at : at + _BATCH]])
            pictures = shown(pictures.to(texts.device))
            right = self.right[: len(rows)][at : at + _BATCH].to(texts.device)
            if radius:
                pictures = pictures + misnaming(encode, texts, pictures, right, radius, steps)
            with torch.no_grad():
                out.append(_ranks(encode(pictures) @ texts.T, right).cpu())
        return torch.cat(out).numpy()


def _is_asked(row: Row) -> bool:
    return row.shard.startswith("core") and bool(row.labels)


def misnaming(
    encode: Encode,
    texts: Float[Tensor, "labels features"],
    pictures: Pictures,
    right: Int[Tensor, " batch"],
    radius: float,
    steps: int,
) -> Pictures:
    """Changes to pictures, within an L2 ball, by which they are misnamed; they stay in [0, 1].

    Args:
        encode: unit vectors of pictures.
        texts: unit vectors of the labels.
        pictures: sRGB in [0, 1].
        right: the number of each one's label.
        radius: of the ball.
        steps: of the attack.
    """

    def loss(changed: Tensor) -> Tensor:
        scores = _LOGIT_SCALE * encode(changed) @ texts.T
        return functional.cross_entropy(scores, right, reduction="sum")

    return attack(loss, pictures, radius, steps, stride=_STRIDE, is_clamped=True)


def _ranks(
    scores: Float[Tensor, "pictures texts"], right: Int[Tensor, " pictures"]
) -> Int[Tensor, " pictures"]:
    """How many texts score higher than each picture's right one."""
    return (scores > scores.gather(1, right[:, None])).sum(1)
