"""The composition: who paints what, where, and with which strokes."""

from typing import Any

import pytest
import torch

from diavlex.composition import SIDE, Composition, compose, frames
from diavlex.config import PaintConfig, choose
from diavlex.phrases import read

SMALL: dict[str, Any] = {"strokes": 40}
ONE, TWO = "a fox in the snow", "a fox and a red apple"


def composed(prompt: str, **choices: Any) -> Composition:
    """As if a guide knew all of the prompt's things."""
    phrase = read(prompt)
    return compose(choose(**SMALL | choices), phrase, phrase.things)


def rows(composition: Composition) -> list[tuple[int, int]]:
    return [(layer.rows.start, layer.rows.stop) for layer in composition.things]


@pytest.mark.parametrize(
    ("count", "size", "focus", "centers"),
    [
        (1, "512x512", "", [(0.5, 0.5)]),
        (1, "1024x512", "", [(1.0, 0.5)]),
        (1, "1024x512", "0.75,0.1", [(1.5, 0.4)]),
        (1, "512x1024", "0,1", [(0.4, 1.6)]),
        (2, "512x512", "", [(0.26, 0.5), (0.74, 0.5)]),
        (2, "512x1024", "0,0", [(0.5, 0.5), (0.5, 1.5)]),
        (3, "512x512", "", [(0.26, 0.26), (0.74, 0.26), (0.5, 0.74)]),
        (4, "2048x512", "", [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)]),
    ],
)
def test_frames_stay_within_the_canvas(
    count: int, size: str, focus: str, centers: list[tuple[float, float]]
) -> None:
    config = choose(size=size, focus=focus)
    placed = frames(count, config)
    assert [(f.x, f.y) for f in placed] == [pytest.approx(center) for center in centers]
    height, width = config.aspect
    for frame in placed:
        assert frame.side <= SIDE
        assert frame.side / 2 - 1e-6 <= frame.x <= width - frame.side / 2 + 1e-6
        assert frame.side / 2 - 1e-6 <= frame.y <= height - frame.side / 2 + 1e-6


def test_every_frame_of_every_canvas_can_be_cropped() -> None:
    for count in (1, 2, 3, 4):
        for size in ("512x512", "512x300", "300x512", "1000x130"):
            config = choose(size=size, focus="1,1")
            height, width = (round(80 * v) for v in config.aspect)
            for frame in frames(count, config):
                cut = frame.crop(torch.zeros(3, height, width))
                assert cut.shape[1] == cut.shape[2] == round(80 * frame.side)


def test_things_have_their_share_of_the_strokes() -> None:
    assert [rows(composed(ONE, layer_share=s)) for s in (0.65, 1.0, 0.01, 0.0)] == [
        [(14, 40)], [(0, 40)], [(39, 40)], [],
    ]  # fmt: skip
    assert rows(composed("two foxes")) == rows(composed(TWO)) == [(14, 27), (27, 40)]
    assert rows(composed("two foxes", strokes=1, smallest=0.04)) == [(0, 1)]


@pytest.mark.parametrize("prompt", ["a fox", ONE, TWO, "four dishes and two sheep"])
@pytest.mark.parametrize("strokes", [1, 2, 5, 40, 401])
def test_every_stroke_is_of_one_layer(prompt: str, strokes: int) -> None:
    composition = composed(prompt, strokes=strokes)
    assert composition.strokes == strokes
    owner = [row for layer in composition.layers for row in range(strokes)[layer.rows]]
    assert owner == list(range(strokes))
    assert [layer.count for layer in composition.layers[1:]] == [
        stop - start for start, stop in rows(composition)
    ]
    assert all(layer.count > 0 for layer in composition.things)


def test_layers_say_what_they_paint_in_painting_order() -> None:
    composition = composed("a red apple and two foxes in the snow")
    names = ["background", "a red apple", "fox", "fox"]
    assert [layer.name for layer in composition.layers] == names
    background, *things = composition.layers
    assert composition.things == tuple(things)
    assert background.frame is background.thing is None
    assert all(one.frame is not None and one.thing is not None for one in things)
    assert len({one.frame for one in things}) == 3
    assert composition.is_placed
    assert not composed(TWO).is_placed


def test_strokes_of_things_are_smaller_than_those_of_the_background() -> None:
    config = PaintConfig()
    background, fox = composed(ONE).layers
    assert (background.largest, background.smallest) == (config.largest, 2 * config.smallest)
    assert (fox.largest, fox.smallest) == pytest.approx((0.55 * config.largest, config.smallest))
    _, one, other = composed(TWO).layers
    assert one.frame is not None
    assert (one.largest, one.smallest) == (other.largest, other.smallest)
    assert one.largest / fox.largest == pytest.approx(one.frame.side / SIDE)
    (plain,) = composed("a fox").layers
    assert (plain.largest, plain.smallest) == (config.largest, config.smallest)


def test_a_focus_is_that_of_the_whole_only_where_no_layer_has_it() -> None:
    spot = pytest.approx((0.6, 0.6))
    assert composed("a fox", focus="0.3,0.6", size="640x320").focus == spot
    assert composed(ONE, focus="0.3,0.6", size="640x320", layer_share=0.0).focus == spot
    layered = composed(ONE, focus="0.3,0.6", size="640x320")
    assert layered.focus is None
    (fox,) = layered.things
    assert fox.frame is not None
    assert (fox.frame.x, fox.frame.y) == spot
    assert composed("a fox").focus is None
