"""Training runs on disk: saved at every report, resumed exactly where they were left."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from diavlex.errors import BadWeights
from diavlex.files import replacing

from .recipes import Recipe
from .trainer import Trainer


def save(trainer: Trainer, path: Path) -> None:
    """Write all that a run needs to be resumed, whole or not at all."""
    state = {
        "recipe": json.dumps(asdict(trainer.recipe)),
        "weights": trainer.learner.weights(),
        "averaged": trainer.averaged,
        "optimizer": trainer.optimizer.state_dict(),
        "log_scale": trainer.learner.log_scale.detach(),
        "generator": trainer.generator.get_state(),
        "samples": trainer.samples,
        "seconds": trainer.seconds,
    }
    with replacing(path) as fresh:
        torch.save(state, fresh)


def resume(trainer: Trainer, path: Path) -> None:
    """Go on from a checkpoint.

    Raises:
        BadWeights: it belongs to another recipe (the difference is shown), or to an older diavlex.
    """
    state = torch.load(path, map_location=trainer.device, weights_only=True)
    _check(state, trainer.recipe, path)
    trainer.learner.load_weights(state["weights"])
    trainer.averaged = state["averaged"]
    trainer.optimizer.load_state_dict(state["optimizer"])
    trainer.learner.log_scale.data.copy_(state["log_scale"])
    trainer.generator.set_state(state["generator"].cpu())
    trainer.samples, trainer.seconds = state["samples"], state["seconds"]


def _check(state: dict[str, Any], recipe: Recipe, path: Path) -> None:
    if "log_scale" not in state:
        raise BadWeights(f"{path} was made by an older diavlex; give another --run folder.")
    mine, other = json.loads(json.dumps(asdict(recipe))), json.loads(state["recipe"])
    if mine == other:
        return
    keys = sorted(k for k in {*mine, *other} if mine.get(k) != other.get(k))
    shown = "; ".join(f"{k}: {other.get(k)} there, {mine.get(k)} here" for k in keys)
    raise BadWeights(f"{path} was made by another recipe ({shown}); give another --run folder.")
