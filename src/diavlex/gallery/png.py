"""PNG files that say what they show."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8
from PIL import Image, PngImagePlugin

from diavlex.files import replacing
from diavlex.painting import Painting, to_text

RECORD = "diavlex"
"""The keyword under which a PNG file keeps the whole record."""
_PERCEPTUAL = b"\x00"
_Levels = UInt8[np.ndarray, "height width *channels"]


def save_png(picture: _Levels, path: Path | str, metadata: Mapping[str, str] | None = None) -> Path:
    """Write a picture as an sRGB PNG, whole or not at all.

    Args:
        picture: sRGB, and alpha if there are four channels; or grey.
        path: the file; missing folders are made.
        metadata: text to keep in the file, by keyword.

    Raises:
        BadFolder: it cannot be written there.
    """
    with replacing(Path(path)) as fresh, open(fresh, "wb") as file:
        write_png(picture, file, metadata)
    return Path(path)


def write_png(picture: _Levels, file: Any, metadata: Mapping[str, str] | None = None) -> None:
    """Write a picture as an sRGB PNG to an open file; the same picture gives the same bytes.

    Args:
        picture: as for `save_png`.
        file: what bytes can be written to.
        metadata: text to keep in the file, by keyword.
    """
    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", _PERCEPTUAL)
    for keyword, text in (metadata or {}).items():
        info.add_text(keyword, text.replace("\0", " "))
    Image.fromarray(picture).save(file, "PNG", pnginfo=info)


def png_bytes(picture: _Levels, metadata: Mapping[str, str] | None = None) -> bytes:
    """A picture as the bytes of an sRGB PNG."""
    stream = io.BytesIO()
    write_png(picture, stream, metadata)
    return stream.getvalue()


def describe(
    painting: Painting, engine: str = "neural", *, has_record: bool = False
) -> dict[str, str]:
    """What a PNG of a painting says of it: prompts, seed, guide, engine and version.

    Args:
        painting: the record.
        engine: who painted the picture.
        has_record: whether it also keeps the whole record, from which all can be made again.
    """
    others = painting.settings.get("also", ())
    return {
        "prompt": painting.prompt,
        **({"also": ", ".join(map(str, others))} if others else {}),
        "seed": str(painting.seed),
        "guide": painting.guide,
        "engine": engine,
        "version": painting.version,
        "Software": f"diavlex {painting.version}",
        **({RECORD: to_text(painting)} if has_record else {}),
    }
