"""The one interface of all that judges a canvas."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import nn

from diavlex.guides.imagination import Imagined, Subject
from diavlex.tensors import Embeddings, Features, Pictures


@dataclass(frozen=True)
class Seen:
    """What a guide makes of pictures, one row each."""

    vectors: Embeddings
    """As `Guide.encode_image` gives them."""
    features: Features | None = None
    """What was found before it was put into words, from guides that can imagine."""


class Guide(nn.Module, ABC):
    """A text-image model: words and pictures become unit vectors; near ones mean the same."""

    name: str
    """As given to `--guide`."""
    side_px: int
    """Side of the pictures it was trained on; other sizes are resampled to it."""
    max_words: int
    """How much of a prompt it reads, in words or tokens."""
    is_small: bool = False
    """Whether it knows little beside everyday things."""
    warmth: float = 20.0
    """How sharply its cosines tell things apart: the multiplier of its logits."""

    is_bfloat16: bool = False
    """Whether it sees in bfloat16, where the device is quick at it."""

    @abstractmethod
    def encode_text(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts, one each; not differentiable."""

    def unread(self, text: str) -> str:
        """The words at the end of a text that the guide does not read; empty if it reads all."""
        return " ".join(text.split()[self.max_words :])

    def unknown(self, text: str) -> list[str]:
        """The words of a text that mean nothing to the guide."""
        return []

    @abstractmethod
    def encode_image(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], of any size; differentiable in the pictures."""

    def see(self, pictures: Pictures) -> Seen:
        """The vectors of pictures and what else the guide finds in them; differentiable."""
        return Seen(self.encode_image(pictures))

    def imagine(self, texts: list[str], *, is_photo: bool = False) -> Imagined | None:
        """What pictures of texts look like; None from guides that cannot imagine.

        Args:
            texts: one or more.
            is_photo: of photos alone: a thing and all that is around it.
        """
        return None

    def imagine_subjects(self, text: str) -> list[Subject]:
        """What each thing of a text looks like, if the text says where they are, or how many.

        Empty if not all of them are known, and from guides that cannot imagine.
        """
        return []
