"""Drawings: names give their things, parts and patterns their colors, relations their places."""

import pytest
import torch

from diavlex.guides.appearance import seen_of
from diavlex.guides.drawn import drawings, drawn, has_part, labels, repainted
from diavlex.guides.icons import KINDS, Icons
from diavlex.guides.patterns import pattern_of, with_pattern
from diavlex.guides.repertoire import Repertoire
from diavlex.guides.shapes import Cutout, ellipse, fill
from diavlex.guides.sketch import Sketch, sketched
from diavlex.phrases import Noun, parse

RED, BLUE = (0.8, 0.1, 0.1), (0.1, 0.2, 0.8)


@pytest.fixture(scope="module")
def known() -> Repertoire:
    """No icon but one: all else is drawn."""
    one = fill(ellipse((0.5, 0.5), 0.9, 0.9, (32, 32)), (0.5, 0.4, 0.3))
    icons = Icons.of(
        one.colors[None], one.share[None], torch.ones(1), torch.tensor([KINDS.index("thing")]),
        ["quern"], torch.zeros(1).long(), torch.zeros(1).long(),
    )  # fmt: skip
    return Repertoire(icons, lambda texts: torch.eye(2)[[0] * len(texts)] * 0.5)


def sketch(known: Repertoire, text: str) -> Sketch:
    found = sketched(parse(text), known, (64, 64))
    assert found is not None, text
    assert not found.missing, found.missing
    return found


def mean(cutout: Cutout) -> list[float]:
    return cutout.colors[:, cutout.share > 0.9].mean(1).tolist()


def test_every_drawing_is_of_a_kind_and_its_labels_are_words() -> None:
    for name, (kind, lines) in drawings().items():
        assert kind in KINDS, name
        assert all(label.replace(" ", "").isalpha() for text in lines for label in labels(text))


@pytest.mark.parametrize(
    "text",
    [
        "a school bus", "a fork", "a spoon", "a kite", "a balloon", "a pirate ship", "a windowsill",
        "a wire", "an open book", "a house", "a castle", "a pizza", "a robot", "a snowman",
        "a christmas tree", "a rainbow", "a parrot", "a shark", "a guitar", "a clock",
        "a pair of boots",
    ],
)  # fmt: skip
def test_common_things_are_drawn(known: Repertoire, text: str) -> None:
    assert len(sketch(known, text).parts) >= 1


def test_a_school_bus_is_yellow_and_a_bus_takes_its_color(known: Repertoire) -> None:
    def color(text: str) -> list[float]:
        shown = known.show(parse(text).nouns[0])
        assert shown is not None
        return mean(shown.cutout)

    red, green, blue = color("a school bus")
    assert min(red, green) > blue + 0.2
    red, green, blue = color("a blue bus")
    assert blue > max(red, green) + 0.2


def test_parts_take_their_own_colors() -> None:
    plain, wheels = (repainted("car", BLUE, parts) for parts in ({}, {"wheels": RED}))
    assert plain is not None
    assert wheels is not None
    assert has_part("car", "wheels")
    assert not has_part("car", "feather")
    changed = (plain[0].colors - wheels[0].colors).abs().amax(0) > 0.2
    assert 0.02 < float(changed.float().mean()) < 0.2
    assert changed[:32].sum() == 0, "only what is low changes"


def test_a_white_house_has_white_walls_and_the_roof_that_is_said(known: Repertoire) -> None:
    shown = known.show(parse("a white house with a blue roof").nouns[0])
    assert shown is not None
    wall, roof = shown.cutout.colors[:, 36, 12], shown.cutout.colors[:, 16, 32]
    assert float(wall.min()) > 0.85
    assert float(roof[2]) > float(roof[0]) + 0.3


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a striped ball", "stripes"),
        ("a red and white umbrella", "stripes"),
        ("a dress with polka dots", "spots"),
        ("a checkered shirt", "checks"),
        ("a rainbow umbrella", "rainbow"),
        ("a blue car with white stripes", "stripes"),
        ("a blue car", None),
    ],
)
def test_patterns_are_read(text: str, pattern: str | None) -> None:
    found = pattern_of(parse(text).nouns[0])
    assert (found[0] if found else None) == pattern


