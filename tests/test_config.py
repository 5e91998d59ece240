"""What a person may choose: each bound is checked, each mistake has its one line."""

import json
import math
import subprocess
import sys
from typing import Any

import pytest

from diavlex.config import (
    PRESETS,
    RENAMED,
    Knob,
    PaintConfig,
    check_bounds,
    check_prompt,
    choose,
    knobs,
    preset,
    read_color,
    read_guides,
    read_prompts,
    read_size,
)
from diavlex.errors import BadValue, UnknownName

NUMBERS = [
    (name, limits)
    for name, (_, limits) in knobs(PaintConfig).items()
    if limits.low is not None or limits.high is not None
]


@pytest.mark.parametrize(("name", "limits"), NUMBERS, ids=[n for n, _ in NUMBERS])
def test_bounds_are_held(name: str, limits: Knob) -> None:
    assert limits.low is not None
    assert limits.high is not None
    strange = [] if isinstance(getattr(PaintConfig(), name), int) else [math.nan, math.inf]
    for outside in (limits.low - 1, limits.high + 1, *strange):
        wrong: dict[str, Any] = {name: outside}
        with pytest.raises(BadValue, match="--" + name.replace("_", "-")):
            choose(**wrong)
    for edge in (limits.low, limits.high):
        check_bounds(name, edge, limits)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "width x height"), ("0x0", "8 pixels"), ("-5x5", "width x height"),
        ("100000x100000", "149.0 GiB"), ("512", "width x height"), ("4096x64", "8 times"),
    ],
)  # fmt: skip
def test_wrong_sizes_are_told(text: str, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        choose(size=text)


def test_size_is_width_first_as_people_write_it() -> None:
    assert read_size("640x480") == (480, 640)
    assert choose(size="640x480").aspect == (1.0, 640 / 480)
    assert str(read_size("640x480")) == "640x480"


def test_one_limit_holds_for_the_size_of_every_picture() -> None:
    assert read_size("8x8") == (8, 8)
    assert read_size("11585x11585") == (11585, 11585)
    for wrong in ("7x8", "11586x11586", "16385x8192"):
        with pytest.raises(BadValue, match="--size is"):
            read_size(wrong)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("?!", "no word"),
        ("x" * 10_000, "10000"),
        ("a\x00b", "control"),
    ],
)
def test_wrong_prompts_are_told(prompt: str, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        check_prompt(prompt)


def test_a_prompt_keeps_its_words() -> None:
    assert check_prompt("  a   black\nsheep ") == "a black sheep"
    assert check_prompt("Schaf, schwärzlich 黒") == "Schaf, schwärzlich 黒"


def test_colors() -> None:
    assert read_color("white") == (1.0, 1.0, 1.0)
    assert read_color("#ff0000") == (1.0, 0.0, 0.0)
    with pytest.raises(BadValue, match="opaque"):
        read_color("#ffffff00")
    with pytest.raises(BadValue, match="no color"):
        read_color("blurple")
    with pytest.raises(BadValue, match="no color"):
        choose(background="#12")


def test_prompts_carry_weights_behind_the_last_colon() -> None:
    assert read_prompts(["a lighthouse"]) == [("a lighthouse", 1.0)]
    assert read_prompts(["a lighthouse:1", "photo of text: -0.3"]) == [
        ("a lighthouse", 1.0), ("photo of text", -0.3),
    ]  # fmt: skip
    assert read_prompts(["Zelda: the game", "9:30:.5"]) == [("Zelda: the game", 1.0), ("9:30", 0.5)]
    assert read_prompts(["nan:nan", "inf:inf"]) == [("nan:nan", 1.0), ("inf:inf", 1.0)]
    assert read_prompts(["a hill:2", "a tree:1"]) == [("a hill", 1.0), ("a tree", 0.5)]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "empty"),
        ([":2"], "empty"),
        (["a hill", "?:1"], "no word"),
        (["a hill:0"], "weight of the first prompt is 0"),
        (["a hill:-1"], "weight of the first prompt is -1"),
        (["a hill", "a tree:11"], "ends in 11: how much a prompt counts must be -10 to 10"),
        (["a hill", "a tree:" + "9" * 400], "ends in inf"),
    ],
)
def test_wrong_weights_are_told(texts: list[str], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        read_prompts(texts)
    if texts[1:]:
        with pytest.raises(BadValue, match=words):
            choose(also=texts[1:])


def test_guides_carry_strengths() -> None:
    assert read_guides("pocket") == (("pocket", 1.0),)
    assert read_guides("pocket, clip:0.5") == (("pocket", 1.0), ("clip", 0.5))
    assert read_guides("owner/model@abc123:2") == (("owner/model@abc123", 2.0),)
    for wrong, words in (("", "give names"), ("pocket,", "give names"), ("clip:0", "0.001 to 100")):
        with pytest.raises(BadValue, match=words):
            choose(guide=wrong)


def test_a_focus_is_two_shares_of_the_picture() -> None:
    assert PaintConfig().focus_at is None
    assert choose(focus="0.5, .25", size="640x320").focus_at == (1.0, 0.25)
    for wrong in ("0.5", "2,0.5", "a,b", "0.5,-0.1", "0.5,0.5,0.5", "nan,0"):
        with pytest.raises(BadValue, match="give x,y"):
            choose(focus=wrong)


@pytest.mark.parametrize("name", ["order", "augment", "rate_schedule", "templates", "finish"])
def test_a_name_that_is_none_is_told(name: str) -> None:
    with pytest.raises(UnknownName, match=f"no {name.replace('_', '-')} is called 'x'"):
        choose(**{name: "x"})


def test_choices_survive_plain_data() -> None:
    config = choose(
        also=("a storm:0.5", "text:-0.3"), guide="pocket,clip:0.5", tries=3, size="640x320",
        focus="0.3,0.1", background=(0.1, 0.2, 1 / 3), brush="wash,oil,wash", term=["bluer:0.5"],
    )  # fmt: skip
    assert choose(**json.loads(json.dumps(config.to_plain()))) == config
    thirds = choose(also=[("a storm", 1 / 3), "a clock at 9:30:1"])
    assert choose(**json.loads(json.dumps(thirds.to_plain()))) == thirds


def test_choices_may_be_given_as_what_they_are() -> None:
    import numpy as np

    same = choose(seed=3, size="128x64", brush="oil", focus="0.5,0.25", guide="pocket,clip:0.5")
    assert same == choose(
        seed=np.int64(3), size=(128, 64), brush=["oil"], focus=(0.5, 0.25),
        guide=[("pocket", 1.0), "clip:0.5"],
    )  # fmt: skip


def test_a_choice_that_is_none_is_told() -> None:
    with pytest.raises(UnknownName, match="did you mean 'strokes'"):
        choose(stroks=3)
    for old, new in RENAMED.items():
        wrong: dict[str, Any] = {old: 0}
        with pytest.raises(BadValue, match=f"'{old}' is called '{new}' now"):
            choose(**wrong)
        assert new in knobs(PaintConfig)


def test_every_choice_says_its_bounds_and_has_a_heading() -> None:
    for name, (_, told) in knobs(PaintConfig).items():
        assert told.about, name
        assert told.group or name in ("also", "backdrop"), name


def test_presets_choose_what_can_be_chosen() -> None:
    for name in PRESETS:
        assert choose(**preset(name)) != PaintConfig()
    assert preset("") == {}
    with pytest.raises(UnknownName, match="did you mean 'clipdraw'"):
        preset("clipdrow")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("strokes='many'", "strokes is 'many': it must be a whole number."),
        ("strokes=1.5", "strokes is 1.5: it must be a whole number."),
        ("saturation='much'", "saturation is 'much': it must be a number."),
        ("rate_place=True", "rate-place is True: it must be a number."),
        ("finish=3", "finish is 3: it must be text."),
        ("guide=[3]", "3 is no text with a weight: give it as in 'a storm:0.5'."),
    ],
)
def test_choices_of_another_kind_are_told(given: str, words: str) -> None:
    """As a person sees it: in the tests' own process the types of all calls are checked."""
    code = f"from diavlex import PaintConfig as P; P(saturation=1); P({given})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith(f"diavlex.errors.BadValue: {words}\n")


def test_a_prompt_is_text() -> None:
    code = "from diavlex.config import check_prompt; check_prompt(5)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("the prompt is 5: give it as text.\n")
