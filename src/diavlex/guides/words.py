"""The pocket guide's reading: words to one vector, open to words it was never shown."""

import torch
from torch import Tensor, nn

from diavlex.phrases import words_of
from diavlex.tensors import Embeddings

_SHORTEST_PIECE = 3


class Words(nn.Module):
    """A weighted mean of word vectors, through a small network, to a unit vector.

    The word vectors are frozen and come from a sentence encoder that read each word by itself, so
    words of near meaning lie near each other and training on some of them teaches all. The order
    of the words is not seen; each of them always is, so "black sheep" is not "white sheep".
    A word outside the vocabulary is read in the longest known pieces ("sailingboat").

    Args:
        vocabulary: the words.
        inner: numbers of a word's vector.
        width: numbers of a text's vector.
        hidden: width of the network between them.
    """

    def __init__(self, vocabulary: list[str], inner: int, width: int, hidden: int = 512) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.index = {word: i for i, word in enumerate(vocabulary)}
        self.table = nn.Buffer(torch.zeros(len(vocabulary), inner, dtype=torch.int8))
        self.scale = nn.Buffer(torch.zeros(len(vocabulary), 1, dtype=torch.float16))
        self.weight = nn.Parameter(torch.zeros(len(vocabulary)))
        self.straight = nn.Linear(inner, width)
        self.bent = nn.Sequential(nn.Linear(inner, hidden), nn.GELU(), nn.Linear(hidden, width))

    @classmethod
    def of(cls, vocabulary: list[str], vectors: Tensor, width: int, hidden: int = 512) -> "Words":
        """Words that have these vectors, [words inner], kept in a byte a number."""
        words = cls(vocabulary, vectors.shape[1], width, hidden)
        scale = vectors.abs().amax(1, keepdim=True).clamp_min(1e-6) / 127
        words.table = nn.Buffer((vectors / scale).round().to(torch.int8))
        words.scale = nn.Buffer(scale.half())
        return words

    def forward(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts."""
        return self.read(*self.spell(texts))

    def spell(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        """Word numbers of all texts, one after the other, and which text each belongs to.

        The second holds one more at its end: the number of the last text, which may have no words.
        """
        rows = [self.numbers(text) for text in texts]
        owner = [i for i, row in enumerate(rows) for _ in row]
        device = self.weight.device
        flat = torch.tensor([n for row in rows for n in row], dtype=torch.long, device=device)
        return flat, torch.tensor([*owner, len(texts) - 1], dtype=torch.long, device=device)

    def read(self, numbers: Tensor, owner: Tensor) -> Embeddings:
        """Unit vectors of texts that `spell` has turned into word numbers."""
        count, owner = int(owner[-1]) + 1, owner[:-1]
        vectors = self.table[numbers].float() * self.scale[numbers].float()
        weight = torch.exp(self.weight[numbers])[:, None]
        total = torch.zeros(count, vectors.shape[1], device=vectors.device)
        total = total.index_add(0, owner, vectors * weight)
        norm = torch.zeros(count, 1, device=vectors.device).index_add(0, owner, weight)
        mean = total / norm.clamp_min(1e-6)
        return nn.functional.normalize(self.straight(mean) + self.bent(mean), dim=-1)

    def numbers(self, text: str) -> list[int]:
        """Numbers of a text's words, unknown words in pieces."""
        return [n for word in words_of(text) for n in self._pieces(word)]

    def _pieces(self, word: str) -> list[int]:
        if word in self.index:
            return [self.index[word]]
        for end in range(len(word) - 1, _SHORTEST_PIECE - 1, -1):
            if word[:end] in self.index:
                return [self.index[word[:end]], *self._pieces(word[end:])]
        return self._pieces(word[1:]) if len(word) > _SHORTEST_PIECE else []

    def to_tensors(self) -> dict[str, Tensor]:
        """All of it as tensors, the vocabulary as UTF-8."""
        text = bytearray("\n".join(self.vocabulary).encode())
        return self.state_dict() | {"vocabulary": torch.frombuffer(text, dtype=torch.uint8)}

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Words":
        """What `to_tensors` gave, at any precision."""
        vocabulary = tensors["vocabulary"].numpy().tobytes().decode().split("\n")
        width, hidden = tensors["bent.2.weight"].shape
        words = cls(vocabulary, tensors["table"].shape[1], width, hidden)
        words.load_state_dict({k: v for k, v in tensors.items() if k != "vocabulary"})
        return words
