"""The views of a canvas that a guide sees: wide and close, tilted, mirrored."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

_SWAY = 0.05
"""How far a view of the focus may miss it, in shorter sides."""


@dataclass(frozen=True)
class Augmentation:
    """How views are taken at one stage of a painting."""

    wide: float = 0.6
    """Share of views that take in the whole canvas."""
    margin: tuple[float, float] = (0.88, 1.08)
    """Sides of wide views over the canvas' sides."""
    close: tuple[float, float] = (0.55, 0.9)
    """Sides of close views over the canvas' sides."""
    tilt: float = 0.10
    """How far a corner may move, over the view's side."""
    noise: float = 0.03
    """Standard deviation of noise added to a view."""
    focus: tuple[float, float] | None = None
    """Where close views are centered, x and y in shorter sides; anywhere if not given."""
    is_clipdraw: bool = False
    """Views as in CLIPDraw instead: strong perspective, then crop, on white, never mirrored."""


def take_views(
    canvas: Float[Tensor, "3 height width"],
    count: int,
    side_px: int,
    augmentation: Augmentation,
    generator: torch.Generator,
) -> Float[Tensor, "views 3 side side"]:
    """Pictures that a guide sees, [count 3 side side]; differentiable in the canvas.

    What lies outside of the canvas is filled with one random color a view, so that no view can
    count on what is there.

    Source: perspective and crop, Frans et al. 2021 (CLIPDraw); wide beside close views, pixray.
    """
    from kornia.geometry.transform import get_perspective_transform, warp_perspective

    corners = (_folded if augmentation.is_clipdraw else _mixed)(
        canvas, count, augmentation, generator
    )
    low, high = -0.5, side_px - 0.5  # the outer edges of the pixels
    square = _box(low, high, low, high).expand(count, 4, 2)
    transform = get_perspective_transform(corners, square).to(canvas)
    solid = torch.cat([canvas, torch.ones_like(canvas[:1])]).expand(count, -1, -1, -1)
    seen = warp_perspective(solid, transform, (side_px, side_px), align_corners=True)
    background = torch.rand(count, 3, 1, 1, generator=generator).to(canvas)
    if augmentation.is_clipdraw:
        background = torch.ones_like(background)
    noise = _noise(count, side_px, canvas, generator)
    return seen[:, :3] + (1 - seen[:, 3:]) * background + augmentation.noise * noise


def _noise(count: int, side_px: int, canvas: Tensor, generator: torch.Generator) -> Tensor:
    """Normal noise for each view, made where the canvas is: it is too much to be carried there."""
    shape = count, 3, side_px, side_px
    if canvas.device.type == "cpu":
        return torch.randn(shape, generator=generator).to(canvas)
    seed = int(torch.randint(2**62, (), generator=generator))
    own = torch.Generator(canvas.device).manual_seed(seed)
    return torch.randn(shape, generator=own, device=canvas.device, dtype=canvas.dtype)


def _mixed(
    canvas: Tensor, count: int, augmentation: Augmentation, generator: torch.Generator
) -> Tensor:
    """Corners of wide and close views on the canvas in pixels, [count 4 2], x before y."""

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    size = torch.tensor([canvas.shape[-1], canvas.shape[-2]], dtype=torch.float32)
    box = torch.minimum(size, size.min() * 4 / 3)
    is_wide = torch.arange(count) < round(augmentation.wide * count)
    share = torch.where(is_wide, uniform(*augmentation.margin), uniform(*augmentation.close))[
        :, None
    ]
    half = share * box / 2
    slack = (size / 2 - half).abs()
    center = size / 2 + slack * uniform(-1, 1, 2)
    if augmentation.focus is not None:
        spot = (torch.tensor(augmentation.focus) + _SWAY * uniform(-1, 1, 2)) * size.min()
        center = torch.where(is_wide[:, None], center, spot)
    mirror = torch.sign(uniform(-1, 1))
    unit = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    unit = unit.expand(count, 4, 2) + augmentation.tilt * uniform(-1, 1, 4, 2)
    unit = torch.stack([unit[..., 0] * mirror[:, None], unit[..., 1]], -1)
    return center[:, None] + unit * half[:, None] - 0.5


def _folded(
    canvas: Tensor, count: int, augmentation: Augmentation, generator: torch.Generator
) -> Tensor:
    """Corners of views as CLIPDraw takes them, in pixels, [count 4 2], x before y.

    Each corner of the canvas is first drawn inwards by up to a quarter of a side; then a box of
    0.7 to 0.9 of the area and of an aspect of 3:4 to 4:3 is cut from what that leaves.

    Source: Frans et al. 2021 (CLIPDraw), section 3.2. Differs from it in that both are one
    transform, so the canvas is resampled once.
    """
    from kornia.geometry.linalg import transform_points
    from kornia.geometry.transform import get_perspective_transform

    height, width = canvas.shape[-2:]
    size = torch.tensor([width, height], dtype=torch.float32)
    whole = _box(0, width, 0, height).expand(count, 4, 2)
    inward = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]) * size / 4
    folded = whole + inward * torch.rand(count, 4, 2, generator=generator)
    area = 0.7 + 0.2 * torch.rand(count, generator=generator)
    aspect = (4 / 3) ** (2 * torch.rand(count, generator=generator) - 1)
    share = torch.stack([(area * aspect).sqrt(), (area / aspect).sqrt()], -1).clamp_max(1)
    corner = (1 - share) * torch.rand(count, 2, generator=generator)
    box = corner[:, None] + share[:, None] * _box(0, 1, 0, 1)
    return transform_points(get_perspective_transform(folded, whole), box * size) - 0.5


def _box(left: float, right: float, top: float, bottom: float) -> Tensor:
    """The corners of a box from the upper left one on, clockwise as seen, [4 2], x before y."""
    return torch.tensor([[left, top], [right, top], [right, bottom], [left, bottom]]).float()
