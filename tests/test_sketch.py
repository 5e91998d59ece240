"""Sketches: shapes, people, places and things composed as the words say."""

import pytest
import torch

from diavlex.guides import arrange
from diavlex.guides.appearance import Seen, seen_of
from diavlex.guides.drawn import drawings, drawn
from diavlex.guides.figures import POSES, Look, figure, joint
from diavlex.guides.icons import KINDS, SIDE, Icons, forms
from diavlex.guides.people import LOOKS, deed_for, performed
from diavlex.guides.related import _joined
from diavlex.guides.repertoire import Repertoire
from diavlex.guides.scenery import PLACES, Air, Land, place
from diavlex.guides.scenery.land import GRASS, SNOW
from diavlex.guides.scenery.pieces import ground_color
from diavlex.guides.shapes import Cutout, ellipse, fill, line, placed, polygon, stacked
from diavlex.guides.sketch import Sketch, sketched
from diavlex.guides.tint import HUES, tinted
from diavlex.phrases import Noun, parse

_SEASONS = ("winter", "summer")
NAMES = ("apple", "horse", "violin", "newspaper", "umbrella", "tulip", "bowl", "goldfish", "sheep")


def icon(paint: tuple[float, float, float], width: float = 0.9, height: float = 0.7) -> Cutout:
    shape = (SIDE, SIDE)
    return fill(ellipse((0.5, 0.5), width, height, shape), paint)


def of(name: str) -> Cutout:
    """A drawing by its name."""
    found = drawn(name)
    assert found
    return found[0]


@pytest.fixture(scope="module")
def known() -> Repertoire:
    """A few icons: of each an ellipse in a color of its own."""
    generator = torch.Generator().manual_seed(0)
    cuts = [icon(tuple(torch.rand(3, generator=generator).tolist())) for _ in NAMES]
    kinds = [
        "fruit",
        "animal",
        "instrument",
        "thing",
        "thing",
        "flower",
        "container",
        "fish",
        "animal",
    ]
    icons = Icons.of(
        torch.stack([cut.colors for cut in cuts]),
        torch.stack([cut.share for cut in cuts]),
        torch.ones(len(NAMES)),
        torch.tensor([KINDS.index(kind) for kind in kinds]),
        NAMES,
        torch.arange(len(NAMES)),
        torch.zeros(len(NAMES)).long(),
    )
    return Repertoire(icons, lambda texts: torch.eye(2)[[0] * len(texts)] * 0.5)


def sketch(known: Repertoire, text: str) -> Sketch:
    found = sketched(parse(text), known, (64, 64))
    assert found is not None
    return found


def names(found: Sketch) -> list[str]:
    return [part.words for part in found.parts]


def test_shapes_cover_what_is_inside_them() -> None:
    disk = ellipse((0.5, 0.5), 0.5, 0.5)
    assert disk.mean().item() == pytest.approx(torch.pi * 0.25**2, rel=0.01)
    square = polygon([(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)])
    assert square.mean().item() == pytest.approx(0.25, rel=0.01)
    stroke = line([(0.2, 0.5), (0.8, 0.5)], 0.1)
    assert stroke.mean().item() == pytest.approx(0.06 + torch.pi * 0.05**2, rel=0.02)
    assert float(stroke[32, 12]) == 1.0
    assert float(stroke[20, 32]) == 0.0


def test_a_cutout_over_another_hides_it() -> None:
    red, blue = (
        fill(ellipse((0.5, 0.5), 0.6, 0.6), (1.0, 0.0, 0.0)),
        fill(ellipse((0.5, 0.5), 0.9, 0.9), (0.0, 0.0, 1.0)),
    )
    both = stacked([blue, red])
    assert both.colors[:, 32, 32].tolist() == [1, 0, 0]
    assert both.colors[:, 32, 5].tolist() == [0, 0, 1]
    torch.testing.assert_close(both.share, blue.share)
    white = torch.ones(3, 64, 64)
    assert both.on(white)[:, 0, 0].tolist() == [1, 1, 1]


