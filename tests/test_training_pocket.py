"""Training a guide: it learns, goes on exactly where it was left, and refuses another's state."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex.errors import BadWeights
from diavlex.guides.pocket import Pocket, build, packed
from diavlex.guides.words import Words
from diavlex.training import exam, pocket
from diavlex.training.corpus import Corpus, Row

HUES = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 40, 210)}
TINY = pocket.Recipe(
    widths=(8, 16), blocks=(1, 1), width=16, batch=24, warm_samples=48, radius=(0.1, 0.5), rate=4e-3
)


@pytest.fixture(scope="module")
def colored() -> Corpus:
    """Pictures of one hue each, named after it."""
    generator = np.random.default_rng(0)
    rows, pictures = [], []
    for i in range(240):
        name = list(HUES)[i % 3]
        noise = generator.integers(-25, 26, (72, 72, 3))
        pictures.append(np.clip(np.array(HUES[name]) + noise, 0, 255).astype(np.uint8))
        split = "test" if i >= 210 else "train"
        captions = (f"all {name} it is",) if i % 2 else ()
        rows.append(Row((name,), captions, "photo", "made", "open", split, "core-0"))
    return Corpus(rows, np.stack(pictures), np.arange(240))


def trainer(colored: Corpus, recipe: pocket.Recipe = TINY) -> pocket.Trainer:
    torch.manual_seed(0)
    vocabulary = ["all", "blue", "green", "is", "it", "red"]
    return pocket.Trainer(recipe, colored, Words(vocabulary, torch.randn(6, 8), recipe.width, 16))


def test_it_learns_to_name(colored: Corpus) -> None:
    *_, last = trainer(colored).train(24 * 60, 24 * 60)
    assert last.top1 > 0.9


def test_it_goes_on_where_it_was_left(colored: Corpus, tmp_path: Path) -> None:
    whole = trainer(colored)
    for _ in range(5):
        whole.step()
    first = trainer(colored)
    for _ in range(2):
        first.step()
    first.save(tmp_path / "checkpoint.pt")
    later = trainer(colored)
    later.resume(tmp_path / "checkpoint.pt")
    for _ in range(3):
        later.step()
    for mine, other in zip(later.averaged.values(), whole.averaged.values(), strict=True):
        assert torch.equal(mine, other)


def test_another_recipe_is_refused(colored: Corpus, tmp_path: Path) -> None:
    trainer(colored).save(tmp_path / "checkpoint.pt")
    other = trainer(colored, replace(TINY, batch=12, seed=3))
    with pytest.raises(BadWeights, match="batch: 24 there, 12 here; seed: 0 there, 3 here"):
        other.resume(tmp_path / "checkpoint.pt")


def test_halves_are_disjoint_and_near_equal(colored: Corpus) -> None:
    one, two = (trainer(colored, replace(TINY, half=h)).pool.rows for h in (0, 1))
    assert not set(one) & set(two)
    assert len(one) + len(two) == 210
    assert abs(len(one) - len(two)) < 60


def test_an_attack_stays_in_its_ball_and_hurts(colored: Corpus) -> None:
    easel = trainer(colored)
    for _ in range(40):
        easel.step()
    test = exam.Exam(colored)
    clean = test.ranks(easel.encode, easel.words)
    hurt = test.ranks(easel.encode, easel.words, radius=30.0, steps=10)
    assert hurt.mean() > clean.mean()
    texts = easel.words(test.labels)
    pictures = torch.rand(4, 3, 64, 64)
    moved = exam.attack(easel.encode, texts, pictures, torch.tensor([0, 1, 2, 0]), 0.7, 5)
    assert ((moved - pictures).flatten(1).norm(dim=1) < 0.7 + 1e-4).all()
    assert ((moved >= 0) & (moved <= 1)).all()


@pytest.mark.parametrize("eye", ["eye", "plain"])
def test_weights_are_read_back(colored: Corpus, eye: str) -> None:
    recipe = replace(TINY, eye=eye)
    easel = trainer(colored, recipe)
    easel.step()
    guide = Pocket("mine", easel.eye.eval(), easel.words)
    settings = {"eye": eye, "widths": [8, 16], "blocks": [1, 1], "width": 16}
    again = build("mine", settings, packed(guide)).eval()
    pictures = torch.rand(2, 3, 50, 70)
    with torch.no_grad():
        torch.testing.assert_close(
            again.encode_image(pictures), guide.encode_image(pictures), atol=5e-3, rtol=0
        )
    torch.testing.assert_close(
        again.encode_text(["red"]), guide.encode_text(["red"]), atol=5e-3, rtol=0
    )


def test_a_run_may_start_from_a_guide_that_is_there(
    colored: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    easel = trainer(colored, replace(TINY, name="mine"))
    for _ in range(3):
        easel.step()
    pocket.export(easel, tmp_path, "a test", {})
    later = trainer(colored, replace(TINY, seed=9))
    later.start_from("mine")
    for key, value in easel.averaged.items():
        torch.testing.assert_close(later.averaged[key], value, atol=2e-3, rtol=2e-3)
    with pytest.raises(BadWeights, match="another make"):
        trainer(colored, replace(TINY, widths=(8, 24))).start_from("mine")


def test_the_card_tells_all(colored: Corpus, tmp_path: Path) -> None:
    easel = trainer(colored)
    easel.step()
    easel.use_averaged()
    scores = exam.examine(colored, easel.encode, easel.words, attacked=20)
    assert scores["pictures"] == 30
    assert scores["photo"]["top5"] == 1.0
    pocket.export(easel, tmp_path, "a test", scores)
    from diavlex import weights

    card = weights.read_card(tmp_path / "pocket.json")
    assert card.trained_on == {"made": "open"}
    assert card.settings["licence_classes"] == ["open"]
    assert card.settings["seed"] == 0
    assert len(card.sha256) == 64
