"""The words: what is wanted draws, what is not wanted pushes, all by their weights."""

import pytest
import torch

from diavlex import guides
from diavlex.config import Weighted
from diavlex.objective.reading import Reading, encode, read_prompt
from diavlex.objective.words import distance

THINGS = ["a boat", "a sheep", "a red rose", "random brushstrokes"]


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


@pytest.fixture(scope="module")
def vectors(guide: guides.Guide) -> torch.Tensor:
    views = torch.rand(5, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    return guide.encode_image(views)


def reading(guide: guides.Guide, prompt: str, *also: tuple[str, float]) -> Reading:
    return read_prompt(guide, prompt, THINGS, also=[Weighted(*pair) for pair in also])


def test_weights_add_up(guide: guides.Guide, vectors: torch.Tensor) -> None:
    def loss(prompt: str, *also: tuple[str, float]) -> float:
        return float(distance(vectors, reading(guide, prompt, *also), 0.0))

    hill, boat = loss("a green hill"), loss("a boat")
    assert loss("a green hill", ("a boat", 0.5)) == pytest.approx(hill + 0.5 * boat, abs=1e-5)
    assert loss("a green hill", ("a boat", -0.3)) == pytest.approx(hill - 0.3 * boat, abs=1e-5)


def test_contrast_counts_what_is_wanted_only(guide: guides.Guide, vectors: torch.Tensor) -> None:
    def loss(*also: tuple[str, float]) -> float:
        return float(distance(vectors, reading(guide, "a green hill", *also), 1.0))

    assert loss(("a boat", -0.3)) == pytest.approx(loss(), abs=1e-6)
    assert loss(("a windmill", 0.5)) > loss() + 0.01


def test_what_is_wanted_is_no_negative(guide: guides.Guide) -> None:
    def negatives(*also: tuple[str, float]) -> int:
        return len(reading(guide, "a green hill", *also).negatives)

    assert negatives() == negatives(("a boat", -0.3)) == 4
    assert negatives(("a boat", 0.3)) == 3


def test_templates_are_averaged(guide: guides.Guide) -> None:
    phrases = ("{}", "a painting of {}")
    plain, other = guide.encode_text(["a {boat}"]), guide.encode_text(["a painting of a {boat}"])
    mean = torch.nn.functional.normalize((plain + other) / 2, dim=-1)
    torch.testing.assert_close(encode(guide, ["a {boat}"], phrases), mean)
    assert torch.equal(encode(guide, ["a {boat}"], ("{}",)), plain)
