"""Places at the water: lakes, rivers, the sea, and what lies in it or over it."""

import torch

from ..shapes import Cutout, Paint, ellipse, line, polygon
from .land import GRASS, SAND, TRUNK, WATER, Land, Place
from .pieces import ground_color, hills, house, ridge, road, water
from .trees import tree
from .weather import done, sky

_ICE: Paint = (0.78, 0.88, 0.95)


def lake(land: Land) -> Place:
    """A lake before mountains."""
    sky(land, 0.5)
    ridge(land, 0.20, 0.52, 3, far=0.35)
    hills(land, 0.49, ground_color(land.air, (0.25, 0.45, 0.25)), far=0.15, rough=0.015)
    if land.also & {"frozen", "icy", "ice"}:
        hills(land, 0.54, _ICE, rough=0.0)
    else:
        water(land, 0.54)
    hills(land, 0.95, ground_color(land.air, GRASS), rough=0.02)
    return done(land, 0.8, 0.52)


def sea(land: Land) -> Place:
    """The sea."""
    sky(land, 0.5)
    water(land, 0.5)
    return done(land, 0.78, 0.5)


def stormy_sea(land: Land) -> Place:
    """High waves."""
    sky(land, 0.5)
    for k, top in enumerate((0.48, 0.60, 0.74, 0.88)):
        crest = top + 0.05 * torch.sin(14 * land.x[0] + 2.1 * k)
        land.lay(land.below(crest - 0.022), (0.85, 0.90, 0.93), far=0.2)
        land.lay(land.below(crest), (0.20, 0.38, 0.50) if k % 2 else (0.14, 0.30, 0.42))
    return done(land, 0.7, 0.5)


def beach(land: Land) -> Place:
    """Sand before the sea."""
    sky(land, 0.4)
    water(land, 0.4, (0.15, 0.55, 0.75))
    land.lay(land.below(0.645 + land.uneven(0.02, 2)), (0.97, 0.98, 1.0))
    hills(land, 0.67, SAND, rough=0.02)
    if land.air.hour != "day":  # by which a beach is known when its sand is dark
        tree(land, 0.12, 0.82, 0.6, "palm")
    return done(land, 0.9, 0.4)


def river(land: Land) -> Place:
    """A river that winds from the mountains."""
    sky(land, 0.42)
    ridge(land, 0.18, 0.46, 3, far=0.4)
    hills(land, 0.44, ground_color(land.air, GRASS), rough=0.03)
    road(land, 0.45, paint=land.paint or WATER, wide=0.62, bend=0.22)
    for x, foot, size in ((0.08, 0.72, 0.34), (0.9, 0.66, 0.3)):
        tree(land, x, foot, size, "pine")
    return done(land, 0.86, 0.44)


def under_water(land: Land) -> Place:
    """The bottom of the sea, with weeds and bubbles."""
    top, low = torch.tensor((0.25, 0.65, 0.85)), torch.tensor((0.04, 0.22, 0.48))
    down = (land.y / land.height)[None]
    land.bands.append(
        Cutout(top[:, None, None] + (low - top)[:, None, None] * down, torch.ones(land.shape))
    )
    hills(land, 0.88, (0.70, 0.66, 0.50), far=0.3)
    for x, size in ((0.1, 0.4), (0.2, 0.28), (0.9, 0.36)):
        weed = [
            ((x + 0.02 * (-1) ** k) * land.width, (0.95 - size * k / 4) * land.height)
            for k in range(5)
        ]
        land.lay(line(weed, 0.05, 0.02, land.shape), (0.12, 0.50, 0.32))
    if "reef" in land.also or "coral" in land.also:
        _corals(land)
    for x, y in ((0.3, 0.2), (0.34, 0.35), (0.7, 0.15), (0.74, 0.3)):
        land.lay(
            0.7 * ellipse((x * land.width, y * land.height), 0.06, 0.06, land.shape),
            (0.85, 0.95, 1.0),
            is_lit=True,
        )
    return Place(land.picture(), 0.75, 1.0)


def _corals(land: Land) -> None:
    """Corals on the ground of the sea."""
    paints: tuple[Paint, ...] = ((0.92, 0.40, 0.45), (0.95, 0.62, 0.25), (0.75, 0.40, 0.75))
    for k, paint in enumerate((*paints, *paints)):
        x, foot = (0.08 + 0.165 * k) * land.width, 0.97 * land.height
        size = 0.24 if k % 2 else 0.34
        for lean in (-0.12, 0.0, 0.12):
            limb = [(x, foot), (x + 0.6 * lean, foot - 0.6 * size), (x + lean, foot - size)]
            land.lay(line(limb, 0.06, 0.045, land.shape), paint)


def waterfall(land: Land) -> Place:
    """A waterfall between trees."""
    sky(land, 0.3)
    hills(land, 0.3, (0.25, 0.46, 0.24), far=0.2, rough=0.05)
    cliff = [(0, 0.34), (1, 0.34), (1, 0.82), (0, 0.82)]
    land.lay(
        polygon([(x * land.width, y * land.height) for x, y in cliff], land.shape),
        (0.42, 0.40, 0.38),
    )
    fall = [(0.38, 0.33), (0.62, 0.33), (0.66, 0.86), (0.34, 0.86)]
    land.lay(
        polygon([(x * land.width, y * land.height) for x, y in fall], land.shape),
        (0.86, 0.94, 0.98),
    )
    for x in (0.44, 0.52, 0.58):
        land.lay(
            line(
                [(x * land.width, 0.36 * land.height), (x * land.width, 0.8 * land.height)],
                0.02,
                None,
                land.shape,
            ),
            (0.62, 0.80, 0.90),
        )
    water(land, 0.8)
    land.lay(
        ellipse((0.5 * land.width, 0.84 * land.height), 0.5, 0.1, land.shape), (0.94, 0.97, 1.0)
    )
    for x, size, kind in ((0.1, 0.6, "round"), (0.9, 0.65, "round"), (0.25, 0.35, "round")):
        tree(land, x, 0.84, size, kind)
    return done(land, 0.93, 0.3)


