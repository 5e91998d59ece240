"""The imagination: what pictures of words look like, and strokes that become like it."""

from dataclasses import replace

import pytest
import torch
from studio_of import brief_of, pocket, still, studio_of, values_of

from diavlex import guides
from diavlex.guides import Imagined, ImaginedThing
from diavlex.guides.cutout import FINE, PLACES, layout, tinted
from diavlex.guides.pocket import Eye, Pocket
from diavlex.guides.prototypes import Prototypes
from diavlex.objective import Objective, terms_of
from diavlex.phrases import COLORS, color_of, depicted, says_where, things_of, uncolored
from diavlex.training.corpus import Row
from diavlex.training.imagining import (
    FEWEST,
    UNLIKE,
    Core,
    called,
    clearness,
    clusters,
    core,
    cores,
    framed,
    grouped,
    laid_out,
    means,
    taught,
    telling,
)


@pytest.fixture(scope="module")
def guide() -> Pocket:
    found = pocket()
    assert isinstance(found, Pocket)
    return found


def greys(count: int) -> torch.Tensor:
    """Layouts of no tones, which are kept as they are, on a plain background."""
    return on_plain(torch.rand(count, 1, 4, 4).expand(-1, 3, -1, -1))


def on_plain(coarse: torch.Tensor) -> torch.Tensor:
    """Layouts in fine places with an even edge."""
    inner = torch.nn.functional.interpolate(coarse, FINE)[..., 1:-1, 1:-1]
    return torch.nn.functional.pad(inner, (1, 1, 1, 1), value=0.5)


def imagined(guide: Pocket, *texts: str, is_photo: bool = False) -> Imagined:
    assert guide.imagination is not None
    return guide.imagination.imagine(list(texts), is_photo=is_photo)


def things(guide: Pocket, prompt: str) -> list[ImaginedThing]:
    """What is imagined of the things of a prompt that get layers of their own."""
    placed = brief_of(prompt, [guide]).things
    found = [one.imagined for one in placed if one.imagined is not None]
    assert len(found) == len(placed)
    return found