def test_a_cutout_is_placed_where_it_is_said() -> None:
    disk = fill(ellipse((0.5, 0.5), 1.0, 1.0), (1.0, 0.0, 0.0))
    seen = placed(disk, (0.25, 0.75), 0.3, (64, 96))
    rows, columns = (seen.share > 0.5).nonzero().T
    assert rows.float().mean().item() / 64 == pytest.approx(0.75, abs=0.02)
    assert columns.float().mean().item() / 64 == pytest.approx(0.25, abs=0.02)
    assert (columns.max() - columns.min() + 1).item() / 64 == pytest.approx(0.3, abs=0.05)
    bar = fill(line([(0.1, 0.5), (0.9, 0.5)], 0.1), (1.0, 0.0, 0.0))
    upright = placed(bar, (0.5, 0.5), 1.0, (64, 64), turn=torch.pi / 2)
    assert float(upright.share[10, 32]) > 0.9
    assert float(upright.share[32, 10]) < 0.1


@pytest.mark.parametrize("name", POSES)
def test_figures_keep_together_in_every_pose(name: str) -> None:
    for look in (Look(), LOOKS["woman"][0], LOOKS["boy"][0]):
        person = figure(look, POSES[name])
        share = person.whole().share
        assert 0.05 < float((share > 0.5).float().mean()) < 0.6
        x, y = (round(v * 63) for v in person.near_hand)
        assert float(share[min(max(y, 0), 63), min(max(x, 0), 63)]) > 0.5, "the hand is there"


def test_a_limb_has_its_lengths() -> None:
    x, y = joint((0.0, 0.0), (0.3, 0.1), 0.2, 0.25, 1.0)
    assert (x**2 + y**2) ** 0.5 == pytest.approx(0.2, abs=1e-6)
    assert ((x - 0.3) ** 2 + (y - 0.1) ** 2) ** 0.5 == pytest.approx(0.25, abs=1e-6)
    mirrored = joint((0.0, 0.0), (0.3, 0.1), 0.2, 0.25, -1.0)
    assert mirrored != (x, y)
    assert joint((0.0, 0.0), (9.0, 0.0), 0.2, 0.25, 1.0)[1] == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("name", PLACES)
def test_every_place_is_drawn_at_every_hour(name: str) -> None:
    day, night, wide = place(name, Air()), place(name, Air("night")), place(name, Air(), (32, 48))
    for one in (day, night, wide):
        assert float(one.colors.min()) >= 0.0
        assert float(one.colors.max()) <= 1.0
        assert 0.3 < one.ground <= 1.0
    assert wide.colors.shape == (3, 32, 48)
    if name not in ("room", "space", "under water", "moonscape"):
        assert float(night.colors.mean()) < 0.7 * float(day.colors.mean()), "it is darker"


def test_weather_and_season_change_a_place() -> None:
    plain = place("forest", Air()).colors
    autumn, winter = (place("forest", Air(season=s)).colors for s in ("autumn", "winter"))
    upper = slice(16, 32)
    assert (autumn[0] - autumn[1])[upper].mean() > (plain[0] - plain[1])[upper].mean() + 0.2
    assert winter[:, -8:].mean() > plain[:, -8:].mean() + 0.15
    fog = place("hills", Air(weather="fog")).colors
    assert fog.std() < place("hills", Air()).colors.std()


def test_every_drawing_fills_its_frame() -> None:
    for name in drawings():
        found = drawn(name)
        assert found is not None
        left, top, right, bottom = arrange.bounds(found[0])
        assert max(right - left, bottom - top) > 0.6, name
        assert found[1] in KINDS
    assert drawn("quarrel") is None


@pytest.mark.parametrize("hue", HUES)
def test_a_thing_takes_the_color_that_is_said(hue: str) -> None:
    shaded = icon((0.8, 0.7, 0.6))
    shaded = Cutout(shaded.colors * torch.linspace(1.1, 0.6, SIDE)[:, None], shaded.share)
    seen = tinted(shaded, hue).colors[:, shaded.share > 0.9].mean(1)
    wanted = torch.tensor(HUES[hue]) / 255
    assert float((seen - wanted).norm()) < 0.28
    light = tinted(shaded, hue).colors.mean(0)
    assert float(light[8, 16]) > float(light[24, 16]), "its shading stays"