def island(land: Land) -> Place:
    """An island with a palm."""
    sky(land, 0.55)
    water(land, 0.55)
    land.lay(ellipse((0.5 * land.width, 0.76 * land.height), 0.62, 0.24, land.shape), SAND)
    tree(land, 0.48, 0.74, 0.55, "palm")
    water(land, 0.82)
    return done(land, 0.8, 0.55)


def cliff(land: Land) -> Place:
    """A cliff above the sea."""
    sky(land, 0.6)
    water(land, 0.68)
    w, h = land.width, land.height
    edge = [(1.0, 0.50), (0.30, 0.52), (0.34, 0.66), (0.26, 0.78), (0.32, 1.0), (1.0, 1.0)]
    land.lay(polygon([(x * w, y * h) for x, y in edge], land.shape), (0.50, 0.44, 0.40))
    turf = [(1.0, 0.48), (0.28, 0.50), (0.30, 0.56), (1.0, 0.58)]
    land.lay(polygon([(x * w, y * h) for x, y in turf], land.shape), ground_color(land.air))
    return done(land, 0.54, 0.6)


def suspension_bridge(land: Land) -> Place:
    """A suspension bridge."""
    sky(land, 0.6)
    hills(land, 0.56, (0.34, 0.46, 0.44), far=0.5, rough=0.05)
    water(land, 0.66)
    w, h, red = land.width, land.height, (0.76, 0.28, 0.18)
    for x in (0.26, 0.74):
        land.lay(line([(x * w, 0.14 * h), (x * w, 0.84 * h)], 0.05, None, land.shape), red)
    for a, b in ((-0.22, 0.26), (0.26, 0.74), (0.74, 1.22)):
        sag = [
            ((a + (b - a) * k / 10) * w, (0.16 + 0.36 * (1 - (k / 5 - 1) ** 2)) * h)
            for k in range(11)
        ]
        land.lay(line(sag, 0.022, None, land.shape), red)
        for x, y in sag[1:-1:2]:
            land.lay(line([(x, y), (x, 0.6 * h)], 0.012, None, land.shape), red)
    land.lay(line([(-0.1, 0.61 * h), (w + 0.1, 0.61 * h)], 0.055, None, land.shape), red)
    return done(land, 0.6, 0.6)


def bridge(land: Land) -> Place:
    """A bridge on arches over water."""
    if "suspension" in land.also:
        return suspension_bridge(land)
    sky(land, 0.55)
    hills(land, 0.5, ground_color(land.air, (0.30, 0.50, 0.28)), far=0.3, rough=0.04)
    water(land, 0.62)
    w, h = land.width, land.height
    stone: Paint = (0.50, 0.33, 0.20) if "wooden" in land.also else (0.62, 0.55, 0.47)
    deck = polygon([(0, 0.50 * h), (w, 0.50 * h), (w, 0.86 * h), (0, 0.86 * h)], land.shape)
    holes = [
        ellipse(((k + 0.5) / 3 * w, 0.84 * h), 0.25 * w, 0.48 * h, land.shape) for k in range(3)
    ]
    land.lay(deck * (1 - torch.stack(holes).amax(0)), stone)
    land.lay(line([(0, 0.51 * h), (w, 0.51 * h)], 0.05, None, land.shape), (0.46, 0.38, 0.30))
    water(land, 0.86)
    return done(land, 0.5, 0.55)


def harbor(land: Land) -> Place:
    """Boats before houses."""
    sky(land, 0.5)
    for k, paint in enumerate(
        (
            (0.80, 0.42, 0.34),
            (0.92, 0.80, 0.50),
            (0.50, 0.62, 0.72),
            (0.86, 0.62, 0.46),
            (0.70, 0.72, 0.56),
        )
    ):
        house(land, 0.1 + 0.2 * k, 0.52, 0.24, far=0.2, wall=paint)
    water(land, 0.52)
    w, h = land.width, land.height
    for x, y, s in ((0.22, 0.66, 0.26), (0.72, 0.76, 0.36)):
        hull = [
            ((x - 0.5 * s) * w, y * h),
            ((x + 0.5 * s) * w, y * h),
            ((x + 0.34 * s) * w, (y + 0.26 * s) * h),
            ((x - 0.36 * s) * w, (y + 0.26 * s) * h),
        ]
        land.lay(polygon(hull, land.shape), (0.62, 0.18, 0.15), far=0.1)
        land.lay(line([(x * w, y * h), (x * w, (y - 0.95 * s) * h)], 0.02, None, land.shape), TRUNK)
        sail = [
            ((x + 0.03) * w, (y - 0.08 * s) * h),
            ((x + 0.03) * w, (y - 0.9 * s) * h),
            ((x + 0.42 * s) * w, (y - 0.08 * s) * h),
        ]
        land.lay(polygon(sail, land.shape), (0.97, 0.96, 0.92))
    pier = [(0, 0.90), (0.45, 0.84), (0.45, 0.90), (0, 1.0)]
    land.lay(polygon([(x * w, y * h) for x, y in pier], land.shape), (0.50, 0.36, 0.24))
    return done(land, 0.8, 0.5)
