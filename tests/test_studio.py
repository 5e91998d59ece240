"""The loop: a seed decides everything, a kept state goes on as if nothing had happened."""

import pytest
import torch

from diavlex import brushes, guides
from diavlex.config import PaintConfig
from diavlex.guides.things import rivals
from diavlex.objective import target
from diavlex.studio import Studio, planting, schedule

SMALL = {"strokes": 24, "steps": 12, "views": 4, "canvas_px": 64, "replant": 4}


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


def studio(guide: guides.Guide, **choices) -> Studio:
    config = PaintConfig(**(SMALL | choices))
    aim = target(guide, "a yellow sunflower", rivals(), config.contrast)
    return Studio(config, brushes.load(config.brush), [aim])


def run(easel: Studio) -> torch.Tensor:
    for _ in easel.paint():
        pass
    return easel.actions().detach()


def test_a_seed_decides_everything(guide: guides.Guide) -> None:
    first, again, other = (run(studio(guide, seed=s)) for s in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("stop", [0, 1, 4, 7, 11])
def test_a_kept_state_goes_on(guide: guides.Guide, stop: int) -> None:
    whole = run(studio(guide))
    easel = studio(guide)
    for _ in range(stop):
        easel.step()
    later = studio(guide)
    later.load_state(easel.state())
    assert torch.equal(run(later), whole)


def test_steps_are_told(guide: guides.Guide) -> None:
    steps = list(studio(guide).paint())
    assert [s.index for s in steps] == list(range(1, 13))
    assert all(s.actions.shape == (24, 12) for s in steps)
    assert all(torch.isfinite(s.actions).all() for s in steps)


def test_the_canvas_comes_to_show_what_was_asked(guide: guides.Guide) -> None:
    steps = list(studio(guide, steps=60, strokes=60, views=6).paint())
    assert sum(s.cosine for s in steps[-5:]) / 5 > sum(s.cosine for s in steps[:5]) / 5 + 0.1


def test_when_strokes_are_replanted() -> None:
    fired = [i for i in range(1, 101) if schedule.is_replanting(i, 100, 25)]
    assert fired == [25, 50]
    assert not any(schedule.is_replanting(i, 100, 0) for i in range(1, 101))


def test_replanting_moves_only_what_does_not_help(guide: guides.Guide) -> None:
    easel = studio(guide, replant=0)
    for _ in range(3):
        easel.step()
    easel.use = torch.ones(24)
    easel.use[[5, 9]] = -1.0
    before = easel.actions().detach()
    picture = torch.rand(3, 64, 64, requires_grad=True)
    (picture - 0.2).square().sum().backward()
    easel._replant(picture.detach(), picture.grad)
    changed = (easel.actions().detach() != before).any(1).nonzero()[:, 0].tolist()
    assert set(changed) <= {5, 9}
    assert changed


def test_rates_rise_then_fall() -> None:
    rates = [schedule.rate(k / 100) for k in range(1, 101)]
    top = rates.index(max(rates))
    assert top == 3
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(schedule.REST)


def test_the_ground_is_random_early_only() -> None:
    assert [k for k in range(10) if schedule.is_ground_random(k / 10)] == [0, 1, 2, 3, 4]


def test_strokes_start_large_and_end_small() -> None:
    lengths = planting.half_lengths(50, 0.5, 0.05)
    assert lengths[0] == pytest.approx(0.5)
    assert lengths[-1] == pytest.approx(0.05)
    assert (lengths.diff() < 0).all()
