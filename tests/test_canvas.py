"""Laying paint: the fast implementations equal the plain one, in value and in gradient."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from diavlex import canvas, stroke
from diavlex.canvas import compiled, tiles, windows


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
    placements, colors = parts.placements.to(dtype), parts.colors.to(dtype)
    return patches.to(dtype), placements, colors, backdrop.to(dtype)


def tiled(*inputs: Tensor) -> Tensor:
    """Painted by tiles: on the GPU if there is one, else line by line."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return tiles.paint(*(t.to(device) for t in inputs)).to(inputs[0].device)


FAST = {"windows": windows.paint, "compiled": compiled.paint, "tiles": tiled}
NEEDS = {"compiled": "numba", "tiles": "triton"}


class Tolerance(TypedDict):
    atol: float
    rtol: float


SIZES = [(64, 64), (48, 97), (130, 70), (16, 16)]
CLOSE: dict[torch.dtype, Tolerance] = {
    torch.float64: {"atol": 1e-9, "rtol": 1e-9},
    torch.float32: {"atol": 5e-4, "rtol": 1e-4},
}


@pytest.fixture(params=FAST)
def fast(request: pytest.FixtureRequest) -> Callable[..., Tensor]:
    if request.param in NEEDS:
        pytest.importorskip(NEEDS[request.param])
    return FAST[request.param]


@pytest.fixture
def strokes(fast: Callable[..., Tensor]) -> int:
    """How many are laid: without a GPU, tiles are run line by line, which takes its time."""
    return 12 if fast is tiled else 40


