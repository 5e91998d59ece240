"""The objective: a sum of terms by their names, over one scene whose views are taken once."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from studio_of import Studio, brief_of, pocket, still, studio, studio_of, values_of
from torch import Tensor

from diavlex.errors import BadTerm
from diavlex.guides import Guide, Imagination, Imagined, ImaginedThing, Seen
from diavlex.guides.cutout import layout, tinted
from diavlex.objective import Objective, Term, Weighed, terms_of
from diavlex.objective.local_variance import background_share, local_variance
from diavlex.objective.saturation import saturation
from diavlex.phrases import Thing
from diavlex.scene import Scene
from diavlex.studio import paint
from diavlex.tensors import Embeddings, Pictures

SMALL: dict[str, Any] = {
    "strokes": 20, "steps": 6, "views": 4, "canvas_px": 64, "reinitialize": 2,
}  # fmt: skip
PROMPTS = ["a boat", "a fox in the snow", "a fox and a red apple"]


class Told(Term):
    """A term that says what it is told to."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, scene: Scene) -> Any:
        return self.value


class Counting(Guide):
    """Another guide, with a count of how often it looks and at how many pictures."""

    def __init__(self, guide: Guide, *, imagines: bool) -> None:
        super().__init__()
        self.guide, self.imagines = guide, imagines
        self.name, self.side_px, self.logit_scale = "counting", guide.side_px, guide.logit_scale
        self.looks: list[int] = []

    @property
    def imagination(self) -> Imagination | None:
        return CountingImagination(self) if self.imagines else None

    def encode_text(self, texts: list[str]) -> Embeddings:
        return self.guide.encode_text(texts)

    def encode_image(self, pictures: Pictures) -> Embeddings:
        self.looks.append(len(pictures))
        return self.guide.encode_image(pictures)


class CountingImagination:
    """The imagination of a guide, counted as well."""

    def __init__(self, counting: Counting) -> None:
        assert counting.guide.imagination is not None
        self.counting, self.own = counting, counting.guide.imagination

    def see(self, pictures: Pictures) -> Seen:
        self.counting.looks.append(len(pictures))
        return self.own.see(pictures)

    def imagine(self, texts: Sequence[str], *, is_photo: bool = False) -> Imagined:
        return self.own.imagine(texts, is_photo=is_photo)

    def imagine_thing(self, thing: Thing) -> ImaginedThing | None:
        return self.own.imagine_thing(thing)


def with_term(one: Studio, name: str, value: Any, weight: float = 1.0) -> Studio:
    """The same painting with one term more."""
    terms = [*one.objective.terms, Weighed(name, weight, Told(value))]
    return Studio(one.search, Objective(terms, one.objective.readings), one.strategy)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_total_is_the_sum_of_the_terms(prompt: str) -> None:
    one = studio(prompt, **SMALL)
    scene = one.search.scene(0.0)
    scores = one.objective(scene)
    total, _, parts = scores.plain()
    assert list(parts) == [weighed.name for weighed in one.objective.terms]
    assert len(parts) == len(scores.values)
    assert total == pytest.approx(sum(parts.values()), rel=1e-6)
    assert total == pytest.approx(float(scores.total.detach()), rel=1e-6)
    for weighed in one.objective.terms:
        with torch.no_grad():
            assert parts[weighed.name] == float(weighed.weight * weighed.term(scene))


def test_a_weight_multiplies_its_term_alone() -> None:
    canvas = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))

    def told(**choices: Any) -> dict[str, float]:
        brief = brief_of("a boat", **choices)
        return values_of(Objective(terms_of(brief), brief.readings), still(canvas, brief))

    usual, twice, none = told(), told(saturation=4.0), told(saturation=0.0)
    assert twice["saturation"] == pytest.approx(2 * usual["saturation"])
    assert none == {name: value for name, value in usual.items() if name != "saturation"}
    assert {k: v for k, v in twice.items() if k != "saturation"} == none


def test_strength_multiplies_all_that_a_guide_says() -> None:
    canvas = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))

    def told(strength: float) -> dict[str, float]:
        brief = brief_of("a hill", [(pocket(), strength)])
        return values_of(Objective(terms_of(brief), brief.readings), still(canvas, brief))

    full, half = told(1.0), told(0.5)
    assert half.pop("saturation") == full.pop("saturation")
    assert list(full) == ["words", "imagination", "layout"]
    assert half == pytest.approx({name: value / 2 for name, value in full.items()})


def test_the_cosine_told_is_that_of_the_prompt() -> None:
    canvas = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))

    def cosine(*also: str) -> float:
        brief = brief_of("a green hill", also=also)
        return Objective(terms_of(brief), brief.readings)(still(canvas, brief)).plain()[1]

    brief = brief_of("a green hill")
    vectors = still(canvas, brief).seen(pocket()).vectors
    own = float(vectors @ pocket().encode_text(["a green hill"])[0])
    assert cosine() == pytest.approx(own, abs=1e-6)
    assert cosine("a boat:1.0") == pytest.approx(own, abs=1e-6)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_term_that_is_not_finite_is_named(value: float) -> None:
    one = with_term(studio("a boat", **SMALL), "odd one", torch.tensor(value))
    with pytest.raises(BadTerm, match=f"^the term 'odd one' gave {value}, .*mend it.$") as error:
        next(paint(*one, until=1))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (torch.zeros(3), r"a tensor of shape \[3\]"),
        (torch.zeros(1, 1), r"a tensor of shape \[1, 1\]"),
        (0.5, "no tensor"),
        (None, "no tensor"),
    ],
)
def test_a_term_that_is_no_number_is_named(value: Any, told: str) -> None:
    one = with_term(studio("a boat", **SMALL), "odd one", value)
    before = one.search.now()
    pattern = f"^the term 'odd one' gave {told}: it must give one number, .*"
    with pytest.raises(BadTerm, match=pattern) as error:
        next(paint(*one, until=1))
    assert "\n" not in str(error.value)
    assert one.search.index == 0
    assert torch.equal(one.search.now(), before), "nothing was moved"


