"""What strokes lie on: one color, a paper with a grain, or a picture."""

import base64
import binascii
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.config import MOST_BACKDROP, PAPERS, Color
from diavlex.errors import BadValue
from diavlex.pictures import Photo, parse_picture
from diavlex.tensors import Canvas

_BAND_PX = 1 << 20
_PICTURE_PX = 768
"""The longer side of a picture that is kept as a background."""
_QUALITY = 88
_THREADS, _LINES, _CHAINS = 110, 150, 9
"""Threads of a canvas, lines and chain lines of laid paper, over the shorter side."""
_OCTAVES = (48, 96, 192, 384)
"""Grains of a paper over the shorter side."""

Grain = Float[Tensor, "rows width"]


@dataclass(frozen=True)
class Background:
    """What is seen where no stroke lies; the same at every size."""

    color: Color
    """SRGB in [0, 1]."""
    paper: str = PAPERS[0]
    """The name of a paper; its grain makes the color lighter and darker."""
    photo: Photo | None = None
    """A picture that is seen instead of the color."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one color."""
        return self.paper == PAPERS[0] and self.photo is None

    def fill(self, sheet: Canvas) -> None:
        """Paint a sheet with it, in place, a band of rows at a time."""
        height, width = sheet.shape[-2:]
        whole = None if self.photo is None else self.photo.fitted(height, width)
        rows = max(1, _BAND_PX // width)
        for top in range(0, height, rows):
            band = sheet[:, top : top + rows]
            if whole is None:
                band[:] = torch.tensor(self.color).reshape(3, 1, 1)
            else:
                band[:] = whole[:, top : top + rows]
            if self.paper in _GRAINS:
                y, x = _places(top, band.shape[1], height, width)
                band.mul_(1 + _GRAINS[self.paper](y, x, min(height, width))).clamp_(0, 1)

    def canvas(self, height_px: int, width_px: int) -> Canvas:
        """A canvas of a size with nothing on it; on the CPU."""
        sheet = torch.empty(3, height_px, width_px)
        self.fill(sheet)
        return sheet


def background_of(color: Color, settings: Mapping[str, Any]) -> Background:
    """The background of a record or a config, from its plain settings.

    Raises:
        BadValue: its picture cannot be read.
    """
    paper, kept = settings.get("paper", PAPERS[0]), settings.get("backdrop", "")
    is_known = isinstance(paper, str) and paper in PAPERS
    photo = _photo(kept) if isinstance(kept, str) and kept else None
    return Background(color, paper if is_known else PAPERS[0], photo)


def backdrop_of(photo: Photo) -> str:
    """A picture as the text by which a record keeps it as a background: a small JPEG in base 64."""
    from PIL import Image

    stream = io.BytesIO()
    levels = photo.shrunk(_PICTURE_PX).levels()
    Image.fromarray(levels).save(stream, "JPEG", quality=_QUALITY)
    return base64.b64encode(stream.getvalue()).decode()


def _photo(kept: str) -> Photo:
    try:
        if len(kept) > MOST_BACKDROP:
            raise ValueError
        return parse_picture(base64.b64decode(kept, validate=True), "the background's picture")
    except (ValueError, binascii.Error) as error:
        raise BadValue("the background's picture cannot be read; choose it again.") from error


def _places(top: int, rows: int, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Where the pixels of a band are, y and x in shorter sides, [rows 1] and [1 width]."""
    short = min(height, width)
    y = (torch.arange(top, top + rows)[:, None] + 0.5) / short
    return y, (torch.arange(width)[None] + 0.5) / short


def _paper(y: Tensor, x: Tensor, short_px: int) -> Grain:
    """The grain of drawing paper: noise of several sizes."""
    return 0.035 * _noise(y, x, short_px)


def _canvas(y: Tensor, x: Tensor, short_px: int) -> Grain:
    """The weave of a canvas: threads that lie over and under each other."""
    down, right = y * _THREADS, x * _THREADS
    is_over = (down.floor() + right.floor()) % 2 == 0
    bulge = torch.where(is_over, (math.pi * down.frac()).sin(), (math.pi * right.frac()).sin())
    return 0.12 * _sharp(short_px, _THREADS) * (bulge - 0.6) + 0.015 * _noise(y, x, short_px)


def _laid(y: Tensor, x: Tensor, short_px: int) -> Grain:
    """The ribs of laid paper: fine lines along it, and a few chain lines across."""
    lines = (2 * math.pi * _LINES * y).cos() * _sharp(short_px, _LINES)
    across = ((x * _CHAINS).frac() - 0.5).abs() * 2
    chains = torch.exp(-((1 - across) * 30).square())
    return 0.025 * lines - 0.05 * chains + 0.02 * _noise(y, x, short_px)


def _sharp(short_px: int, count: int) -> float:
    """How much of so many lines is seen: none where a line would have less than a pixel."""
    return min(max(short_px / count / 2 - 0.5, 0.0), 1.0)


def _noise(y: Tensor, x: Tensor, short_px: int) -> Grain:
    """Smooth noise about 0, of several grains; the same at every size."""
    generator = torch.Generator().manual_seed(0)
    found = torch.zeros(len(y), x.shape[1])
    for count in _OCTAVES:
        tile = torch.randn(1, 1, count, count, generator=generator)
        spots = torch.stack(torch.broadcast_tensors(x * 2 - 1, y * 2 - 1), -1)
        folded = (spots + 1) % 4 - 2  # what is longer than the shorter side repeats, mirrored
        mirrored = folded.abs() - 1
        found += (
            _sharp(short_px, count)
            * functional.grid_sample(
                tile, mirrored[None], mode="bicubic", padding_mode="border", align_corners=False
            )[0, 0]
        )
    return found / len(_OCTAVES) ** 0.5


_GRAINS: dict[str, Callable[[Tensor, Tensor, int], Grain]] = {
    "paper": _paper, "canvas": _canvas, "laid": _laid,
}  # fmt: skip
