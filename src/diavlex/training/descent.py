"""Improves a network step by step, with checkpoints from which it goes on."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from diavlex.files import replacing
from diavlex.tensors import Patches

CHECKPOINT_STEPS = 250
_REPORT_STEPS = 50


@dataclass(frozen=True)
class Progress:
    """Where a training stands."""

    phase: str
    """strokes | steps | far strokes | far steps | done"""
    done: int
    total: int
    scores: dict[str, float]
    """loss while training; at the end those of the card."""


def descend(
    phase: str,
    network: nn.Module,
    loss_of: Callable[[torch.Generator], Tensor],
    path: Path,
    *,
    steps: int,
    rate: float,
    seed: int,
) -> Iterator[Progress]:
    """Improve a network for some steps; goes on at its checkpoint, if there is one.

    Args:
        phase: what to call it.
        network: changed in place.
        loss_of: the loss of a batch drawn with a generator, which each step has of its own.
        path: of the checkpoint, written every `CHECKPOINT_STEPS`.
        steps: how many in all.
        rate: the learning rate at its highest.
        seed: of the generators.
    """
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-4)
    begun = _resume(network, optimizer, path)
    for step in range(begun + 1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = rate * _schedule(step, steps)
        loss = loss_of(torch.Generator().manual_seed(seed * 1_000_003 + step))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if step % CHECKPOINT_STEPS == 0:
            parts = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
            with replacing(path) as fresh:
                torch.save(parts | {"step": step}, fresh)
        if step % _REPORT_STEPS == 0 or step == steps:
            yield Progress(phase, step, steps, {"loss": float(loss.detach())})


def _resume(network: nn.Module, optimizer: torch.optim.Optimizer, path: Path) -> int:
    """Load a checkpoint, if there is one; returns the steps that are done."""
    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return state["step"]


def difference(guess: Patches, truth: Patches) -> Float[Tensor, ""]:
    """How far patches are from what they should be: absolute and squared error, and of edges."""
    error = guess - truth
    edges = error.diff(dim=1).abs().mean() + error.diff(dim=2).abs().mean()
    return error.abs().mean() + 2 * error.square().mean() + 0.5 * edges


def _schedule(step: int, steps: int) -> float:
    """What the learning rate is multiplied by: rises over 200 steps, falls along a cosine."""
    return min(1, step / 200) * (0.5 + 0.5 * math.cos(math.pi * step / steps) + 0.005)
