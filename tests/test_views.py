"""The views that a guide sees: of the right size, repeatable, and linear in the canvas."""

import torch

from diavlex.guides.views import Augmentation, take_views

STILL = Augmentation(wide=1.0, margin=(1.0, 1.0), tilt=0.0, noise=0.0)


def seen(canvas: torch.Tensor, how: Augmentation, seed: int = 0, side: int = 32) -> torch.Tensor:
    return take_views(canvas, 6, side, how, torch.Generator().manual_seed(seed))


def test_a_still_view_shows_the_canvas_or_its_mirror() -> None:
    canvas = torch.rand(3, 32, 32)
    for view in seen(canvas, STILL):
        straight, mirrored = (view - canvas).abs().max(), (view - canvas.flip(-1)).abs().max()
        assert min(straight, mirrored) < 1e-4


def test_views_repeat_with_the_seed() -> None:
    canvas = torch.rand(3, 48, 64)
    assert torch.equal(seen(canvas, Augmentation(), 1), seen(canvas, Augmentation(), 1))
    assert not torch.equal(seen(canvas, Augmentation(), 1), seen(canvas, Augmentation(), 2))


def test_wide_views_come_first_and_show_more() -> None:
    spot = torch.zeros(3, 64, 64)
    spot[:, :6, :6] = spot[:, -6:, -6:] = spot[:, :6, -6:] = spot[:, -6:, :6] = 1
    how = Augmentation(wide=0.5, margin=(1.0, 1.0), close=(0.6, 0.6), tilt=0.0, noise=0.0)
    corners = (seen(spot, how)[:, 0] > 0.5).float().sum((1, 2))
    assert (corners[:3] > 20).all()
    assert (corners[3:] < 45).all()
    assert corners[:3].min() > corners[3:].min()


def test_what_is_outside_takes_a_color_of_its_own() -> None:
    how = Augmentation(wide=1.0, margin=(1.5, 1.5), tilt=0.0, noise=0.0)
    edge = seen(torch.zeros(3, 32, 32), how)[:, :, 0, 0]
    assert edge.std(0).min() > 0.05


def test_gradients_reach_the_canvas() -> None:
    canvas = torch.rand(3, 20, 20, requires_grad=True)
    seen(canvas, Augmentation(wide=0.5), side=16).square().sum().backward()
    assert (canvas.grad != 0).float().mean() > 0.9


CLIPDRAW = Augmentation(is_clipdraw=True, noise=0.0)


def test_a_view_of_clipdraw_is_the_canvas_in_perspective_on_white() -> None:
    rows = torch.linspace(0, 1, 64)[:, None].expand(64, 64)
    canvas = torch.stack([rows, rows.T, torch.zeros(64, 64)])
    for view in seen(canvas, CLIPDRAW, side=64):
        inside = view[2] < 0.01
        assert 0.35 < inside.float().mean() < 1
        down, right = view[0].diff(dim=0), view[1].diff(dim=1)
        assert (down[inside[1:] & inside[:-1]] > -0.01).float().mean() > 0.95
        assert (right[inside[:, 1:] & inside[:, :-1]] > 0).float().mean() > 0.95
    outside = torch.cat([v[:, v[2] > 0.99].T for v in seen(canvas, CLIPDRAW, seed=1, side=64)])
    assert len(outside) > 50
    assert (outside > 0.99).all()


def test_views_of_clipdraw_differ_and_repeat() -> None:
    canvas = torch.rand(3, 32, 48)
    views = seen(canvas, CLIPDRAW, 3)
    assert torch.equal(views, seen(canvas, CLIPDRAW, 3))
    assert (views[1:] != views[:1]).flatten(1).any(1).all()
