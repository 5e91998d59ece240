"""The parts of a canvas that has regions: what each aims at, and what all of them aim at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.composition import Composition, Frame, Part, Standing, compose_regions
from diavlex.config import TEMPLATES, PaintConfig, Region
from diavlex.guides import Guide, Imagined
from diavlex.guides.things import negatives
from diavlex.pictures import Photo

from .aim import ROWS, Aim, Plane, frame_of, is_seen, take_aim
from .reading import Reading, read_prompt

_LONGEST = 4
"""How many times longer than the shorter one the longer side of a region's sketch may be."""
_PHOTO_PX = 512
"""Shorter side of a photo over which regions are laid."""


@dataclass(frozen=True)
class PlacedRegion:
    """A region as every guide reads it."""

    region: Region
    readings: tuple[Reading, ...]
    """One a guide, with what it would find in the region's sketch, or imagines of its words."""
    is_sketched: bool


@dataclass(frozen=True)
class Seen:
    """What is seen in one part of the canvas, in planes of the whole canvas."""

    part: Part
    picture: Float[Tensor, "3 rows columns"]
    """SRGB in [0, 1]."""
    known: Plane
    shares: tuple[Plane, ...]
    """How much of each place is its background's, and each of its things'."""
    area: Plane
    """Where the part is seen."""


def aim_at_regions(
    aim: Aim | None, config: PaintConfig, guides: Sequence[Guide]
) -> tuple[Aim, Composition, list[Aim | None]]:
    """What strokes aim at where there are regions, who paints what, and each region's sketch.

    Args:
        aim: the sketch of the prompt, which shows all that is in no region.
        config: the regions, and how many strokes there are.
        guides: what judges.
    """
    height, width = config.aspect
    shape = round(ROWS * height), round(ROWS * width)
    boxes = [_box(one, shape) for one in config.regions]
    sketches = [_sketch(one, config, guides) for one in config.regions]
    found, left = [], torch.ones(shape)
    for one, box, sketch in reversed(list(zip(config.regions, boxes, sketches, strict=True))):
        found.insert(0, _in_region(one, box * left, sketch, guides, config))
        left = left * (1 - box)
    found.insert(0, _outside(aim, left))
    whole = _together(found)
    return whole, compose_regions(config, [one.part for one in found]), sketches


def read_region(
    region: Region, sketch: Aim | None, config: PaintConfig, guides: Sequence[tuple[Guide, float]]
) -> PlacedRegion:
    """Let every guide read the words of a region; they are told apart from those of the others."""
    others = [one.words for one in config.regions if one.words != region.words]
    readings = []
    for guide, strength in guides:
        reading = read_prompt(
            guide, region.words, [*negatives(), *others], strength=strength,
            templates=TEMPLATES[config.templates],
        )  # fmt: skip
        readings.append(replace(reading, imagined=_imagined(guide, region, sketch, config)))
    return PlacedRegion(region, tuple(readings), sketch is not None)


@torch.no_grad()
def _imagined(
    guide: Guide, region: Region, sketch: Aim | None, config: PaintConfig
) -> Imagined | None:
    """What a guide that imagines would find in a region."""
    if guide.imagination is None or not config.imagine:
        return None
    imagined = guide.imagination.imagine([region.words])
    if sketch is None:
        return imagined
    device = next(guide.parameters()).device
    features = guide.imagination.see(sketch.picture[None].to(device)).features
    assert features is not None
    return Imagined(features, imagined.layouts)


def _sketch(region: Region, config: PaintConfig, guides: Sequence[Guide]) -> Aim | None:
    """The sketch of a region's words, in its own aspect."""
    height, width = config.aspect
    high, wide = height * (region.bottom - region.top), width * (region.right - region.left)
    short = min(high, wide)
    rows, columns = (round(ROWS * min(side / short, _LONGEST)) for side in (high, wide))
    aim = take_aim(region.words, config, guides, (rows, columns))
    return aim.whole() if aim and not config.layer_share else aim


def _box(region: Region, shape: tuple[int, int]) -> Plane:
    """1 at each place of a region, else 0."""
    box = torch.zeros(shape)
    inside = box[_rows(region, shape), _columns(region, shape)]
    places = torch.tensor(region.places, dtype=torch.float)[None, None]
    inside.copy_(functional.interpolate(places, inside.shape, mode="bilinear")[0, 0] >= 0.5)
    return box


