"""What a person may choose: each bound is checked, each mistake has its one line."""

import math

import pytest

from diavlex.config import Knob, PaintConfig, check_bounds, check_prompt, color, knobs, size_px
from diavlex.errors import BadValue

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
