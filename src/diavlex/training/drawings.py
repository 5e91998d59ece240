"""Drawings: icons of a corpus cut out of their backgrounds, with the hands and names they have.

An icon of a corpus is one thing on a plain background. What is like the edge, and joined to it, is
background; what is left is the thing, framed so that it fills its square.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from .corpus import Row

SIDE = 48
"""Rows and columns of a drawing that is cut out."""
_LIKE = 10
"""How far a level may be from the background's and still be like it."""
_SPECK = 0.004
"""Share of a picture that a part must have to be no speck."""
_FEWEST = 40
"""Pixels of a thing that is drawn at all."""
_MARGIN = 1.06
"""Side of a frame over that of the thing within."""
_FINER = 3
"""Rows that are looked at for each row of a drawing."""
_HANDS = {
    "fluent3d_emoji": "fluent", "fluent_flat": "fluent", "fluent_high_contrast": "fluent",
    "noto_v1": "blob", "blobmoji": "blob",
    "emojione_2.2": "emojione", "emojione_2017-03": "emojione",
}  # fmt: skip
"""Sources that are by one hand, by its name; every other source is a hand of its own."""
_COLLECTIONS = ("openclipart", "tuxpaint_stamps")
"""Sources that are by many hands: each of their pictures counts as one of its own."""
LEFT_OUT = ("pacs", "game_icons", "fluent_high_contrast")
"""Sources that show no colors, or things before a background that is not plain."""
_MEDIUM = re.compile(
    r"^(an? )?(emoji|(3d |flat |high contrast )?icon|pictogram|clip art|cartoon|drawing)s?"
    r" of (an? |the )?"
)


@dataclass(frozen=True)
class Drawings:
    """Things that were cut out."""

    cutouts: Float[Tensor, "drawings 4 side side"]
    """sRGB times share, and share, in [0, 1]."""
    hands: tuple[str, ...]
    """Who drew each."""
    is_emoji: Bool[Tensor, " drawings"]
    """Emoji are tidier than clip art."""
    main: dict[str, list[int]]
    """The drawings whose own name each name is."""
    others: dict[str, list[int]]
    """The drawings of which each name is another name, or a more general one."""

    def hands_of(self, drawings: Iterable[int]) -> int:
        """By how many hands some of them are."""
        return len({self.hands[at] for at in drawings})

    def names(self) -> list[str]:
        """Names that drawings by two hands or more have."""
        every = [name for name in dict.fromkeys([*self.main, *self.others]) if len(name) > 1]
        return [
            name
            for name in every
            if self.hands_of([*self.main.get(name, ()), *self.others.get(name, ())]) > 1
        ]


def drawings(rows: Sequence[Row], pictures: np.ndarray) -> tuple[Drawings, list[int]]:
    """Cut things out of pictures; those that show nothing are left out.

    Args:
        rows: what is known of the pictures.
        pictures: uint8 [pictures side side 3].

    Returns:
        The drawings, and which picture each is of.
    """
    found = [(at, cut_out(pictures[at])) for at in range(len(rows))]
    kept = [at for at, cutout in found if cutout is not None]
    cutouts = [cutout for _, cutout in found if cutout is not None]
    main, others = defaultdict(list), defaultdict(list)
    for number, at in enumerate(kept):
        own, more = names_of(rows[at])
        for name in own:
            main[name].append(number)
        for name in more:
            others[name].append(number)
    side = torch.zeros(0, 4, SIDE, SIDE)
    made = Drawings(
        torch.stack(cutouts) if cutouts else side,
        tuple(hand_of(rows[at], at) for at in kept),
        torch.tensor([rows[at].kind == "emoji" for at in kept], dtype=torch.bool),
        dict(main),
        dict(others),
    )
    return made, kept


def is_usable(row: Row) -> bool:
    """Whether icons may be made of a picture, by its source and its licence."""
    return row.kind in ("emoji", "clipart") and row.source not in LEFT_OUT and row.licence != "gpl"


def hand_of(row: Row, number: int) -> str:
    """Who drew a picture; of a collection by many hands, every picture has its own."""
    source = row.source
    return f"{source} {number}" if source in _COLLECTIONS else _HANDS.get(source, source)


def names_of(row: Row) -> tuple[list[str], list[str]]:
    """What a drawing is called by itself, and its other names; plain words."""
    labels = [plain(label) for label in row.labels]
    said = [plain(_MEDIUM.sub("", caption.lower())) for caption in row.captions[:1]]
    own = [name for name in dict.fromkeys([*labels[:1], *said]) if name]
    return own, [name for name in dict.fromkeys(labels[1:]) if name and name not in own]


def plain(name: str) -> str:
    """A name in lower case, without punctuation."""
    return " ".join(re.findall("[a-z0-9]+", name.lower()))


def cut_out(picture: UInt8[np.ndarray, "height width 3"]) -> Float[Tensor, "4 side side"] | None:
    """The thing of a picture, framed; None if there is hardly any.

    Returns:
        sRGB times share, and share, in [0, 1].
    """
    mask = without_specks(thing_of(picture))
    if mask.sum() < _FEWEST:
        return None
    (top, bottom), (left, right) = ((int(at.min()), int(at.max()) + 1) for at in np.nonzero(mask))
    side = max(bottom - top, right - left) * _MARGIN
    colors = picture.astype(np.float32) / 255 * mask[..., None]
    both = np.concatenate([colors, mask[..., None].astype(np.float32)], -1)
    height, width = mask.shape
    theta = torch.tensor(
        [
            [
                [side / width, 0, (left + right) / width - 1],
                [0, side / height, (top + bottom) / height - 1],
            ]
        ]
    )
    grid = functional.affine_grid(theta, [1, 4, _FINER * SIDE, _FINER * SIDE], align_corners=False)
    planes = torch.from_numpy(both).permute(2, 0, 1)[None]
    seen = functional.grid_sample(planes, grid.float(), align_corners=False)
    return functional.avg_pool2d(seen, _FINER)[0]


def thing_of(picture: UInt8[np.ndarray, "height width 3"]) -> Bool[np.ndarray, "height width"]:
    """Which pixels are a thing's: all that is unlike the edge, or walled off from it."""
    levels = picture.astype(np.int16)
    background = np.median(_edge(levels), 0)
    is_like = np.abs(levels - background).max(-1) <= _LIKE
    areas, _ = _labeled(is_like)
    outside = np.unique(_edge(areas))
    return ~np.isin(areas, outside[outside > 0])


def without_specks(mask: Bool[np.ndarray, "height width"]) -> Bool[np.ndarray, "height width"]:
    """A mask without its smallest parts."""
    parts, count = _labeled(ndimage.binary_dilation(mask))
    if count < 2:
        return mask
    sizes = ndimage.sum(mask, parts, range(1, count + 1))
    large = 1 + np.nonzero(sizes >= _SPECK * mask.size)[0]
    return mask & np.isin(parts, large)


def _labeled(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The number of each place's part, from 1 on, and how many parts there are."""
    parts = np.zeros(mask.shape, np.int32)
    count = ndimage.label(mask, output=parts)
    assert isinstance(count, int)
    return parts, count


def _edge(values: np.ndarray) -> np.ndarray:
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