def test_a_black_thing_is_black_whatever_it_was() -> None:
    for paint in ((0.95, 0.95, 0.93), (0.5, 0.4, 0.3), (0.1, 0.1, 0.1)):
        colors = tinted(icon(paint), "black").colors
        assert float(colors.max()) <= 0.31


def test_stems_stay_green() -> None:
    flower = icon((0.9, 0.3, 0.6))
    colors = flower.colors.clone()
    colors[:, SIDE // 2 :] = torch.tensor([0.2, 0.6, 0.2])[:, None, None]
    seen = tinted(Cutout(colors, flower.share), "yellow", "flower").colors
    red, green, blue = seen[:, 4, 16].tolist()
    assert min(red, green) > blue + 0.3, "the bloom is yellow"
    torch.testing.assert_close(seen[:, 24, 16], torch.tensor([0.2, 0.6, 0.2]), atol=0.05, rtol=0)


def test_icons_survive_their_bytes() -> None:
    cuts = [icon((0.8, 0.2, 0.3)), icon((0.1, 0.5, 0.9), 0.4, 0.9)]
    colors, share = torch.stack([c.colors for c in cuts]), torch.stack([c.share for c in cuts])
    kept = Icons.of(
        colors,
        share,
        torch.tensor([0.5, 1.0]),
        torch.tensor([1, 2]),
        ["apple", "oak", "tree"],
        torch.tensor([0, 1, 1]),
        torch.tensor([0, 3, 0]),
    )
    again = Icons.from_tensors(kept.state_dict())
    for at, cut in enumerate(cuts):
        seen = again.cutout(at)
        torch.testing.assert_close(seen.colors, cut.colors, atol=0.02, rtol=0)
        assert float((seen.share - cut.share).abs().mean()) < 0.02
    assert again.find("apples") == 0
    assert again.find("oak") == again.find("trees") == 1
    assert again.find("oak", 2) is None
    assert again.find("pear") is None
    assert sum(v.nbytes for v in kept.state_dict().values()) < 2 * 1850


def test_a_name_has_forms() -> None:
    for plural, one in (
        ("cherries", "cherry"),
        ("wolves", "wolf"),
        ("foxes", "fox"),
        ("mice", "mouse"),
        ("glasses", "glass"),
        ("sail boats", "sailboat"),
    ):
        assert one in forms(plural)
    assert "glas" not in forms("glass")


def test_somebody_does_something_with_what_they_hold(known: Repertoire) -> None:
    plain, _ = performed(Noun("woman"), known)
    playing, _ = performed(Noun("woman", deed="play", object=Noun("violin")), known)
    reading, _ = performed(Noun("woman", deed="read", object=Noun("newspaper")), known)
    assert float((playing.share - plain.share).abs().mean()) > 0.01
    violin = torch.tensor((0.71, 0.31, 0.12))
    near = (playing.colors - violin[:, None, None]).norm(dim=0) < 0.1
    assert float((near & (playing.share > 0.9)).float().mean()) > 0.01, "the violin is seen"
    assert not torch.equal(playing.share, reading.share)


def test_clothes_have_the_color_that_is_said(known: Repertoire) -> None:
    cutout, _ = performed(parse("a woman in a yellow dress").nouns[0], known)
    red, green, blue = cutout.colors[:, 62, 46].tolist()
    assert min(red, green) > blue + 0.3
    boy, _ = performed(parse("a boy with a green umbrella").nouns[0], known)
    red, green, blue = boy.colors[:, 22, 66].tolist()
    assert green > max(red, blue) + 0.15


def test_things_are_counted(known: Repertoire) -> None:
    for word, count in (("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6)):
        found = sketch(known, f"{word} apples")
        assert len(found.parts) == count
        boxes = [part.box for part in found.parts]
        for at, (left, top, right, bottom) in enumerate(boxes):
            assert min(left, top) > 0
            assert max(right, bottom) < 1
            for x0, y0, x1, y1 in boxes[:at]:
                assert right <= x0 or x1 <= left or bottom <= y0 or y1 <= top, "they do not touch"


def test_relations_are_seen(known: Repertoire) -> None:
    def boxes(text: str) -> dict[str, tuple[float, float, float, float]]:
        return {part.words: part.box for part in sketch(known, text).parts}

    on = boxes("an apple on a horse")
    assert on["apple"][3] < on["horse"][3]
    assert abs(on["apple"][3] - on["horse"][1]) < 0.35 * (on["horse"][3] - on["horse"][1])
    under = boxes("an apple under a bench")
    assert under["apple"][1] > under["bench"][1]
    beside = boxes("an apple beside a horse")
    assert beside["apple"][2] < beside["horse"][0]
    assert beside["apple"][3] == pytest.approx(beside["horse"][3], abs=1e-5)
    above = boxes("an apple above a horse")
    assert above["apple"][3] < above["horse"][1]
    assert names(sketch(known, "a horse behind a fence")) == ["horse", "fence"], (
        "the fence hides it"
    )
    assert names(sketch(known, "a horse in front of a fence")) == ["fence", "horse"]
    within = boxes("a goldfish in a bowl")
    bowl, fish = within["bowl"], within["goldfish"]
    assert bowl[0] < fish[0]
    assert fish[2] < bowl[2]
    assert bowl[1] < fish[1]


def test_what_stands_in_a_place_stands_on_its_ground(known: Repertoire) -> None:
    found = sketch(known, "a horse in a field")
    assert found.has_place
    (horse,) = found.parts
    assert 0.8 < horse.box[3] < 0.97
    assert not sketch(known, "a horse").has_place
    _, green, blue = found.picture()[:, -2, 2].tolist()
    assert green > blue
    assert sketch(known, "a lake with mountains behind it").parts == ()
    many = sketch(known, "a field of tulips")
    assert len(many.parts) > 12


def test_a_color_belongs_to_its_noun(known: Repertoire) -> None:
    found = sketch(known, "a red apple and a green apple")
    red, green = (part.cutout.colors[:, 16, 16] for part in found.parts)
    assert red[0] > red[1] + 0.3
    assert green[1] > green[0] + 0.2
    sheep = sketch(known, "a black sheep in a white room")
    assert float(sheep.ground[:, 5, 5].min()) > 0.9
    black = sheep.parts[0].cutout
    assert float(black.colors[:, black.share > 0.9].mean()) < 0.2


def test_what_is_pale_lies_on_what_is_not(known: Repertoire) -> None:
    white, black = (
        sketch(known, f"a {c} sheep").ground[:, 0, 0].mean() for c in ("white", "black")
    )
    assert float(white) < 0.7 < float(black)


def test_what_nothing_shows_is_told(known: Repertoire) -> None:
    assert sketched(parse("a quarrel"), known) is None
    assert sketch(known, "a quarrel in a field").missing == ("quarrel",)
    assert sketched(parse(""), known) is None


@pytest.mark.parametrize(
    ("verb", "thing", "tool"),
    [("chop", "wood", "axe"), ("chop", "", "axe"), ("chop", "carrots", "kitchen knife"),
     ("slice", "bread", "kitchen knife")],
)  # fmt: skip
def test_food_is_cut_with_a_knife(verb: str, thing: str, tool: str) -> None:
    assert deed_for(verb, thing, "").thing == tool


def test_a_piece_of_something_is_that_thing_also_behind_another() -> None:
    found = parse("a mouse beside a piece of cheese")
    assert [noun.name for noun in found.nouns] == ["mouse", "cheese"]
    assert [(one.first, one.word, one.second) for one in found.relations] == [(0, "beside", 1)]


def test_what_is_under_a_tree_is_as_large_as_there_is_room_for() -> None:
    tree, cow = (
        arrange.alone("tree", of("tree"), 1.5),
        arrange.alone("cow", icon((0.0, 0.0, 0.0)), 0.9),
    )
    joint = arrange.under_crown(cow, tree)
    left, top, right, bottom = arrange.Group(joint.parts[1:]).box
    assert right - left > 0.5 * tree.width or bottom - top > 0.4 * tree.height
    assert bottom <= joint.box[3] + 1e-6 or bottom - joint.box[3] < 0.05
    assert top > joint.box[1] + 0.4 * joint.height


def test_what_is_in_a_basket_is_seen_below_its_handle() -> None:
    basket = arrange.alone("basket", of("basket"), 0.44)
    eggs = arrange.several("egg", icon((1.0, 1.0, 1.0)), 0.14, 5, is_standing=False)
    low = arrange.within(eggs, basket, is_clear=False, rim=0.32)
    high = arrange.within(eggs, basket, is_clear=False)
    assert low.parts[0].box[1] > high.parts[0].box[1]
    assert low.box[1] == pytest.approx(basket.stood(0, 0).box[1])


def test_fog_is_seen_near_and_far() -> None:
    clear, foggy = (place("forest", Air("day", weather)).colors for weather in ("clear", "fog"))

    pale = torch.tensor([0.84, 0.86, 0.87])[:, None, None]
    assert ((foggy[:, 44:] - pale).abs().amax(0) < 0.2).any(), "a bank lies over the ground"
    assert not ((clear[:, 44:] - pale).abs().amax(0) < 0.2).any()
    for rows in (slice(24, 44), slice(44, 64)):
        near, far = ((one[:, rows] - pale).abs().mean() for one in (foggy, clear))
        assert near < 0.85 * far


def test_a_big_tree_is_a_tree_and_a_name_with_its_size_is_still_found() -> None:
    generator = torch.Generator().manual_seed(1)
    names = ("big tree", "big ben")
    cuts = [icon(tuple(torch.rand(3, generator=generator).tolist())) for _ in names]
    icons = Icons.of(
        torch.stack([cut.colors for cut in cuts]), torch.stack([cut.share for cut in cuts]),
        torch.ones(2), torch.tensor([KINDS.index("tree"), KINDS.index("building")]),
        names, torch.arange(2), torch.zeros(2).long(),
    )  # fmt: skip
    known = Repertoire(icons, lambda texts: torch.zeros(len(texts), 4))
    tree, ben = (known.show(parse(f"a {name}").nouns[0]) for name in names)
    assert tree
    assert torch.equal(tree.cutout.colors, of("tree").colors)
    assert ben
    assert ben.kind == "building"


@pytest.mark.parametrize(
    ("text", "deed", "thing"),
    [
        ("a tailor measuring a coat", "hold", "coat"),  # nobody knows what it looks like
        ("a fisherman mending his net", "mend", "net"),  # not what he does usually
        ("a fisherman", "fish", ""),
        ("a kitten chasing a ball of wool", "chase", "yarn"),
        ("a boy eating a slice of pizza", "eat", "pizza"),
        ("a cook tossing a pancake", "fry", "pancake"),
    ],
)
def test_what_is_done_and_to_what(text: str, deed: str, thing: str) -> None:
    noun = parse(text).nouns[0]
    assert (noun.deed, noun.object.name if noun.object else "") == (deed, thing)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a farm at sunrise", ("field",)),
        ("a sunset", ("sea",)),
        ("a sunset over the sea", ("sea",)),
        ("a city square in the rain", ("street",)),
        ("a beach on a hot summer afternoon", ("beach",)),
        ("rolling hills covered in lavender", ("lavender", "hills")),
    ],
)
def test_where_it_is(text: str, places: tuple[str, ...]) -> None:
    found = parse(text)
    assert found.places == places
    assert not found.nouns


def test_a_snowy_night_is_a_night_on_which_it_snows() -> None:
    air = parse("a village street on a snowy night").air
    assert (air.hour, air.weather) == ("night", "snow")


def test_snow_is_seen_at_night() -> None:
    winter, summer = (place("street", Air("night", "clear", one)).colors for one in _SEASONS)
    assert float(winter[:, 56:].mean()) > float(summer[:, 56:].mean()) + 0.1


def test_a_few_around_a_thing_are_at_both_of_its_sides() -> None:
    cake, candle = arrange.alone("cake", of("cake"), 0.4), icon((1.0, 1.0, 1.0), 0.3)
    candles = arrange.several("candle", candle, 0.26, 6, is_standing=True)
    joint = arrange.around(candles, cake)
    middle = next(part for part in joint.parts if part.words == "cake").center[0]
    sides = [part.center[0] < middle for part in joint.parts if part.words == "candle"]
    assert sorted(sides) == [False] * 3 + [True] * 3


def test_what_is_lower_looks_out_beside_what_it_is_behind() -> None:
    cheese, mouse = arrange.alone("cheese", icon((1.0, 1.0, 0.0)), 0.6), icon((0.5, 0.5, 0.5))
    joint = arrange.behind(arrange.alone("mouse", mouse, 0.2), cheese)
    assert [part.words for part in joint.parts] == ["mouse", "cheese"]
    assert joint.parts[0].box[2] > joint.parts[1].box[2]
    assert joint.parts[0].box[3] == pytest.approx(joint.parts[1].box[3])


def test_a_large_animal_is_large_beside_a_person_and_what_is_watered_is_seen(
    known: Repertoire,
) -> None:
    horse, sheep = (
        performed(parse(f"a farmer feeding a {name}").nouns[0], known)[1]
        for name in ("horse", "sheep")
    )
    assert horse.width > 1.5 * sheep.width
    watered, plain = (
        performed(parse(f"a woman watering {text}").nouns[0], known)[0]
        for text in ("a tulip", "zxqv")
    )
    assert float(watered.share.sum()) > float(plain.share.sum())


def test_what_stands_behind_something_lower_is_in_one_row_beside_it() -> None:
    boat, duck = arrange.alone("boat", icon((0.5, 0.3, 0.1)), 1.1), icon((0.2, 0.4, 0.1))
    ducks = arrange.several("duck", duck, 0.36, 5, is_standing=True)
    joint = arrange.behind(ducks, boat)
    low = [part.box[3] for part in joint.parts if part.words == "duck"]
    assert max(low) - min(low) < 1e-6
    assert joint.box[2] > boat.stood(0.0, 0.0).box[2] + 2 * joint.parts[0].width


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a woman hanging laundry on a line", ["woman", "laundry"]),
        ("a boy rolling a tire down the lane", ["boy"]),
        ("a postman riding a bicycle up a hill", ["postman"]),
        ("a man pushing a wheelbarrow full of leaves", ["man"]),
        ("a corn field with dark clouds", []),
        ("a broom propped against a garden shed", ["broom", "garden shed"]),
        ("a rabbit crouched beneath a bench", ["rabbit", "bench"]),
        ("a plumber crouching to mend a sink", ["plumber"]),
        ("a woman hanging laundry outside", ["woman", "laundry"]),
    ],
)
def test_which_things_a_sentence_names(text: str, said: list[str]) -> None:
    found = parse(text)
    assert [noun.name for noun in found.nouns] == said


