"""What diavlex remembers of how things look, for every guide: the icons, and words that find them.

They are kept with the weights of the pocket guide, and loaded once in a program.
"""

from functools import cache

import torch

from diavlex import weights
from diavlex.tensors import Embeddings

from .icons import Icons
from .repertoire import Repertoire
from .words import Words

_KEPT_BY = "pocket"


@cache
def recalled() -> Repertoire | None:
    """The things that can be shown; None if the weights hold no icons.

    Raises:
        BadWeights: the weights are missing, altered, or of another version.
    """
    _, tensors = weights.load("guide", _KEPT_BY)

    def part(start: str) -> dict[str, torch.Tensor]:
        return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}

    if not (kept := part("icons.")):
        return None
    with weights.fitting(_KEPT_BY):
        icons, words = Icons.from_tensors(kept), Words.from_tensors(part("words."))
    words.eval().requires_grad_(False)

    def encode(texts: list[str]) -> Embeddings:
        """Vectors of texts; nothing is near to what holds no known word."""
        known = torch.tensor([bool(words.numbers(text)) for text in texts])
        return words(texts) * known[:, None]

    return Repertoire(icons, encode)
