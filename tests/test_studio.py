"""The loop: a seed decides everything, a kept state goes on as if nothing had happened."""

import pytest
import torch

from diavlex import brushes, guides, stroke
from diavlex.config import PRESETS, PaintConfig
from diavlex.guides.things import rivals
from diavlex.guides.views import Gaze, look
from diavlex.objective import target, unrest
from diavlex.studio import Studio, planting, schedule

SMALL = {"strokes": 24, "steps": 12, "views": 4, "canvas_px": 64, "replant": 4}


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


def studio(guide: guides.Guide, **choices) -> Studio:
    config = PaintConfig(**(SMALL | choices))
    aim = target(guide, "a yellow sunflower", rivals(), config.contrast, imagine=config.imagine)
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
    easel._replant(picture, [])
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


def test_rates_of_clipdraw_drop_twice() -> None:
    rates = [schedule.rate(k / 100, "clipdraw") for k in range(1, 101)]
    assert rates == [1.0] * 49 + [0.4] * 25 + [0.1] * 26


def test_the_ground_is_random_early_only(guide: guides.Guide) -> None:
    easel, plain = studio(guide), studio(guide, random_ground=0.0)
    grounds = [easel._backdrop(k / 10)[:, 0, 0] for k in range(10)]
    assert [not torch.equal(g, easel.ground) for g in grounds] == [True] * 5 + [False] * 5
    assert torch.equal(plain._backdrop(0.0)[:, 0, 0], plain.ground)


def test_looks_narrow_and_noise_falls() -> None:
    early, late = (schedule.gaze(share, PaintConfig()) for share in (0.0, 1.0))
    assert (early.wide, early.noise) == (0.8, 0.05)
    assert (late.wide, late.noise) == pytest.approx((0.5, 0.02))
    assert schedule.gaze(1.0, PaintConfig(wide=0.2, wide_fall=0.5)).wide == 0.0
    assert not early.is_folded
    assert schedule.gaze(0.0, PaintConfig(looks="clipdraw")).is_folded


def test_strokes_may_begin_in_any_order_and_color(guide: guides.Guide) -> None:
    def start(**choices):
        return stroke.split(studio(guide, **choices).now())

    def lengths(parts):
        return parts.placements[:, 2:].norm(dim=-1)

    usual, mixed = start(), start(order="random")
    assert (lengths(usual).diff() < 0).all()
    assert not (lengths(mixed).diff() < 0).all()
    torch.testing.assert_close(lengths(mixed).sort().values, lengths(usual).sort().values)
    assert (usual.colors - 0.5).abs().max() < 0.05
    assert (start(first_colors=1.0).colors - 0.5).abs().max() > 0.3


def test_shuffled_strokes_lie_in_another_order(guide: guides.Guide) -> None:
    easel = studio(guide)
    actions, ground = easel.now(), easel._backdrop(1.0)
    plain = easel.render(actions, ground)
    mixed = [easel.render(actions, ground, is_shuffled=True) for _ in range(2)]
    assert not torch.equal(plain, mixed[0])
    assert not torch.equal(*mixed)
    assert torch.equal(plain, easel.render(actions, ground))
    state = easel.generator.get_state()
    easel.step()
    usual = easel.generator.get_state()
    easel = studio(guide, shuffle=0.05)
    easel.generator.set_state(state)
    easel.step()
    assert not torch.equal(easel.generator.get_state(), usual)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_paints(guide: guides.Guide, name: str) -> None:
    steps = list(studio(guide, **PRESETS[name] | {"views": 2, "steps": 3}).paint())
    assert all(torch.isfinite(s.actions).all() for s in steps)


def test_strokes_start_large_and_end_small() -> None:
    lengths = planting.half_lengths(50, 0.5, 0.05)
    assert lengths[0] == pytest.approx(0.5)
    assert lengths[-1] == pytest.approx(0.05)
    assert (lengths.diff() < 0).all()


SPOT = (0.25, 0.6)


def test_a_focus_gathers_small_strokes_and_calms_the_ground(guide: guides.Guide) -> None:
    def centers(easel: Studio) -> torch.Tensor:
        return stroke.split(easel.now()).placements[:, :2] - torch.tensor(SPOT)

    plain, placed = studio(guide), studio(guide, focus="0.25,0.6")
    before, after = centers(plain), centers(placed)
    torch.testing.assert_close(after[:12], before[:12])
    torch.testing.assert_close(after[12:], before[12:] * planting.GATHERED, atol=1e-4, rtol=1e-4)
    share = planting.afar(SPOT, 64, 96)
    assert share.shape == (64, 96)
    assert share[38, 16] == 0
    assert share[38, -1] == 1
    assert share.min() == 0
    flat = torch.full((3, 64, 96), 0.3)
    spotted = flat.clone()
    spotted[:, 36:40, 70:74] = 1
    assert unrest(flat, share) < 1e-12 < unrest(spotted, share)
    assert unrest(spotted.flip(-1), share) < unrest(spotted, share) / 50
    assert plain.ground_share is None


def test_close_looks_keep_to_the_focus() -> None:
    spot = torch.zeros(3, 64, 64)
    spot[:, 36:40, 14:18] = 1
    gaze = Gaze(wide=0.5, close=(0.5, 0.6), tilt=0.0, noise=0.0, focus=SPOT)
    looks = look(spot, 12, 64, gaze, torch.Generator().manual_seed(0))[6:, 0] > 0.5
    for seen in looks:
        y, x = seen[:, 8:56].nonzero().float().mean(0)
        assert (y - 31.5).abs() < 9
        assert (x + 8 - 31.5).abs() < 9


def test_an_appraisal_repeats_and_draws_nothing(guide: guides.Guide) -> None:
    easel = studio(guide, random_ground=1.0)
    before = easel.generator.get_state()
    assert easel.appraise() == easel.appraise()
    assert torch.equal(easel.generator.get_state(), before)
    assert easel.again(1).appraise() != easel.appraise() == easel.again(0).appraise()
