"""The imagination: what pictures of words look like, and strokes that become like it."""

from dataclasses import replace

import pytest
import torch

from diavlex import guides
from diavlex.config import PaintConfig
from diavlex.guides.guide import Guide
from diavlex.guides.imagination import FINE, PLACES, Imagination, Subject, layout, tinted
from diavlex.guides.pocket import Eye, Pocket
from diavlex.guides.words import COLORS, color_of, depicted, says_where, things_of, uncolored
from diavlex.objective import target
from diavlex.training.corpus import Row
from diavlex.training.imagining import (
    FEWEST,
    FEWEST_ICONS,
    UNLIKE,
    Core,
    called,
    clusters,
    core,
    facing,
    families,
    grouped,
    laid_out,
    means,
    name,
    taught,
    telling,
)

THINGS = ["a boat", "a sheep"]


@pytest.fixture(scope="module")
def guide() -> Guide:
    return guides.load("pocket")


def imagined(guide: Guide, *texts: str):
    found = guide.imagine(list(texts))
    assert found is not None
    return found


def test_colors_are_imagined_in_their_places(guide: Guide) -> None:
    layouts = imagined(guide, "a sheep on green grass", "a red rose", "a blue sky").layouts
    assert layouts.shape == (3, 3, PLACES, PLACES)
    grass, rose, sky = layouts[0, :, -1].mean(-1), layouts[1, :, 2:6, 2:6].mean((1, 2)), layouts[2]
    assert grass[1] > grass[2] + 0.1, "green below"
    assert rose[0] > max(rose[1], rose[2]) + 0.1, "red in the middle"
    assert sky[2, :4].mean() > sky[0, :4].mean() + 0.1, "blue above"


def test_what_is_imagined_is_what_the_words_say(guide: Guide) -> None:
    texts = ["a school bus", "a soccer ball", "an elephant", "a snowy mountain", "a sunflower"]
    seen = torch.nn.functional.normalize(guide.eye.head(imagined(guide, *texts).features), dim=-1)
    cosines = seen @ guide.encode_text(texts).T
    assert (cosines.argmax(1) == torch.arange(len(texts))).all()
    assert cosines.diagonal().min() > 0.3


def test_a_thing_counts_for_more_than_its_color(guide: Guide) -> None:
    texts, things = ["a red sports car", "a red barn"], ["a sports car", "a barn", "a rose"]
    seen = torch.nn.functional.normalize(guide.eye.head(imagined(guide, *texts).features), dim=-1)
    assert (seen @ guide.encode_text(things).T).argmax(1).tolist() == [0, 1]
    assert uncolored("A red sports car, and a Blue one") == "a sports car and a one"
    assert uncolored("an orange") == "an orange"
    assert uncolored("") == ""


def test_a_thing_takes_the_color_that_is_said(guide: Guide) -> None:
    plain, *said = imagined(guide, "a cat", "a black cat", "a pink cat").layouts
    black, pink = said

    def thing(colors: torch.Tensor) -> torch.Tensor:
        """Its mean color where it is, by what is unlike the corner; of each its own icon."""
        rows = (colors - colors[:, :1, :1]).norm(dim=0).flatten().topk(8).indices
        return colors.flatten(1)[:, rows].mean(1)

    assert thing(black).mean() < 0.6 * thing(plain).mean()
    red, green, _ = thing(pink)
    assert red > green + 0.15
    assert color_of("black sheep") == COLORS["black"]
    assert color_of("an orange") is color_of("a cat wearing a red hat") is color_of("") is None
    even = torch.full((3, PLACES, PLACES), 0.5)
    assert torch.equal(tinted(even, (255, 0, 0)), even), "where there is no thing, nothing is"


def test_a_picture_becomes_what_is_imagined(guide: Guide) -> None:
    aim = target(guide, "a goldfish", THINGS, 0.3, imagine=6.0)

    def grown(places: float) -> torch.Tensor:
        canvas = torch.full((3, 64, 64), 0.5, requires_grad=True)
        optimizer = torch.optim.Adam([canvas], lr=0.02)
        for _ in range(25):
            optimizer.zero_grad()
            (aim(canvas[None]).total + places * aim.misplaced(canvas)).backward()
            optimizer.step()
        return canvas.detach()

    with_places, without = grown(1.0), grown(0.0)
    assert float(aim.misplaced(with_places)) < 0.9 * float(aim.misplaced(without))
    grey = torch.full((3, 64, 64), 0.5)
    assert float(aim(with_places[None]).total) < float(aim(grey[None]).total) - 1.0


