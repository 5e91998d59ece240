"""What a prompt says: nouns with all that is said of them, relations, places, the air."""

import pytest

from diavlex.phrases import Noun, parse
from diavlex.phrases.hues import color_name
from diavlex.phrases.naming import deed_of


def only(text: str) -> Noun:
    (noun,) = parse(text).nouns
    return noun


def test_a_noun_has_number_color_and_traits() -> None:
    noun = only("three small red sailing boats")
    assert (noun.name, noun.count, noun.color) == ("boats", 3, "red")
    assert noun.traits == ("small", "sailing")
    assert only("an orange").color is None
    assert only("an orange fish").color == "orange"
    assert only("a gray rabbit").color == "grey"
    assert only("black sheep").color == "black"


@pytest.mark.parametrize(
    ("text", "deed", "thing"),
    [
        ("a woman playing the violin", "play", "violin"),
        ("an old man is reading a big newspaper", "read", "newspaper"),
        ("a child building a sandcastle", "build", "sandcastle"),
        ("a painter painting a picture", "paint", "picture"),
        ("a girl riding a bicycle", "ride", "bicycle"),
        ("a violinist", "play", "violin"),
        ("two men fishing", "fish", None),
    ],
)
def test_somebody_does_something_with_something(text: str, deed: str, thing: str | None) -> None:
    noun = only(text)
    assert noun.person
    assert noun.deed == deed
    assert (noun.object.name if noun.object else None) == thing


def test_people_have_things_and_wear_them() -> None:
    boy = only("a boy with a yellow umbrella and a dog")
    assert [(one.name, one.color) for one in boy.having] == [("umbrella", "yellow"), ("dog", None)]
    for text in ("a woman in a red dress", "a woman wearing a red dress"):
        assert [(one.name, one.color) for one in only(text).having] == [("dress", "red")]
    assert only("an old man with a beard").person == "old man"
    assert only("a house").person == ""


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("a cat on a chair", (0, "on", 1)),
        ("a cat sitting on a chair", (0, "on", 1)),
        ("a dog under the table", (0, "under", 1)),
        ("a tree behind a house", (0, "behind", 1)),
        ("a bird in a cage", (0, "in", 1)),
        ("a bicycle leaning against a tree", (0, "beside", 1)),
        ("a kite above a house", (0, "above", 1)),
        ("a horse in front of a barn", (0, "before", 1)),
    ],
)
def test_things_lie_to_each_other(text: str, relation: tuple[int, str, int]) -> None:
    (found,) = parse(text).relations
    assert (found.first, found.word, found.second) == relation


@pytest.mark.parametrize(
    ("text", "names", "relation"),
    [
        ("a house with a tree in front", ["house", "tree"], "behind"),
        ("a house with a tree in the foreground", ["house", "tree"], "behind"),
        ("a barn with a horse in front of it", ["barn", "horse"], "behind"),
        ("a house with a tree behind it", ["house", "tree"], "before"),
        ("a house with a tree in the background", ["house", "tree"], "before"),
        ("a cup with a spoon next to it", ["cup", "spoon"], "beside"),
        ("a house with a tree at the side", ["house", "tree"], "beside"),
        ("a house with a tree nearby", ["house", "tree"], "beside"),
        ("a cake with a cherry on top", ["cherry", "cake"], "on"),
        ("a house with a balloon above it", ["house", "balloon"], "under"),
    ],
)
def test_words_of_place_that_follow_are_no_things(
    text: str, names: list[str], relation: str
) -> None:
    found = parse(text)
    assert [noun.name for noun in found.nouns] == names
    assert [one.word for one in found.relations] == [relation]


def test_a_place_may_lie_in_front() -> None:
    found = parse("mountains with snow and a lake in front")
    assert found.nouns == ()
    assert set(found.places) == {"mountains", "snow", "lake"}


def test_a_place_is_no_thing() -> None:
    found = parse("a red fox in the snow")
    assert [noun.name for noun in found.nouns] == ["fox"]
    assert found.places == ("snow",)
    assert parse("a lake with mountains behind it").places == ("lake", "mountains")
    assert parse("a forest path in autumn").places == ("forest", "road")
    assert parse("a red chair in a white room").place_color == "white"
    assert parse("a horse").places == ()
    assert parse("a shark under water").places == ("under water",)


def test_hour_weather_and_season_are_felt() -> None:
    assert parse("a city street at night").air.hour == "night"
    assert parse("a beach at sunset").air.hour == "dusk"
    assert parse("a rainy street").air.weather == "rain"
    assert parse("a storm at sea").air.weather == "storm"
    assert parse("a forest in autumn").air.season == "autumn"
    assert parse("a full moon over the ocean").air.has_sun
    assert not parse("a horse in a field").air


def test_what_things_are_told_in_is_no_thing() -> None:
    assert only("a slice of pizza").name == "pizza"
    assert only("a bunch of purple grapes").color == "purple"
    bowl = only("a bowl of fruit")
    assert bowl.name == "bowl"
    assert bowl.inside is not None
    assert bowl.inside.name == "fruit"
    assert only("a flock of birds").count == 5
    field = parse("a field of sunflowers")
    assert field.places == ("field",)
    assert field.nouns[0].count >= 12


def test_deeds_and_colors_are_known_by_their_words() -> None:
    assert [deed_of(w) for w in ("riding", "sitting", "lying", "playing")] == [
        "ride",
        "sit",
        "lie",
        "play",
    ]
    assert [deed_of(w) for w in ("king", "evening", "red", "building")] == [""] * 4
    assert color_name("gold") == "golden"
    assert color_name("chair") is None


@pytest.mark.parametrize("text", ["", ",", "and", "in the", "two", "of of of", "with", "a" * 500])
def test_no_text_is_too_odd(text: str) -> None:
    assert len(parse(text).nouns) <= 1


@pytest.mark.parametrize("hour", ["in the morning", "in the afternoon", "at noon", "at midday"])
def test_an_hour_of_the_day_is_no_thing(hour: str) -> None:
    said = parse(f"a beach {hour}")
    assert not said.nouns
    assert said.air.hour == "day"
