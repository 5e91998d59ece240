"""The loops over strokes and pixels that numba compiles for `.compiled`.

`texels` holds the texels of all patches in one line. Each patch is halved as often as its level
says, gets a border of zeros, and begins at its number in `starts`. `affines` maps a pixel's middle
to a place in the patch, in texels: u0 ux uy v0 vx vy, where u = u0 + ux x + uy y. Only the rows
from `top` to `bottom` (excluded) of the canvas are painted, so that several threads may share it.
"""

from math import ceil, floor
from typing import no_type_check

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")

NEARLY_ALL = 1 - 1e-5
"""Of paint with at least this coverage, what lay under it cannot be found again by division."""


@compiled
@no_type_check
def fold(patches, levels, starts, texels, boxes):
    """Halve the patches, write them to `texels`, and note in `boxes` where each is not 0."""
    for i in range(len(patches)):
        times = 1 << levels[i]
        side = patches.shape[1] // times
        left, right, high, low = side, -1, side, -1
        for v in range(side):
            line = starts[i] + (v + 1) * (side + 2) + 1
            for u in range(side):
                total = patches[i, v * times, u * times] * 0
                for y in range(v * times, v * times + times):
                    for x in range(u * times, u * times + times):
                        total += patches[i, y, x]
                if total != 0:
                    texels[line + u] = total / (times * times)
                    left, right, high, low = min(left, u), max(right, u), min(high, v), v
        boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3] = left, right, high, low


