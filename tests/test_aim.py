"""What strokes aim at: a sketch as colors by place, layers, and where strokes begin and stay."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from studio_of import brief_of, pocket, still, studio, values_of
from test_guides_clip import FAMILIES, write

from diavlex import guides, stroke
from diavlex.config import choose
from diavlex.guides.recall import recalled
from diavlex.guides.sketch import sketched as sketched_on
from diavlex.guides.sketch import sketches
from diavlex.objective import Brief, Objective, terms_of
from diavlex.objective.aim import PLACES, Aim, at_places, take_aim
from diavlex.objective.brief import recolored
from diavlex.objective.words import COLORED, LATE
from diavlex.phrases import parse
from diavlex.studio.first_strokes import strew

SMALL: dict[str, Any] = {
    "strokes": 40, "steps": 8, "views": 2, "canvas_px": 64, "reinitialize": 3, "sketch": 500.0,
}  # fmt: skip
SHEEP, CAT, LAKE = "black sheep", "a cat on a chair", "a lake with mountains behind it"


@cache
def sketched(prompt: str, **choices: Any) -> Brief:
    return brief_of(prompt, **SMALL | choices)


def aim_of(prompt: str, **choices: Any) -> Aim:
    found = sketched(prompt, **choices).aim
    assert found is not None
    return found


@pytest.mark.parametrize("prompt", [SHEEP, CAT, LAKE])
@pytest.mark.parametrize("size", ["512x512", "768x512", "512x1024"])
def test_a_sketch_has_the_proportions_of_the_canvas(prompt: str, size: str) -> None:
    aim = aim_of(prompt, size=size)
    height, width = choose(size=size).aspect
    rows, columns = aim.picture.shape[1:]
    assert columns / rows == pytest.approx(width / height, rel=0.02)
    assert aim.layout().shape == (3, round(PLACES * height), round(PLACES * width))
    assert 0 <= float(aim.picture.min()) <= float(aim.picture.max()) <= 1


def test_every_thing_has_a_layer_of_its_own_and_shares_add_up() -> None:
    aim = aim_of(CAT)
    assert aim.names == ("chair", "cat")
    torch.testing.assert_close(sum(aim.shares), torch.ones(aim.picture.shape[1:]))
    names = [layer.name for layer in sketched(CAT).composition.layers]
    assert names == ["background", "chair", "cat"]
    assert [layer.name for layer in sketched(LAKE).composition.layers] == ["background"]
    assert len(sketched(CAT, layer_share=0.0).composition.layers) == 1


@pytest.mark.parametrize("strokes", [1, 2, 7, 40, 401])
def test_every_stroke_is_of_one_layer(strokes: int) -> None:
    layers = sketched(CAT, strokes=strokes).composition.layers
    owner = [row for layer in layers for row in range(strokes)[layer.rows]]
    assert owner == list(range(strokes))


def test_a_canvas_like_the_sketch_costs_nothing_and_any_other_costs() -> None:
    brief = sketched(CAT)
    picture = aim_of(CAT).picture
    likeness = [
        values_of(Objective(terms_of(brief), brief.readings), still(canvas, brief))["layout"]
        for canvas in (picture, picture.flip(-1), picture.roll(8, 1))
    ]
    assert likeness[0] == pytest.approx(0, abs=1e-6)
    assert min(likeness[1:]) > 1
    assert float(aim_of(CAT).attention().mean()) == pytest.approx(1)


def test_colors_are_compared_place_by_place() -> None:
    canvas = torch.rand(3, 80, 120, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(at_places(canvas)[:, 0, 0], canvas[:, :2, :2].mean((1, 2)))


def test_small_strokes_begin_where_their_thing_is() -> None:
    first = studio(CAT, **SMALL).search
    aim, layers = aim_of(CAT), sketched(CAT).composition.layers
    rows = aim.picture.shape[1]
    for share, layer in zip(aim.shares[1:], layers[1:], strict=True):
        x, y = stroke.split(first.now()[layer.rows]).placements[:, :2].T
        at = (y * rows).long().clamp(0, rows - 1), (x * rows).long().clamp(0, rows - 1)
        assert float((share[at] > 0.02).float().mean()) > 0.95, layer.name


def test_strewn_strokes_lie_where_there_is_detail() -> None:
    generator = torch.Generator().manual_seed(0)
    actions = stroke.random_actions(torch.full((50,), 0.1), generator)
    detail = torch.zeros(4, 8)
    detail[1, 6] = 1
    strewn = strew(actions, slice(10, 50), detail, generator)
    x, y = stroke.split(strewn).placements[10:, :2].T
    assert (x >= 1.5).all()
    assert (x <= 1.75).all()
    assert (y >= 0.25).all()
    assert (y <= 0.5).all()
    torch.testing.assert_close(strewn[:10], actions[:10])
    first, last = stroke.split(actions), stroke.split(strewn)
    torch.testing.assert_close(last.placements[:, 2:], first.placements[:, 2:])
    torch.testing.assert_close((last.shapes, last.colors), (first.shapes, first.colors))


def test_strokes_that_leave_their_thing_stray() -> None:
    easel = studio(CAT, **SMALL)
    objective, search = easel.objective, easel.search
    stray = {}
    for name, shift in (("there", 0.0), ("away", 0.3)):
        actions = search.now()
        layer = search.composition.layers[2]
        moved = actions.clone()
        parts = stroke.split(moved[layer.rows])
        placements = parts.placements.clone()
        placements[:, 1] += shift
        moved[layer.rows] = stroke.join(stroke.Parts(parts.shapes, placements, parts.colors))
        search.put(torch.arange(search.count), moved)
        stray[name] = values_of(objective, search.scene(0.9))["stray"]
        search.put(torch.arange(search.count), actions)
    assert stray["away"] > stray["there"] + 1


def test_the_same_seed_gives_the_same_strokes_and_another_goes_on() -> None:
    whole = studio(CAT, **SMALL).run()
    torch.testing.assert_close(studio(CAT, **SMALL).run(), whole, rtol=0, atol=0)
    first, second = studio(CAT, **SMALL), studio(CAT, **SMALL)
    for _ in range(4):
        first.step()
    second.load_state(first.state())
    torch.testing.assert_close(second.run(), whole, rtol=0, atol=0)


def test_what_nothing_shows_and_what_a_focus_rules_is_not_sketched() -> None:
    assert take_aim("zxqv", choose(), [pocket()]) is None
    assert take_aim(SHEEP, choose(sketch=0.0), [pocket()]) is None
    assert take_aim(SHEEP, choose(focus="0.3,0.3"), [pocket()]) is None


def test_any_guide_paints_by_a_sketch(tmp_path: Path) -> None:
    clip = guides.load(str(write(FAMILIES["clip"], tmp_path / "tiny")))
    brief = brief_of(CAT, [clip], **SMALL)
    assert brief.aim is not None
    assert brief.readings[0].imagined is None
    terms = {one.name for one in terms_of(brief)}
    assert {"words", "layout", "stray"} <= terms
    assert "imagination" not in terms


def test_a_color_is_told_apart_from_all_others() -> None:
    others = recolored("a Black sheep on green grass")
    assert "a white sheep on green grass" in others
    assert not any("black" in one for one in others)
    assert recolored("a sheep") == recolored("an orange") == []
    plain, told = (len(brief_of(p, **SMALL).readings[0].negatives) for p in ("sheep", SHEEP))
    assert told > plain


def test_many_things_are_of_one_layer() -> None:
    brief = sketched("three dogs")
    assert len(brief.composition.layers) == 2


def test_words_count_more_where_they_say_the_color_of_one_thing() -> None:
    def weight(prompt: str) -> float:
        return next(one.weight for one in terms_of(sketched(prompt)) if one.name == "words")

    assert weight(SHEEP) == COLORED > weight("a sheep") == weight("a red chair in a white room")
    assert next(one.weight for one in terms_of(brief_of(SHEEP)) if one.name == "words") == 1


@pytest.mark.parametrize(("prompt", "most"), [(SHEEP, LATE), ("a sheep", 1.0)])
def test_words_that_say_the_color_of_one_thing_count_more_at_the_end(
    prompt: str, most: float
) -> None:
    brief, canvas = sketched(prompt), torch.full((3, 64, 64), 0.5)
    values = {}
    for share in (0.0, 0.5, 0.65, 0.7, 1.0):
        scene = still(canvas, brief)
        scene.share = share
        values[share] = values_of(Objective(terms_of(brief), brief.readings), scene)["words"]
    assert values[0.5] == values[0.0]
    assert values[0.7] == values[1.0] == pytest.approx(most * values[0.0], rel=1e-5)
    assert values[0.65] == pytest.approx((1 + most) / 2 * values[0.0], rel=1e-5)


def test_how_far_a_painting_has_come_is_told_to_its_terms() -> None:
    assert studio(SHEEP, **SMALL).search.scene(0.75).share == 0.75


def test_things_without_a_place_stand_on_the_ground_that_the_guide_likes_best() -> None:
    known = recalled()
    assert known is not None
    found = sketches(parse("a sailboat"), known, (80, 80))
    grounds = {tuple(one.ground[:, 0, 0].tolist()) for one in found}
    assert len(grounds) == len(found) >= 4
    alike = pocket().encode_image(torch.stack([one.picture() for one in found]))
    best = int((alike @ pocket().encode_text(["a sailboat"])[0]).argmax())
    aim = take_aim("a sailboat", choose(), [pocket()])
    assert aim is not None
    torch.testing.assert_close(aim.picture, found[best].picture())
    assert len(sketches(parse(LAKE), known, (80, 80))) == 1


def test_no_ground_is_chosen_in_which_a_thing_is_lost() -> None:
    known = recalled()
    assert known is not None
    for prompt in ("black sheep", "a white swan", "a snowman", "a red car"):
        found = sketches(parse(prompt), known, (80, 80))
        assert all(one.lost() <= 0.25 for one in found)
    dark = sketched_on(parse(SHEEP), known, (80, 80), (0.2, 0.22, 0.26))
    assert dark is not None
    assert dark.lost() > 0.5


def test_things_stand_on_a_background_that_is_chosen() -> None:
    aim = take_aim("a sailboat", choose(background="#204080"), [pocket()])
    assert aim is not None
    corner = aim.picture[:, 0, 0]
    torch.testing.assert_close(corner, torch.tensor([0x20, 0x40, 0x80]) / 255)
    scene = take_aim(LAKE, choose(background="#204080"), [pocket()])
    usual = take_aim(LAKE, choose(), [pocket()])
    assert scene is not None
    assert usual is not None
    assert torch.equal(scene.picture, usual.picture)
