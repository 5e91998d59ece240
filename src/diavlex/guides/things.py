"""Everyday things: what a prompt is told apart from, and what a small guide knows."""

from functools import cache
from importlib import resources

import torch

from diavlex.guides.guide import Guide

FAMILIAR = 0.55
"""A prompt that no thing is nearer to than this is far from what the pocket guide knows."""

NOTHING = "random brushstrokes"
"""What strokes that show nothing are called; always told apart from the prompt."""


@cache
def things() -> tuple[str, ...]:
    """The labels that have twenty or more training pictures, sorted."""
    text = resources.files("diavlex.guides").joinpath("things.txt").read_text(encoding="utf-8")
    return tuple(text.split("\n")[:-1])


def negatives() -> list[str]:
    """What a prompt is told apart from: all things, and nothing."""
    return [*things(), NOTHING]


def nearest(guide: Guide, prompt: str, count: int = 3) -> list[tuple[str, float]]:
    """The things nearest to a prompt as a guide reads it, nearest first, with their cosines."""
    known = list(things())
    cosines = (guide.encode_text([prompt]) @ guide.encode_text(known).T)[0]
    best = torch.topk(cosines, count)
    return [(known[i], float(c)) for c, i in zip(best.values, best.indices.tolist(), strict=True)]
