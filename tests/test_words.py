"""The reader: every word counts, unknown words are read in pieces, texts stand alone."""

import pytest
import torch

from diavlex.guides.words import Words
from diavlex.phrases import words_of


@pytest.fixture
def words() -> Words:
    generator = torch.Generator().manual_seed(0)
    vocabulary = ["a", "black", "boat", "ewe", "ing", "sail", "sheep", "white"]
    torch.manual_seed(0)
    return Words.of(vocabulary, torch.randn(8, 16, generator=generator), width=12, hidden=20)


def test_words_of_a_text() -> None:
    assert words_of("A fox's 2 tails, RED-brown!") == ["a", "fox", "2", "tails", "red", "brown"]


def test_vectors_have_unit_length(words: Words) -> None:
    vectors = words(["black sheep", "a", "", "zzz"])
    assert vectors.shape == (4, 12)
    torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(4))


def test_texts_do_not_disturb_each_other(words: Words) -> None:
    texts = ["black sheep", "", "a white boat", "ewe"]
    together = words(texts)
    for text, vector in zip(texts, together, strict=True):
        torch.testing.assert_close(words([text])[0], vector)


def test_each_word_counts(words: Words) -> None:
    black, white, plain = words(["black sheep", "white sheep", "sheep"])
    assert black @ white < 0.999
    assert black @ plain < 0.999


def test_unknown_words_are_read_in_known_pieces(words: Words) -> None:
    assert words.numbers("sailingboat") == words.numbers("sail ing boat")
    assert words.numbers("xsheep") == words.numbers("sheep")
    assert words.numbers("qqqq") == []


def test_written_and_read_again(words: Words) -> None:
    again = Words.from_tensors(words.to_tensors())
    torch.testing.assert_close(again(["a black boat"]), words(["a black boat"]))
    half = {k: v.half() if v.dtype == torch.float32 else v for k, v in words.to_tensors().items()}
    torch.testing.assert_close(Words.from_tensors(half)(["ewe"]), words(["ewe"]), atol=2e-3, rtol=0)
