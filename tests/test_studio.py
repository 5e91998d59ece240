"""The loop: a seed decides everything, a kept state goes on as if nothing had happened."""

from typing import Any

import pytest
import torch
from studio_of import Studio, even, studio, studio_of, values_of

from diavlex import stroke
from diavlex.config import PRESETS, PaintConfig
from diavlex.errors import BadTerm
from diavlex.guides.views import Augmentation, take_views
from diavlex.objective import Objective, Term, Weighed
from diavlex.objective.local_variance import WEIGHT, background_share, local_variance
from diavlex.scene import Scene
from diavlex.studio import appraise, first_strokes, paint, schedule
from diavlex.studio.reinitialize import begin_anew, useless

SMALL: dict[str, Any] = {"strokes": 24, "steps": 12, "views": 4, "canvas_px": 64, "reinitialize": 4}


def flower(start: int = 0, **choices) -> Studio:
    return studio("a yellow sunflower", start=start, **(SMALL | choices))


def test_a_seed_decides_everything() -> None:
    first, again, other = (flower(seed=s).run() for s in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.fixture(scope="module")
def whole() -> torch.Tensor:
    return flower().run()


@pytest.mark.parametrize("stop", [0, 1, 4, 7, 11])
def test_a_kept_state_goes_on(whole: torch.Tensor, stop: int) -> None:
    """Whatever becomes of the painting that it was taken from, or that it is given to."""
    one, later = flower(), flower()
    for _ in range(stop):
        one.step()
    state = one.state()
    as_taken = {key: value.clone() for key, value in state.items()}
    assert torch.equal(one.run(), whole)
    later.load_state(state)
    assert torch.equal(later.run(), whole)
    assert all(torch.equal(state[key], value) for key, value in as_taken.items())


def test_steps_are_told() -> None:
    steps = flower().paint()
    assert [s.index for s in steps] == list(range(1, 13))
    assert all(s.steps == 12 for s in steps)
    assert all(s.actions.shape == (24, 12) for s in steps)
    assert all(torch.isfinite(s.actions).all() for s in steps)


def test_a_step_tells_what_each_term_added() -> None:
    one = flower()
    names = [weighed.name for weighed in one.objective.terms]
    assert names == ["words", "imagination", "saturation", "layout"]
    for step in one.paint():
        assert list(step.scores) == names
        assert step.loss == pytest.approx(sum(step.scores.values()), rel=1e-5)
        assert -1 <= step.cosine <= 1


def test_painting_stops_where_it_is_told_to() -> None:
    one = flower()
    assert [s.index for s in paint(*one, until=5)] == [1, 2, 3, 4, 5]
    assert list(paint(*one, until=5)) == []
    assert [s.index for s in paint(*one, until=7)] == [6, 7]


def test_the_canvas_comes_to_show_what_was_asked() -> None:
    steps = flower(steps=60, strokes=60, views=6).paint()
    assert sum(s.cosine for s in steps[-5:]) / 5 > sum(s.cosine for s in steps[:5]) / 5 + 0.1


def test_when_strokes_are_reinitialized() -> None:
    fired = [i for i in range(1, 101) if schedule.is_reinitializing(i, 100, 25)]
    assert fired == [25, 50]
    assert not any(schedule.is_reinitializing(i, 100, 0) for i in range(1, 101))


def test_the_loop_reinitializes_when_it_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    one, fired = flower(), []
    monkeypatch.setattr(one.strategy, "reinitialize", lambda search, _: fired.append(search.index))
    one.paint()
    assert fired == [4, 8]


def test_reinitializing_moves_only_what_does_not_help() -> None:
    one = flower(reinitialize=0)
    for _ in range(3):
        one.step()
    one.strategy.usefulness = torch.ones(24)
    one.strategy.usefulness[[5, 9]] = -1.0
    before = one.search.now()
    scene = one.search.scene(0.5)
    (scene.canvas - 0.2).square().sum().backward()
    one.strategy.reinitialize(one.search, scene)
    changed = (one.search.now() != before).any(1).nonzero()[:, 0].tolist()
    assert set(changed) <= {5, 9}
    assert changed
    assert (one.strategy.usefulness[changed] == 0).all()


def test_few_strokes_are_useless_and_only_those_that_hardly_help() -> None:
    usefulness = torch.ones(100)
    usefulness[[3, 50, 70]] = torch.tensor([-0.5, 0.001, -1.0])
    assert useless(usefulness).tolist() == [70, 3, 50]
    assert len(useless(torch.zeros(100))) == 6
    assert useless(torch.ones(100)).tolist() == []


def test_strokes_begin_anew_where_the_canvas_is_wrong_in_the_color_it_lacks() -> None:
    generator = torch.Generator().manual_seed(0)
    given_up = stroke.random_actions(torch.tensor([0.1, 0.3]), generator)
    canvas, gradient = torch.full((3, 64, 64), 0.5), torch.zeros(3, 64, 64)
    gradient[0, 40:44, 10:14] = 1.0  # less red would lower the loss
    fresh = stroke.split(begin_anew(given_up, canvas, gradient, generator, (1.0, 1.0)))
    before = stroke.split(given_up)
    lengths = [parts.placements[:, 2:].norm(dim=-1) for parts in (before, fresh)]
    torch.testing.assert_close(*lengths)
    assert (fresh.placements[:, :2] * 64 - torch.tensor([12.0, 42.0])).abs().max() < 7
    assert (fresh.colors[:, 0] < 0.45).all()
    torch.testing.assert_close(fresh.colors[:, 1:], torch.full((2, 2), 0.5))


def test_the_optimizer_forgets_strokes_that_are_put_in() -> None:
    one = flower(reinitialize=0)
    for _ in range(3):
        one.step()
    rows = torch.tensor([2, 7])
    fresh = stroke.random_actions(torch.tensor([0.1, 0.2]), torch.Generator().manual_seed(5))
    before = one.search.now()
    one.search.put(rows, fresh)
    torch.testing.assert_close(one.search.now()[rows], fresh, atol=1e-5, rtol=1e-4)
    others = [row for row in range(24) if row not in (2, 7)]
    assert torch.equal(one.search.now()[others], before[others])
    moments = {k: v for k, v in one.state().items() if k.endswith(("exp_avg", "exp_avg_sq"))}
    assert len(moments) == 6
    for moment in moments.values():
        assert (moment[rows] == 0).all()
        assert (moment[others] != 0).any(1).all()


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


def test_the_background_is_random_early_only() -> None:
    def is_random(one: Studio, share: float) -> bool:
        scene = one.search.scene(share)
        return not torch.equal(scene.canvas, scene.strokes.lay(even(one.search)))

    usual, plain = flower(), flower(random_background=0.0)
    assert [is_random(usual, k / 10) for k in range(10)] == [True] * 5 + [False] * 5
    assert not is_random(plain, 0.0)


def test_views_narrow_and_noise_falls() -> None:
    early, late = (schedule.augmentation(share, PaintConfig()) for share in (0.0, 1.0))
    assert (early.wide, early.noise) == (0.8, 0.05)
    assert (late.wide, late.noise) == pytest.approx((0.5, 0.02))
    assert schedule.augmentation(1.0, PaintConfig(wide=0.2, wide_fall=0.5)).wide == 0.0
    assert not early.is_clipdraw
    assert schedule.augmentation(0.0, PaintConfig(augment="clipdraw")).is_clipdraw


def test_strokes_may_begin_in_any_order_and_color() -> None:
    def start(**choices):
        return stroke.split(flower(**choices).search.now())

    def lengths(parts):
        return parts.placements[:, 2:].norm(dim=-1)

    usual, mixed = start(), start(order="random")
    assert (lengths(usual).diff() < 0).all()
    assert not (lengths(mixed).diff() < 0).all()
    torch.testing.assert_close(lengths(mixed).sort().values, lengths(usual).sort().values)
    assert (usual.colors - 0.5).abs().max() < 0.05
    assert (start(first_colors=1.0).colors - 0.5).abs().max() > 0.3


def test_shuffled_strokes_lie_in_another_order() -> None:
    one = flower(shuffle=0.5, random_background=0.0)
    plain = one.search.scene(1.0).canvas
    mixed = [one.search.scene(0.0).canvas for _ in range(2)]
    assert not torch.equal(plain, mixed[0])
    assert not torch.equal(*mixed)
    assert torch.equal(plain, one.search.scene(1.0).canvas)
    one = flower()
    state = one.search.generator.get_state()
    one.step()
    usual = one.search.generator.get_state()
    one = flower(shuffle=0.05)
    one.search.generator.set_state(state)
    one.step()
    assert not torch.equal(one.search.generator.get_state(), usual)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_paints(name: str) -> None:
    steps = flower(**PRESETS[name] | {"views": 2, "steps": 3}).paint()
    assert len(steps) == 3
    assert all(torch.isfinite(s.actions).all() for s in steps)


def test_strokes_start_large_and_end_small() -> None:
    lengths = first_strokes.half_lengths(50, 0.5, 0.05)
    assert lengths[0] == pytest.approx(0.5)
    assert lengths[-1] == pytest.approx(0.05)
    assert (lengths.diff() < 0).all()


SPOT = (0.25, 0.6)


def test_a_focus_gathers_small_strokes_and_evens_the_background() -> None:
    def centers(one: Studio) -> torch.Tensor:
        return stroke.split(one.search.now()).placements[:, :2] - torch.tensor(SPOT)

    def names(objective: Objective) -> set[str]:
        return {weighed.name for weighed in objective.terms}

    plain, placed = flower(), flower(focus="0.25,0.6")
    before, after = centers(plain), centers(placed)
    torch.testing.assert_close(after[:12], before[:12])
    left = before[12:] * first_strokes.GATHERED
    torch.testing.assert_close(after[12:], left, atol=1e-4, rtol=1e-4)
    share = background_share(SPOT, 64, 96)
    assert share.shape == (64, 96)
    assert share[38, 16] == 0
    assert share[38, -1] == 1
    assert share.min() == 0
    flat = torch.full((3, 64, 96), 0.3)
    spotted = flat.clone()
    spotted[:, 36:40, 70:74] = 1
    assert local_variance(flat, share) < 1e-12 < local_variance(spotted, share)
    assert local_variance(spotted.flip(-1), share) < local_variance(spotted, share) / 50
    assert names(placed.objective) - names(plain.objective) == {"local variance"}
    assert names(plain.objective) - names(placed.objective) == {"layout"}, "a focus rules"
    scene = placed.search.scene(0.0)
    own = local_variance(scene.canvas.detach(), background_share(SPOT, 64, 64))
    assert values_of(placed.objective, scene)["local variance"] == pytest.approx(WEIGHT * own)


def test_close_views_keep_to_the_focus() -> None:
    spot = torch.zeros(3, 64, 64)
    spot[:, 36:40, 14:18] = 1
    how = Augmentation(wide=0.5, close=(0.5, 0.6), tilt=0.0, noise=0.0, focus=SPOT)
    views = take_views(spot, 12, 64, how, torch.Generator().manual_seed(0))[6:, 0] > 0.5
    for seen in views:
        y, x = seen[:, 8:56].nonzero().float().mean(0)
        assert (y - 31.5).abs() < 9
        assert (x + 8 - 31.5).abs() < 9


def test_an_appraisal_repeats_and_draws_nothing() -> None:
    one = flower(random_background=1.0)
    before = one.search.generator.get_state()

    def score(start: int) -> float:
        search = studio_of(one.search.brief, start).search
        return appraise(search, one.objective)

    mine = appraise(one.search, one.objective)
    assert appraise(one.search, one.objective) == mine
    assert torch.equal(one.search.generator.get_state(), before)
    assert score(1) != mine == score(0)


@pytest.mark.parametrize("focus", [None, "0.3,0.6"])
def test_an_appraisal_asks_the_same_terms_as_a_step(focus: str | None) -> None:
    one = flower(focus=focus)
    told = values_of(one.objective, one.search.appraisal())
    assert list(told) == list(one.step().scores)
    again = flower(focus=focus)
    total = appraise(again.search, again.objective)
    assert total == pytest.approx(sum(told.values()), rel=1e-6)


def test_each_brush_paints_its_own_strokes() -> None:
    one, plain = flower(brush="wash,oil"), flower(brush="oil")
    mixed, oil = (each.search.scene(1.0).strokes.patches for each in (one, plain))
    torch.testing.assert_close(mixed[12:], oil[12:])
    assert (mixed[:12] - oil[:12]).abs().max() > 0.1
    assert torch.isfinite(one.step().actions).all()


class Spoiled(Term):
    """Lies at the strokes' own canvas, and is no finite number, or has no finite gradient."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __call__(self, scene: Scene) -> torch.Tensor:
        value = scene.canvas.mean()
        if self.how == "value":
            return value * float("nan")
        if self.how == "shape":
            return value[None]
        return (value - value.detach()).abs().sqrt()  # 0, and its gradient is not finite


@pytest.mark.parametrize("how", ["value", "gradient", "shape"])
def test_what_is_not_finite_moves_nothing(how: str) -> None:
    one = flower()
    one.step()
    before, moments = one.search.now(), one.search.state()
    spoiled = Objective(
        [*one.objective.terms, Weighed("spoiled", 1.0, Spoiled(how))], one.objective.readings
    )
    with pytest.raises(BadTerm, match="spoiled"):
        next(paint(one.search, spoiled, one.strategy, until=12))
    assert torch.equal(one.search.now(), before)
    assert one.search.index == 1
    for name, value in one.search.state().items():
        assert torch.isfinite(value.double()).all(), name
        assert value.shape == moments[name].shape


def test_what_does_not_depend_on_the_strokes_is_told() -> None:
    one = flower()
    constant = Objective([Weighed("constant", 1.0, Constant())], ())
    with pytest.raises(BadTerm, match="no term depends on the strokes"):
        next(paint(one.search, constant, one.strategy, until=12))


class Constant(Term):
    """The same for every canvas."""

    def __call__(self, scene: Scene) -> torch.Tensor:
        return torch.ones(())
