"""The looks that a guide takes at a canvas: wide and close, tilted, mirrored."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Gaze:
    """How a guide looks at one stage of a painting."""

    wide: float = 0.6
    """Share of looks that take in the whole canvas."""
    margin: tuple[float, float] = (0.88, 1.08)
    """Sides of wide looks over the canvas' sides."""
    close: tuple[float, float] = (0.55, 0.9)
    """Sides of close looks over the canvas' sides."""
    tilt: float = 0.10
    """How far a corner may move, over the look's side."""
    noise: float = 0.03
    """Standard deviation of noise added to a look."""


def look(
    canvas: Float[Tensor, "3 height width"],
    count: int,
    side_px: int,
    gaze: Gaze,
    generator: torch.Generator,
) -> Float[Tensor, "looks 3 side side"]:
    """Pictures that a guide sees, [count 3 side side]; differentiable in the canvas.

    What lies outside of the canvas is filled with one random color a look, so that no look can
    count on what is there.

    Source: perspective and crop, Frans et al. 2021 (CLIPDraw); wide beside close looks, pixray.
    """
    from kornia.geometry.transform import get_perspective_transform, warp_perspective

    corners = _corners(canvas, count, gaze, generator)
    low, high = -0.5, side_px - 0.5  # the outer edges of the pixels
    square = torch.tensor([[low, low], [high, low], [high, high], [low, high]])
    square = square.expand(count, 4, 2)
    transform = get_perspective_transform(corners, square).to(canvas)
    solid = torch.cat([canvas, torch.ones_like(canvas[:1])]).expand(count, -1, -1, -1)
    seen = warp_perspective(solid, transform, (side_px, side_px), align_corners=True)
    ground = torch.rand(count, 3, 1, 1, generator=generator).to(canvas)
    noise = torch.randn(count, 3, side_px, side_px, generator=generator).to(canvas)
    return seen[:, :3] + (1 - seen[:, 3:]) * ground + gaze.noise * noise


def _corners(canvas: Tensor, count: int, gaze: Gaze, generator: torch.Generator) -> Tensor:
    """Corners of each look on the canvas in pixels, [count 4 2], x before y."""

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    size = torch.tensor([canvas.shape[-1], canvas.shape[-2]], dtype=torch.float32)
    box = torch.minimum(size, size.min() * 4 / 3)
    is_wide = torch.arange(count) < round(gaze.wide * count)
    share = torch.where(is_wide, uniform(*gaze.margin), uniform(*gaze.close))[:, None]
    half = share * box / 2
    slack = (size / 2 - half).abs()
    center = size / 2 + slack * uniform(-1, 1, 2)
    mirror = torch.sign(uniform(-1, 1))
    unit = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    unit = unit.expand(count, 4, 2) + gaze.tilt * uniform(-1, 1, 4, 2)
    unit = torch.stack([unit[..., 0] * mirror[:, None], unit[..., 1]], -1)
    return center[:, None] + unit * half[:, None] - 0.5
