"""What size, resampling and normalization a model was trained to see pictures with."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from diavlex.errors import BadWeights
from diavlex.tensors import Pictures

RESAMPLINGS = {0: "nearest-exact", 1: "bicubic", 2: "bilinear", 3: "bicubic"}
"""Pillow's codes; Lanczos, which has no gradient in torch, becomes bicubic."""

Fitted = Float[Tensor, "batch 3 seen_height seen_width"]
"""Pictures of the size that a model sees."""

Pixels = Float[Tensor, "batch 3 seen_height seen_width"]
"""The same after normalization: no longer in [0, 1]."""


@dataclass(frozen=True)
class Sight:
    """How a model was trained to see."""

    fit: Literal["squash", "shorter", "patches"]
    """What a picture of another size becomes: the model's size whatever its shape; the model's
    size along its shorter side; its own shape in at most `most_patches` patches."""
    height_px: int
    width_px: int
    crop_px: tuple[int, int] | None
    """What is then cut from the middle."""
    resampling: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    patch_px: int = 0
    most_patches: int = 0

    @property
    def side_px(self) -> int:
        """Side of the square the model sees."""
        return self.crop_px[0] if self.crop_px else self.height_px


class Lens(nn.Module):
    """Turns pictures into what a model was trained to see; differentiable."""

    mean: Tensor
    std: Tensor

    def __init__(self, sight: Sight) -> None:
        super().__init__()
        self.sight = sight
        self.register_buffer("mean", torch.tensor(sight.mean).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(sight.std).view(3, 1, 1), persistent=False)

    def forward(self, pictures: Pictures) -> Pixels:
        """Resample, cut and normalize; pictures of the right size are only normalized."""
        return (fit(pictures.to(self.mean.dtype), self.sight) - self.mean) / self.std


def fit(pictures: Pictures, sight: Sight) -> Fitted:
    """Resample pictures to the size a model sees, and cut the middle out of them.

    As Pillow does it: antialiased, and held in [0, 1] where bicubic would overshoot.
    """
    size = _fitted_size(pictures.shape[-2], pictures.shape[-1], sight)
    if size != tuple(pictures.shape[-2:]):
        smooth = sight.resampling != "nearest-exact"
        pictures = F.interpolate(pictures, size, mode=sight.resampling, antialias=smooth)
        pictures = pictures.clamp(0, 1)
    return pictures if sight.crop_px is None else _cut_middle(pictures, *sight.crop_px)


def read_sight(settings: dict[str, Any]) -> Sight:
    """The sight that an image processor's settings describe.

    Raises:
        BadWeights: they ask for a resizing or a resampling that diavlex does not know.
    """
    resampling = RESAMPLINGS.get(settings.get("resample", 3))
    if resampling is None:
        raise BadWeights(
            f"pictures are to be resampled by '{settings['resample']}', which diavlex cannot do."
        )
    mean, std = _normalization(settings)
    if settings.get("max_num_patches"):
        patch, most = settings["patch_size"], settings["max_num_patches"]
        side = patch * int(most**0.5)
        return Sight("patches", side, side, None, resampling, mean, std, patch, most)
    crop = settings.get("crop_size") if settings.get("do_center_crop") else None
    crop_px = (crop["height"], crop["width"]) if crop else None
    size = settings.get("size") or {}
    height, width = (size.get(key) or size.get("shortest_edge") or 0 for key in ("height", "width"))
    is_squashed = bool(size.get("height"))
    if (
        height < (crop_px or (1, 1))[0]
        or width < (crop_px or (1, 1))[1]
        or not (is_squashed or crop_px)
    ):
        raise BadWeights(
            f"pictures are to be resized to {size} and cut to {crop}, which diavlex cannot do."
        )
    fit = "squash" if is_squashed else "shorter"
    return Sight(fit, height, width, crop_px, resampling, mean, std)


def cut_patches(pixels: Pixels, side_px: int) -> Float[Tensor, "batch patches numbers"]:
    """Cut pixels into square patches, row by row; the color varies fastest inside a patch."""
    batch, colors, height, width = pixels.shape
    tiles = pixels.reshape(batch, colors, height // side_px, side_px, width // side_px, side_px)
    return tiles.permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2)


def _normalization(settings: dict[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and deviation of [0, 1] pictures, whatever range the model's own lie in."""
    normalized = settings.get("do_normalize", True)
    mean = settings["image_mean"] if normalized else (0.0, 0.0, 0.0)
    std = settings["image_std"] if normalized else (1.0, 1.0, 1.0)
    reach = (
        255 * settings.get("rescale_factor", 1 / 255) if settings.get("do_rescale", True) else 255
    )
    offset = 1.0 if settings.get("rescale_offset") else 0.0
    again = settings["image_std"] if settings.get("include_top") else (1.0, 1.0, 1.0)
    shifted = tuple((m + offset) / reach for m in mean)
    return shifted, tuple(s * t / reach for s, t in zip(std, again, strict=True))


def _fitted_size(height: int, width: int, sight: Sight) -> tuple[int, int]:
    if sight.fit == "patches":
        return _patched_size(height, width, sight.patch_px, sight.most_patches)
    if sight.fit == "squash":
        return sight.height_px, sight.width_px
    shorter, longer = sorted((height, width))
    longer = int(sight.height_px * longer / shorter)
    return (sight.height_px, longer) if height <= width else (longer, sight.height_px)


def _patched_size(height: int, width: int, patch_px: int, most_patches: int) -> tuple[int, int]:
    """The largest size of about this shape that holds at most so many patches.

    Source: SigLIP 2 (Tschannen et al. 2025, NaFlex), its search for the scale.
    """
    low, high = 1e-6, 100.0
    while high - low >= 1e-5:
        scale = (low + high) / 2
        rows, columns = (max(1, ceil(side * scale / patch_px)) for side in (height, width))
        low, high = (scale, high) if rows * columns <= most_patches else (low, scale)
    rows, columns = (max(1, ceil(side * low / patch_px)) for side in (height, width))
    return rows * patch_px, columns * patch_px


def _cut_middle(pictures: Pictures, height: int, width: int) -> Fitted:
    top, left = (pictures.shape[-2] - height) // 2, (pictures.shape[-1] - width) // 2
    return pictures[..., top : top + height, left : left + width]
