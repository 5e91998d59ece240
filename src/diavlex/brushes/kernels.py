"""The loops over pixels that numba compiles for `.ribbon`.

`places` says where on the ribbon every second pixel lies, along and across. Two fine pixels lie
between two of these; the place of each is a quarter of the step away from its nearer neighbor's.
Where the step goes over a fold of the stroke, the place is that neighbor's own. The loops compute
only the pixels that lie on the ribbon.
"""

from typing import no_type_check

import numpy as np

from diavlex.canvas.kernels import compiled


@compiled
@no_type_check
def bend(ribbons, places, fold, patches):
    """Fill `patches` with what the ribbons hold at these places."""
    high, wide = ribbons.shape[1:]
    side = patches.shape[1]
    number = ribbons.dtype.type
    texels = np.zeros((high + 2, wide + 2), ribbons.dtype)  # with a border of zeros
    between = np.empty((2, side // 2, side), places.dtype)
    share, u, v = np.empty((3, side), places.dtype)
    for i in range(len(ribbons)):
        texels[1:-1, 1:-1] = ribbons[i]
        limit = number(fold if _folds(places[i], fold) else np.inf)
        _widen(places[i], limit, between)
        for y in range(side):
            _find(between, y, limit, texels, share, u, v)
            for x in range(side):
                patches[i, y, x] = 0
                if 0 < u[x] and u[x] < wide + 1 and 0 < v[x] and v[x] < high + 1:
                    left, top = np.int32(u[x]), np.int32(v[x])
                    right, down = u[x] - number(left), v[x] - number(top)
                    one, two = texels[top, left], texels[top + 1, left]
                    one += right * (texels[top, left + 1] - one)
                    two += right * (texels[top + 1, left + 1] - two)
                    patches[i, y, x] = one + down * (two - one)


@compiled
@no_type_check
def unbend(ribbons, places, fold, gradients, of_ribbons, of_places):
    """The backward pass of `bend`: fill the last two arguments with the gradients of both inputs.

    `gradients` are those of the patches.
    """
    high, wide = ribbons.shape[1:]
    side = gradients.shape[1]
    number = ribbons.dtype.type
    texels = np.zeros((high + 2, wide + 2), ribbons.dtype)
    of_texels = np.empty_like(texels)
    between = np.empty((2, side // 2, side), places.dtype)
    of_between = np.empty_like(between)
    share, u, v = np.empty((3, side), places.dtype)
    for i in range(len(ribbons)):
        texels[1:-1, 1:-1] = ribbons[i]
        of_texels[:] = 0
        of_between[:] = 0
        limit = number(fold if _folds(places[i], fold) else np.inf)
        _widen(places[i], limit, between)
        for y in range(side):
            _find(between, y, limit, texels, share, u, v)
            own, other = _two(y, side)
            for x in range(side):
                if 0 < u[x] and u[x] < wide + 1 and 0 < v[x] and v[x] < high + 1:
                    gradient = gradients[i, y, x]
                    left, top = np.int32(u[x]), np.int32(v[x])
                    right, down = u[x] - number(left), v[x] - number(top)
                    a, b = texels[top, left], texels[top, left + 1]
                    c, d = texels[top + 1, left], texels[top + 1, left + 1]
                    twist = a - b - c + d
                    of_u = gradient * (b - a + down * twist) * number(wide / 2)
                    of_v = gradient * (c - a + right * twist) * number(high / 2)
                    of_between[0, own, x] += of_u - of_u * share[x]
                    of_between[0, other, x] += of_u * share[x]
                    of_between[1, own, x] += of_v - of_v * share[x]
                    of_between[1, other, x] += of_v * share[x]
                    below = gradient * down
                    above = gradient - below
                    of_texels[top, left] += above - above * right
                    of_texels[top, left + 1] += above * right
                    of_texels[top + 1, left] += below - below * right
                    of_texels[top + 1, left + 1] += below * right
        of_ribbons[i] = of_texels[1:-1, 1:-1]
        _narrow(places[i], limit, of_between, of_places[i])


@compiled
@no_type_check
def _folds(places, fold):
    """Whether a stroke folds over itself where it may leave paint."""
    along, across = places
    side = len(along)
    for y in range(side):
        for x in range(side):
            if abs(across[y, x]) < 1:
                if x and abs(across[y, x - 1]) < 1 and abs(along[y, x] - along[y, x - 1]) > fold:
                    return True
                if y and abs(across[y - 1, x]) < 1 and abs(along[y, x] - along[y - 1, x]) > fold:
                    return True
    return False


@compiled
@no_type_check
def _two(y, side):
    """The two coarse rows that a fine row lies between, the nearer first; at an edge, one twice."""
    return y // 2, min(max((y + 1) // 2 - 1 + y % 2, 0), side // 2 - 1)


@compiled
@no_type_check
def _share(step, limit):
    """How much of a step lies between a fine pixel and its nearer neighbor."""
    return np.float32(0.25) if abs(step) <= limit else np.float32(0)


@compiled
@no_type_check
def _widen(places, limit, between):
    """Fill `between` with places for twice as many pixels in each row."""
    for y in range(places.shape[1]):
        for k in range(2):
            line, fine = places[k, y], between[k, y]
            fine[0], fine[-1] = line[0], line[-1]
            for x in range(len(line) - 1):
                step = line[x + 1] - line[x]
                step *= _share(places[0, y, x + 1] - places[0, y, x], limit)
                fine[2 * x + 1] = line[x] + step
                fine[2 * x + 2] = line[x + 1] - step


@compiled
@no_type_check
def _narrow(places, limit, of_between, of_places):
    """The backward pass of `_widen`."""
    for y in range(places.shape[1]):
        for k in range(2):
            line, fine = of_places[k, y], of_between[k, y]
            line[:] = fine[0::2] + fine[1::2]
            for x in range(len(line) - 1):
                share = _share(places[0, y, x + 1] - places[0, y, x], limit)
                moved = share * (fine[2 * x + 1] - fine[2 * x + 2])
                line[x] -= moved
                line[x + 1] += moved


@compiled
@no_type_check
def _find(between, y, limit, texels, share, u, v):
    """Fill `u` and `v` with where the pixels of row `y` lie, in texels, and `share` as `_share`."""
    number = between.dtype.type
    side = between.shape[2]
    own, other = _two(y, side)
    half_high, half_wide = number(texels.shape[0] / 2 - 1), number(texels.shape[1] / 2 - 1)
    half, one = number(0.5), number(1)
    for x in range(side):
        step = between[0, other, x] - between[0, own, x]
        share[x] = _share(step, limit)
        u[x] = (between[0, own, x] + share[x] * step + one) * half_wide + half
        step = between[1, other, x] - between[1, own, x]
        v[x] = (between[1, own, x] + share[x] * step + one) * half_high + half
