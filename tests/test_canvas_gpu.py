"""Laying paint on a GPU: what it paints there is what it paints anywhere."""

import pytest
import torch
from test_canvas import CLOSE, SIZES, both, setting

from diavlex import brushes, canvas, stroke
from diavlex.brushes import VARIANTS
from diavlex.canvas import tiles, windows

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU"),
]


def test_triton_compiles_here_and_paints() -> None:
    assert tiles.is_here(torch.device("cuda", torch.cuda.current_device()))


@pytest.mark.parametrize("paint", [canvas.paint, tiles.paint, windows.paint])
@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("size", [*SIZES, (257, 300)])
def test_a_picture_and_its_gradients_are_the_plain_ones(paint, dtype, size) -> None:
    inputs = setting(200, size, dtype)
    plain = both(canvas.paint_plainly, inputs)
    found = both(paint, [t.cuda() for t in inputs])
    torch.testing.assert_close([t.cpu() for t in found], list(plain), **CLOSE[dtype])


def test_solid_strokes_are_taken_off_again() -> None:
    patches, *others = setting(60, (40, 56))
    patches = (12 * patches - 2).clamp(0, 1)
    plain = both(canvas.paint_plainly, (patches, *others))
    found = both(tiles.paint, [t.cuda() for t in (patches, *others)])
    torch.testing.assert_close([t.cpu() for t in found], list(plain), atol=1e-6, rtol=1e-6)


def test_the_same_strokes_have_the_same_gradients_bit_for_bit() -> None:
    inputs = [t.cuda() for t in setting(2000, (224, 224), torch.float32)]
    first = both(tiles.paint, inputs)
    for _ in range(5):
        for one, other in zip(first, both(tiles.paint, inputs), strict=True):
            assert torch.equal(one, other)


def test_more_strokes_than_a_short_integer_counts() -> None:
    count = 2**15 + 5
    places = torch.tensor([[0.5, 0.5, 2.0, 0.0]]).expand(count, 4)
    colors = torch.linspace(0, 1, count)[:, None].expand(count, 3)
    half = torch.full((count, 2, 2), 0.5)
    inputs = (half, places, colors, torch.zeros(3, 17, 5))
    picture = tiles.paint(*(t.cuda() for t in inputs)).cpu()
    torch.testing.assert_close(
        picture, torch.full((3, 17, 5), float(colors[-1, 0])), atol=1e-4, rtol=0
    )


@pytest.mark.parametrize("side_px", [32, 64])
def test_a_brush_predicts_what_it_predicts_on_a_processor(side_px: int) -> None:
    brush = brushes.load("oil")
    brush.is_bfloat16 = False
    generator = torch.Generator().manual_seed(0)
    actions = stroke.random_actions(torch.linspace(0.5, 0.1, 40), generator)
    shapes, variants = stroke.split(actions).shapes, torch.arange(40) % VARIANTS
    there = brush(shapes, variants, side_px)
    here = brush.cuda()(shapes.cuda(), variants.cuda(), side_px).cpu()
    assert (here - there).abs().mean() < 2e-3
    assert (here - there).abs().quantile(0.999) < 0.05