@compiled
@no_type_check
def unfold(gradients, levels, starts, patches):
    """The backward pass of `fold`: fill `patches` with their gradients, given those of texels."""
    for i in range(len(patches)):
        times = 1 << levels[i]
        side = patches.shape[1] // times
        for y in range(patches.shape[1]):
            line = starts[i] + (y // times + 1) * (side + 2) + 1
            for x in range(patches.shape[1]):
                patches[i, y, x] = gradients[line + x // times] / (times * times)


@compiled
@no_type_check
def _rows(affine, box, top, bottom):
    """First and last row (excluded) that a patch touches."""
    ux, uy, vx, vy = affine[1], affine[2], affine[4], affine[5]
    turn = ux * vy - uy * vx
    least, most = 1e18, -1e18
    for u in (box[0] - 1.0, box[1] + 1.0):
        for v in (box[2] - 1.0, box[3] + 1.0):
            y = (ux * (v - affine[3]) - vx * (u - affine[0])) / turn
            least, most = min(least, y), max(most, y)
    first = max(float(top), ceil(least))
    return int(first), int(max(first, min(float(bottom), floor(most) + 1)))


@compiled
@no_type_check
def _columns(affine, box, y, width):
    """First and last column (excluded) that a patch touches in a row."""
    first, last = 0.0, float(width)
    for axis in range(2):
        at = affine[3 * axis] + affine[3 * axis + 2] * y
        step = affine[3 * axis + 1]
        low, high = box[2 * axis] - 1.0 - at, box[2 * axis + 1] + 1.0 - at
        if step < 0:
            low, high, step = -high, -low, -step
        if step < 1e-12:
            if low > 0 or high < 0:
                return 0, 0
            continue
        first, last = max(first, ceil(low / step)), min(last, floor(high / step) + 1)
    return int(first), int(max(first, last))


@compiled
@no_type_check
def lay(canvas, scene, top, bottom, begin, hidden, under):
    """Lay strokes in order on `canvas` [height width 3]; keep what they hide all but wholly.

    `hidden` gets stroke and pixel as one number, `under` what the canvas was there before;
    `hidden[0]` counts. Stops before a stroke for which both may be too short, and returns the
    stroke at which to go on.
    """
    texels, starts, sides, boxes, affines, colors = scene
    width = canvas.shape[1]
    kept = hidden[0]
    for i in range(begin, len(starts)):
        if boxes[i, 1] < 0:
            continue
        affine, line = affines[i], sides[i] + 2
        red, green, blue = colors[i, 0], colors[i, 1], colors[i, 2]
        first, last = _rows(affine, boxes[i], top, bottom)
        if kept + (last - first) * width + 1 > len(hidden):
            hidden[0] = kept
            return i
        for y in range(first, last):
            left, right = _columns(affine, boxes[i], y, width)
            u0, v0 = affine[0] + affine[2] * y + 1, affine[3] + affine[5] * y + 1
            for x in range(left, right):
                u, v = u0 + affine[1] * x, v0 + affine[4] * x
                iu, iv = int(u), int(v)
                at = starts[i] + iv * line + iu
                a, b, c, d = texels[at], texels[at + 1], texels[at + line], texels[at + line + 1]
                if a == 0 and b == 0 and c == 0 and d == 0:
                    continue
                fu, fv = u - iu, v - iv
                above, below = a + fu * (b - a), c + fu * (d - c)
                cover = above + fv * (below - above)
                if cover > NEARLY_ALL:
                    kept += 1
                    hidden[kept] = (i * canvas.shape[0] + y) * width + x
                    under[kept, 0] = canvas[y, x, 0]
                    under[kept, 1] = canvas[y, x, 1]
                    under[kept, 2] = canvas[y, x, 2]
                canvas[y, x, 0] += cover * (red - canvas[y, x, 0])
                canvas[y, x, 1] += cover * (green - canvas[y, x, 1])
                canvas[y, x, 2] += cover * (blue - canvas[y, x, 2])
    hidden[0] = kept
    return len(starts)


@compiled
@no_type_check
def lift(
    canvas, gradient, scene, top, bottom, hidden, under, of_texels, of_affines, of_colors
):  # fmt: skip
    """The backward pass of `lay`: take strokes off `canvas` from the last to the first.

    `canvas` and its `gradient` [height width 3] are changed in place; they end as those of the
    backdrop. The gradients of texels, affines and colors are added to the last three arguments.
    """
    texels, starts, sides, boxes, affines, colors = scene
    height, width = canvas.shape[:2]
    kept = hidden[0]
    for i in range(len(starts) - 1, -1, -1):
        if boxes[i, 1] < 0:
            continue
        affine, line = affines[i], sides[i] + 2
        red, green, blue = colors[i, 0], colors[i, 1], colors[i, 2]
        color_red = color_green = color_blue = 0.0
        u_sum = u_x = u_y = v_sum = v_x = v_y = 0.0
        first, last = _rows(affine, boxes[i], top, bottom)
        for y in range(last - 1, first - 1, -1):
            left, right = _columns(affine, boxes[i], y, width)
            u0, v0 = affine[0] + affine[2] * y + 1, affine[3] + affine[5] * y + 1
            u_row = v_row = 0.0
            for x in range(right - 1, left - 1, -1):
                u, v = u0 + affine[1] * x, v0 + affine[4] * x
                iu, iv = int(u), int(v)
                at = starts[i] + iv * line + iu
                a, b, c, d = texels[at], texels[at + 1], texels[at + line], texels[at + line + 1]
                if a == 0 and b == 0 and c == 0 and d == 0:
                    continue
                is_hidden = kept > 0 and hidden[kept] == (i * height + y) * width + x
                kept -= is_hidden
                s, t, w = gradient[y, x, 0], gradient[y, x, 1], gradient[y, x, 2]
                if s == 0 and t == 0 and w == 0:
                    continue  # its gradient is 0, and so is that of all below it
                fu, fv = u - iu, v - iv
                above, below = a + fu * (b - a), c + fu * (d - c)
                cover = above + fv * (below - above)
                clear = 1 - cover
                if is_hidden:
                    low_red, low_green = under[kept + 1, 0], under[kept + 1, 1]
                    low_blue = under[kept + 1, 2]
                else:
                    much = 1 / (1 - np.float64(cover))
                    low_red = red + (canvas[y, x, 0] - red) * much
                    low_green = green + (canvas[y, x, 1] - green) * much
                    low_blue = blue + (canvas[y, x, 2] - blue) * much
                canvas[y, x, 0], canvas[y, x, 1], canvas[y, x, 2] = low_red, low_green, low_blue
                of_cover = s * (red - low_red) + t * (green - low_green) + w * (blue - low_blue)
                color_red += s * cover
                color_green += t * cover
                color_blue += w * cover
                gradient[y, x, 0], gradient[y, x, 1] = s * clear, t * clear
                gradient[y, x, 2] = w * clear
                along = of_cover * ((b - a) + fv * ((d - c) - (b - a)))
                across = of_cover * (below - above)
                u_row += along
                v_row += across
                u_x += along * x
                v_x += across * x
                lower = of_cover * fv
                upper = of_cover - lower
                of_texels[at] += upper * (1 - fu)
                of_texels[at + 1] += upper * fu
                of_texels[at + line] += lower * (1 - fu)
                of_texels[at + line + 1] += lower * fu
            u_sum += u_row
            v_sum += v_row
            u_y += u_row * y
            v_y += v_row * y
        of_colors[i, 0] += color_red
        of_colors[i, 1] += color_green
        of_colors[i, 2] += color_blue
        of_affines[i, 0] += u_sum
        of_affines[i, 1] += u_x
        of_affines[i, 2] += u_y
        of_affines[i, 3] += v_sum
        of_affines[i, 4] += v_x
        of_affines[i, 5] += v_y
