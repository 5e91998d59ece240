"""Pictures from people: read within limits, upright, in sRGB, with what of each pixel is there."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional

from diavlex.errors import BadValue, shown
from diavlex.files import read
from diavlex.oklab import palette_of

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 1 << 26
"""The largest file that is read at all."""
MOST_PX = 1 << 26
"""The most pixels of a picture; more is taken for a decompression bomb."""
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")
"""The formats that are read."""


@dataclass(frozen=True)
class Photo:
    """A picture that somebody gave."""

    colors: Float[Tensor, "3 height width"]
    """SRGB in [0, 1]; where it lets something through, over white."""
    alpha: Float[Tensor, "height width"]
    """How much of each pixel is there, in [0, 1]."""

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.colors.shape[2] / self.colors.shape[1]

    def shrunk(self, most_px: int) -> "Photo":
        """The same with a longer side of at most so many pixels, in 256 levels, without alpha."""
        height, width = self.colors.shape[-2:]
        scale = min(1.0, most_px / max(height, width))
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        colors = functional.interpolate(self.colors[None], size, mode="area")[0]
        return Photo((colors * 255).round() / 255, torch.ones(size))

    def levels(self) -> UInt8[np.ndarray, "height width 3"]:
        """The colors in 256 levels."""
        return (self.colors * 255).round().byte().permute(1, 2, 0).contiguous().numpy()

    def fitted(self, height_px: int, width_px: int) -> Float[Tensor, "3 height width"]:
        """The colors at a size: the middle of the picture in the size's aspect, resampled."""
        cut = _middle(self.colors, width_px / height_px)
        size = (height_px, width_px)
        small = functional.interpolate(cut[None], size, mode="bicubic", antialias=True)
        return small[0].clamp(0, 1)


def read_picture(path: Path, what: str = "the picture") -> Photo:
    """Read a picture that somebody names.

    Args:
        path: the file.
        what: how messages call it.

    Raises:
        BadValue: it is missing, too large, cut short, or no picture.
    """
    try:
        data = read(path, MOST_BYTES)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        told = f"{what} {shown(str(path))} cannot be read ({why}); name a picture file."
        raise BadValue(told) from error
    return parse_picture(data, f"{what} {shown(str(path))}")


def parse_picture(data: bytes, what: str = "the picture") -> Photo:
    """A picture from the bytes of its file: the first frame, turned upright.

    Raises:
        BadValue: too large, cut short, or no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=KINDS)
            if image.width * image.height > MOST_PX:
                raise BadValue(
                    f"{what} has {image.width} x {image.height} pixels, over the "
                    f"{MOST_PX // 1_000_000} million that are read; shrink it."
                )
            image.load()
            image = ImageOps.exif_transpose(image)
            pixels = _to_levels(image)
    except UnidentifiedImageError as error:
        kinds = ", ".join(KINDS)
        raise BadValue(f"{what} is no picture that diavlex reads; give one of {kinds}.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        line = " ".join(str(error).split())[:80]
        raise BadValue(f"{what} is cut short or damaged ({line}); save it anew.") from error
    values = torch.from_numpy(pixels).permute(2, 0, 1)
    alpha = values[3]
    return Photo(values[:3] * alpha + (1 - alpha), alpha)


def colors_of(photo: Photo, count: int = 6) -> list[tuple[float, float, float]]:
    """The few colors of a picture that all of it is nearest to, sRGB in [0, 1].

    Args:
        photo: whose colors.
        count: how many at most.
    """
    small = photo.shrunk(96).colors.flatten(1)
    return [(r, g, b) for r, g, b in palette_of(small, count).tolist()]


def _to_levels(image: "Image.Image") -> np.ndarray:
    """Red, green, blue and alpha in [0, 1] of a Pillow picture of any mode, in sRGB."""
    from PIL import Image, ImageCms

    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        grey = np.asarray(image, np.float32)
        top = 65535.0 if image.mode != "F" or grey.max(initial=0) > 1 else 1.0
        grey = np.clip(grey / top, 0, 1)
        return np.stack([grey, grey, grey, np.ones_like(grey)], -1)
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            goal = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, goal, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile: the colors are taken as they stand
    rgba = image.convert("RGBA") if image.mode != "CMYK" else image.convert("RGB").convert("RGBA")
    assert isinstance(rgba, Image.Image)
    return np.asarray(rgba, np.float32) / 255


def _middle(colors: Tensor, aspect: float) -> Tensor:
    """The largest middle part of a picture that has an aspect, width over height."""
    height, width = colors.shape[-2:]
    high, wide = min(height, round(width / aspect)), min(width, round(height * aspect))
    top, left = (height - max(high, 1)) // 2, (width - max(wide, 1)) // 2
    return colors[:, top : top + max(high, 1), left : left + max(wide, 1)]