def test_colors_are_imagined_in_their_places(guide: Pocket) -> None:
    layouts = imagined(guide, "a sheep on green grass", "a red rose", "a blue sky").layouts
    assert layouts.shape == (3, 3, PLACES, PLACES)
    inner, upper = slice(PLACES // 4, -PLACES // 4), slice(PLACES // 2)
    grass, sky = layouts[0, :, -1].mean(-1), layouts[2]
    rose = layouts[1, :, inner, inner].mean((1, 2))
    assert grass[1] > grass[2] + 0.1, "green below"
    assert rose[0] > max(rose[1], rose[2]) + 0.1, "red in the middle"
    assert sky[2, upper].mean() > sky[0, upper].mean() + 0.1, "blue above"


def test_what_is_imagined_is_what_the_words_say(guide: Pocket) -> None:
    texts = ["a school bus", "a soccer ball", "an elephant", "a snowy mountain", "a sunflower"]
    seen = torch.nn.functional.normalize(guide.eye.head(imagined(guide, *texts).features), dim=-1)
    cosines = seen @ guide.encode_text(texts).T
    assert (cosines.argmax(0) == torch.arange(len(texts))).all(), "each text picks its own picture"
    assert cosines.diagonal().min() > 0.3


def test_a_thing_counts_for_more_than_its_color(guide: Pocket) -> None:
    texts, things = ["a red sports car", "a red apple"], ["a sports car", "an apple", "a rose"]
    seen = torch.nn.functional.normalize(guide.eye.head(imagined(guide, *texts).features), dim=-1)
    assert (seen @ guide.encode_text(things).T).argmax(1).tolist() == [0, 1]
    assert uncolored("A red sports car, and a Blue one") == "a sports car and a one"
    assert uncolored("an orange") == "an orange"
    assert uncolored("") == ""


def test_a_thing_takes_the_color_that_is_said(guide: Pocket) -> None:
    plain, *said = imagined(guide, "a cat", "a black cat", "a pink cat").layouts
    black, pink = said

    def thing(colors: torch.Tensor) -> torch.Tensor:
        """Its mean color where it is, by what is unlike the corner; of each its own icon."""
        rows = (colors - colors[:, :1, :1]).norm(dim=0).flatten().topk(18).indices
        return colors.flatten(1)[:, rows].mean(1)

    assert thing(black).mean() < 0.6 * thing(plain).mean()
    red, green, _ = thing(pink)
    assert red > green + 0.15
    assert color_of("black sheep") == COLORS["black"]
    assert color_of("an orange") is color_of("a cat wearing a red hat") is color_of("") is None
    even = torch.full((3, PLACES, PLACES), 0.5)
    assert torch.equal(tinted(even, (255, 0, 0)), even), "where there is no thing, nothing is"


def test_a_picture_becomes_what_is_imagined() -> None:
    brief = brief_of("a goldfish")
    with_places = studio_of(brief).objective
    assert "layout" in [weighed.name for weighed in with_places.terms]
    terms = [weighed for weighed in with_places.terms if weighed.name != "layout"]
    without = Objective(terms, brief.readings)

    def grown(objective: Objective) -> torch.Tensor:
        canvas = torch.full((3, 64, 64), 0.5, requires_grad=True)
        optimizer = torch.optim.Adam([canvas], lr=0.02)
        for _ in range(25):
            optimizer.zero_grad()
            objective(still(canvas, brief)).total.backward()
            optimizer.step()
        return canvas.detach()

    def told(canvas: torch.Tensor) -> dict[str, float]:
        with torch.no_grad():
            return values_of(with_places, still(canvas, brief))

    placed, unplaced, grey = map(
        told, (grown(with_places), grown(without), torch.full((3, 64, 64), 0.5))
    )
    assert placed["layout"] < 0.9 * unplaced["layout"]
    shown = placed["words"] + placed["imagination"]
    assert shown < grey["words"] + grey["imagination"] - 1.0


def test_without_it_nothing_is_imagined() -> None:
    canvas = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))
    plain, full = (brief_of("a boat", imagine=much) for much in (0.0, 2.0))
    assert plain.readings[0].imagined is None
    none = values_of(Objective(terms_of(plain), plain.readings), still(canvas, plain))
    assert not {"imagination", "layout"} & set(none)
    scene = still(canvas, full)
    told = values_of(Objective(terms_of(full), full.readings), scene)
    assert told["words"] == none["words"]
    found, wanted = scene.seen(pocket()).features, full.readings[0].imagined
    assert found is not None
    assert wanted is not None
    alike = float((found @ wanted.features.T).mean().detach())
    assert told["imagination"] == pytest.approx(2.0 * (1 - alike), abs=1e-5)


def test_misplaced_colors_count() -> None:
    canvas = torch.rand(3, 80, 80, generator=torch.Generator().manual_seed(0))
    for prompt, places in (("a bicycle", FINE), ("a snowy mountain", PLACES)):
        brief = brief_of(prompt, imagine=1.5)
        wanted = brief.readings[0].imagined
        assert wanted is not None
        colors = wanted.layouts[0]
        assert colors.shape == (3, places, places)
        apart = float((layout(canvas, places) - colors).square().mean())
        told = values_of(Objective(terms_of(brief), brief.readings), still(canvas, brief))
        assert told["layout"] == pytest.approx(1.5 * 10.0 * apart, rel=1e-5)


def test_prompts_are_imagined_together_by_their_weights(guide: Pocket) -> None:
    def seen(*also: str) -> Imagined:
        found = brief_of("a boat", also=also, imagine=1.0).readings[0].imagined
        assert found is not None
        return found

    boat, sheep = seen(), imagined(guide, "a sheep")
    both = seen("a sheep:1.0")
    torch.testing.assert_close(both.layouts, (boat.layouts + sheep.layouts) / 2)
    assert float(both.features @ sheep.features.T) > float(boat.features @ sheep.features.T) + 0.1
    assert torch.equal(seen("a sheep:-0.5").features, boat.features)


