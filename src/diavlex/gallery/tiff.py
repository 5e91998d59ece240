"""TIFF files of 16 bits a channel, for printers and photo editors."""

from pathlib import Path

import numpy as np
from jaxtyping import UInt16
from PIL import ImageCms

from diavlex.files import replacing
from diavlex.painting import Painting, to_text

from .text import ascii_json

_DATE = slice(24, 36)
"""Where a color profile says when it was made."""


def save_tiff(
    picture: UInt16[np.ndarray, "height width channels"], path: Path | str, painting: Painting
) -> Path:
    """Write a picture as TIFF, whole or not at all; the same picture gives the same bytes.

    Args:
        picture: sRGB, and alpha if there are four channels; 0 to 65,535.
        path: the file.
        painting: the record, which the file's description keeps.

    Raises:
        BadFolder: it cannot be written there.
    """
    import tifffile

    with replacing(Path(path)) as fresh:
        tifffile.imwrite(
            fresh,
            picture,
            photometric="rgb",
            extrasamples=["unassalpha"] if picture.shape[2] == 4 else None,
            compression="zlib",
            predictor=True,
            rowsperstrip=max(1, (1 << 20) // picture.shape[1] // picture.shape[2]),
            iccprofile=_srgb_profile(),
            description=ascii_json(to_text(painting)),
            software=f"diavlex {ascii_json(painting.version)}",
            metadata=None,
        )
    return Path(path)


def _srgb_profile() -> bytes:
    """What tells programs that the colors are sRGB; without a date, so the bytes do not change."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes(12)
    return bytes(profile)