def test_what_is_full_of_something_is_still_what_is_pushed() -> None:
    (man,) = parse("a man pushing a wheelbarrow full of leaves").nouns
    assert man.object
    assert man.object.name == "wheelbarrow"
    assert man.object.inside
    assert man.object.inside.name == "leaves"
    assert parse("a park full of fallen leaves").air.season == "autumn"


def test_a_person_stands_on_a_rug_and_a_plate_lies_on_it(known: Repertoire) -> None:
    def group(words: str, size: float) -> Seen:
        cut = icon((0.7, 0.2, 0.2), 0.9, 0.6)
        return Seen(Noun(words, 1), arrange.alone(words, cut, size), "thing")

    rug, man, plate = group("rug", 0.9), group("man", 0.92), group("plate", 0.2)
    tall = _joined(man.group, rug.group, "on", rug)
    flat = _joined(plate.group, rug.group, "on", rug)
    assert tall.box[1] < rug.group.stood(0.0, 0.0).box[1]
    assert flat.parts[1].box[3] < rug.group.stood(0.0, 0.0).box[3]


@pytest.mark.parametrize(
    ("text", "hour", "weather", "season"),
    [
        ("a frozen pond on a grey winter day", "day", "cloud", "winter"),
        ("a canal on a late april morning", "day", "", "spring"),
        ("a village on a snowy evening", "dusk", "snow", ""),
    ],
)
def test_when_it_is(text: str, hour: str, weather: str, season: str) -> None:
    air = parse(text).air
    assert (air.hour or "day", air.weather, air.season) == (hour, weather, season)


