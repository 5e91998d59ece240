"""What a person may choose: each bound is checked, each mistake has its one line."""

import json
import math
import subprocess
import sys

import pytest

from diavlex.config import (
    PRESETS,
    Knob,
    PaintConfig,
    check_bounds,
    check_prompt,
    color,
    knobs,
    preset,
    read_guides,
    read_prompts,
    size_px,
)
from diavlex.errors import BadValue, UnknownName

NUMBERS = [
    (name, limits)
    for name, (_, limits) in knobs(PaintConfig).items()
    if limits.low is not None or limits.high is not None
]


@pytest.mark.parametrize(("name", "limits"), NUMBERS, ids=[n for n, _ in NUMBERS])
def test_bounds_are_held(name: str, limits: Knob) -> None:
    strange = [] if isinstance(getattr(PaintConfig(), name), int) else [math.nan, math.inf]
    for outside in (limits.low - 1, limits.high + 1, *strange):
        with pytest.raises(BadValue, match="--" + name.replace("_", "-")):
            PaintConfig(**{name: outside})
    for edge in (limits.low, limits.high):
        check_bounds(name, edge, limits)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "width x height"), ("0x0", "16 pixels"), ("-5x5", "width x height"),
        ("100000x100000", "120.0 GB"), ("512", "width x height"), ("4096x64", "8 times"),
    ],
)  # fmt: skip
def test_wrong_sizes_are_told(text: str, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        PaintConfig(size=text)


def test_size_is_width_first_as_people_write_it() -> None:
    assert size_px("640x480") == (480, 640)
    assert PaintConfig(size="640x480").aspect == (1.0, 640 / 480)


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
    assert color("white") == (1.0, 1.0, 1.0)
    assert color("#ff0000") == (1.0, 0.0, 0.0)
    with pytest.raises(BadValue, match="no color"):
        color("blurple")
    with pytest.raises(BadValue, match="no color"):
        PaintConfig(background="#12")


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
            PaintConfig(also=texts[1:])


def test_guides_carry_strengths() -> None:
    assert read_guides("pocket") == [("pocket", 1.0)]
    assert read_guides("pocket, clip:0.5") == [("pocket", 1.0), ("clip", 0.5)]
    assert read_guides("owner/model@abc123:2") == [("owner/model@abc123", 2.0)]
    for wrong, words in (("", "give names"), ("pocket,", "give names"), ("clip:0", "0.001 to 100")):
        with pytest.raises(BadValue, match=words):
            PaintConfig(guide=wrong)


def test_a_focus_is_two_shares_of_the_picture() -> None:
    assert PaintConfig().focus_at is None
    assert PaintConfig(focus="0.5, .25", size="640x320").focus_at == (1.0, 0.25)
    for wrong in ("0.5", "2,0.5", "a,b", "0.5,-0.1", "0.5,0.5,0.5", "nan,0"):
        with pytest.raises(BadValue, match="give x,y"):
            PaintConfig(focus=wrong)


@pytest.mark.parametrize("name", ["order", "looks", "rate_fall", "templates", "finish"])
def test_a_name_that_is_none_is_told(name: str) -> None:
    with pytest.raises(UnknownName, match=f"no {name.replace('_', '-')} is called 'x'"):
        PaintConfig(**{name: "x"})


def test_choices_survive_plain_data() -> None:
    config = PaintConfig(also=("a storm:0.5", "text:-0.3"), guide="pocket,clip:0.5", tries=3)
    assert PaintConfig(**json.loads(json.dumps(config.to_plain()))) == config


def test_presets_choose_what_can_be_chosen() -> None:
    for name in PRESETS:
        assert PaintConfig(**preset(name)) != PaintConfig()
    assert preset("") == {}
    with pytest.raises(UnknownName, match="did you mean 'clipdraw'"):
        preset("clipdrow")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("strokes='many'", "strokes is 'many': it must be a whole number."),
        ("strokes=1.5", "strokes is 1.5: it must be a whole number."),
        ("calm='much'", "calm is 'much': it must be a number."),
        ("rate_place=True", "rate-place is True: it must be a number."),
        ("guide=['pocket']", "guide is ['pocket']: it must be text."),
    ],
)
def test_choices_of_another_kind_are_told(given: str, words: str) -> None:
    """As a person sees it: in the tests' own process the types of all calls are checked."""
    code = f"from diavlex import PaintConfig as P; P(calm=1); P({given})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith(f"diavlex.errors.BadValue: {words}\n")


def test_a_prompt_is_text() -> None:
    code = "from diavlex.config import check_prompt; check_prompt(5)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("the prompt is 5: give it as text.\n")
