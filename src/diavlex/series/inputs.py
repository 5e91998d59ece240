"""What a painting is begun with beside words: a photo, or a painting and a mask of what stays."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.config import PaintConfig, Size, preset
from diavlex.errors import BadValue
from diavlex.files import path_of
from diavlex.gallery import load, render, save_png
from diavlex.look import look_of
from diavlex.objective import Start, check_mask
from diavlex.painting import Painting
from diavlex.pictures import Photo, read_picture

from .session import DETAIL, KEEP, PHOTO, START

PHOTO_PX = 1024
"""The longer side of a photo that is painted from, or of a mask; a larger one is shrunk."""
_KEPT_PX = 256
"""Shorter side of the picture of what stays."""

Picture = Photo | Path | str


@dataclass(frozen=True)
class Inputs:
    """What a painting is begun with beside words and choices."""

    photo: Photo | None = None
    """What is painted from."""
    start: Start | None = None
    """What is gone on from."""
    detail: Float[Tensor, "rows columns"] | None = None
    """How small strokes shall be at each place, 0 to 1."""
    style: Photo | None = None
    """Whose look is taken; the choices keep what is taken."""

    @property
    def usual(self) -> dict[str, Any]:
        """The choices that are usual with them."""
        found = preset("photo" if self.photo is not None else "")
        found |= {} if self.style is None else look_of(self.style)
        return found if self.start is None else found | usual_after(self.start)

    @property
    def words(self) -> str:
        """The words that are painted where no others are given."""
        return "" if self.start is None else self.start.painting.prompt

    def check(self, config: PaintConfig) -> None:
        """Check that a painting of some choices can be begun with them.

        Raises:
            BadValue: it cannot.
        """
        if self.start is not None:
            self.start.check(config)

    def save(self, folder: Path) -> None:
        """Keep copies in the folder of an unfinished painting."""
        if self.photo is not None:
            save_png(self.photo.levels(), folder / PHOTO)
        if self.start is not None:
            self.start.painting.save(folder / START)
            if self.start.mask is not None:
                save_png(_grey(self.start.mask).levels(), folder / KEEP)
        if self.detail is not None:
            save_png(_grey(self.detail).levels(), folder / DETAIL)


def read_inputs(
    photo: Picture | None = None,
    start: Painting | Path | str | None = None,
    keep: Picture | None = None,
    detail: Picture | None = None,
    style: Picture | None = None,
) -> Inputs:
    """Read what a painting is begun with.

    Args:
        photo: a picture to paint from, or its path.
        start: a finished painting to go on from, or the path of its record.
        keep: a picture that is white where that painting shall stay as it is.
        detail: a picture that is white where small strokes go, and black where large ones do.
        style: a picture whose colors, brush, sizes and direction of strokes are taken.

    Raises:
        BadValue: a picture that cannot be read, a mask that is empty or full, or one without a
            painting.
        BadPainting: a record that cannot be read.
    """
    return Inputs(
        None if photo is None else _read(photo, "the photo").shrunk(PHOTO_PX),
        _start(start, keep),
        None if detail is None else read_mask(detail, "the mask of --detail"),
        None if style is None else _read(style, "the picture of --style"),
    )


def _start(start: Painting | Path | str | None, keep: Picture | None) -> Start | None:
    """The painting that is gone on from, with what of it is kept."""
    if start is None:
        if keep is not None:
            raise BadValue("--keep says what of a painting stays: name the painting with --start.")
        return None
    painting = start if isinstance(start, Painting) else load(path_of(start))
    if keep is None:
        return Start(painting)
    mask = read_mask(keep, "the mask of --keep")
    side_px = min(_KEPT_PX, painting.height_px, painting.width_px)
    picture = torch.from_numpy(render(painting, side_px)).permute(2, 0, 1) / 255
    return Start(painting, mask, picture)


def find_inputs(folder: Path) -> Inputs:
    """What an unfinished painting in a folder was begun with."""
    names = PHOTO, START, KEEP, DETAIL
    kept = [folder / name if (folder / name).is_file() else None for name in names]
    return read_inputs(*kept)


def read_mask(given: Picture, what: str) -> Float[Tensor, "rows columns"]:
    """How white each place of a picture is, 0 to 1; what lets something through is not.

    Raises:
        BadValue: it cannot be read, or all of it is white, or nothing.
    """
    photo = _read(given, what)
    white = (photo.colors.mean(0) - (1 - photo.alpha)).clamp(0, 1)
    scale = min(1.0, PHOTO_PX / max(white.shape))
    size = [max(1, round(side * scale)) for side in white.shape]
    small = functional.interpolate(white[None, None], size, mode="area")[0, 0]
    mask = (small * 255).round() / 255
    check_mask(mask, what)
    return mask


def usual_after(start: Start) -> dict[str, Any]:
    """The choices that are usual after a painting: its size, strokes, brushes and background."""
    was = start.painting
    found = {
        "size": Size(was.height_px, was.width_px),
        "strokes": start.count,
        "brush": was.brushes,
        "background": was.background,
    }
    return found if start.mask is None else found | {"random_background": 0.0}


def _read(given: Picture, what: str) -> Photo:
    return given if isinstance(given, Photo) else read_picture(path_of(given), what)


def _grey(mask: Float[Tensor, "rows columns"]) -> Photo:
    return Photo(mask.expand(3, -1, -1), torch.ones_like(mask))
