"""A layout: a picture whose colors say what goes where, and a legend that says what they mean."""

from collections.abc import Mapping
from pathlib import Path

import torch
from jaxtyping import Bool
from torch import Tensor
from torch.nn import functional

from diavlex.config import SHAPE_SIDE, Region, check_prompt, read_color, read_toml, write_shape
from diavlex.errors import BadValue, shown
from diavlex.files import path_of
from diavlex.pictures import Photo, read_picture

_MOST_PX = 512
_NEAR = 0.2
"""How far a pixel may be from a color of the legend, in sRGB from 0 to 1: edges may be soft."""
_LEAST = 1e-3
"""Which share of the layout a color must have at least."""


def read_layout(
    picture: Photo | Path | str, legend: Mapping[str, str] | Path | str
) -> tuple[Region, ...]:
    """The regions that the colors of a picture stand for.

    What has no color of the legend is in no region. The picture is laid over the whole canvas.

    Args:
        picture: areas of even color, or its path.
        legend: the words of each color, such as `{"#87ceeb": "a stormy sky"}`, or the path of a
            TOML file that has one such line a color.

    Raises:
        BadValue: one cannot be read, a color is none, has no words, or is nowhere in the picture.
    """
    words = legend if isinstance(legend, Mapping) else _read_legend(path_of(legend))
    if not words:
        raise BadValue("the legend of the layout is empty; give lines such as '#87ceeb' = 'a sky'.")
    photo = picture if isinstance(picture, Photo) else read_picture(path_of(picture), "the layout")
    scale = max(1, -(-max(photo.colors.shape[-2:]) // _MOST_PX))
    colors, alpha = photo.colors[:, ::scale, ::scale], photo.alpha[::scale, ::scale]
    known = torch.tensor([read_color(color) for color in words])
    apart = (colors.flatten(1).T[:, None] - known).norm(dim=-1)
    owner = torch.where((apart.amin(1) < _NEAR) & (alpha.flatten() > 0.5), apart.argmin(1), -1)
    owner = owner.view(colors.shape[-2:])
    return tuple(_region(owner == at, *entry) for at, entry in enumerate(words.items()))


def _read_legend(path: Path) -> dict[str, str]:
    """The words of each color in a file."""
    legend = read_toml(path, "the legend")
    for color, words in legend.items():
        if not isinstance(words, str):
            name = shown(color)
            raise BadValue(f"the legend {path} has no words for {name}: give \"{name}\" = 'a sky'.")
    return legend


def _region(place: Bool[Tensor, "height width"], color: str, words: str) -> Region:
    """The region of one color."""
    height, width = place.shape
    if float(place.float().mean()) < _LEAST:
        raise BadValue(
            f"nothing in the layout is {shown(color)} ('{shown(words)}'); give the color as it is "
            "in the picture, or leave it out of the legend."
        )
    (top, bottom), (left, right) = _ends(place.any(1)), _ends(place.any(0))
    box = place[top:bottom, left:right].float()[None]
    has = functional.adaptive_avg_pool2d(box, SHAPE_SIDE)[0] > 0.5
    return Region(
        left / width, top / height, right / width, bottom / height, check_prompt(words),
        "" if has.all() else write_shape(has.tolist()),
    )  # fmt: skip


def _ends(some: Bool[Tensor, " places"]) -> tuple[int, int]:
    """From where to where there are any."""
    places = some.nonzero()[:, 0]
    return int(places[0]), int(places[-1]) + 1
