"""Laying paint: the fast way equals the plain one, in value and in gradient."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from diavlex import canvas, stroke


def setting(
    count: int, size: tuple[int, int], dtype: torch.dtype = torch.float64, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Smooth patches, placed anywhere, over a backdrop of random colors."""
    generator = torch.Generator().manual_seed(seed)
    lengths = 0.03 + 0.6 * torch.rand(count, generator=generator).square()
    short = min(size)
    actions = stroke.random_actions(lengths, generator, (size[0] / short, size[1] / short))
    parts = stroke.split(actions)
    rough = torch.rand(count, 1, 7, 7, generator=generator)
    smooth = functional.interpolate(rough, 64, mode="bicubic", align_corners=True).clamp(0, 1)
    edge = torch.hann_window(64, periodic=False).sqrt()
    patches = smooth[:, 0] * edge[:, None] * edge
    backdrop = torch.rand(3, *size, generator=generator)
    return tuple(t.to(dtype) for t in (patches, parts.placements, parts.colors, backdrop))


@pytest.mark.parametrize("size", [(64, 64), (48, 97), (130, 70), (16, 16)])
def test_the_fast_way_is_the_plain_way(size: tuple[int, int]) -> None:
    inputs = setting(40, size)
    seen = []
    for way in (canvas.paint, canvas.paint_plainly):
        leaves = [t.clone().requires_grad_() for t in inputs]
        picture = way(*leaves)
        push = torch.randn(picture.shape, generator=torch.Generator().manual_seed(1)).to(picture)
        seen.append((picture, *torch.autograd.grad(picture, leaves, push)))
    torch.testing.assert_close(*seen, atol=1e-9, rtol=1e-9)


def test_gradients_are_right() -> None:
    inputs = [t.requires_grad_() for t in setting(4, (9, 11))]
    patches, placements, colors, backdrop = inputs
    small = functional.avg_pool2d(patches.detach()[:, None], 8)[:, 0].requires_grad_()
    assert torch.autograd.gradcheck(
        lambda p, c, b: canvas.paint(p, placements.detach(), c, b), (small, colors, backdrop)
    )


def test_later_strokes_hide_earlier_ones() -> None:
    solid = torch.ones(2, 64, 64)
    places = torch.tensor([[0.5, 0.5, 2.0, 0.0]]).expand(2, 4)
    colors = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    picture = canvas.paint(solid, places, colors, torch.zeros(3, 32, 32))
    torch.testing.assert_close(picture, colors[1][:, None, None].expand(3, 32, 32))


def test_a_patch_lies_where_its_placement_says() -> None:
    spot = torch.zeros(1, 64, 64)
    spot[:, 30:34, 56:60] = 1  # near the end of the frame's x axis
    quarter_turn = torch.tensor([[0.5, 0.5, 0.0, 0.25]])  # x axis of the frame runs down
    picture = canvas.paint(spot, quarter_turn, torch.ones(1, 3), torch.zeros(3, 128, 128))
    weight = picture[0] / picture[0].sum()
    middle = torch.arange(128) + 0.5
    assert abs(float((weight.sum(1) * middle).sum()) - (0.5 + 0.25 * 26 / 32) * 128) < 0.1
    assert abs(float((weight.sum(0) * middle).sum()) - 64) < 0.1


def test_a_small_stroke_does_not_alias() -> None:
    stripes = (torch.arange(64) % 2).float().expand(1, 64, 64)
    for shift in torch.linspace(0, 0.05, 7).tolist():
        place = torch.tensor([[0.5 + shift, 0.5, 0.06, 0.0]])
        middle = round(64 * (0.5 + shift))
        inside = canvas.place(stripes, place, 64, 64)[0, 30:34, middle - 2 : middle + 2]
        assert (inside - 0.5).abs().max() < 0.02


def test_no_stroke_leaves_the_backdrop() -> None:
    backdrop = torch.rand(3, 8, 8)
    none = torch.zeros(0, 64, 64), torch.zeros(0, 4), torch.zeros(0, 3)
    assert torch.equal(canvas.paint(*none, backdrop), backdrop)
