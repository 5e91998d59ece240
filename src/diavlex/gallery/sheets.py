"""Many pictures on one: a strip of snapshots, a sheet of paintings with their captions."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from diavlex.errors import BadValue

_WHITE = (255, 255, 255)
_INK = (40, 40, 40)
_CAPTION_LINES = 2
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

Picture = UInt8[np.ndarray, "_ _ 3"]
"""sRGB, 0 to 255, of any size."""


def strip(
    snapshots: Sequence[Picture], cells: int = 7, height_px: int = 256, gap_px: int = 8
) -> Picture:
    """Snapshots side by side, from the first to the last, evenly chosen; white between and around.

    Args:
        snapshots: all of one size.
        cells: how many to show; all of them if there are fewer.
        height_px: of each cell; snapshots are never enlarged.
        gap_px: between cells, and around them.
    """
    chosen = [snapshots[index] for index in evenly(len(snapshots), cells)]
    return _lay_out([_shrink(picture, height_px) for picture in chosen], len(chosen), gap_px)


def contact_sheet(
    pictures: Sequence[Picture],
    captions: Sequence[str] | None = None,
    columns: int = 6,
    cell_px: int = 256,
    gap_px: int = 12,
) -> Picture:
    """Pictures in rows, each in a cell of its own with its caption under it.

    Args:
        pictures: of any sizes; larger ones are shrunk to the cell.
        captions: one a picture; two lines each at most.
        columns: pictures in a row.
        cell_px: side of a cell.
        gap_px: between cells, and around them.
    """
    small = [_shrink(picture, cell_px, cell_px) for picture in pictures]
    size = max((picture.shape[0] for picture in small), default=0), cell_px
    cells = [_centered(picture, size) for picture in small]
    if captions is not None:
        labels = [_label(text, cell_px) for text in captions]
        cells = [np.concatenate(pair) for pair in zip(cells, labels, strict=True)]
    return _lay_out(cells, max(1, min(columns, len(cells))), gap_px)


def evenly(count: int, wanted: int) -> list[int]:
    """At most `wanted` numbers below `count`, evenly spaced, the first and the last among them."""
    if wanted <= 1 or count <= wanted:
        return list(range(count)) if count <= wanted else [count - 1]
    return [round(index * (count - 1) / (wanted - 1)) for index in range(wanted)]


def _lay_out(cells: Sequence[Picture], columns: int, gap_px: int) -> Picture:
    """Cells of one size in rows on white, with an equal gap between all and around."""
    if not cells:
        raise BadValue("there is no picture to lay out; give one at the least.")
    high, wide = cells[0].shape[:2]
    rows = math.ceil(len(cells) / columns)
    size = rows * (high + gap_px) + gap_px, columns * (wide + gap_px) + gap_px
    sheet = np.full((*size, 3), 255, np.uint8)
    for index, cell in enumerate(cells):
        row, column = divmod(index, columns)
        y, x = gap_px + row * (high + gap_px), gap_px + column * (wide + gap_px)
        sheet[y : y + high, x : x + wide] = cell
    return sheet


def _shrink(picture: Picture, height_px: int, width_px: int = 1 << 30) -> Picture:
    """A picture made to fit, in its own aspect ratio; a small one stays as it is."""
    high, wide = picture.shape[:2]
    scale = min(1.0, height_px / high, width_px / wide)
    if scale == 1.0:
        return picture
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def _centered(picture: Picture, size: tuple[int, int]) -> Picture:
    """A picture in the middle of a white cell."""
    cell = np.full((*size, 3), 255, np.uint8)
    y, x = ((outer - inner) // 2 for outer, inner in zip(size, picture.shape, strict=False))
    cell[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return cell


def _label(text: str, width_px: int) -> Picture:
    """A caption on white, centered, in as many lines as captions may have."""
    size_px = max(10, width_px // 16)
    line_px, top_px = round(size_px * 1.35), size_px // 3
    label = Image.new("RGB", (width_px, top_px + _CAPTION_LINES * line_px), _WHITE)
    pen, font = ImageDraw.Draw(label), _font(text, size_px)
    for index, line in enumerate(_wrap(text, font, width_px)):
        pen.text((width_px / 2, top_px + index * line_px), line, _INK, font, anchor="ma")
    return np.asarray(label)


def _font(text: str, size_px: int) -> _Font:
    """Pillow's own font, the same on every machine; it knows Latin letters only."""
    if all(ord(letter) < 0x250 or letter in "–—‘’“”…" for letter in text):
        return ImageFont.load_default(size_px)
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size_px)
    except OSError:
        return ImageFont.load_default(size_px)


def _wrap(text: str, font: _Font, width_px: int) -> list[str]:
    """A caption in as many lines as it may have; what does not fit ends in an ellipsis."""
    done: list[str] = []
    for word in text.split():
        longer = f"{done[-1]} {word}" if done else word
        if done and font.getlength(longer) <= width_px:
            done[-1] = longer
        else:
            done.append(word)
    kept = done[:_CAPTION_LINES]
    if len(done) > _CAPTION_LINES:
        kept[-1] += " …"
    return [_cut(line, font, width_px) for line in kept]


def _cut(line: str, font: _Font, width_px: int) -> str:
    """A line cut to fit, ending in an ellipsis if it was."""
    if font.getlength(line) <= width_px:
        return line
    while line and font.getlength(f"{line}…") > width_px:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"
