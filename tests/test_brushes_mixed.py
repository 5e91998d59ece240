"""Several brushes in one painting: each paints its own strokes, in painting order."""

from pathlib import Path
from typing import Any

import pytest
import torch

from diavlex import brushes, paint, series
from diavlex.brushes import VARIANTS, MixedBrush, NeuralBrush
from diavlex.config import choose
from diavlex.painting import load, to_text
from diavlex.stroke import random_actions, split

SMALL: dict[str, Any] = {
    "strokes": 13,
    "steps": 8,
    "views": 2,
    "canvas_px": 40,
    "size": "64x48",
    "reinitialize": 3,
}


@pytest.mark.parametrize(
    ("brush", "strokes", "names", "brush_of"),
    [
        ("oil", 3, ("oil",), [0, 0, 0]),
        ("wash,oil", 5, ("wash", "oil"), [0, 0, 0, 1, 1]),
        (" wash , oil ", 2, ("wash", "oil"), [0, 1]),
        ("oil,wash,oil", 7, ("oil", "wash"), [0, 0, 0, 1, 1, 0, 0]),
    ],
)
def test_strokes_are_shared_out_in_painting_order(
    brush: str, strokes: int, names: tuple[str, ...], brush_of: list[int]
) -> None:
    config = choose(brush=brush, strokes=strokes)
    assert config.brushes == names
    assert config.brush_of == brush_of


def test_each_brush_paints_its_own_strokes() -> None:
    generator = torch.Generator().manual_seed(0)
    shapes = split(random_actions(torch.linspace(0.5, 0.1, 9), generator)).shapes
    brush_of, variants = [1, 0, 0, 2, 1, 0, 2, 2, 1], torch.arange(9) % VARIANTS
    names = ("oil", "wash", "ink")
    given = shapes.clone().requires_grad_()
    patches = brushes.load_mixed(names, brush_of)(given, variants, 32)
    patches.square().sum().backward()
    for row, index in enumerate(brush_of):
        own = shapes[row : row + 1].clone().requires_grad_()
        patch = brushes.load(names[index])(own, variants[row : row + 1], 32)
        patch.square().sum().backward()
        torch.testing.assert_close(patches[row], patch[0], atol=0.02, rtol=0)
        torch.testing.assert_close(given.grad[row], own.grad[0], atol=1, rtol=0.05)  # pyright: ignore


def test_one_brush_stays_as_it_is() -> None:
    assert type(brushes.load_mixed(("oil",), [0, 0])) is NeuralBrush
    assert type(brushes.load_mixed(("oil", "ink"), [0, 1])) is MixedBrush


def test_the_record_says_who_painted_each_stroke() -> None:
    record = paint("a black sheep", brush="wash,oil", **SMALL)
    assert record.brush_names == ["wash"] * 7 + ["oil"] * 6
    assert record.settings["brush"] == "wash,oil"


def test_a_mixed_painting_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    config = choose(brush="flat,oil,flat", **SMALL)
    whole, cut = (series.begin("a goldfish", config, tmp_path / name) for name in ("whole", "cut"))
    for _ in whole.paint():
        pass
    for step in cut.paint():
        if step.index == 4:
            cut.keep()
            break
    later = series.resume(tmp_path / "cut")
    for _ in later.paint():
        pass
    assert to_text(later.painting()) == to_text(whole.painting())
    assert load(later.finish()).brush_names == ["flat"] * 5 + ["oil"] * 4 + ["flat"] * 4
