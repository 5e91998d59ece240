"""OpenRaster files: a painting in layers, for Krita, MyPaint and GIMP to paint on."""

import itertools
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from diavlex.files import replacing
from diavlex.painting import Layer, Painting, to_text

from .easel import Picture, bare, levels
from .layers import groups_of
from .pictures import groups, render, size_of
from .png import describe, write_png
from .text import xml_quoted

_THUMBNAIL_PX = 256
_EPOCH = (1980, 1, 1, 0, 0, 0)
RECORD = "diavlex/painting.json"
"""Where an OpenRaster file keeps the whole record."""


def save_ora(
    painting: Painting,
    path: Path | str,
    count: int = 6,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
    *,
    has_background: bool = True,
) -> Path:
    """Write a painting as OpenRaster: the background, then its strokes in a few layers.

    A painting of several layers gets a group a layer, named like it, with its strokes inside.

    Args:
        painting: the record.
        path: the .ora file.
        count: how many layers of the file the strokes are shared out to, in painting order.
        short_side_px: of the picture; as painted if not given.
        engine: who paints, neural or mypaint.
        each: called with the count of strokes painted so far; all are painted twice, so it rises
            to twice as many as there are.
        has_background: whether the lowest layer is the background.

    Raises:
        BadFolder: it cannot be written there.

    Source: OpenRaster specification, baseline 0.0.5.
    """
    shared = groups_of(painting, count)
    cuts = sorted({cut for _, mine in shared for cut in mine})
    size, ways = size_of(painting, short_side_px), (short_side_px, engine)
    again = None if each is None else lambda done: each(len(painting.actions) + done)
    with replacing(Path(path)) as fresh, zipfile.ZipFile(fresh, "w") as archive:
        _put(archive, "mimetype", b"image/openraster")  # must be first, and not compressed
        _put(archive, "stack.xml", _stack(painting, shared, size, has_background).encode())
        if has_background:
            _put_picture(archive, "data/background.png", _under(painting, size))
        for cut, picture in zip(cuts, groups(painting, cuts, *ways, each), strict=False):
            _put_picture(archive, _source(cut), picture)
        merged = render(painting, *ways, again, has_background=has_background)
        _put_picture(archive, "mergedimage.png", merged, describe(painting, engine))
        _put_picture(archive, "Thumbnails/thumbnail.png", _thumbnail(merged))
        _put(archive, RECORD, to_text(painting).encode())
    return Path(path)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file, uncompressed (PNG is already), with no date, so the bytes do not change."""
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def _put_picture(
    archive: zipfile.ZipFile, name: str, picture: Picture, metadata: dict[str, str] | None = None
) -> None:
    with archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as file:
        write_png(picture, file, metadata)


def _stack(
    painting: Painting,
    shared: Sequence[tuple[Layer, list[int]]],
    size: tuple[int, int],
    has_background: bool,
) -> str:
    stacks = [_rows(mine) for _, mine in shared]
    if len(shared) > 1:
        stacks = [
            [f"<stack name={xml_quoted(layer.name)}>", *rows, "</stack>"]
            for (layer, _), rows in zip(shared, stacks, strict=True)
        ]
    rows = [row for stack in reversed(stacks) for row in stack]  # the uppermost stands first
    rows += [_row("background", "data/background.png")] * has_background
    head = f'<image version="0.0.5" w="{size[1]}" h="{size[0]}" name={xml_quoted(painting.prompt)}>'
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join([xml, head, "<stack>", *rows, "</stack>", "</image>", ""])


def _rows(cuts: Sequence[int]) -> list[str]:
    pairs = list(itertools.pairwise(cuts))
    return [_row(f"strokes {first + 1} to {last}", _source(first)) for first, last in pairs[::-1]]


def _row(name: str, source: str) -> str:
    return (
        f'<layer name={xml_quoted(name)} src="{source}" x="0" y="0" opacity="1.0"'
        ' visibility="visible" composite-op="svg:src-over"/>'
    )


def _source(first: int) -> str:
    return f"data/strokes-{first + 1}.png"


def _under(painting: Painting, size: tuple[int, int]) -> Picture:
    """The background alone."""
    return levels(bare(painting).canvas(*size).permute(1, 2, 0).numpy())


def _thumbnail(picture: Picture) -> UInt8[np.ndarray, "high wide channels"]:
    image = Image.fromarray(picture)
    image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX), Image.Resampling.LANCZOS)
    return np.asarray(image)
