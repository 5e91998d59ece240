"""Layers: their strokes show a thing alone, stay where it is, and lie over the background's."""

from pathlib import Path
from typing import Any

import pytest
import torch
from studio_of import CPU, Studio, brief_of, even, pocket, put_all, studio, studio_of, values_of
from test_guides_clip import FAMILIES, write

from diavlex import guides, stroke
from diavlex.composition import Frame, Layer
from diavlex.guides import Guide, ImaginedThing
from diavlex.guides.cutout import PLACES
from diavlex.guides.pocket import Pocket
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.things import negatives
from diavlex.objective.layers import STRAY_WEIGHT, Layers, beyond
from diavlex.objective.placed import PlacedThing
from diavlex.objective.reading import read_prompt
from diavlex.objective.words import distance
from diavlex.phrases import Thing
from diavlex.scene import Scene
from diavlex.studio import appraise

SMALL: dict[str, Any] = {
    "strokes": 40, "steps": 12, "views": 4, "canvas_px": 64, "reinitialize": 4,
}  # fmt: skip
PROMPT, BOTH = "a fox in the snow", "a fox and a red apple"


def easel(prompt: str = PROMPT, **choices: Any) -> Studio:
    return studio(prompt, **SMALL | choices)


def placed(frame: Frame, aspect: tuple[float, float]) -> PlacedThing:
    """A fox that fills the upper left quarter of its frame."""
    share = torch.zeros(PLACES, PLACES)
    share[: PLACES // 2, : PLACES // 2] = 1
    colors = torch.rand(3, PLACES, PLACES, generator=torch.Generator().manual_seed(0))
    imagined = ImaginedThing(torch.ones(1, 1280) / 36, colors, share, torch.ones(3))
    layer = Layer("a fox", slice(14, 40), 0.2, 0.02, frame, Thing("a fox"))
    reading = read_prompt(pocket(), "a fox", negatives())
    return PlacedThing(layer, frame, reading, imagined, aspect)


@pytest.mark.parametrize("frame", [Frame(0.5, 0.5, 0.8), Frame(0.74, 0.26, 0.52)])
def test_a_thing_is_inside_its_frame(frame: Frame) -> None:
    place = placed(frame, (1.0, 2.0))
    canvas = torch.zeros(3, 100, 200)
    x, y, half = (round(100 * v) for v in (frame.x, frame.y, frame.side / 2))
    canvas[:, y - half : y, x - half : x] = 1
    framed = frame.crop(canvas)
    assert framed.shape == (3, 2 * half, 2 * half)
    assert float(framed.mean()) == 0.25
    torch.testing.assert_close(place.inside(100, 200), canvas[0])


def test_the_background_is_asked_for_where_it_can_be_seen() -> None:
    bare = placed(Frame(0.5, 0.5, 0.8), (1.0, 1.0)).bare()
    assert bare[:, PLACES // 2 + 1 :].min() == bare[PLACES // 2 + 1 :].min() == 1
    assert bare[PLACES // 4, PLACES // 4] == 0
    assert bare[0, 0] > 0.5, "the frame ends before the canvas"
    small = placed(Frame(0.74, 0.74, 0.52), (1.0, 1.0)).bare()
    assert small[PLACES // 2, PLACES // 2] < 0.1
    assert small[:4].min() == small[:, :4].min() == 1


def test_strokes_stray_by_how_far_they_are() -> None:
    place = placed(Frame(0.5, 0.5, 0.8), (1.0, 1.0))
    actions = stroke.random_actions(torch.full((40,), 0.05), torch.Generator().manual_seed(0))
    parts = stroke.split(actions)

    def stray(x: float, y: float, rows: slice = slice(None)) -> float:
        places = parts.placements.clone()
        places[:, :2] = 0.3
        places[rows, :2] = torch.tensor([x, y])
        moved = stroke.Parts(parts.shapes, places, parts.colors)
        return float(beyond(moved, place, place.spots()))

    assert stray(0.3, 0.3) == stray(0.9, 0.9, slice(0, 14)) == 0
    assert 0 < stray(0.6, 0.3) < stray(0.9, 0.3) < stray(0.9, 0.9)
    assert STRAY_WEIGHT * stray(0.9, 0.3) > 1


def test_strokes_of_a_thing_begin_gathered_in_its_frame() -> None:
    one = easel()
    assert [layer.rows for layer in one.search.composition.things] == [slice(14, 40)]
    centers = stroke.split(one.search.now()).placements[:, :2] - 0.5
    assert centers[14:].abs().max() < 0.25 < centers[:14].abs().max()


@pytest.mark.parametrize("share", [0.01, 1.0])
@pytest.mark.parametrize("prompt", [PROMPT, BOTH])
def test_things_may_have_hardly_any_or_all_of_the_strokes(prompt: str, share: float) -> None:
    assert torch.isfinite(easel(prompt, layer_share=share, steps=5).run()).all()


def test_strokes_of_a_layer_show_its_thing_alone() -> None:
    """They come to look like the thing on any background, and keep to it."""
    judging = easel(strokes=120, noise=0.0)

    def seen(share: float) -> tuple[float, float]:
        found = easel(layer_share=share, strokes=120, steps=80, views=8).run()
        put_all(judging.search, found)
        with torch.no_grad():
            told = values_of(judging.objective, judging.search.appraisal())
        return told["layers"], told["stray"]

    (own, kept), (mixed, strayed) = seen(0.65), seen(0.0)
    assert own < mixed - 0.5
    assert kept < strayed / 4


def test_a_thing_is_judged_by_its_own_strokes() -> None:
    one = easel(BOTH)
    scene = one.search.scene(0.0)
    layers = scene.composition.things
    assert [layer.rows for layer in layers] == [slice(14, 27), slice(27, 40)]
    alone = [scene.alone(layer) for layer in layers]
    for layer, by_itself in zip(layers, alone, strict=True):
        bare = even(one.search, by_itself.background)
        torch.testing.assert_close(by_itself.canvas, scene.strokes.lay(bare, layer.rows))
    assert not torch.equal(alone[0].background, alone[1].background), "each on one of its own"


@pytest.mark.parametrize("at", [0, 1])
def test_the_term_of_a_layer_moves_no_other_strokes(at: int) -> None:
    one = easel(BOTH)
    scene = one.search.scene(0.0)
    assert scene.importance is not None
    Layers((one.search.brief.things[at],), imagine=6.0, contrast=0.3)(scene).backward()
    moved = scene.importance.grad
    assert moved is not None
    rows = scene.composition.things[at].rows
    assert (moved[rows] != 0).any()
    moved[rows] = 0
    assert (moved == 0).all()


def test_strokes_of_a_thing_are_reinitialized_within_it() -> None:
    one = easel(reinitialize=0, canvas_px=128)
    one.step()
    one.strategy.usefulness = torch.ones(40)
    one.strategy.usefulness[[20, 30]] = -1.0
    before = one.search.now()
    scene = one.search.scene(0.5)
    (layer,) = scene.composition.things
    alone = scene.alone(layer).canvas
    (scene.canvas.square().sum() + alone.square().sum()).backward()
    assert alone.grad is not None
    alone.grad[:, :, :4] *= 1e6  # far off, everything is wrong
    one.strategy.reinitialize(one.search, scene)
    after = one.search.now()
    changed = (after != before).any(1).nonzero()[:, 0].tolist()
    assert changed == [20, 30]
    (thing,) = one.search.brief.things
    about = torch.nn.functional.max_pool2d(thing.inside(128, 128)[None], 9, 1, 4)[0]  # blurred
    for x, y in (stroke.split(after).placements[changed, :2] * 128).long().tolist():
        assert about[y, x] == 1


def test_two_things_stand_side_by_side() -> None:
    one = easel(BOTH, strokes=120, steps=60, views=8)
    places = stroke.split(one.run()).placements
    layers = one.search.composition.things
    fox, apple = (places[layer.rows, 0] for layer in layers)
    assert float(fox.mean()) < 0.4
    assert float(apple.mean()) > 0.6
    frame = layers[1].frame
    assert frame is not None
    picture = one.search.appraisal().canvas.detach()
    red, green, _ = frame.crop(picture)[:, 16:-10, 10:-10].mean((1, 2))
    assert red > green + 0.2


@pytest.mark.parametrize("prompt", [PROMPT, BOTH])
def test_it_is_decided_by_the_seed_and_goes_on(prompt: str) -> None:
    whole = easel(prompt).run()
    assert torch.equal(easel(prompt).run(), whole)
    one, later = easel(prompt), easel(prompt)
    for _ in range(7):
        one.step()
    later.load_state(one.state())
    assert torch.equal(later.run(), whole)
    fresh = easel(prompt)
    score = appraise(one.search, one.objective)
    assert score == appraise(one.search, one.objective)
    assert score != appraise(fresh.search, fresh.objective)


def test_strokes_of_a_layer_stay_above_the_background() -> None:
    one = easel(shuffle=1.0, random_background=0.0, background="white")
    actions = one.search.now()
    actions[:14, 9:], actions[14:, 9:] = 1.0, 0.0
    put_all(one.search, actions)
    with torch.no_grad():
        scene = one.search.scene(0.0)
    alone = scene.strokes.lay(even(one.search), slice(14, None))
    black = alone < 0.05
    assert bool(black.any())
    assert float(scene.canvas[black].max()) < 0.06


def test_without_a_place_the_background_stays_plain() -> None:
    there, bare = (studio(text, **SMALL) for text in ("two foxes in the snow", "two foxes"))
    seen = [one.objective.readings[0].imagined for one in (there, bare)]
    assert seen[0] is not None
    assert seen[1] is not None
    assert len(there.search.brief.things) == len(bare.search.brief.things) == 2
    assert float(seen[1].layouts.std((2, 3)).max()) < 1e-6 < seen[0].layouts.std()
    told = values_of(bare.objective, bare.search.appraisal())
    assert "imagination" not in told, "the whole is judged by its words alone"
    vectors = bare.search.appraisal().seen(pocket()).vectors
    words = read_prompt(pocket(), "two foxes", negatives())
    assert told["words"] == pytest.approx(float(distance(vectors, words, 0.3).detach()))
    assert values_of(there.objective, there.search.appraisal())["imagination"] > 0.5


def photographer() -> Guide:
    """A guide that imagines, and knows no thing alone: it was shown photos only."""
    guide = pocket()
    assert isinstance(guide, Pocket)
    assert guide.prototypes is not None
    full = guide.prototypes
    few = slice(0, 50)
    layouts = torch.rand(50, 3, PLACES, PLACES, generator=torch.Generator().manual_seed(0))
    words = full.words[:50].float()
    return Pocket(
        "photos", guide.eye, guide.words, Prototypes.of(full.features[few], layouts, words)
    )


def test_any_of_several_guides_may_judge_a_layer() -> None:
    other = photographer()
    one = studio(PROMPT, [other, pocket()], **SMALL)
    (thing,) = one.search.brief.things
    assert thing.reading.guide is pocket()
    assert thing.imagined is not None
    assert [reading.guide for reading in one.objective.readings] == [other, pocket()]
    assert torch.isfinite(one.run()).all()
    assert studio(PROMPT, [other], **SMALL).search.brief.things == ()


def test_a_layer_s_judge_gives_half_of_its_views_to_layers() -> None:
    def views(scene: Scene, guide: Guide) -> int:
        return len(scene.seen(guide).vectors)

    other = photographer()
    scene = studio(BOTH, [other, pocket()], **SMALL | {"views": 9}).search.scene(0.0)
    assert views(scene, other) == 9
    assert views(scene, pocket()) == 5
    alone = [scene.seen_alone(layer, pocket()).vectors for layer in scene.composition.things]
    assert [len(vectors) for vectors in alone] == [2, 2]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    folder: Path = write(FAMILIES["clip"], tmp_path_factory.mktemp("clip") / "tiny")
    return guides.load(str(folder))


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a red apple in the sea", ["a red apple"]),
        ("a fox and two boats", ["a fox"] + ["boat"] * 2),
    ],
)
def test_a_guide_that_cannot_imagine_judges_layers_by_their_words(
    clip: Guide, prompt: str, names: list[str]
) -> None:
    one = studio(prompt, [(clip, 0.5)], **SMALL)
    things = one.search.brief.things
    assert [thing.layer.name for thing in things] == names
    assert [thing.imagined for thing in things] == [None] * len(names)
    assert [weighed.name for weighed in one.objective.terms] == [
        "words", "saturation", "layers", "stray",
    ]  # fmt: skip
    with torch.no_grad():
        scene = one.search.scene(0.0)
        told = values_of(one.objective, scene)
        expected = sum(
            0.5 * float(distance(
                scene.seen_alone(thing.layer, clip).vectors,
                read_prompt(clip, name, negatives()), 0.3,
            ))
            for thing, name in zip(things, names, strict=True)
        )  # fmt: skip
    assert told["layers"] == pytest.approx(expected, rel=1e-5)
    before = one.search.now()
    steps = one.paint()
    own = slice(things[0].layer.rows.start, None)
    assert not torch.equal(steps[-1].actions[own], before[own])
    assert torch.isfinite(steps[-1].actions).all()


def test_a_guide_that_cannot_imagine_paints_a_plain_thing_without_layers(clip: Guide) -> None:
    brief = brief_of("a red apple", [clip], **SMALL)
    assert brief.things == ()
    assert brief.device == CPU
    names = [weighed.name for weighed in studio_of(brief).objective.terms]
    assert names == ["words", "saturation"]


def test_layers_can_be_left_out() -> None:
    one = easel(layer_share=0.0)
    assert one.search.composition.things == ()
    assert not {"layers", "stray"} & {weighed.name for weighed in one.objective.terms}
