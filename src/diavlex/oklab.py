"""OKLab: colors in which equal distances look equally far, for losses and palettes.

Source: Ottosson 2020, "A perceptual color space for image processing".
"""

import torch
from jaxtyping import Float
from torch import Tensor

_CONES = torch.tensor(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = torch.tensor(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LEAST = 1e-5
"""Least response of a cone, so that the cube root has a gradient."""


def to_oklab(colors: Float[Tensor, "3 *places"]) -> Float[Tensor, "3 *places"]:
    """Lightness (0 to 1) and two tones of sRGB colors in [0, 1]; differentiable."""
    low = colors.clamp(0, 1)
    linear = torch.where(
        low <= 0.04045, low / 12.92, ((low.clamp_min(0.04) + 0.055) / 1.055) ** 2.4
    )
    cones = torch.tensordot(_CONES.to(colors), linear, 1).clamp_min(_LEAST) ** (1 / 3)
    return torch.tensordot(_LAB.to(colors), cones, 1)


def palette_of(
    colors: Float[Tensor, "3 count"], count: int, weights: Float[Tensor, " count"] | None = None
) -> Float[Tensor, "found 3"]:
    """The few colors that many are nearest to, by k-means in OKLab; at most as many as asked.

    Always the same for the same colors: it begins with the commonest color, then each time with
    the one that is farthest from those it has.

    Args:
        colors: sRGB in [0, 1].
        count: how many to find.
        weights: how much each color counts; all the same if not given.

    Source: k-means, Lloyd 1982; farthest first, Gonzalez 1985.
    """
    lab = to_oklab(colors).T
    mass = torch.ones(len(lab)) if weights is None else weights.to(lab)
    centers = _far_apart(lab, mass, count)
    for _ in range(30):
        owner = torch.cdist(lab, centers).argmin(1)
        total = torch.zeros(len(centers)).index_add(0, owner, mass)
        sums = torch.zeros_like(centers).index_add(0, owner, lab * mass[:, None])
        moved = torch.where(total[:, None] > 0, sums / total[:, None].clamp_min(1e-9), centers)
        if torch.equal(moved, centers):
            break
        centers = moved
    owner = torch.cdist(lab, centers).argmin(1)
    total = torch.zeros(len(centers)).index_add(0, owner, mass)
    means = torch.zeros(len(centers), 3).index_add(0, owner, colors.T * mass[:, None])
    return (means / total[:, None].clamp_min(1e-9))[total > 0]


def nearest(
    colors: Float[Tensor, "count 3"], palette: Float[Tensor, "some 3"]
) -> Float[Tensor, "count 3"]:
    """The color of a palette that each color looks most like; not differentiable."""
    own, known = to_oklab(colors.detach().T).T, to_oklab(palette.T).T
    return palette[torch.cdist(own, known).argmin(1)]


def _far_apart(lab: Tensor, mass: Tensor, count: int) -> Tensor:
    """Some of the colors that are far from each other, the heaviest first."""
    chosen = [int(mass.argmax())]
    away = torch.cdist(lab, lab[chosen])[:, 0]
    while len(chosen) < count and away.max() > 1e-4:
        chosen.append(int((away * mass.sqrt()).argmax()))
        away = torch.minimum(away, torch.cdist(lab, lab[chosen[-1:]])[:, 0])
    return lab[chosen].clone()