def both(fast: Callable[..., Tensor], inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """A picture and its gradients; where a patch is 0 it has none, as with a brush's patch."""
    leaves = [t.clone().requires_grad_() for t in inputs]
    patches, *others = leaves
    picture = fast(patches * (patches > 0), *others)
    push = torch.randn(picture.shape, generator=torch.Generator().manual_seed(1)).to(picture)
    return picture, *torch.autograd.grad(picture, leaves, push)


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("size", SIZES)
def test_fast_is_plain(
    fast: Callable[..., Tensor], strokes: int, size: tuple[int, int], dtype: torch.dtype
) -> None:
    inputs = setting(strokes, size, dtype)
    plain = both(canvas.paint_plainly, inputs)
    torch.testing.assert_close(both(fast, inputs), plain, **CLOSE[dtype])


def test_what_paint_hides_is_found_again(fast: Callable[..., Tensor]) -> None:
    """Solid strokes over each other: nothing on the canvas tells what lies below."""
    patches, *others = setting(30, (40, 56))
    patches = (12 * patches - 2).clamp(0, 1)
    patches[::3] = patches[::3].clamp_max(1 - 1e-7)
    assert (patches == 1).float().mean() > 0.1
    plain = both(canvas.paint_plainly, (patches, *others))
    close: Tolerance = {"atol": 1e-6, "rtol": 1e-6} if fast is tiled else CLOSE[torch.float64]
    torch.testing.assert_close(both(fast, (patches, *others)), plain, **close)


def test_many_layers_keep_their_gradients(fast: Callable[..., Tensor]) -> None:
    """A thousand heavy strokes on few pixels: of the first, less shows than a float holds."""
    count = 300 if fast is tiled else 1000
    patches, *others = (t.float() for t in setting(count, (12, 12)))
    patches = (4 * patches).clamp(0, 0.999)
    picture, *found = both(fast, (patches, *others))
    plain = both(canvas.paint_plainly, (patches, *others))
    assert all(torch.isfinite(t).all() for t in found)
    torch.testing.assert_close((picture, *found), plain, atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("count", [2, 3])
def test_threads_share_a_canvas(count: int) -> None:
    pytest.importorskip("numba")
    inputs, before = setting(40, (50, 61)), torch.get_num_threads()
    alone = both(compiled.paint, inputs)
    torch.set_num_threads(count)
    try:
        assert len(compiled._bands(50)) == count
        together = both(compiled.paint, inputs)
    finally:
        torch.set_num_threads(before)
    torch.testing.assert_close(together, alone, atol=1e-12, rtol=1e-12)


def test_chunks_of_windows_are_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = setting(40, (64, 64))
    plain = both(canvas.paint_plainly, inputs)
    monkeypatch.setattr(windows, "_CHUNK_PX", 10_000)
    assert len(windows._chunks(inputs[1], inputs[3])) > 5
    torch.testing.assert_close(both(windows.paint, inputs), plain, **CLOSE[torch.float64])


def test_many_strokes_are_listed_in_their_order() -> None:
    """More than are looked at at once, all over one tile: the last one is what shows."""
    pytest.importorskip("triton")
    count = 2 * tiles.AT_ONCE + 3
    places = torch.tensor([[0.5, 0.5, 2.0, 0.0]]).expand(count, 4)
    colors = torch.linspace(0, 1, count)[:, None].expand(count, 3)
    half = torch.full((count, 32, 32), 0.5)
    inputs = half, places, colors, torch.zeros(3, 5, 7)
    torch.testing.assert_close(tiled(*inputs), canvas.paint_plainly(*inputs))


def test_sums_do_not_depend_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tiles add to a stroke's gradients is the same, bit for bit, whichever comes first."""
    pytest.importorskip("triton")
    if torch.cuda.is_available():
        pytest.skip("a GPU has an order of its own; see test_canvas_gpu.py")
    from triton.runtime.interpreter import interpreter_builder as builder

    inputs = setting(6, (40, 40), torch.float32)
    once, ahead = both(tiles.paint, inputs), builder.set_grid_idx
    monkeypatch.setattr(
        builder, "set_grid_idx", lambda x, y, z: ahead(builder.grid_dim[0] - 1 - x, y, z)
    )
    torch.testing.assert_close(both(tiles.paint, inputs), once, atol=0, rtol=0)


@pytest.mark.slow
def test_what_is_made_for_a_gpu_compiles_without_one(tmp_path: Path) -> None:
    """For each kind of card of the last years; and the numbers of a tile fit into its registers."""
    pytest.importorskip("triton")
    code = Path(__file__).with_name("compile_tiles.py")
    settings = os.environ | {"TRITON_INTERPRET": "0", "TRITON_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, str(code)]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert {row[1] for row in rows} == {"sort", "lay", "lift"}
    assert all(int(spilled) <= 16 for *_, spilled in rows), done.stdout


def test_without_numba_there_are_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = setting(8, (16, 16))
    monkeypatch.setattr(compiled, "is_here", lambda: False)
    monkeypatch.setattr(compiled, "paint", lambda *_: pytest.fail("compiled was asked"))
    torch.testing.assert_close(canvas.paint(*inputs), windows.paint(*inputs), atol=0, rtol=0)


@pytest.mark.parametrize("fast", [compiled.paint, tiled])
def test_a_stroke_of_no_length_is_nowhere(fast: Callable[..., Tensor]) -> None:
    pytest.importorskip("numba")
    pytest.importorskip("triton")
    places = torch.tensor([[0.5, 0.5, 0.0, 0.0], [0.5, 0.5, float("inf"), 0.0]])
    backdrop = torch.rand(3, 16, 16)
    picture = fast(torch.ones(2, 64, 64), places, torch.ones(2, 3), backdrop)
    torch.testing.assert_close(picture, backdrop)


@pytest.mark.parametrize("fast", [windows.paint, compiled.paint])
def test_gradients_are_right(fast: Callable[..., Tensor]) -> None:
    pytest.importorskip("numba")
    patches, placements, colors, backdrop = setting(4, (9, 11))
    small = 0.05 + 0.9 * functional.avg_pool2d(patches[:, None], 8)[:, 0]
    leaves = [t.requires_grad_() for t in (small, colors, backdrop)]
    assert torch.autograd.gradcheck(lambda p, c, b: fast(p, placements, c, b), leaves)


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
