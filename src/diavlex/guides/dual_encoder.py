"""A guide made of two transformers towers, one that reads words and one that sees pictures."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from diavlex.device import in_bfloat16
from diavlex.errors import BadWeights
from diavlex.tensors import Embeddings, Pictures

from .guide import Guide
from .hub import cure
from .lens import Lens, Pixels, cut_patches


@dataclass(frozen=True)
class Habits:
    """How a model's texts were written when it was trained."""

    most_tokens: int
    """With the marks for start and end."""
    is_lowercase: bool = False
    is_masked: bool = True
    """Whether the padding after a text was hidden from the model."""


class DualEncoder(Guide):
    """A frozen text tower and a frozen picture tower with one space between them."""

    is_bfloat16 = False
    """Whether it sees in bfloat16, where the device is quick at it."""

    def __init__(
        self, name: str, model: nn.Module, tokenizer: Any, lens: Lens, habits: Habits
    ) -> None:
        super().__init__()
        self.name = name
        self.side_px = lens.sight.side_px
        self.max_words = habits.most_tokens
        """How much of a prompt it reads, in tokens."""
        self.model: Any = model.requires_grad_(False)
        self.lens = lens
        self.tokenizer = tokenizer
        self.habits = habits
        self.eval()

    def train(self, mode: bool = True) -> "DualEncoder":
        """Stays as it was trained, whatever the loop around it does."""
        return super().train(False)

    @torch.no_grad()
    def encode_text(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts; what is beyond `max_words` is not read (see `unread`)."""
        tokens = self._tokenize(texts)
        return F.normalize(self.model.get_text_features(**tokens).pooler_output, dim=-1)

    def encode_image(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], of any size; differentiable in the pictures.

        A model that was trained on squares cut from the middle sees only that middle.
        """
        seen = self._tiled(self.lens(pictures))
        with in_bfloat16(pictures.device.type, is_asked=self.is_bfloat16):
            features = self.model.get_image_features(**seen).pooler_output
        return F.normalize(features.to(pictures.dtype), dim=-1)

    def remarks(self, prompt: str) -> list[str]:
        """Whether it reads only the beginning of a prompt."""
        unread = self.unread(prompt)
        told = f"{self.name} reads only the beginning of the prompt, not: '{unread}'."
        return [told] if unread else []

    def unread(self, text: str) -> str:
        """The words at the end of a text that the guide does not read; empty if it reads all."""
        words = text.split()
        counts = range(len(words) + 1)
        over = bisect_right(counts, self.max_words, key=lambda n: self._count(" ".join(words[:n])))
        return " ".join(words[over - 1 :])

    def _tokenize(self, texts: list[str]) -> dict[str, Tensor]:
        tokens = self.tokenizer(
            [self._written(text) for text in texts],
            padding="max_length",
            max_length=self.max_words,
            truncation=True,
            return_tensors="pt",
        )
        wanted = ("input_ids", "attention_mask") if self.habits.is_masked else ("input_ids",)
        return {key: tokens[key].to(self.lens.mean.device) for key in wanted}

    def _count(self, text: str) -> int:
        return len(self.tokenizer(self._written(text), verbose=False)["input_ids"])

    def _written(self, text: str) -> str:
        return text.lower() if self.habits.is_lowercase else text

    def _tiled(self, pixels: Pixels) -> dict[str, Tensor]:
        """Pixels as the picture tower takes them."""
        if self.lens.sight.fit != "patches":
            return {"pixel_values": pixels}
        patches = cut_patches(pixels, self.lens.sight.patch_px)
        rows, columns = (side // self.lens.sight.patch_px for side in pixels.shape[-2:])
        return {
            "pixel_values": patches,
            "pixel_attention_mask": torch.ones(
                patches.shape[:2], dtype=torch.int32, device=pixels.device
            ),
            "spatial_shapes": torch.tensor([[rows, columns]] * len(pixels), device=pixels.device),
        }


def check_weights(model: nn.Module, report: dict[str, Any], source: Path) -> None:
    """Refuse a model that is not all there.

    Raises:
        BadWeights: a tensor is missing, or holds numbers that are not finite.
    """
    if missing := sorted(report["missing_keys"]):
        raise BadWeights(
            f"{source} lacks {len(missing)} of the model's tensors (first: {missing[0]}); "
            f"{cure(source)}."
        )
    for name, value in model.named_parameters():
        if not torch.isfinite(value).all():
            raise BadWeights(f"{source} holds NaN or infinity in '{name}'; {cure(source)}.")


def check_words(folder: Path, tokenizer: Any, places: int) -> None:
    """Refuse a tokenizer that is not the one the text tower was trained with.

    Raises:
        BadWeights: it writes tokens for which the tower has no place.
    """
    if (highest := max(tokenizer("a photo")["input_ids"])) >= places:
        raise BadWeights(
            f"the tokenizer in {folder} is not the model's own: it writes token {highest}, and the "
            f"weights know {places} tokens; {cure(folder)}."
        )


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers' bars and notes off the terminal; what matters is raised."""
    from transformers.utils import logging

    level, has_bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if has_bars:
            logging.enable_progress_bar()
