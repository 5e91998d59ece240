"""The one interface of all that judges a canvas."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from torch import Tensor, nn

from diavlex.tensors import Embeddings, Pictures

from .imagination import Imagination


class Guide(nn.Module, ABC):
    """A text-image model: words and pictures become unit vectors; near ones mean the same."""

    name: str
    """As given to `--guide`."""
    side_px: int
    """Side of the pictures it was trained on; other sizes are resampled to it."""
    logit_scale: float = 20.0
    """The multiplier of its cosines where they become logits: how sharply it tells things apart."""

    most_threads: int = 0
    """Threads of a CPU beyond which it gets no faster; 0 where all are of use."""

    @property
    def imagination(self) -> Imagination | None:
        """What says how pictures of words look; None from guides that cannot imagine."""
        return None

    @property
    def inner(self) -> Callable[[Pictures], list[Tensor]] | None:
        """Gives what inner layers find in pictures; None from guides that do not show them.

        One tensor a layer, [batch channels rows columns], from fine to coarse; differentiable.
        """
        return None

    @abstractmethod
    def encode_text(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts, one each; not differentiable."""

    @abstractmethod
    def encode_image(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], of any size; differentiable in the pictures."""

    def remarks(self, prompt: str) -> list[str]:
        """What a person should know before the guide judges a prompt, a sentence each.

        Raises:
            BadValue: the guide can read no word of it.
        """
        return []

    def doubts(self, prompt: str) -> list[str]:
        """Whether a prompt is far from all that the guide knows, a sentence each.

        It is asked where no sketch shows what the prompt says.
        """
        return []
