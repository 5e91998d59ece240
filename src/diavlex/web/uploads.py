"""Pictures from people: limited in bytes and pixels, decoded, and written anew as plain PNG.

What came in is never kept, nor its name; only pixels are.
"""

import io
import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from diavlex.errors import BadValue
from diavlex.files import replacing
from diavlex.web.ledger import fresh_id

MOST_BYTES = 20 << 20
MOST_PX = 50_000_000
KEPT_SIDE_PX = 2048
"""A larger picture is kept smaller."""
MOST_KEPT = 300
THUMB_PX = 480
FORMATS = ("PNG", "JPEG", "WEBP")


def keep(data: bytes, folder: Path) -> tuple[str, int, int]:
    """Keep a picture.

    Returns:
        Its id, height and width.

    Raises:
        BadValue: it is no picture, cut short, or too large.
    """
    picture = decoded(data)
    picture.thumbnail((KEPT_SIDE_PX, KEPT_SIDE_PX), Image.Resampling.LANCZOS)
    id = fresh_id()
    with replacing(folder / f"{id}.png") as fresh:
        picture.save(fresh, "PNG")
    return id, picture.height, picture.width


def decoded(data: bytes) -> Image.Image:
    """A picture as RGB, upright; transparent parts become white.

    Raises:
        BadValue: it is no picture, cut short, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(picture)
            picture = ImageOps.exif_transpose(picture)
            return _flat(picture)
    except BadValue:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadValue(_LARGE) from None
    except UnidentifiedImageError:
        raise BadValue(f"this is no picture: give a {_KINDS} file.") from None
    except Exception as error:  # decoders raise whatever they like at broken files
        raise BadValue(
            f"this picture cannot be read ({type(error).__name__}): it may be cut short; save it "
            "again as PNG or JPEG."
        ) from error


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PX:
        raise BadValue(f"this picture has {picture.width} x {picture.height} pixels: {_LARGE}")


def _flat(picture: Image.Image) -> Image.Image:
    """Eight bits of red, green and blue; what is seen through becomes white."""
    if picture.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        low, high = picture.getextrema()
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            raise BadValue("this picture's pixels cannot be read; save it as 8-bit PNG.")
        scale = 255 / 65535 if high > 255 else 1
        picture = picture.convert("F").point(lambda v: v * scale).convert("L")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return picture.convert("RGB")


def tidy(folder: Path, is_used: Callable[[str], bool]) -> None:
    """Delete the oldest pictures that no painting uses, until few are left."""
    files = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
    for path in files[:-MOST_KEPT]:
        if not is_used(path.stem):
            path.unlink(missing_ok=True)


def thumb(picture: Path, path: Path) -> Path:
    """A small copy of a painting's picture, made anew only when the picture is newer.

    Raises:
        BadValue: the picture cannot be read.
    """
    if path.is_file() and path.stat().st_mtime >= picture.stat().st_mtime:
        return path
    if picture.stat().st_size > 1 << 28:
        raise BadValue(_LARGE)
    small = decoded(picture.read_bytes())
    small.thumbnail((THUMB_PX, THUMB_PX), Image.Resampling.LANCZOS)
    with replacing(path) as fresh:
        small.save(fresh, "JPEG", quality=88)
    return path


_KINDS = "PNG, JPEG or WebP"
_LARGE = f"at most {MOST_PX // 1_000_000} megapixels are read; make it smaller first."