def test_several_that_follow_another_are_in_a_row_with_it(known: Repertoire) -> None:
    (noun,) = parse("four goldfish following a horse").nouns
    seen = seen_of(noun, known)
    assert seen
    assert len(seen.group.parts) == 5
    assert seen.group.parts[-1].center[0] > max(p.center[0] for p in seen.group.parts[:-1])


def test_what_a_name_is_comes_before_what_it_means() -> None:
    """An icon that is called so by its meaning only, of rank 5, gives way to a drawing."""
    cut = icon((0.1, 0.2, 0.3))
    icons = Icons.of(
        cut.colors[None], cut.share[None], torch.ones(1), torch.zeros(1).long(),
        ("garden tulip",), torch.zeros(1).long(), torch.full((1,), 5),
    )  # fmt: skip
    known = Repertoire(icons, lambda texts: torch.zeros(len(texts), 4))
    assert known.find("garden tulip")
    shown = known.show(Noun("garden tulip", 1))
    assert shown
    assert torch.equal(shown.cutout.colors, of("tulip").colors)


def test_a_lake_that_is_frozen_has_the_color_of_ice() -> None:
    air = Air("day", "clear", "winter")
    frozen, open_ = (place("lake", air, also=also).colors for also in (("frozen",), ()))
    assert float(frozen[0, 40:52].mean()) > float(open_[0, 40:52].mean()) + 0.3


