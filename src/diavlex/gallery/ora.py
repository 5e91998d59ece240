"""OpenRaster files: a painting in layers, for Krita, MyPaint and GIMP to paint on."""

import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from PIL import Image

from diavlex.files import replacing
from diavlex.painting import Painting

from .easel import layers, render, size_of
from .png import describe, png_bytes
from .sheets import Picture, evenly

_THUMBNAIL_PX = 256
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save_ora(
    painting: Painting, path: Path | str, groups: int = 6, short_side_px: int | None = None
) -> Path:
    """Write a painting as OpenRaster: the background, then its strokes in a few layers.

    Args:
        painting: the record.
        path: the .ora file.
        groups: how many layers the strokes are shared out to, in painting order.
        short_side_px: of the picture; as painted if not given.

    Raises:
        BadFolder: it cannot be written there.

    Source: OpenRaster specification, baseline 0.0.5.
    """
    cuts = evenly(len(painting.actions) + 1, groups + 1)
    with replacing(Path(path)) as fresh, zipfile.ZipFile(fresh, "w") as archive:
        _put(archive, "mimetype", b"image/openraster")  # must be first, and not compressed
        _put(archive, "stack.xml", _stack(painting, cuts, size_of(painting, short_side_px)))
        _put(archive, "data/layer0.png", _background(painting, short_side_px))
        for index, layer in enumerate(layers(painting, cuts, short_side_px), 1):
            _put(archive, f"data/layer{index}.png", png_bytes(layer))
        merged = render(painting, short_side_px)
        _put(archive, "mergedimage.png", png_bytes(merged, describe(painting)))
        _put(archive, "Thumbnails/thumbnail.png", _thumbnail(merged))
    return Path(path)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file, uncompressed (PNG is already), with no date, so the bytes do not change."""
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def _stack(painting: Painting, cuts: Sequence[int], size: tuple[int, int]) -> bytes:
    names = ["background"]
    names += [f"strokes {first + 1} to {last}" for first, last in itertools.pairwise(cuts)]
    rows = [
        f'  <layer name="{name}" src="data/layer{index}.png" x="0" y="0" opacity="1.0"'
        ' visibility="visible" composite-op="svg:src-over"/>'
        for index, name in enumerate(names)
    ]
    text = "\n".join(reversed(rows))  # the uppermost layer stands first
    head = f'<image version="0.0.5" w="{size[1]}" h="{size[0]}" name={_quoted(painting.prompt)}>'
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{xml}\n{head}\n <stack>\n{text}\n </stack>\n</image>\n".encode()


def _quoted(text: str) -> str:
    return quoteattr("".join(letter for letter in text if letter.isprintable()))


def _background(painting: Painting, short_side_px: int | None) -> bytes:
    levels = np.rint(np.array(painting.background) * 255).astype(np.uint8)
    return png_bytes(np.broadcast_to(levels, (*size_of(painting, short_side_px), 3)).copy())


def _thumbnail(picture: Picture) -> bytes:
    image = Image.fromarray(picture)
    image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX), Image.Resampling.LANCZOS)
    return png_bytes(np.asarray(image))
