"""The objective: what is wanted draws, what is not wanted pushes, all by their weights."""

import pytest
import torch

from diavlex import guides
from diavlex.guides.imagination import FINE, PLACES, layout
from diavlex.objective import read, target

THINGS = ["a boat", "a sheep", "a red rose", "random brushstrokes"]


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


@pytest.fixture(scope="module")
def looks() -> torch.Tensor:
    return torch.rand(5, 3, 64, 64, generator=torch.Generator().manual_seed(0))


def test_weights_add_up(guide: guides.Guide, looks: torch.Tensor) -> None:
    def loss(prompt: str, *also: tuple[str, float]) -> float:
        return float(target(guide, prompt, THINGS, 0.0, also=also)(looks).total)

    hill, boat = loss("a green hill"), loss("a boat")
    assert loss("a green hill", ("a boat", 0.5)) == pytest.approx(hill + 0.5 * boat, abs=1e-5)
    assert loss("a green hill", ("a boat", -0.3)) == pytest.approx(hill - 0.3 * boat, abs=1e-5)


def test_contrast_counts_what_is_wanted_only(guide: guides.Guide, looks: torch.Tensor) -> None:
    def loss(*also: tuple[str, float]) -> float:
        return float(target(guide, "a green hill", THINGS, 1.0, also=also)(looks).total)

    assert loss(("a boat", -0.3)) == pytest.approx(loss(), abs=1e-6)
    assert loss(("a windmill", 0.5)) > loss() + 0.01


def test_what_is_wanted_is_no_rival(guide: guides.Guide) -> None:
    def rivals(*also: tuple[str, float]) -> int:
        return len(target(guide, "a green hill", THINGS, 0.3, also=also).rivals)

    assert rivals() == rivals(("a boat", -0.3)) == 4
    assert rivals(("a boat", 0.3)) == 3


def test_the_cosine_told_is_that_of_the_prompt(guide: guides.Guide, looks: torch.Tensor) -> None:
    alone = target(guide, "a green hill", THINGS, 0.3)(looks).cosine
    both = target(guide, "a green hill", THINGS, 0.3, also=[("a boat", 1.0)])(looks).cosine
    assert float(both) == pytest.approx(float(alone), abs=1e-6)


def test_strength_scales(guide: guides.Guide, looks: torch.Tensor) -> None:
    full, half = (float(target(guide, "a hill", THINGS, 0.3, s)(looks).total) for s in (1.0, 0.5))
    assert half == pytest.approx(full / 2)


def test_templates_are_averaged(guide: guides.Guide) -> None:
    phrases = ("{}", "a painting of {}")
    plain, other = guide.encode_text(["a {boat}"]), guide.encode_text(["a painting of a {boat}"])
    mean = torch.nn.functional.normalize((plain + other) / 2, dim=-1)
    torch.testing.assert_close(read(guide, ["a {boat}"], phrases), mean)
    assert torch.equal(read(guide, ["a {boat}"], ("{}",)), plain)


def test_misplaced_colors_count(guide: guides.Guide) -> None:
    canvas = torch.rand(3, 80, 80, generator=torch.Generator().manual_seed(0))
    for prompt, places in (("a bicycle", FINE), ("a snowy mountain", PLACES)):
        aim = target(guide, prompt, THINGS, 0.3, imagine=1.5)
        assert aim.imagined is not None
        colors = aim.imagined.layouts[0]
        assert colors.shape == (3, places, places)
        apart = (layout(canvas, places) - colors).square().mean()
        torch.testing.assert_close(aim.misplaced(canvas), 1.5 * 10.0 * apart)
