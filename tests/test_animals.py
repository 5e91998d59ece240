"""Animals: whole bodies in a pose, and what they eat, chase or have."""

import pytest
import torch

from diavlex.guides.animals import POSES, acted, beast_of, beasts, creature
from diavlex.guides.arrange import Group, alone
from diavlex.guides.shapes import ellipse, fill
from diavlex.phrases import Noun, parse


def see(noun: Noun) -> Group:
    return alone(noun.name, fill(ellipse((0.5, 0.5), 0.9, 0.9), (0.9, 0.7, 0.2)), 0.2)


def group_of(text: str) -> Group:
    found = acted(parse(text).nouns[0], see)
    assert found is not None
    return found


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("name", ["dog", "mouse", "giraffe", "elephant", "hedgehog"])
def test_a_body_stands_on_the_ground_in_every_pose(name: str, pose: str) -> None:
    shown = creature(beasts()[name], pose)
    seen = shown.cutout.share > 0.5
    assert 0.03 < float(seen.float().mean()) < 0.5
    rows = seen.any(1).nonzero().flatten()
    assert float(rows[-1]) / seen.shape[0] > 0.85
    assert all(0 < v < 1 for v in shown.mouth)


def test_a_running_animal_stretches_its_legs() -> None:
    still, running = (creature(beasts()["dog"], pose).cutout.share > 0.5 for pose in POSES[:3:2])
    wide = [seen.any(0).sum().item() for seen in (still, running)]
    assert wide[1] > 1.05 * wide[0]


def test_a_black_animal_is_told_apart_by_its_eye() -> None:
    cutout = creature(beasts()["dog"], "stand", (0.08, 0.08, 0.09)).cutout
    light = cutout.colors.amax(0)[cutout.share > 0.9]
    assert float(light.max()) > 0.8
    assert float(torch.quantile(light, 0.5)) < 0.2


def test_what_is_eaten_lies_at_the_mouth() -> None:
    mouse, cheese = group_of("a mouse eating cheese").parts
    assert cheese.words == "cheese"
    assert abs(cheese.box[0] - mouse.box[2]) < 0.4 * (cheese.box[2] - cheese.box[0])
    assert cheese.box[3] <= mouse.box[3] + 1e-4


def test_what_is_chased_runs_ahead() -> None:
    cat, prey = group_of("a cat chasing a ball").parts
    assert prey.box[0] > cat.box[2]


def test_a_face_is_enough_where_nothing_is_done() -> None:
    assert acted(Noun("dog"), see) is None
    assert acted(Noun("dog"), see, is_whole=True) is not None
    assert acted(Noun("horse"), see) is not None


def test_a_name_with_an_animal_in_it_may_be_no_animal() -> None:
    for name in ("teddy bear", "hot dog", "sea horse", "chair"):
        assert beast_of(Noun(name)) is None
    assert beast_of(Noun("polar bear")) is beasts()["polar bear"]
    assert beast_of(Noun("wolves")) is beasts()["wolf"]


def test_a_cat_that_sits_looks_at_us() -> None:
    sitting, running = (group_of(f"a cat {deed}") for deed in ("sitting", "running"))
    assert sitting.height > 1.1 * sitting.width
    assert running.width > 1.3 * running.height
    black = acted(parse("a black cat").nouns[0], see, is_whole=True)
    assert black is not None
    cutout = black.parts[0].cutout
    assert float(torch.quantile(cutout.colors.mean(0)[cutout.share > 0.9], 0.5)) < 0.2
