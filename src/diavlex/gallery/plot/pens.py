"""Which pens draw a painting: its own colors if they are few, else the colors that stand for them.

Colors are compared in OKLab, where equal distances look about equal.
"""

import numpy as np
from jaxtyping import Float, Int

_ROUNDS = 40
_Colors = Float[np.ndarray, "colors 3"]

# Source: Ottosson 2020, "A perceptual color space for image processing".
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colors: _Colors) -> _Colors:
    """SRGB in [0, 1] as lightness (0 to 1), green to red and blue to yellow."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T


def srgb(lab: _Colors) -> _Colors:
    """The inverse of `oklab`; what a screen cannot show goes to the edge of what it can."""
    linear = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    linear = linear.clip(0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def choose_pens(
    colors: _Colors, weights: Float[np.ndarray, " colors"], count: int
) -> tuple[Float[np.ndarray, "pens 3"], Int[np.ndarray, " colors"]]:
    """The colors of so many pens, lightest first, and which of them draws each line.

    Args:
        colors: of the lines, sRGB in [0, 1].
        weights: how much each line counts, such as its area.
        count: of pens, at most; if there are no more colors than that, the pens have exactly these.
    """
    levels = np.rint(colors.clip(0, 1) * 255)
    known, of = np.unique(levels, axis=0, return_inverse=True)
    of = of.reshape(-1)
    if len(known) > count:
        amounts = np.bincount(of, weights)
        places, pen_of = _means(oklab(known / 255), amounts, count)
        known, of = np.rint(srgb(places) * 255), pen_of[of]
    order = np.argsort(-oklab(known / 255)[:, 0], kind="stable")
    rank = np.argsort(order)
    return known[order] / 255, rank[of]


def _means(
    places: _Colors, weights: Float[np.ndarray, " colors"], count: int
) -> tuple[Float[np.ndarray, "pens 3"], Int[np.ndarray, " colors"]]:
    """Weighted k-means, begun with the places that are farthest from those chosen before."""
    chosen = [int(weights.argmax())]
    far = np.square(places - places[chosen[0]]).sum(1)
    for _ in range(count - 1):
        chosen.append(int((far * weights).argmax()))
        far = np.minimum(far, np.square(places - places[chosen[-1]]).sum(1))
    means = places[chosen].copy()
    nearest = np.zeros(len(places), np.int64)
    for _ in range(_ROUNDS):
        nearest = np.square(places[:, None] - means).sum(-1).argmin(1)
        before = means.copy()
        for pen in range(count):
            mine = nearest == pen
            if weights[mine].sum() > 0:
                means[pen] = np.average(places[mine], axis=0, weights=weights[mine])
        if np.array_equal(before, means):
            break
    return means, nearest