def test_without_it_nothing_is_imagined(guide: Guide) -> None:
    looks = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    plain, none = target(guide, "a boat", THINGS, 0.3), target(guide, "a boat", THINGS, 0.3)
    assert plain.imagined is None
    assert float(plain.misplaced(looks[0])) == 0.0
    assert float(plain(looks).total) == float(none(looks).total)
    full = target(guide, "a boat", THINGS, 0.3, imagine=2.0)
    assert full.imagined is not None
    alike = float((guide.see(looks).features @ full.imagined.features.T).mean())
    gap = float(full(looks).total) - float(plain(looks).total)
    assert gap == pytest.approx(2.0 * (1 - alike), abs=1e-5)


def test_prompts_are_imagined_together_by_their_weights(guide: Guide) -> None:
    def seen(*also: tuple[str, float]):
        found = target(guide, "a boat", THINGS, 0.3, also=also, imagine=1.0).imagined
        assert found is not None
        return found

    boat, sheep = seen(), imagined(guide, "a sheep")
    both = seen(("a sheep", 1.0))
    torch.testing.assert_close(both.layouts, (boat.layouts + sheep.layouts) / 2)
    assert float(both.features @ sheep.features.T) > float(boat.features @ sheep.features.T) + 0.1
    assert torch.equal(seen(("a sheep", -0.5)).features, boat.features)


def subject(guide: Guide, text: str) -> Subject:
    (found,) = guide.imagine_subjects(text)
    return found


