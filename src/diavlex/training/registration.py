"""Registration: drawings of one thing laid over each other, so that their mean shows a shape.

Source: affine registration of pictures by descent, from coarse to fine, Lucas and Kanade 1981.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Cutouts = Float[Tensor, "drawings 4 side side"]
"""sRGB times share, and share, in [0, 1]."""
GREY = 0.5
_STEPS, _RATE = 50, 0.015
_BLURRED = 2
"""Places by which pictures are blurred at first, and how many steps until it is one less."""
_STEPS_A_BLUR = 12
_STIFF = 0.05
"""How much it counts that a drawing stays as it is."""
_AT_ONCE = 512


def registered(fixed: Cutouts, moving: Cutouts) -> Cutouts:
    """Drawings moved, turned and stretched until they lie as others do.

    Args:
        fixed: drawings that stay.
        moving: as many, each to be laid over one.
    """
    parts = zip(fixed.split(_AT_ONCE), moving.split(_AT_ONCE), strict=True)
    moved = [warped(part, _warps(at, part)) for at, part in parts]
    return torch.cat(moved) if moved else moving


def alike(fixed: Cutouts, moved: Cutouts) -> Float[Tensor, " drawings"]:
    """The cosine of each two drawings, on grey."""
    one, other = ((on_grey(v) - GREY).flatten(1) for v in (fixed, moved))
    return functional.cosine_similarity(one, other)


def on_grey(cutouts: Cutouts) -> Cutouts:
    """Drawings on a grey background, and their share."""
    share = cutouts[:, 3:]
    return torch.cat([cutouts[:, :3] + GREY * (1 - share), share], 1)


def warped(cutouts: Cutouts, warps: Float[Tensor, "drawings 2 3"]) -> Cutouts:
    """Drawings seen through affine maps, each given as its difference from staying as it is."""
    maps = torch.tensor([[1.0, 0, 0], [0, 1, 0]]).to(warps) + warps
    grid = functional.affine_grid(maps, list(cutouts.shape), align_corners=False)
    return functional.grid_sample(cutouts, grid, align_corners=False)


def _warps(fixed: Cutouts, moving: Cutouts) -> Float[Tensor, "drawings 2 3"]:
    fixed, moving = (functional.avg_pool2d(v, 2) for v in (fixed, moving))
    fixed, moving = on_grey(fixed), moving
    warps = torch.zeros(len(fixed), 2, 3, requires_grad=True)
    search = torch.optim.Adam([warps], lr=_RATE)
    for step in range(_STEPS):
        blur = max(0, _BLURRED - step // _STEPS_A_BLUR)
        seen = on_grey(warped(moving, warps))
        apart = (_blurred(seen, blur) - _blurred(fixed, blur)).square().mean((1, 2, 3)).sum()
        search.zero_grad()
        (apart + _STIFF * warps.square().sum()).backward()
        search.step()
    return warps.detach()


def _blurred(planes: Tensor, by: int) -> Tensor:
    return functional.avg_pool2d(planes, 2 * by + 1, 1, by) if by else planes