def test_a_term_moves_strokes_by_its_weight() -> None:
    class Darker(Term):
        def __call__(self, scene: Scene) -> Tensor:
            return scene.canvas.mean()

    def brightness(weight: float) -> float:
        one = studio("a boat", **SMALL, random_background=0.0)
        terms = [*one.objective.terms, Weighed("darker", weight, Darker())]
        one = Studio(one.search, Objective(terms, one.objective.readings), one.strategy)
        assert list(one.paint()[-1].scores) == [
            "words", "imagination", "saturation", "layout", "darker",
        ]  # fmt: skip
        return float(one.search.appraisal().canvas.detach().mean())

    assert brightness(50.0) < brightness(0.01) - 0.02


@pytest.mark.parametrize("imagines", [True, False])
@pytest.mark.parametrize(("prompt", "layers"), [("a boat", 0), (PROMPTS[1], 1), (PROMPTS[2], 2)])
def test_a_guide_looks_once_at_the_canvas_and_once_at_each_layer(
    prompt: str, layers: int, imagines: bool
) -> None:
    guide = Counting(pocket(), imagines=imagines)
    one = studio(prompt, [guide], **SMALL)
    assert len(one.search.composition.things) == layers
    expected = [4] if not layers else [2, *([2 // layers] * layers)]
    assert guide.looks == [], "reading a prompt shows a guide nothing"
    one.step()
    assert sorted(guide.looks, reverse=True) == expected
    terms = [*one.objective.terms, *one.objective.terms]
    twice = Studio(one.search, Objective(terms, one.objective.readings), one.strategy)
    guide.looks.clear()
    twice.step()
    assert sorted(guide.looks, reverse=True) == expected, "however many terms ask"


def test_each_of_several_guides_looks_once() -> None:
    both = [Counting(pocket(), imagines=imagines) for imagines in (False, True)]
    one = studio("a boat", both, **SMALL)
    one.step()
    assert [guide.looks for guide in both] == [[4], [4]]


def test_a_scene_makes_each_thing_once() -> None:
    one = studio("a fox and a red apple", **SMALL)
    scene = one.search.scene(0.0)
    fox, apple = scene.composition.things
    made = [
        (scene.seen(pocket()), scene.alone(fox), scene.seen_alone(fox, pocket())),
        (scene.alone(apple), scene.seen_alone(apple, pocket())),
    ]
    drawn = one.search.generator.get_state()
    assert scene.seen(pocket()) is made[0][0]
    assert scene.alone(fox) is made[0][1]
    assert scene.seen_alone(fox, pocket()) is made[0][2]
    assert scene.alone(apple) is made[1][0] is not scene.alone(fox)
    assert scene.seen_alone(apple, pocket()) is made[1][1] is not scene.seen_alone(fox, pocket())
    assert torch.equal(one.search.generator.get_state(), drawn), "nothing is drawn again"


def test_two_things_of_one_name_have_layers_of_their_own() -> None:
    scene = studio("two foxes", **SMALL).search.scene(0.0)
    first, second = scene.composition.things
    assert first.name == second.name
    assert scene.alone(first) is not scene.alone(second)
    assert not torch.equal(scene.alone(first).canvas, scene.alone(second).canvas)


def test_a_scene_is_of_the_strokes_as_they_were() -> None:
    one = studio("a boat", **SMALL)
    scene = one.search.scene(1.0)
    before = scene.canvas.detach().clone()
    one.step()
    assert torch.equal(scene.canvas, before)
    assert not torch.equal(one.search.scene(1.0).canvas, before)


def test_an_appraisal_asks_no_stroke_for_its_importance() -> None:
    one = studio_of(brief_of("a fox in the snow", **SMALL))
    assert one.search.appraisal().importance is None
    importance = one.search.scene(0.0).importance
    assert importance is not None
    assert torch.equal(importance, torch.ones(20))


def double(*shape: int) -> Tensor:
    made = torch.rand(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return made.requires_grad_()


def test_gradients_of_pure_functions_are_right() -> None:
    share = background_share((0.3, 0.6), 16, 20).double()
    assert torch.autograd.gradcheck(lambda x: local_variance(x, share), double(3, 16, 20))
    assert torch.autograd.gradcheck(saturation, double(3, 5, 7))
    assert torch.autograd.gradcheck(lambda x: layout(x, 4), double(3, 10, 14))


def test_the_gradient_of_a_tint_is_right() -> None:
    colors = double(3, 6, 6).detach() * 0.2 + 0.7
    colors[:, 2:4, 1:4] -= torch.linspace(0.1, 0.3, 6, dtype=torch.float64).view(2, 3)
    assert torch.autograd.gradcheck(lambda x: tinted(x, (200, 30, 90)), colors.requires_grad_())
