"""Which pens draw a painting: its own colors if they are few, else those that stand for them."""

import numpy as np
import torch
from jaxtyping import Float, Int

from diavlex.oklab import palette_of, to_oklab

_LEVELS = 255


def choose_pens(
    colors: Float[np.ndarray, "lines 3"], weights: Float[np.ndarray, " lines"], count: int
) -> tuple[Float[np.ndarray, "pens 3"], Int[np.ndarray, " lines"]]:
    """The colors of so many pens, lightest first, and which of them draws each line.

    Args:
        colors: of the lines, sRGB in [0, 1].
        weights: how much each line counts, such as its area.
        count: of pens, at most; if there are no more colors than that, the pens have exactly these.
    """
    levels = np.rint(colors.clip(0, 1) * _LEVELS)
    own, of = np.unique(levels, axis=0, return_inverse=True)
    known, amounts = torch.from_numpy(own / _LEVELS).float(), np.bincount(of.reshape(-1), weights)
    pens = known
    if len(known) > count:
        found = palette_of(known.T, count, torch.from_numpy(amounts).float())
        pens = (found * _LEVELS).round() / _LEVELS
    lab = to_oklab(pens.T).T
    order = lab[:, 0].argsort(descending=True, stable=True)
    pen_of = torch.cdist(to_oklab(known.T).T, lab[order]).argmin(1)
    return pens[order].double().numpy(), pen_of.numpy()[of.reshape(-1)]
