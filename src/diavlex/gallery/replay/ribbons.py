"""What a painting's brushes leave on straight strokes: the textures of a replay."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from diavlex import stroke
from diavlex.painting import Painting
from diavlex.tensors import Shapes

from ..easel import load_brushes

ALONG, ACROSS = 96, 32
"""A ribbon in pixels."""
BODY, PAST, RIM = 0.7, 1.3, 1.25
"""How a ribbon lies on a stroke; the same numbers stand in `ribbons.js`."""
FULLNESSES = (0.09, 0.16, 0.28, 0.48)
PRESSURES = (0.2, 0.5, 0.85)
"""The strokes that there are ribbons of; any other is drawn with the nearest of them."""
_PATCH_PX = {"neural": 128, "mypaint": 256}

_Key = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Ribbons:
    """Textures below each other, and which of them each stroke has."""

    atlas: UInt8[np.ndarray, "rows 96"]
    """0 to 255, `ACROSS` rows a ribbon."""
    ribbon_of: list[int]

    @property
    def count(self) -> int:
        """How many ribbons there are."""
        return len(self.atlas) // ACROSS


def ribbons_of(painting: Painting, engine: str = "neural") -> Ribbons:
    """The ribbons that a painting's strokes need.

    Args:
        painting: the record.
        engine: who paints them, neural or mypaint.

    Raises:
        UnknownName: there is no such brush.
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    keys = _keys(painting)
    known = sorted(set(keys))
    index = {key: at for at, key in enumerate(known)}
    patches = _patches(painting, known, engine)
    grid = torch.stack([_places(FULLNESSES[key[2]]) for key in known])
    ribbons = F.grid_sample(patches[:, None], grid, align_corners=False)[:, 0]
    atlas = ribbons.clamp(0, 1).mul(255).round().byte().flatten(0, 1).numpy()
    return Ribbons(atlas, [index[key] for key in keys])


def _keys(painting: Painting) -> list[_Key]:
    """For each stroke its brush, variant, fullness and pressures, as numbers of the nearest."""
    shapes = stroke.split(painting.actions).shapes
    fullness = _nearest(shapes[:, 0].log(), [math.log(value) for value in FULLNESSES])
    start, end = (_nearest(shapes[:, column], PRESSURES) for column in (3, 4))
    columns = (painting.brush_of, painting.variants, fullness, start, end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _nearest(values: Float[Tensor, " strokes"], known: Sequence[float]) -> Tensor:
    return (values[:, None] - torch.tensor(known)).abs().argmin(1)


@torch.no_grad()
def _patches(
    painting: Painting, keys: Sequence[_Key], engine: str
) -> Float[Tensor, "ribbons side side"]:
    """Straight strokes in their own frames."""
    side_px = _PATCH_PX[engine]
    shapes = torch.tensor(
        [
            [FULLNESSES[f], 0.0, 0.0, PRESSURES[start], PRESSURES[end]]
            for _, _, f, start, end in keys
        ]
    )
    if engine == "mypaint":
        return _patches_by_mypaint(painting, keys, shapes, side_px)
    loaded = load_brushes(painting)
    variants = torch.tensor([key[1] for key in keys])
    patches = torch.empty(len(keys), side_px, side_px)
    for index, brush in enumerate(loaded):
        mine = torch.tensor([key[0] == index for key in keys])
        if mine.any():
            patches[mine] = brush(shapes[mine], variants[mine], side_px)
    return patches


def _patches_by_mypaint(
    painting: Painting, keys: Sequence[_Key], shapes: Shapes, side_px: int
) -> Float[Tensor, "ribbons side side"]:
    from diavlex.brushes import definition, mypaint

    patches = torch.empty(len(keys), side_px, side_px)
    for index, name in enumerate(painting.brushes):
        mine = [at for at, key in enumerate(keys) if key[0] == index]
        variants = [keys[at][1] for at in mine]
        painted = mypaint.patches(
            definition.find(name), shapes[mine].numpy(), variants, side_px, is_resolved=False
        )
        for at, patch in zip(mine, painted, strict=True):
            patches[at] = torch.from_numpy(patch)
    return patches


def _places(fullness: float) -> Float[Tensor, "across along 2"]:
    """Where a ribbon's pixels lie in the frame of a straight stroke: x and y."""
    half, radius = stroke.REACH * (1 - fullness), stroke.REACH * fullness
    cap = (1 - BODY) / 2
    u = (torch.arange(ALONG) + 0.5) / ALONG
    before = -half - (cap - u) / cap * PAST * radius
    body = -half + (u - cap) / BODY * 2 * half
    after = half + (u - 1 + cap) / cap * PAST * radius
    x = torch.where(u < cap, before, torch.where(u > 1 - cap, after, body))
    y = ((torch.arange(ACROSS) + 0.5) / ACROSS * 2 - 1) * RIM * radius
    return torch.stack([x.expand(ACROSS, -1), y[:, None].expand(-1, ALONG)], -1)
