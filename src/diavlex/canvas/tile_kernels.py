"""The loops over strokes that Triton compiles for `.tiles`.

A program paints one tile of the canvas, all its pixels at once, with the strokes of the tile's list
in their order. `affines` maps a pixel's middle to a place in a patch, in texels: u0 ux uy v0 vx vy,
where u = u0 + ux x + uy y. `boxes` says where a patch holds paint: first and last column, first and
last row. Colors are blended in double precision, so that strokes can be taken off again.
"""

from typing import no_type_check

import triton
import triton.language as tl

LEAST = tl.constexpr(1e-8)
"""How much of what lies below paint lets through at least, so that it can be found again."""


@triton.jit
@no_type_check
def sort(
    affines, boxes, lists, counts, strokes, tiles_wide, TILE: tl.constexpr, AT_ONCE: tl.constexpr
):
    """List the strokes that touch each tile, in their order."""
    tile = tl.program_id(0)
    x = (tile % tiles_wide) * TILE + (TILE - 1) / 2
    y = (tile // tiles_wide) * TILE + (TILE - 1) / 2
    kept = tile * 0
    for begin in range(0, strokes, AT_ONCE):
        row = begin + tl.arange(0, AT_ONCE)
        hits = row < strokes
        for axis in tl.static_range(2):
            numbers, box = affines + 6 * row + 3 * axis, boxes + 4 * row + 2 * axis
            right = tl.load(numbers + 1, hits, 0.0)
            down = tl.load(numbers + 2, hits, 0.0)
            at = tl.load(numbers, hits, 0.0) + right * x + down * y
            reach = (tl.abs(right) + tl.abs(down)) * ((TILE - 1) / 2) + 1
            hits = (
                hits
                & (at + reach > tl.load(box, hits, 0.0))
                & (at - reach < tl.load(box + 1, hits, 0.0))
            )
        each = hits.to(tl.int32)
        place = kept + tl.cumsum(each, 0) - each
        tl.store(lists + tile.to(tl.int64) * strokes + place, row, hits)
        kept += tl.sum(each, 0)
    tl.store(counts + tile, kept)


@triton.jit
@no_type_check
def _pixels(tile, tiles_wide, height, width, TILE: tl.constexpr):
    """The pixels of a tile, x and y, and whether each is on the canvas."""
    lane = tl.arange(0, TILE * TILE)
    x = (tile % tiles_wide) * TILE + lane % TILE
    y = (tile // tiles_wide) * TILE + lane // TILE
    return x, y, (x < width) & (y < height)


@triton.jit
@no_type_check
def _spots(affine, x, y):
    """Where pixels lie in a patch: column and line of a texel, and how far right and below it."""
    u = tl.load(affine) + tl.load(affine + 1) * x + tl.load(affine + 2) * y
    v = tl.load(affine + 3) + tl.load(affine + 4) * x + tl.load(affine + 5) * y
    left, top = tl.floor(u), tl.floor(v)
    return left.to(tl.int32), top.to(tl.int32), u - left, v - top


@triton.jit
@no_type_check
def _cover(paint):
    """The coverage of paint in double precision, at most 1 - `LEAST`."""
    return 1 - tl.maximum(1 - paint.to(tl.float64), LEAST)


@triton.jit
@no_type_check
def _texel(texels, start, side, column, line, inside):
    """A texel of a patch (0 outside of the patch), its address, and whether it is in the patch."""
    there = inside & (column >= 0) & (column < side) & (line >= 0) & (line < side)
    at = start + line * side + column
    return tl.load(texels + at, there, 0.0), at, there


@triton.jit
@no_type_check
def lay(
    texels, starts, sides, affines, colors, backdrop, canvas, lists, counts,
    strokes, tiles_wide, height, width, TILE: tl.constexpr,
):  # fmt: skip
    """Lay strokes over a backdrop [3 height width], into a canvas in double precision."""
    tile = tl.program_id(0)
    x, y, inside = _pixels(tile, tiles_wide, height, width, TILE)
    at, plane = y * width + x, height * width
    red = tl.load(backdrop + at, inside, 0.0).to(tl.float64)
    green = tl.load(backdrop + plane + at, inside, 0.0).to(tl.float64)
    blue = tl.load(backdrop + 2 * plane + at, inside, 0.0).to(tl.float64)
    own = lists + tile.to(tl.int64) * strokes
    for k in range(tl.load(counts + tile)):
        row = tl.load(own + k).to(tl.int32)
        start, side = tl.load(starts + row), tl.load(sides + row)
        column, line, right, down = _spots(affines + 6 * row, x, y)
        a, _, _ = _texel(texels, start, side, column, line, inside)
        b, _, _ = _texel(texels, start, side, column + 1, line, inside)
        c, _, _ = _texel(texels, start, side, column, line + 1, inside)
        d, _, _ = _texel(texels, start, side, column + 1, line + 1, inside)
        above, below = a + right * (b - a), c + right * (d - c)
        cover = _cover(above + down * (below - above))
        red += cover * (tl.load(colors + 3 * row).to(tl.float64) - red)
        green += cover * (tl.load(colors + 3 * row + 1).to(tl.float64) - green)
        blue += cover * (tl.load(colors + 3 * row + 2).to(tl.float64) - blue)
    tl.store(canvas + at, red, inside)
    tl.store(canvas + plane + at, green, inside)
    tl.store(canvas + 2 * plane + at, blue, inside)


@triton.jit
@no_type_check
def _under(rest, shown, cover, color):
    """What one channel of the canvas was under a stroke, weighted by how much of it shows.

    The strokes above let the share `shown` through; `rest` is the stroke and all below it, times
    `shown`. Returns all below the stroke, weighted first by what shows through the stroke as well,
    then by `shown` alone.
    """
    below = tl.minimum(tl.maximum(rest - shown * cover * color, 0.0), shown)
    return below, tl.minimum(below / (1 - cover), shown)


@triton.jit
@no_type_check
def lift(
    texels, starts, sides, affines, colors, canvas, gradients, lists, counts, scale,
    of_texels, of_affines, of_colors, of_backdrop,
    strokes, tiles_wide, height, width, TILE: tl.constexpr,
):  # fmt: skip
    """The backward pass of `lay`: take strokes off again, the last first.

    Gradients are multiplied by `scale` and added up as integers: a GPU adds in a random order, and
    the sum of integers is the same in any. Gradients of affines count pixels as shares of the
    canvas.
    """
    tile = tl.program_id(0)
    x, y, inside = _pixels(tile, tiles_wide, height, width, TILE)
    at, plane = y * width + x, height * width
    times = tl.load(scale)
    red = tl.load(canvas + at, inside, 0.0)
    green = tl.load(canvas + plane + at, inside, 0.0)
    blue = tl.load(canvas + 2 * plane + at, inside, 0.0)
    to_red = tl.load(gradients + at, inside, 0.0).to(tl.float64)
    to_green = tl.load(gradients + plane + at, inside, 0.0).to(tl.float64)
    to_blue = tl.load(gradients + 2 * plane + at, inside, 0.0).to(tl.float64)
    shown = tl.full([TILE * TILE], 1.0, tl.float64)
    across, along = x.to(tl.float64) / width, y.to(tl.float64) / height
    own = lists + tile.to(tl.int64) * strokes
    count = tl.load(counts + tile)
    for k in range(count):
        row = tl.load(own + count - 1 - k).to(tl.int32)
        start, side = tl.load(starts + row), tl.load(sides + row)
        column, line, right, down = _spots(affines + 6 * row, x, y)
        a, at_a, has_a = _texel(texels, start, side, column, line, inside)
        b, at_b, has_b = _texel(texels, start, side, column + 1, line, inside)
        c, at_c, has_c = _texel(texels, start, side, column, line + 1, inside)
        d, at_d, has_d = _texel(texels, start, side, column + 1, line + 1, inside)
        above, below = a + right * (b - a), c + right * (d - c)
        cover = _cover(above + down * (below - above))
        own_red = tl.load(colors + 3 * row).to(tl.float64)
        own_green = tl.load(colors + 3 * row + 1).to(tl.float64)
        own_blue = tl.load(colors + 3 * row + 2).to(tl.float64)
        red, under_red = _under(red, shown, cover, own_red)
        green, under_green = _under(green, shown, cover, own_green)
        blue, under_blue = _under(blue, shown, cover, own_blue)
        of_cover = to_red * (shown * own_red - under_red)
        of_cover += to_green * (shown * own_green - under_green)
        of_cover += to_blue * (shown * own_blue - under_blue)
        of_cover *= times
        seen = shown * cover * times
        colored = of_colors + 3 * row
        tl.atomic_add(colored, tl.sum(seen * to_red, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(colored + 1, tl.sum(seen * to_green, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(colored + 2, tl.sum(seen * to_blue, 0).to(tl.int64), sem="relaxed")
        aside, ahead = of_cover * (b - a + down * (a - b - c + d)), of_cover * (below - above)
        moved = of_affines + 6 * row
        tl.atomic_add(moved, tl.sum(aside, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(moved + 1, tl.sum(aside * across, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(moved + 2, tl.sum(aside * along, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(moved + 3, tl.sum(ahead, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(moved + 4, tl.sum(ahead * across, 0).to(tl.int64), sem="relaxed")
        tl.atomic_add(moved + 5, tl.sum(ahead * along, 0).to(tl.int64), sem="relaxed")
        low = of_cover * down
        high = of_cover - low
        tl.atomic_add(of_texels + at_a, (high - high * right).to(tl.int64), has_a, sem="relaxed")
        tl.atomic_add(of_texels + at_b, (high * right).to(tl.int64), has_b, sem="relaxed")
        tl.atomic_add(of_texels + at_c, (low - low * right).to(tl.int64), has_c, sem="relaxed")
        tl.atomic_add(of_texels + at_d, (low * right).to(tl.int64), has_d, sem="relaxed")
        shown *= 1 - cover
    tl.store(of_backdrop + at, shown * to_red, inside)
    tl.store(of_backdrop + plane + at, shown * to_green, inside)
    tl.store(of_backdrop + 2 * plane + at, shown * to_blue, inside)