@pytest.mark.parametrize(
    ("text", "things"),
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
def test_things_are_told_from_where_and_how_many_they_are(text: str, things: list[str]) -> None:
    assert things_of(text) == things


def test_a_picture_of_a_thing_is_the_thing(guide: Guide) -> None:
    assert depicted("a drawing of a cat") == "a cat"
    assert depicted("a portrait of a woman") == "a portrait of a woman"
    assert depicted("a bowl of fruit") == "a bowl of fruit"
    plain, drawn = imagined(guide, "a cat", "a drawing of a cat").layouts
    assert torch.equal(plain, drawn)


def test_a_place_is_said_or_not() -> None:
    assert says_where("two dogs by a river")
    assert not any(map(says_where, ("two dogs", "in a field", "", "a dog and a cat")))


def test_a_thing_with_a_place_is_a_subject_of_its_own(guide: Guide) -> None:
    horse = subject(guide, "a horse in a field")
    assert guide.imagine_subjects("a horse") == [], "it says no place"
    assert guide.imagine_subjects("a quarrel in a field") == [], "no icon shows it"
    assert guide.imagine_subjects("a horse and a quarrel") == [], "nor one of them"
    seen = torch.nn.functional.normalize(guide.eye.head(horse.features), dim=-1)
    names = ["a horse", "a field", "a boat", "a fox"]
    assert int((seen @ guide.encode_text(names).T).argmax()) == 0
    blue, plain = (subject(guide, f"a {c}fox in the snow") for c in ("blue ", ""))
    assert torch.equal(blue.share, plain.share)
    assert not torch.equal(blue.colors, plain.colors)
    apples = guide.imagine_subjects("a red apple and a green apple")
    red, green = (one.colors[:, one.share == 1].mean(1) for one in apples)
    assert red[0] > red[1] + 0.3
    assert green[1] > green[0] + 0.2
    photo = guide.imagine(["a dolphin in the sea"], is_photo=True)
    assert photo is not None
    _, _, blue = photo.layouts[0].mean((1, 2))
    assert blue > 0.5, "the sea is behind it"


def test_a_subject_can_stand_on_any_ground(guide: Guide) -> None:
    horse = subject(guide, "a horse in a field")
    torch.testing.assert_close(horse.on(horse.ground), horse.colors)
    green = torch.tensor([0.1, 0.8, 0.1])
    placed = horse.on(green)
    bare = horse.share < 0.05
    assert bool(bare.any())
    assert float((placed[:, bare] - green[:, None]).abs().max()) < 0.1
    most = horse.share == 1
    torch.testing.assert_close(placed[:, most], horse.colors[:, most])


def test_only_icons_are_subjects() -> None:
    features, layouts = torch.eye(6) + 0.1, torch.rand(6, 3, PLACES, PLACES)
    keys = torch.nn.functional.normalize(torch.eye(6), dim=-1)
    three = Imagination(features, layouts, torch.eye(6), icons=3)
    assert three.subject(keys[1:2], keys) is None
    found = three.subject(keys[4:5], keys)
    assert found is not None
    finer = layouts[4].repeat_interleave(2, -1).repeat_interleave(2, -2)
    torch.testing.assert_close(found.colors, finer, atol=5e-3, rtol=0)
    assert int(found.features.argmax()) == 4
    near = torch.nn.functional.normalize(keys[4] + keys[1], dim=0)
    assert three.subject(near[None], keys) is None, "it is not named"
    found = three.subject(torch.stack([near, keys[4]]), keys)
    assert found is not None, "it is without its color"
    assert int(found.features.argmax()) == 4
    assert int(three(keys[4:5], keys, is_photo=True).features.argmax()) < 3
    assert int(three(keys[4:5], keys).features.argmax()) == 4


def test_the_judge_does_not_imagine() -> None:
    judge = guides.load("pocket-judge")
    assert judge.imagine(["a boat"]) is None
    assert judge.imagine_subjects("a boat on a lake") == []
    assert target(judge, "a boat", THINGS, 0.3, imagine=PaintConfig().imagine).imagined is None


def test_prototypes_survive_their_file() -> None:
    features, layouts = torch.rand(9, 20) * 6, torch.rand(9, 3, FINE, FINE)
    words = torch.nn.functional.normalize(torch.randn(9, 5), dim=-1)
    kept = Imagination(features, layouts, words, icons=4)
    tensors = {k: v.half() if v.is_floating_point() else v for k, v in kept.state_dict().items()}
    again = Imagination.from_tensors(tensors)
    torch.testing.assert_close(again.features, features, atol=0.02, rtol=0.01)
    assert torch.equal(again.colors, kept.colors)
    assert torch.equal(again.drawn, kept.drawn)
    assert len(again.drawn) == 4
    keys = torch.nn.functional.normalize(torch.randn(9, 5), dim=-1)
    ours, theirs = kept(keys[:2], keys), again(keys[:2], keys)
    torch.testing.assert_close(ours.layouts, theirs.layouts, atol=3e-3, rtol=0)
    torch.testing.assert_close(ours.features, theirs.features, atol=3e-3, rtol=0)


def test_the_nearest_prototype_is_imagined() -> None:
    features, layouts = torch.eye(12) + 0.1, torch.rand(12, 3, PLACES, PLACES)
    keys = torch.nn.functional.normalize(torch.eye(12) + 0.3, dim=-1)
    found = Imagination(features, layouts, torch.zeros(12, 12))(keys[3:4], keys)
    assert int(found.features.argmax()) == 3
    torch.testing.assert_close(found.layouts[0], layouts[3], atol=5e-3, rtol=0)
    named = Imagination(features, layouts, torch.eye(12).roll(1, 0))
    assert int(named(keys[3:4], keys).features.argmax()) == 4, "what it is called counts for more"


def test_an_icon_is_imagined_by_its_name() -> None:
    features, layouts = torch.eye(6) + 0.1, torch.rand(6, 3, PLACES, PLACES)
    keys = torch.nn.functional.normalize(torch.eye(6), dim=-1)
    name = torch.nn.functional.normalize(torch.tensor([[0, 1, 0, 0, 0, 0.6]]), dim=-1)
    words = torch.cat([torch.eye(6)[:5], name])
    plain, icon = (Imagination(features, layouts, words, icons) for icons in (0, 1))
    assert int(plain(name, keys).features.argmax()) == 1, "a photo looks more like it"
    assert int(icon(name, keys).features.argmax()) == 5, "an icon is its name"
    other = torch.nn.functional.normalize(torch.tensor([[0, 1, 0, 0.8, 0, 0.3]]), dim=-1)
    assert int(icon(other, keys).features.argmax()) == 1, "it is not all that is said"
    both = icon(torch.cat([name, other]), keys, [COLORS["red"], COLORS["red"]]).layouts
    torch.testing.assert_close(both[1], layouts[1], atol=5e-3, rtol=0)
    assert float((both[0] - layouts[5]).abs().max()) > 0.1, "only icons take a color"


def test_icons_of_one_name_are_one_family_if_they_are_few() -> None:
    generator = torch.Generator().manual_seed(0)
    look = torch.nn.functional.normalize(torch.randn(60, 16, generator=generator), dim=-1)
    names = torch.eye(3)[[0] * 4 + [1] * 4 + [2] * 52]
    alike = torch.rand(1, 3, PLACES, PLACES, generator=generator).expand(60, -1, -1, -1)
    owner = families(torch.cat([0.5 * look, 1.5 * names], 1), alike)
    assert len(owner[:4].unique()) == len(owner[4:8].unique()) == 1
    assert int(owner[0]) != int(owner[4])
    assert torch.bincount(owner[8:]).max() < 52, "so many are told apart by look"
    assert set(owner[:8].tolist()).isdisjoint(owner[8:].tolist())
    assert families(look[:1], alike[:1]).tolist() == [0]


def test_of_icons_that_are_named_the_plainest_is_imagined() -> None:
    features, words = torch.eye(3) + 0.1, torch.eye(3)[[0, 1, 1]]
    layouts = torch.full((3, 3, PLACES, PLACES), 0.5)
    layouts[1, :, :, ::2] += 0.05
    layouts[2, :, :, ::2] += 0.3
    keys = torch.nn.functional.normalize(torch.ones(3, 3), dim=-1)
    found = Imagination(features, layouts, words, icons=2)
    assert int(found(words[1:2], keys).features.argmax()) == 2
    assert found.plainness[0] < found.plainness[1]
    seen = found.subject(words[1:2], keys)
    assert seen is not None
    assert int(seen.features.argmax()) == 2


def test_icons_of_one_name_with_colors_elsewhere_are_two_families() -> None:
    vectors = torch.eye(2)[[0, 0, 0, 0, 1, 1]]
    above, below = torch.zeros(2, 3, PLACES, PLACES)
    above[:, : PLACES // 2], below[:, PLACES // 2 :] = 1, 1
    layouts = torch.stack([above, below, above, below, above, above])
    owner = families(vectors, layouts).tolist()
    assert owner[0] == owner[2] != owner[1] == owner[3]
    assert owner[4] == owner[5] not in owner[:4]
    owner = families(vectors, layouts.transpose(-1, -2)).tolist()
    assert owner[0] == owner[1], "mirror images are alike"


def test_two_icons_are_a_family_only_if_they_are_very_near() -> None:
    looks = torch.nn.functional.normalize(
        torch.tensor([[1.0, 0.9, 0], [1, -0.1, 0], [1, 0.3, 0], [0, 0, 1], [0, 0.1, 1]]), dim=-1
    )
    one, other = torch.rand(2, 3, PLACES, PLACES, generator=torch.Generator().manual_seed(0))

    def sorts(*rows: int) -> list[int]:
        places = torch.stack([one if row < 3 else other for row in rows])
        return families(looks[list(rows)], places).tolist()

    assert len(set(sorts(0, 1, 2, 3, 4))) == 2, "three, and two that are near"
    assert len(set(sorts(0, 1, 3, 4))) == 3, "two that are not, each alone"
    assert len(set(sorts(*[0] * 20, 1, 1, 3))) == 4, "of so many, two more are no family"
    assert len(set(sorts(*[0] * 20, 1, 1, 1, 3))) == 3, "three are"


def test_a_family_is_called_by_the_name_that_says_best_how_it_looks() -> None:
    looks = torch.nn.functional.normalize(
        torch.tensor([[1.0, 0.1, 0], [1, 0, 0.1], [1, 0.1, 0.1]]), dim=-1
    )
    assert name(looks, torch.eye(3)[[2, 0, 2]]).tolist() == [1, 0, 0], "two of three say otherwise"


def test_a_core_is_of_pictures_that_are_near_to_each_other() -> None:
    looks = torch.eye(4)[[0, 0, 0, 1, 2, 3]]
    left = torch.zeros(3, 8, 8)
    left[..., :4] = torch.rand(3, 8, 4, generator=torch.Generator().manual_seed(0))
    places = torch.stack([left, left.flip(-1), left, *torch.rand(3, 3, 8, 8)])
    placed, mirrored = laid_out(places), laid_out(places.flip(-1))
    near, turned = core(looks, placed, mirrored, looks[0], Core(3, 1.0, 1.0))
    assert sorted(near.tolist()) == [0, 1, 2]
    sides = {int(i): bool(side) for i, side in zip(near, turned, strict=True)}
    assert sides[0] == sides[2] != sides[1], "all face the same way"
    named = core(looks, placed, mirrored, looks[4], Core(1, 1.0, 9.0))[0]
    assert named.tolist() == [4], "as they are called"
    assert len(core(looks, placed, mirrored, looks[0], Core(9, 1.0, 1.0))[0]) == len(looks)


def test_pictures_face_as_they_are_told() -> None:
    pictures = torch.randint(0, 256, (3, 6, 6, 3), dtype=torch.uint8)
    seen = facing(pictures, torch.tensor([2, 0]), torch.tensor([True, False]))
    assert torch.equal(seen, torch.stack([pictures[2].flip(1), pictures[0]]))


def test_what_looks_alike_but_is_called_otherwise_is_told_apart() -> None:
    generator = torch.Generator().manual_seed(0)
    texts = torch.eye(2)[torch.arange(100) % 2]
    one = torch.randint(100, 156, (1, 72, 72, 3), generator=generator, dtype=torch.uint8)
    pictures = one.repeat(100, 1, 1, 1)
    eye = Eye((8, 8, 8, 8, 8, 8, 8), (1, 1, 1, 1, 1, 1, 1), 2)
    some = torch.arange(100)
    for icons in (some < 0, some < 12, some < 100):
        found = taught(eye, pictures, texts, icons, prototypes=6)
        assert len(found.words) >= 2
        assert found.words.float().amax(1).min() > 0.99
        assert len(found.drawn) == (2 if icons.any() else 0)


def test_a_picture_is_called_by_its_label_and_its_caption(guide: Guide) -> None:
    assert isinstance(guide, Pocket)
    row = Row(("sheep", "animal"), (), "photo", "", "", "train", "core")
    rows = [row, replace(row, captions=("a black sheep on grass",)), replace(row, labels=())]
    first, second, third = called(guide.words, rows)
    sheep, caption = guide.words(["sheep", "a black sheep on grass"])
    icons = [replace(row, kind="emoji") for row in rows]
    assert torch.equal(*called(guide.words, icons)[:2]), "an icon by its label alone"
    torch.testing.assert_close(
        called(guide.words, [replace(rows[1], kind="emoji", labels=())])[0], caption
    )
    torch.testing.assert_close(first, sheep)
    torch.testing.assert_close(second, torch.nn.functional.normalize(sheep + caption, dim=-1))
    assert float(third.norm()) == 0.0


def test_what_looks_least_like_what_it_is_called_is_left_out() -> None:
    looks = torch.nn.functional.normalize(torch.randn(100, 5), dim=-1)
    words = looks.clone()
    words[[3, 50]] = -looks[[3, 50]]
    kept = telling(looks, words, 60)
    assert len(kept) == 60 + 40 - int(UNLIKE * 60)
    assert 3 not in kept
    assert 50 not in kept
    assert kept[-40:].tolist() == list(range(60, 100)), "icons stay"


def test_icons_are_imagined_in_finer_places_than_photos() -> None:
    features, layouts = torch.eye(4) + 0.1, torch.rand(4, 3, FINE, FINE)
    keys = torch.nn.functional.normalize(torch.eye(4), dim=-1)
    found = Imagination(features, layouts, torch.eye(4), icons=2)
    photo, icon = (found(keys[row : row + 1], keys).layouts for row in (0, 3))
    torch.testing.assert_close(icon[0], layouts[3], atol=5e-3, rtol=0)
    torch.testing.assert_close(photo[0], layout(layouts[0]), atol=5e-3, rtol=0)
    both = found(keys[[0, 3]], keys).layouts
    torch.testing.assert_close(both, layout(layouts[[0, 3]]), atol=5e-3, rtol=0)


def test_alike_vectors_are_one_cluster() -> None:
    generator = torch.Generator().manual_seed(0)
    centers = torch.nn.functional.normalize(torch.randn(5, 16, generator=generator), dim=-1)
    kind = torch.arange(200) % 5
    vectors = centers[kind] + 0.1 * torch.randn(200, 16, generator=generator)
    owner = clusters(torch.nn.functional.normalize(vectors, dim=-1), 12, seed=0)
    for cluster in owner.unique():
        assert len(kind[owner == cluster].unique()) == 1


def test_no_prototype_is_of_few_pictures() -> None:
    among = torch.tensor([False, *[True] * (3 * FEWEST)])
    owner = torch.tensor([0, 2] * (FEWEST - 1) + [0] + [2] * 2 + [1] * (FEWEST - 1))
    first, second = grouped(owner, among, FEWEST)
    assert first.tolist() == [1 + i for i in range(len(owner)) if owner[i] == 0]
    assert second.tolist() == [1 + i for i in range(len(owner)) if owner[i] == 2]
    assert len(grouped(owner, among, FEWEST_ICONS)) == 3


def test_a_mean_is_of_one_cluster() -> None:
    values = torch.rand(5, 3, 4, 4)
    found = means(values, torch.tensor([0, 0, 1, 1, 1]))
    torch.testing.assert_close(found, torch.stack([values[:2].mean(0), values[2:].mean(0)]))


def test_a_layout_is_the_mean_by_place() -> None:
    canvas = torch.zeros(3, 40, 80)
    canvas[0, : 40 // PLACES] = 1.0
    assert torch.equal(layout(canvas)[0, 0], torch.ones(PLACES))
    assert float(layout(canvas)[0, 1:].abs().max()) == 0.0
