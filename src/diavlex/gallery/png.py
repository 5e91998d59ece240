"""PNG files that say what they show."""

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, PngImagePlugin

from diavlex.files import replacing
from diavlex.painting import Painting

_PERCEPTUAL = b"\x00"


def save_png(
    picture: UInt8[np.ndarray, "height width channels"],
    path: Path | str,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a picture as an sRGB PNG, whole or not at all.

    Args:
        picture: sRGB, and alpha if there are four channels.
        path: the file; missing folders are made.
        metadata: text to keep in the file, by keyword.

    Raises:
        BadFolder: it cannot be written there.
    """
    data = png_bytes(picture, metadata)
    with replacing(Path(path)) as fresh:
        fresh.write_bytes(data)
    return Path(path)


def png_bytes(
    picture: UInt8[np.ndarray, "height width channels"], metadata: Mapping[str, str] | None = None
) -> bytes:
    """A picture as the bytes of an sRGB PNG; the same picture gives the same bytes."""
    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", _PERCEPTUAL)
    for keyword, text in (metadata or {}).items():
        info.add_text(keyword, text.replace("\0", " "))
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def describe(painting: Painting, engine: str = "neural") -> dict[str, str]:
    """What a PNG of a painting says of it: prompts, seed, guide, engine and version."""
    others = painting.settings.get("also", ())
    return {
        "prompt": painting.prompt,
        **({"also": ", ".join(map(str, others))} if others else {}),
        "seed": str(painting.seed),
        "guide": painting.guide,
        "engine": engine,
        "version": painting.version,
        "Software": f"diavlex {painting.version}",
    }