@pytest.mark.parametrize(
    ("text", "scenery"),
    [("a farm on a sunny day", "field"), ("a park in autumn", "road"), ("a meadow", "field")],
)
def test_a_farm_has_a_barn_and_a_park_a_bench(text: str, scenery: str, known: Repertoire) -> None:
    found = sketched(parse(text), known)
    assert found
    season = "autumn" if "autumn" in text else "summer"
    air = Air("day", "clear", season, True if "sunny" in text else None)
    bare = place(scenery, air, (96, 96)).colors
    is_plain = torch.equal(found.ground, bare)
    assert is_plain == (text == "a meadow")


def test_all_that_grows_lies_under_snow_in_winter_and_grass_alone_turns_in_autumn() -> None:
    far = (0.30, 0.50, 0.26)
    colors = [[ground_color(Air("day", "clear", one), p) for p in (GRASS, far)] for one in _SEASONS]
    assert colors == [[SNOW, SNOW], [GRASS, far]]
    grass, meadow = (ground_color(Air("day", "clear", "autumn"), p) for p in (GRASS, far))
    assert grass != GRASS
    assert meadow == far


def test_snow_is_lighter_at_night_than_what_else_is_white_by_day() -> None:
    seen = float(place("snow", Air("night", "clear", "winter")).colors[:, 50:].mean())
    lit = Land((64, 64), Air("night", "clear", "winter"), 0).lit((0.79, 0.79, 0.79))
    assert seen > 1.3 * sum(lit) / 3


def test_mountains_covered_in_snow_are_mountains_in_winter(known: Repertoire) -> None:
    found = parse("mountains covered in snow")
    assert found.places[0] == "mountains"
    assert found.air.season == "winter"
    assert not found.nouns
    winter, summer = (place("mountains", Air("day", "clear", one)).colors for one in _SEASONS)
    assert float(winter[0, 44:].mean()) > float(summer[0, 44:].mean()) + 0.3


@pytest.mark.parametrize(
    ("text", "is_changed"),
    [("a green lake", True), ("a blue lake", False), ("a golden field", True), ("a sea", False)],
)
def test_water_and_grass_have_the_color_that_is_said(
    text: str, is_changed: bool, known: Repertoire
) -> None:
    own, usual = (sketched(parse(one), known) for one in (text, f"a {text.split()[-1]}"))
    assert own
    assert usual
    assert torch.equal(own.ground, usual.ground) != is_changed
