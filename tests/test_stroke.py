"""What a stroke is: taken apart and put together exactly, kept within bounds whatever happens."""

import pytest
import torch

from diavlex import stroke

ASPECTS = [(1.0, 1.0), (1.0, 2.0), (1.5, 1.0)]


def some(count: int = 300, aspect: tuple[float, float] = (1.0, 1.0), seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    lengths = 0.05 + 0.6 * torch.rand(count, generator=generator)
    return stroke.random_actions(lengths, generator, aspect)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_split_and_join_are_inverse(aspect: tuple[float, float]) -> None:
    actions = some(aspect=aspect)
    torch.testing.assert_close(stroke.join(stroke.split(actions)), actions, atol=2e-6, rtol=0)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_bound_and_unbound_are_inverse(aspect: tuple[float, float]) -> None:
    actions = some(aspect=aspect)
    again = stroke.join(stroke.bound(stroke.unbound(actions, aspect), aspect))
    torch.testing.assert_close(again, actions, atol=5e-6, rtol=0)


def test_split_reads_a_stroke_drawn_by_hand() -> None:
    # From (.3 .5) to (.7 .5), bowed down by .1 at the control point, radius .05.
    action = torch.tensor([[0.2, 0.9, 0.05, 0.54, 0.6, 0.7, 0.5, 0.3, 0.5, 0.1, 0.2, 0.3]])
    parts = stroke.split(action)
    expected = torch.tensor([[0.2, 0.5, 0.2, 0.2, 0.9]])  # .05/.25, .1/.2, .04/.2
    torch.testing.assert_close(parts.shapes, expected)
    torch.testing.assert_close(parts.placements, torch.tensor([[0.5, 0.5, 0.25 / 0.86, 0.0]]))
    torch.testing.assert_close(parts.colors, action[:, 9:])


@pytest.mark.parametrize("aspect", ASPECTS)
def test_no_free_number_leaves_the_bounds(aspect: tuple[float, float]) -> None:
    free = 30 * torch.randn(500, 12, generator=torch.Generator().manual_seed(1))
    parts = stroke.bound(free, aspect)
    limits = (stroke.FULLNESS, stroke.BEND, stroke.SKEW, stroke.PRESSURE, stroke.PRESSURE)
    for value, (low, high) in zip(parts.shapes.unbind(-1), limits, strict=True):
        assert value.min() >= low - 2e-3
        assert value.max() <= high + 2e-3
    reach = parts.placements[:, 2:].norm(dim=-1) * stroke.REACH
    assert reach.min() >= stroke.HALF_LENGTH[0] - 1e-4
    assert reach.max() <= stroke.HALF_LENGTH[1] + 1e-4
    assert parts.colors.min() >= 0
    assert parts.colors.max() <= 1


def test_gradients_are_right() -> None:
    free = torch.randn(3, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(2))

    def bound(free: torch.Tensor) -> tuple[torch.Tensor, ...]:
        parts = stroke.bound(free)
        return parts.shapes, parts.placements, parts.colors

    assert torch.autograd.gradcheck(bound, (free.requires_grad_(),))
    assert torch.autograd.gradcheck(lambda free: stroke.join(stroke.bound(free)), (free,))


def test_moving_a_stroke_changes_its_place_alone() -> None:
    actions = some(20)
    moved = actions.clone()
    moved[:, [3, 5, 7]] += 0.11
    before, after = stroke.split(actions), stroke.split(moved)
    torch.testing.assert_close(after.shapes, before.shapes, atol=1e-4, rtol=0)
    shift = after.placements - before.placements
    expected = torch.tensor([0.11, 0, 0, 0]).expand(20, 4)
    torch.testing.assert_close(shift, expected, atol=1e-5, rtol=0)


def test_a_seed_gives_the_same_strokes() -> None:
    assert torch.equal(some(seed=5), some(seed=5))
    assert not torch.equal(some(seed=5), some(seed=6))
