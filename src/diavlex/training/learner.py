"""What learns: an eye, a reader and the scale of their cosines."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from diavlex.guides.pocket import Eye
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings, Pictures

from .recipes import Recipe
from .seeds import seeded
from .tutor import channels_last

_FIRST_SCALE = 14.0
_FROZEN = ("table", "scale")
"""The reader's word vectors, which stay as its teacher gave them."""


class Learner(nn.Module):
    """The networks of a guide while they learn; they work in bfloat16 where torch can."""

    def __init__(self, recipe: Recipe, words: Words, device: torch.device) -> None:
        super().__init__()
        with seeded(recipe.seed):
            eye = Eye(recipe.widths, recipe.blocks, recipe.width)
        self.eye = channels_last(eye.to(device))
        self.words = words.to(device)
        self.log_scale = nn.Parameter(torch.tensor(math.log(_FIRST_SCALE), device=device))

    @property
    def device(self) -> torch.device:
        """Where the networks are."""
        return self.log_scale.device

    @property
    def logit_scale(self) -> Tensor:
        """What cosines are multiplied by before the softmax."""
        return self.log_scale.exp()

    def encode(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], 64 px."""
        with torch.autocast(self.device.type, torch.bfloat16):
            vectors = self.eye(pictures.contiguous(memory_format=torch.channels_last))
        return functional.normalize(vectors.float(), dim=-1)

    def read(self, numbers: Tensor, owner: Tensor) -> Embeddings:
        """Unit vectors of texts that `Words.spell` has turned into word numbers."""
        with torch.autocast(self.device.type, torch.bfloat16):
            return self.words.read(numbers, owner).float()

    def groups(self, recipe: Recipe) -> list[dict[str, Any]]:
        """The optimizer's groups of parameters, each with its learning rate and weight decay."""
        reader = [p for p in self.words.parameters() if p is not self.words.weight]
        heads = [*self.eye.head.parameters(), self.words.weight, self.log_scale]
        return [
            _group(list(self.eye.body.parameters()), recipe.rate, recipe.decay),
            _group(reader, recipe.reader_rate),
            _group(heads, recipe.head_rate),
        ]

    def weights(self) -> dict[str, Tensor]:
        """The tensors of eye and reader by name, without the frozen word vectors; not copied."""
        return {
            f"{part}.{key}": value
            for part, module in (("eye", self.eye), ("words", self.words))
            for key, value in module.state_dict().items()
            if key not in _FROZEN
        }

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Put tensors into eye and reader; what is not given stays."""
        for part, module in (("eye", self.eye), ("words", self.words)):
            start = f"{part}."
            own = {k.removeprefix(start): v for k, v in weights.items() if k.startswith(start)}
            module.load_state_dict(own, strict=False)


def _group(params: Sequence[nn.Parameter], rate: float, decay: float = 0.0) -> dict[str, Any]:
    return {"params": params, "rate": rate, "weight_decay": decay}