@pytest.mark.parametrize("word", ["striped", "spotted", "checkered"])
def test_a_pattern_has_two_colors_in_wide_marks(word: str) -> None:
    disk = fill(ellipse((0.5, 0.5), 0.9, 0.9), RED)
    shown = with_pattern(disk, Noun("ball", traits=(word,)))
    marks = (shown.colors.amin(0) > 0.8) & (disk.share > 0.9)
    share = float(marks.sum() / (disk.share > 0.9).sum())
    assert 0.2 < share < 0.7
    torch.testing.assert_close(shown.share, disk.share)


def test_one_of_several_is_shown_so_many_times(known: Repertoire) -> None:
    for text, count in (
        ("five balloons", 5), ("ten candles", 10), ("two books", 2), ("cows", 3), ("boots", 2),
        ("a pair of glasses", 1), ("houses", 3), ("a pair of shoes", 2),
    ):  # fmt: skip
        assert len(sketch(known, text).parts) == count, text


def test_supports_carry_what_is_on_them(known: Repertoire) -> None:
    for text in (
        "two birds on a wire",
        "a cat on a roof",
        "a bird on a branch",
        "a cup on a table",
    ):
        *_, below = (part for part in sketch(known, text).parts if part.words == text.split()[-1])
        others = [part for part in sketch(known, text).parts if part.words != below.words]
        middle = (below.box[1] + below.box[3]) / 2
        assert all(part.box[3] < middle + 0.05 for part in others), text
        assert all(part.box[3] > below.box[1] - 0.01 for part in others), text


def test_a_cat_sits_on_the_sill_before_the_window(known: Repertoire) -> None:
    window, cat = sketch(known, "an orange cat on a windowsill").parts
    assert cat.words == "orange cat"
    left, top, right, _ = window.box
    assert left < cat.box[0] < cat.box[2] < right
    assert cat.box[1] > top


def test_things_beside_each_other_have_comparable_sizes(known: Repertoire) -> None:
    bear, pillow = sketch(known, "a teddy bear next to a pillow").parts
    wide = [max(p.box[2] - p.box[0], p.box[3] - p.box[1]) for p in (bear, pillow)]
    assert max(wide) < 1.6 * min(wide)


def test_one_is_between_the_others(known: Repertoire) -> None:
    found = sketch(known, "a ball between two houses")
    assert [part.words for part in sorted(found.parts, key=lambda p: p.center[0])] == [
        "houses", "ball", "houses",
    ]  # fmt: skip


def test_ships_in_a_storm_are_at_sea_and_balloons_in_the_sky(known: Repertoire) -> None:
    found = sketch(known, "a pirate ship in a storm")
    assert found.has_place
    red, green, blue = found.ground[:, -3, 3].tolist()
    assert blue > max(red, green)
    (balloon,) = sketch(known, "a balloon over a field").parts
    assert balloon.box[3] < 0.6


def test_a_person_on_an_animal_or_a_wave_rides_it(known: Repertoire) -> None:
    for text in ("a man on a horse", "a surfer on a big wave", "a girl in a boat"):
        assert len(sketch(known, text).parts) == 1, text


def test_what_nobody_has_drawn_is_not_found(known: Repertoire) -> None:
    assert drawn("quarrel") is None
    assert repainted("quarrel", RED, {}) is None
    assert seen_of(Noun("quarrel"), known) is None
    assert seen_of(Noun("quern"), known) is not None


def test_a_prompt_of_very_many_things_shows_the_first(known: Repertoire) -> None:
    found = sketch(known, "a cat on a dog and " * 40 + "a chair")
    assert 2 <= len(found.parts) <= 12
