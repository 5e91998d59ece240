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


def test_columns_are_those_of_the_names() -> None:
    columns = {
        "pressure": stroke.PRESSURES, "size": stroke.SIZE, "control": stroke.CONTROL,
        "end": stroke.END, "start": stroke.START,
    }  # fmt: skip
    for word, column in columns.items():
        assert all(word in name for name in stroke.NAMES[column]), word
    assert stroke.NAMES[stroke.COLOR] == ("red", "green", "blue")
    sizes = [len(stroke.NAMES[column]) for column in (*columns.values(), stroke.COLOR)]
    assert sizes == [2, 1, 2, 2, 2, 3]


def test_points_of_a_stroke_drawn_by_hand() -> None:
    actions = torch.tensor([[0.2, 0.9, 0.05, 0.54, 0.6, 0.7, 0.5, 0.3, 0.5, 0.1, 0.2, 0.3]])
    start, control, end = stroke.points(actions)
    assert start.tolist() == [[pytest.approx(0.3), 0.5]]
    assert control.tolist() == [[pytest.approx(0.54), pytest.approx(0.6)]]
    assert end.tolist() == [[pytest.approx(0.7), 0.5]]
    path = stroke.path(actions, torch.tensor([0.0, 0.5, 1.0]))
    middle = (start + 2 * control + end) / 4
    torch.testing.assert_close(path, torch.stack([start, middle, end], 1))
    torch.testing.assert_close(stroke.midpoints(actions), middle)


def test_a_path_keeps_to_a_batch() -> None:
    actions = torch.stack([some(5, seed=1), some(5, seed=2)])
    times = torch.linspace(0, 1, 7)
    path = stroke.path(actions, times)
    assert path.shape == (2, 5, 7, 2)
    torch.testing.assert_close(path[1], stroke.path(actions[1], times), atol=0, rtol=0)
    torch.testing.assert_close(stroke.lengths(actions)[1], stroke.lengths(actions[1]))


def test_lengths_are_those_of_the_path() -> None:
    actions = some(50)
    fine = stroke.path(actions.double(), torch.linspace(0, 1, 2001).double())
    exact = fine.diff(dim=-2).norm(dim=-1).sum(-1).float()
    torch.testing.assert_close(stroke.lengths(actions), exact, atol=0, rtol=5e-3)
    straight = actions.clone()
    start, _, end = stroke.points(straight)
    straight[:, stroke.CONTROL] = (start + end) / 2
    torch.testing.assert_close(stroke.lengths(straight), (end - start).norm(dim=-1))


def test_a_path_is_the_same_in_the_stroke_s_own_frame() -> None:
    """By points, by the polynomial, and put on the canvas: where the stroke itself runs."""
    actions = some(30).double()
    parts = stroke.split(actions)
    time = torch.linspace(0, 1, 9).double()[:, None]
    start, pull, turn = (part[:, None] for part in stroke.frame_polynomial(parts.shapes))
    own = start + 2 * pull * time + turn * time**2
    for shape, expected in zip(parts.shapes.tolist(), own, strict=True):
        start, control, end = torch.tensor(stroke.frame_points(*shape[:3])).double()
        torch.testing.assert_close(stroke.curve(start, control, end, time), expected)
    x, y = own.unbind(-1)
    along, across = parts.axes[:, None], stroke._turned(parts.axes)[:, None]
    placed = parts.centers[:, None] + x[..., None] * along + y[..., None] * across
    torch.testing.assert_close(placed, stroke.path(actions, time[:, 0]), atol=1e-9, rtol=0)


def test_gradients_of_the_geometry_are_right() -> None:
    actions = some(3).double().requires_grad_()
    times = torch.linspace(0, 1, 4).double()
    for measure in (lambda a: stroke.path(a, times), stroke.lengths, stroke.midpoints):
        assert torch.autograd.gradcheck(measure, (actions,))