def thing(guide: Pocket, text: str) -> ImaginedThing:
    (found,) = things(guide, text)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A red apple on a table, in Spain", ["a red apple"]),
        ("a cat and two dogs on a sofa", ["a cat", "dog", "dog"]),
        ("a cat, a dog, and a bird", ["a cat", "a dog", "a bird"]),
        ("three red foxes", ["red fox"] * 3),
        ("two cherries in a box", ["cherry", "cherry"]),
        ("two glass boxes", ["glass box"] * 2),
        ("An oil painting of a fox in the snow", ["a fox"]),
        ("black-and-white photos of two cats", ["cat", "cat"]),
        ("four dishes and two sheep", ["dish"] * 4 + ["sheep"] * 2),
        ("four dishes and three sheep on a table", []),
        *((text, []) for text in ("a horse", "in a field", "", "two", "and", "a dog and", "on")),
    ],
)
def test_things_are_told_from_where_and_how_many_they_are(text: str, expected: list[str]) -> None:
    assert things_of(text) == expected


def test_a_picture_of_a_thing_is_the_thing(guide: Pocket) -> None:
    assert depicted("a drawing of a cat") == "a cat"
    assert depicted("a portrait of a woman") == "a portrait of a woman"
    assert depicted("a bowl of fruit") == "a bowl of fruit"
    plain, drawn = imagined(guide, "a cat", "a drawing of a cat").layouts
    assert torch.equal(plain, drawn)


def test_a_place_is_said_or_not() -> None:
    assert says_where("two dogs by a river")
    assert not any(map(says_where, ("two dogs", "in a field", "", "a dog and a cat")))


def test_a_thing_with_a_place_gets_a_layer_of_its_own(guide: Pocket) -> None:
    horse = thing(guide, "a horse in a field")
    assert things(guide, "a horse") == [], "it says no place"
    assert things(guide, "a quarrel in a field") == [], "no icon shows it"
    assert things(guide, "a horse and a quarrel") == [], "nor one of them"
    seen = torch.nn.functional.normalize(guide.eye.head(horse.features), dim=-1)
    names = ["a horse", "a field", "a boat", "a fox"]
    assert int((seen @ guide.encode_text(names).T).argmax()) == 0
    blue, plain = (thing(guide, f"a {c}fox in the snow") for c in ("blue ", ""))
    assert torch.equal(blue.share, plain.share)
    assert not torch.equal(blue.colors, plain.colors)
    apples = things(guide, "a red apple and a green apple")
    red, green = (one.colors[:, one.share == 1].mean(1) for one in apples)
    assert red[0] > red[1] + 0.3
    assert green[1] > green[0] + 0.2
    photo = imagined(guide, "a dolphin in the sea", is_photo=True)
    _, _, blue = photo.layouts[0].mean((1, 2))
    assert blue > 0.5, "the sea is behind it"


def test_a_thing_can_stand_on_any_background(guide: Pocket) -> None:
    horse = thing(guide, "a horse in a field")
    torch.testing.assert_close(horse.on(horse.background), horse.colors)
    green = torch.tensor([0.1, 0.8, 0.1])
    placed = horse.on(green)
    bare = horse.share < 0.05
    assert bool(bare.any())
    assert float((placed[:, bare] - green[:, None]).abs().max()) < 0.1
    most = horse.share == 1
    torch.testing.assert_close(placed[:, most], horse.colors[:, most])


def test_only_icons_are_things() -> None:
    features, layouts = torch.eye(6) + 0.1, greys(6)
    keys = torch.nn.functional.normalize(torch.eye(6), dim=-1)
    three = Prototypes.of(features, layouts, torch.eye(6), icons=3)
    assert three.thing(keys[1:2], keys) is None
    found = three.thing(keys[4:5], keys)
    assert found is not None
    torch.testing.assert_close(found.colors, layouts[4], atol=5e-3, rtol=0)
    assert int(found.features.argmax()) == 4
    near = torch.nn.functional.normalize(keys[4] + keys[1], dim=0)
    assert three.thing(near[None], keys) is None, "it is not named"
    found = three.thing(torch.stack([near, keys[4]]), keys)
    assert found is not None, "it is without its color"
    assert int(found.features.argmax()) == 4
    assert int(three(keys[4:5], keys, is_photo=True).features.argmax()) < 3
    assert int(three(keys[4:5], keys).features.argmax()) == 4


