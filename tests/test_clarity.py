"""Clarity: thin lines, lost edges, and colors that are said."""

import pytest
import torch

from diavlex.guides.clarity import restated, thickened
from diavlex.guides.shapes import Cutout
from diavlex.guides.tint import tinted


def square() -> torch.Tensor:
    share = torch.zeros(40, 40)
    share[10:30, 16:36] = 1
    return share


def test_thin_lines_become_wider_and_broad_shapes_stay() -> None:
    share = square()
    share[:, 10] = 1
    wider = thickened(Cutout(torch.full((3, 40, 40), 0.2), share))
    assert (wider.share[5] > 0.5).nonzero().flatten().tolist() == [9, 10, 11]
    torch.testing.assert_close(wider.share[:, 14:], share[:, 14:])
    torch.testing.assert_close(wider.colors[:, 5, 9], torch.full((3,), 0.2))


@pytest.mark.parametrize(("paint", "ground"), [(0.9, 0.92), (0.2, 0.18), (0.1, 0.9)])
def test_an_edge_stands_out_from_what_is_behind_it(paint: float, ground: float) -> None:
    behind = torch.full((3, 40, 40), ground)
    seen = restated(Cutout(torch.full((3, 40, 40), paint), square()), behind)
    assert abs(float(seen.colors[0, 10, 24]) - ground) > 0.3
    assert float(seen.colors[0, 20, 26]) == pytest.approx(paint)


def test_black_is_darker_and_white_lighter_than_any_grey() -> None:
    colors = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0))
    thing = Cutout(colors, torch.ones(32, 32))
    assert float(tinted(thing, "black").colors.max()) < 0.25
    assert float(tinted(thing, "white").colors.min()) > 0.65