def over_photo(photo: Photo, aim: Aim, aspect: tuple[float, float]) -> Photo:
    """A photo with what an aim shows laid over it, where the aim is known."""
    size = round(_PHOTO_PX * aspect[0]), round(_PHOTO_PX * aspect[1])
    known = torch.ones(aim.picture.shape[1:]) if aim.known is None else aim.known
    own = functional.interpolate(aim.picture[None], size, mode="bicubic", antialias=True)[0]
    share = functional.interpolate(known[None, None], size, mode="nearest")[0, 0]
    return Photo(torch.lerp(photo.fitted(*size), own.clamp(0, 1), share), torch.ones(size))


def _rows(region: Region, shape: tuple[int, int]) -> slice:
    return slice(round(region.top * shape[0]), round(region.bottom * shape[0]))


def _columns(region: Region, shape: tuple[int, int]) -> slice:
    return slice(round(region.left * shape[1]), round(region.right * shape[1]))


def _outside(aim: Aim | None, left: Plane) -> Seen:
    """What is seen in no region."""
    area = float(left.mean())
    if aim is None or not area:
        grey = torch.full((3, *left.shape), 0.5)
        return Seen(Part("background", area), grey, torch.zeros_like(left), (left,), left)
    shares = [share * left for share in aim.shares]
    shares, standing = _standing(aim, shares, aim.names, aim.sizes)
    return Seen(Part("background", area, standing=standing), aim.picture, left, shares, left)


def _in_region(
    region: Region, seen: Plane, sketch: Aim | None, guides: Sequence[Guide], config: PaintConfig
) -> Seen:
    """What is seen in a region.

    Args:
        region: where, and what.
        seen: 1 where it is seen, else 0.
        sketch: of its words, if they can be shown.
        guides: the first that imagines says the colors where there is no sketch.
        config: whether a guide shall imagine.
    """
    height, width = config.aspect
    high, wide = height * (region.bottom - region.top), width * (region.right - region.left)
    x, y = width * (region.left + region.right) / 2, height * (region.top + region.bottom) / 2
    frame, reach = Frame(x, y, max(high, wide)), min(high, wide, 1.0)
    picture, known = torch.full((3, *seen.shape), 0.5), torch.zeros_like(seen)
    shares, standing = (seen,), ()
    colors = sketch.picture if sketch else _imagined_colors(region, guides, config)
    if colors is not None:
        picture, known = _put(colors, region, picture), seen
    if sketch is not None:
        bare = torch.zeros(1, *seen.shape)
        own = [_put(share[None], region, bare)[0] * seen for share in sketch.shares]
        shares, standing = _standing(sketch, own, sketch.names, [s * reach for s in sketch.sizes])
    part = Part(region.words, float(seen.mean()), frame, reach, standing)
    return Seen(part, picture, known, shares, seen)


@torch.no_grad()
def _imagined_colors(
    region: Region, guides: Sequence[Guide], config: PaintConfig
) -> Float[Tensor, "3 rows columns"] | None:
    """The colors that a guide imagines in a region; None if none imagines."""
    able = [guide.imagination for guide in guides if guide.imagination is not None]
    return able[0].imagine([region.words]).layouts[0].cpu() if able and config.imagine else None


def _put(
    values: Float[Tensor, "planes _ _"],
    region: Region,
    onto: Float[Tensor, "planes rows columns"],
) -> Float[Tensor, "planes rows columns"]:
    """Planes of a region's own, put in its place of planes of the whole canvas."""
    shape = onto.shape[-2], onto.shape[-1]
    rows, columns = _rows(region, shape), _columns(region, shape)
    size = rows.stop - rows.start, columns.stop - columns.start
    small = functional.interpolate(values[None], size, mode="bilinear", antialias=True)[0]
    put = onto.clone()
    put[:, rows, columns] = small
    return put


def _standing(
    aim: Aim, shares: Sequence[Plane], names: Sequence[str], sizes: Sequence[float]
) -> tuple[tuple[Plane, ...], tuple[Standing, ...]]:
    """The shares of things of which enough is seen, and those things; the rest is background."""
    first, *things = shares
    kept, standing = [], []
    for name, share, size in zip(names, things, sizes, strict=True):
        if not is_seen(share):
            first = first + share
            continue
        kept.append(share)
        standing.append(Standing(name, frame_of(share), size, float(share.sum())))
    return (first, *kept), tuple(standing)


def _together(found: Sequence[Seen]) -> Aim:
    """One aim of what is seen in all parts."""
    picture = sum(one.picture * one.area for one in found)
    assert isinstance(picture, Tensor)
    known = torch.stack([one.known for one in found]).sum(0).clamp(0, 1)
    shares = tuple(share for one in found for share in one.shares)
    areas = tuple(
        one.area if at == 0 else share for one in found for at, share in enumerate(one.shares)
    )
    names = tuple(
        name for one in found for name in (one.part.name, *(s.name for s in one.part.standing))
    )
    return Aim(picture, shares, names[1:], (), True, known, areas)
