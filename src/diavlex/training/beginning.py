"""How a training run begins: as a network that others published, or as a guide that is there."""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex import weights
from diavlex.guides.pocket import PX
from diavlex.guides.words import Words

from .trainer import Trainer
from .tutor import published

_RIDGE_BATCHES, _RIDGE, _GAIN = 80, 0.2, 4.0
_NOISE = 0.5
"""Length of the noise on the pictures that the head is fitted to."""
_MEAN_SHARE = 0.3
"""How much of the labels' mean the vectors of pictures keep."""
_LOGIT_SCALE = 25.0


@torch.no_grad()
def begin(trainer: Trainer) -> None:
    """Put a published network into the eye, and a head that names pictures by ridge regression.

    Raises:
        BadValue: the package with the network is not installed.

    Source: ridge regression, Hoerl and Kennard 1970.
    """
    learner, recipe = trainer.learner, trainer.recipe
    body = published(recipe.published, recipe.width).body
    learner.eye.body.load_state_dict(body.state_dict())
    labels = functional.normalize(learner.words(trainer.pool.labels), dim=-1)
    mean = labels.mean(0)
    found, wanted = _samples(trainer, labels - mean)
    weight, bias = ridge(found, wanted, _RIDGE)
    learner.eye.head.weight.copy_(_GAIN * weight)
    learner.eye.head.bias.copy_(_GAIN * (bias + _MEAN_SHARE * mean))
    learner.log_scale.fill_(math.log(_LOGIT_SCALE))
    trainer.restart_averages()


def begin_as(trainer: Trainer, name: str) -> bool:
    """Begin with the words of a guide, and with its eye where it has the same layers.

    Returns:
        Whether the eye was taken as well.

    Raises:
        UnknownName: no such guide.
    """
    card, tensors = weights.load("guide", name)
    tensors = {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
    learner, recipe = trainer.learner, trainer.recipe
    words = Words.from_tensors(_part(tensors, "words."))
    if words.vocabulary == learner.words.vocabulary:
        learner.words.load_state_dict(words.state_dict())
    layers: dict[str, object] = {"width": recipe.width}
    layers |= {"widths": list(recipe.widths), "blocks": list(recipe.blocks)}
    is_same = all(card.settings.get(key) == value for key, value in layers.items())
    if is_same:
        learner.eye.load_state_dict(_part(tensors, "eye."), strict=False)
    trainer.restart_averages()
    return is_same


def _part(tensors: dict[str, Tensor], start: str) -> dict[str, Tensor]:
    return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}


def _samples(
    trainer: Trainer, labels: Float[Tensor, "labels features"]
) -> tuple[Float[Tensor, "pictures channels"], Float[Tensor, "pictures features"]]:
    """What the eye finds in noisy pictures, and the vectors of their main labels."""
    known, found, wanted = trainer.pool.known, [], []
    for _ in range(_RIDGE_BATCHES):
        rows = trainer.pool.draw(trainer.recipe.batch, trainer.generator)
        rows = rows[[bool(known[i]) for i in rows]]
        view = trainer.view(rows)
        view = view + _NOISE * trainer.noise(view.shape)
        with torch.autocast(trainer.device.type, torch.bfloat16):
            found.append(trainer.learner.eye.features(view, PX).float())
        wanted.append(labels[[known[i][0] for i in rows]])
    return torch.cat(found), torch.cat(wanted)


def ridge(
    found: Float[Tensor, "samples channels"],
    wanted: Float[Tensor, "samples features"],
    share: float,
) -> tuple[Float[Tensor, "features channels"], Float[Tensor, " features"]]:
    """The linear layer, as weight and bias, that comes nearest to what is wanted.

    Args:
        found: the layer's input.
        wanted: its output.
        share: penalty on the weight, in mean variances of the input.
    """
    center, mean = found.mean(0), wanted.mean(0)
    x = found - center
    penalty = share * len(x) * x.var(0).mean() * torch.eye(x.shape[1], device=x.device)
    weight = torch.linalg.solve(x.T @ x + penalty, x.T @ wanted).T
    return weight, mean - weight @ center