def test_a_scene_is_no_thing(guide: Pocket) -> None:
    assert things(guide, "a sunset over the sea") == []
    assert len(things(guide, "a rainbow over green hills")) == 1
    features, words = torch.eye(2, 4) + 0.1, torch.eye(2)
    layouts = torch.full((2, 3, FINE, FINE), 0.9)
    for side, is_thing in ((12, True), (22, False)):
        at = slice((FINE - side) // 2, (FINE + side) // 2)
        layouts[1, :, at, at] = 0.1
        found = Prototypes.of(features, layouts, words, icons=1).thing(words[1:], words)
        assert (found is not None) == is_thing


def test_the_judge_does_not_imagine() -> None:
    judge = guides.load("pocket-judge")
    assert judge.imagination is None
    assert brief_of("a boat", [judge]).readings[0].imagined is None
    (boat,) = brief_of("a boat on a lake", [judge]).things
    assert boat.imagined is None


def test_prototypes_survive_their_file() -> None:
    features, layouts = torch.rand(9, 20) ** 4 * 6, torch.rand(9, 3, PLACES, PLACES)
    words = torch.nn.functional.normalize(torch.randn(11, 5), dim=-1)
    owner = torch.tensor([*range(9), 8, 2])
    kept = Prototypes.of(features, layouts, words, owner, icons=4)
    assert kept.photos == 5
    tensors = {k: v.half() if v.dtype == torch.float32 else v for k, v in kept.state_dict().items()}
    again = Prototypes.from_tensors(tensors)
    for key, tensor in kept.state_dict().items():
        assert torch.equal(again.state_dict()[key], tensor), key
    keys = torch.nn.functional.normalize(torch.randn(9, 5), dim=-1)
    ours, theirs = kept(keys[:2], keys), again(keys[:2], keys)
    assert torch.equal(ours.layouts, theirs.layouts)
    assert torch.equal(ours.features, theirs.features)


@pytest.mark.parametrize(("icons", "places", "bytes_each"), [(0, PLACES, 1075), (50, FINE, 1510)])
def test_prototypes_are_kept_in_few_bytes_and_hardly_changed(
    icons: int, places: int, bytes_each: int
) -> None:
    features = (torch.randn(50, 1280) - 0.5).clamp_min(0)  # most are nothing, as of a real eye
    layouts = torch.nn.functional.interpolate(torch.rand(50, 3, 4, 4), FINE, mode="bicubic")
    layouts = layouts.clamp(0, 1)
    kept = Prototypes.of(features, layouts, torch.eye(50), icons=icons)
    names = ("words", "owner")
    assert sum(v.nbytes for k, v in kept.state_dict().items() if k not in names) <= 50 * bytes_each
    assert torch.cosine_similarity(kept.features, features).min() > 0.995
    seen = kept(torch.eye(50), torch.zeros(50, 50)).layouts
    apart = seen - layout(layouts, places)
    assert float(apart.square().mean().sqrt()) < 0.04
    assert float(apart.mean(1).abs().mean()) < 0.02


def test_the_nearest_prototype_is_imagined() -> None:
    features, layouts = torch.eye(12) + 0.1, greys(12)
    keys = torch.nn.functional.normalize(torch.eye(12) + 0.3, dim=-1)
    found = Prototypes.of(features, layouts, torch.zeros(12, 12))(keys[3:4], keys)
    assert int(found.features.argmax()) == 3
    torch.testing.assert_close(found.layouts[0], layout(layouts[3]), atol=5e-3, rtol=0)
    named = Prototypes.of(features, layouts, torch.eye(12).roll(1, 0))
    assert int(named(keys[3:4], keys).features.argmax()) == 4, "what it is called counts for more"


def test_an_icon_is_imagined_by_its_name() -> None:
    features, layouts = torch.eye(6) + 0.1, greys(6)
    keys = torch.nn.functional.normalize(torch.eye(6), dim=-1)
    name = torch.nn.functional.normalize(torch.tensor([[0, 1, 0, 0, 0, 0.6]]), dim=-1)
    words = torch.cat([torch.eye(6)[:5], name])
    plain, icon = (Prototypes.of(features, layouts, words, icons=icons) for icons in (0, 1))
    assert int(plain(name, keys).features.argmax()) == 1, "a photo looks more like it"
    assert int(icon(name, keys).features.argmax()) == 5, "an icon is its name"
    other = torch.nn.functional.normalize(torch.tensor([[0, 1, 0, 0.8, 0, 0.3]]), dim=-1)
    assert int(icon(other, keys).features.argmax()) == 1, "it is not all that is said"
    both = icon(torch.cat([name, other]), keys, [COLORS["red"], COLORS["red"]]).layouts
    torch.testing.assert_close(both[1], layout(layouts[1]), atol=5e-3, rtol=0)
    assert float((both[0] - layout(layouts[5])).abs().max()) > 0.1, "only icons take a color"


def test_of_icons_that_are_named_the_plainest_is_imagined() -> None:
    features, words = torch.eye(3, 4) + 0.1, torch.eye(3)[[0, 1, 1]]
    layouts = torch.full((3, 3, 4, 4), 0.5)
    layouts[1, :, :, ::2] += 0.05
    layouts[2, :, :, ::2] += 0.3
    layouts = on_plain(layouts)
    keys = torch.nn.functional.normalize(torch.ones(3, 3), dim=-1)
    found = Prototypes.of(features, layouts, words, icons=2)
    assert int(found(words[1:2], keys).features.argmax()) == 2
    assert found.plainness[0] < found.plainness[1]
    seen = found.thing(words[1:2], keys)
    assert seen is not None
    assert int(seen.features.argmax()) == 2
    clear = torch.tensor([1.0, 1.0, 0.1])
    found = Prototypes.of(features, layouts, words, clear=clear, icons=2)
    assert int(found(words[1:2], keys).features.argmax()) == 1, "if it is clear"
    found = Prototypes.of(features, layouts, torch.eye(3)[[1, 0, 1]], clear=clear, icons=2)
    assert int(found(words[1:2], keys).features.argmax()) == 0, "a photo is as near"
    assert found.thing(words[1:2], keys) is not None, "alone it may be unclear"
    found = Prototypes.of(features, layouts, words, clear=clear)
    assert int(found(words[1:2], keys).features.argmax()) == 1, "and a photo"
    layouts[2, :, 0] = 0.0
    found = Prototypes.of(features, layouts, words, icons=2)
    assert int(found(words[1:2], keys).features.argmax()) == 1, "and not cut off"


def test_of_photos_that_has_the_color_that_is_said_is_imagined() -> None:
    features, layouts = torch.ones(3, 4), torch.full((3, 3, PLACES, PLACES), 0.5)
    layouts[1, 2, :, :6] = 0.9  # half blue
    layouts[2, 0] = 0.9
    found = Prototypes.of(features, layouts, torch.eye(3))
    text = torch.full((1, 3), 3**-0.5)
    keys = torch.zeros(3, 3)
    for hue, row in (("blue", 1), ("red", 2), ("white", 0)):
        seen = found(text, keys, [COLORS[hue]]).layouts[0]
        torch.testing.assert_close(seen, layouts[row], atol=0.2, rtol=0)
        assert float((seen - layouts[row]).abs().mean()) < 0.02
    assert torch.equal(found(text, keys, [None]).layouts, found(text, keys).layouts)


def test_a_core_is_of_pictures_that_are_near_to_each_other() -> None:
    looks = torch.eye(4)[[0, 0, 0, 1, 2, 3]]
    left = torch.zeros(3, 8, 8)
    left[..., :4] = torch.rand(3, 8, 4, generator=torch.Generator().manual_seed(0))
    places = torch.stack([left, left.flip(-1), left, *torch.rand(3, 3, 8, 8)])
    color = places.mean((0, 2, 3))
    placed = torch.stack([laid_out(v, color) for v in (places, places.flip(-1))], 1)
    near, frame = core(looks, placed, looks[0], Core(3, 1.0, 1.0, ()))
    assert sorted(near.tolist()) == [0, 1, 2]
    sides = {int(i): int(side) for i, side in zip(near, frame, strict=True)}
    assert sides[0] == sides[2] != sides[1], "all face the same way"
    named = core(looks, placed, looks[4], Core(1, 1.0, 9.0, ()))[0]
    assert named.tolist() == [4], "as they are called"
    assert len(core(looks, placed, looks[0], Core(9, 1.0, 1.0, ()))[0]) == len(looks)


def test_pictures_are_framed_as_they_are_told() -> None:
    pictures = torch.randint(0, 256, (4, 8, 8, 3), dtype=torch.uint8)
    frames = torch.tensor([[1.0, 0, 0], [-1, 0, 0], [0.5, -1, 1], [-0.5, 1, 0]])
    whole = framed(pictures, frames, 8).permute(0, 2, 3, 1) * 255
    torch.testing.assert_close(whole[0], pictures[0].float(), atol=1e-3, rtol=0)
    torch.testing.assert_close(whole[1], pictures[1].flip(1).float(), atol=1e-3, rtol=0)
    part = framed(pictures, frames, 4).permute(0, 2, 3, 1) * 255
    torch.testing.assert_close(part[2], pictures[2, 4:, :4].float(), atol=1e-3, rtol=0)
    torch.testing.assert_close(part[3], pictures[3, 2:6, 4:].flip(1).float(), atol=1e-3, rtol=0)


def test_a_core_is_framed_alike() -> None:
    generator = torch.Generator().manual_seed(0)
    scene = torch.randint(0, 256, (1, 6, 6, 3), dtype=torch.uint8, generator=generator)
    scene = scene.repeat_interleave(12, 1).repeat_interleave(12, 2)
    part = framed(scene, torch.tensor([[-0.72, 1.0, -1.0]]), 72).permute(0, 2, 3, 1) * 255
    pictures = torch.cat([scene, part.round().to(torch.uint8)])
    how = Core(2, 1.0, 1.0, ((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (-0.72, 1.0, -1.0)))
    kind = (torch.tensor([1, 0]), torch.ones(2), how)
    looks = torch.eye(2)
    chosen = cores(looks, pictures, torch.full((3,), 0.5), [kind])
    assert chosen.owner.tolist() == [0, 0]
    seen = framed(pictures[chosen.rows], chosen.frames, 24)
    torch.testing.assert_close(seen[0], seen[1], atol=0.03, rtol=0)
    assert float(chosen.clear) > 0.99
    places = layout(framed(pictures, torch.tensor([[1.0, 0, 0]] * 2), 48))
    assert float(clearness(places)) < 0.6, "as they are they are not alike"
    assert float(clearness(places[[0, 0]] * torch.tensor([0.5, 1])[:, None, None, None])) > 0.99


def test_what_looks_alike_but_is_called_otherwise_is_told_apart() -> None:
    generator = torch.Generator().manual_seed(0)
    texts = torch.eye(2)[torch.arange(100) % 2]
    one = torch.randint(100, 156, (1, 72, 72, 3), generator=generator, dtype=torch.uint8)
    pictures = one.repeat(100, 1, 1, 1)
    eye = Eye((8, 8, 8, 8, 8, 8, 8), (1, 1, 1, 1, 1, 1, 1), 2)
    found = taught(eye, pictures, texts, prototypes=6)
    assert len(found.words) >= 2
    assert found.words.float().amax(1).min() > 0.99
    assert len(found.drawn) == 0


def test_a_picture_is_called_by_its_label_and_its_caption(guide: Pocket) -> None:
    row = Row(("sheep", "animal"), (), "photo", "", "", "train", "core")
    rows = [row, replace(row, captions=("a black sheep on grass",)), replace(row, labels=())]
    first, second, third = called(guide.words, rows)
    sheep, caption = guide.words(["sheep", "a black sheep on grass"])
    torch.testing.assert_close(first, sheep)
    torch.testing.assert_close(second, torch.nn.functional.normalize(sheep + caption, dim=-1))
    assert float(third.norm()) == 0.0


def test_what_looks_least_like_what_it_is_called_is_left_out() -> None:
    looks = torch.nn.functional.normalize(torch.randn(100, 5), dim=-1)
    words = looks.clone()
    unlike = [3, 20, 50]
    words[unlike] = -looks[unlike]
    kept = telling(looks[:60], words[:60])
    assert len(unlike) == int(UNLIKE * 60)
    assert kept.tolist() == [row for row in range(60) if row not in unlike]


def test_icons_are_imagined_in_finer_places_than_photos() -> None:
    features, layouts = torch.eye(4) + 0.1, torch.rand(4, 1, FINE, FINE).expand(-1, 3, -1, -1)
    keys = torch.nn.functional.normalize(torch.eye(4), dim=-1)
    found = Prototypes.of(features, layouts, torch.eye(4), icons=2)
    photo, icon = (found(keys[row : row + 1], keys).layouts for row in (0, 3))
    torch.testing.assert_close(icon[0], layouts[3], atol=5e-3, rtol=0)
    torch.testing.assert_close(photo[0], layout(layouts[0]), atol=5e-3, rtol=0)
    both = found(keys[[0, 3]], keys).layouts
    torch.testing.assert_close(both, layout(layouts[[0, 3]]), atol=5e-3, rtol=0)


def test_a_prototype_may_have_several_names() -> None:
    features, layouts = torch.eye(4) + 0.1, greys(4)
    keys = torch.nn.functional.normalize(torch.eye(4) + 0.3, dim=-1)
    names = torch.eye(6)[:, :6]
    keys = torch.cat([keys, torch.zeros(4, 2)], 1)
    found = Prototypes.of(features, layouts, names, torch.tensor([0, 1, 2, 3, 3, 1]), icons=1)
    for text, prototype in ((3, 3), (4, 3), (5, 1), (2, 2)):
        assert int(found(names[text, None], keys).features.argmax()) == prototype


def test_alike_vectors_are_one_cluster() -> None:
    generator = torch.Generator().manual_seed(0)
    centers = torch.nn.functional.normalize(torch.randn(5, 16, generator=generator), dim=-1)
    kind = torch.arange(200) % 5
    vectors = centers[kind] + 0.1 * torch.randn(200, 16, generator=generator)
    owner = clusters(torch.nn.functional.normalize(vectors, dim=-1), 12, seed=0)
    for cluster in owner.unique():
        assert len(kind[owner == cluster].unique()) == 1


def test_no_prototype_is_of_few_pictures() -> None:
    owner = torch.tensor([0, 2] * (FEWEST - 1) + [0] + [2] * 2 + [1] * (FEWEST - 1))
    first, second = grouped(owner, FEWEST)
    assert first.tolist() == [i for i in range(len(owner)) if owner[i] == 0]
    assert second.tolist() == [i for i in range(len(owner)) if owner[i] == 2]
    assert len(grouped(owner, FEWEST - 1)) == 3


def test_a_mean_is_of_one_cluster() -> None:
    values = torch.rand(5, 3, 4, 4)
    found = means(values, torch.tensor([0, 0, 1, 1, 1]))
    torch.testing.assert_close(found, torch.stack([values[:2].mean(0), values[2:].mean(0)]))


def test_a_layout_is_the_mean_by_place() -> None:
    canvas = torch.zeros(3, 40, 80)
    canvas[0, :5] = 1.0
    assert torch.equal(layout(canvas, 8)[0, 0], torch.ones(8))
    assert float(layout(canvas, 8)[0, 1:].abs().max()) == 0.0
