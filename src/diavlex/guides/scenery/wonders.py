"""Places that are known by one thing: an oasis, a canyon, an iceberg, the moon, graves, rails."""

from dataclasses import replace

import torch

from ..shapes import Paint, Point, ellipse, line
from .land import SAND, WATER, Land, Place, shaded
from .pieces import ground_color, hills, water
from .trees import tree
from .weather import done, sky, stars

_CANYON: Paint = (0.80, 0.42, 0.24)
_DUST: Paint = (0.62, 0.62, 0.64)
_STONE: Paint = (0.58, 0.60, 0.62)


def oasis(land: Land) -> Place:
    """Palms around a pond between dunes."""
    sky(land, 0.5)
    hills(land, 0.50, (0.90, 0.66, 0.38), far=0.25, rough=0.06)
    hills(land, 0.60, SAND, rough=0.03)
    land.lay(
        ellipse((0.5 * land.width, 0.78 * land.height), 0.74, 0.26, land.shape),
        ground_color(land.air, (0.42, 0.66, 0.28)),
    )
    land.lay(ellipse((0.5 * land.width, 0.80 * land.height), 0.56, 0.16, land.shape), WATER)
    for x, foot, size in ((0.2, 0.78, 0.62), (0.82, 0.76, 0.56), (0.66, 0.68, 0.4)):
        tree(land, x, foot, size, "palm")
    return done(land, 0.95, 0.5)


def canyon(land: Land) -> Place:
    """Red walls in layers on both sides of a river."""
    sky(land, 0.45)
    land.area([(0, 0.4), (1, 0.36), (1, 0.7), (0, 0.7)], shaded(_CANYON, 1.15), far=0.35)
    land.area([(0.3, 1), (0.46, 0.6), (0.54, 0.6), (0.74, 1)], WATER)
    for left in (True, False):
        for k, light in enumerate((1.0, 0.8, 1.08, 0.72)):
            top, reach = 0.16 + 0.2 * k, 0.30 + 0.045 * k
            shape = [(0, top), (reach, top + 0.06), (reach + 0.03, top + 0.26), (0, top + 0.24)]
            if k == 3:
                shape = [(0, top), (reach, top + 0.06), (reach - 0.02, 1), (0, 1)]
            points = [(x if left else 1 - x, y) for x, y in shape]
            land.area(points, shaded(_CANYON, light))
    return done(land, 0.97, 0.45)


def iceberg(land: Land) -> Place:
    """White peaks of ice in a cold sea."""
    land.air = replace(land.air, season="winter")
    sky(land, 0.6)
    water(land, 0.6, (0.16, 0.42, 0.62))
    ice = [
        (0.1, 0.74),
        (0.2, 0.42),
        (0.32, 0.5),
        (0.48, 0.12),
        (0.62, 0.4),
        (0.74, 0.3),
        (0.92, 0.74),
    ]
    land.area(ice, (0.94, 0.97, 1.0))
    land.area([(0.48, 0.12), (0.62, 0.4), (0.56, 0.74), (0.42, 0.74)], (0.66, 0.82, 0.93))
    land.area([(0.74, 0.3), (0.92, 0.74), (0.72, 0.74)], (0.66, 0.82, 0.93))
    land.area([(0.1, 0.74), (0.92, 0.74), (0.76, 0.9), (0.26, 0.9)], (0.36, 0.66, 0.82))
    return done(land, 0.9, 0.6)


def swamp(land: Land) -> Place:
    """Green water between bare trees."""
    sky(land, 0.5)
    hills(land, 0.44, (0.30, 0.40, 0.24), far=0.4)
    land.lay(land.below(0.58), (0.36, 0.44, 0.22))
    for x, y, size in ((0.2, 0.72, 0.34), (0.7, 0.68, 0.3), (0.5, 0.88, 0.4)):
        land.lay(
            ellipse((x * land.width, y * land.height), size, 0.07, land.shape), (0.5, 0.62, 0.26)
        )
    for x, foot, size in ((0.12, 0.74, 0.6), (0.86, 0.78, 0.66), (0.6, 0.62, 0.36)):
        tree(land, x, foot, size, "bare")
    return done(land, 0.94, 0.5)


def moonscape(land: Land) -> Place:
    """The ground of the moon, with the earth in a black sky."""
    land.air = replace(land.air, hour="day", sun=False)
    land.lay(torch.ones(land.shape), (0.03, 0.03, 0.09), is_lit=True)
    stars(land, 0.55, 16)
    at = (0.8 * land.width, 0.2 * land.height)
    land.lay(ellipse(at, 0.22, 0.22, land.shape), (0.20, 0.46, 0.85), is_lit=True)
    land.lay(ellipse((at[0] - 0.03, at[1] - 0.02), 0.1, 0.08, land.shape), (0.3, 0.62, 0.32))
    hills(land, 0.62, _DUST, rough=0.03)
    for x, y, size in (
        (0.16, 0.74, 0.24),
        (0.62, 0.72, 0.18),
        (0.84, 0.88, 0.28),
        (0.36, 0.94, 0.2),
    ):
        spot = (x * land.width, y * land.height)
        land.lay(ellipse(spot, size, 0.36 * size, land.shape), shaded(_DUST, 0.7))
    return done(land, 0.9, 0.6)


def graveyard(land: Land) -> Place:
    """Tombstones on grass, with a bare tree."""
    sky(land, 0.5)
    hills(land, 0.5, ground_color(land.air, (0.36, 0.52, 0.30)), rough=0.04)
    tree(land, 0.84, 0.68, 0.6, "bare")
    for x, foot, size in (
        (0.2, 0.66, 0.16),
        (0.5, 0.64, 0.14),
        (0.12, 0.92, 0.26),
        (0.62, 0.94, 0.26),
    ):
        _tombstone(land, x, foot, size, has_cross=foot > 0.9)
    return done(land, 0.95, 0.5)


def _tombstone(land: Land, x: float, foot: float, size: float, *, has_cross: bool) -> None:
    middle, bottom = x * land.width, foot * land.height
    slab = line([(middle, bottom - size), (middle, bottom)], 0.8 * size, None, land.shape)
    land.lay(slab * (1 - land.below(foot)), _STONE)
    if has_cross:
        arms: list[list[Point]] = [
            [(middle, bottom - 1.1 * size), (middle, bottom - 0.5 * size)],
            [
                (middle - 0.2 * size, bottom - 0.9 * size),
                (middle + 0.2 * size, bottom - 0.9 * size),
            ],
        ]
        for arm in arms:
            land.lay(line(arm, 0.1 * size, None, land.shape), shaded(_STONE, 0.5))


def railway(land: Land) -> Place:
    """Rails that run to the horizon."""
    sky(land, 0.45)
    hills(land, 0.44, ground_color(land.air), far=0.35, rough=0.05)
    hills(land, 0.5, ground_color(land.air), rough=0.01)
    land.area([(0.46, 0.5), (0.54, 0.5), (0.98, 1), (0.02, 1)], (0.66, 0.60, 0.52))
    for k in range(7):
        t = (k / 6) ** 1.6
        y, half = 0.52 + 0.46 * t, 0.05 + 0.36 * t
        ends = [((0.5 + s * half) * land.width, y * land.height) for s in (-1, 1)]
        land.lay(line(ends, 0.015 + 0.05 * t, None, land.shape), (0.40, 0.27, 0.17))
    for s in (-1, 1):
        rail = [
            ((0.5 + 0.02 * s) * land.width, 0.5 * land.height),
            ((0.5 + 0.3 * s) * land.width, land.height),
        ]
        land.lay(line(rail, 0.015, 0.05, land.shape), (0.30, 0.31, 0.34))
    return done(land, 0.95, 0.46)


def market(land: Land) -> Place:
    """Stalls with striped roofs."""
    sky(land, 0.6)
    hills(land, 0.62, (0.72, 0.68, 0.62), rough=0.01)
    for x, paint in ((0.18, (0.84, 0.2, 0.16)), (0.5, (0.2, 0.5, 0.75)), (0.82, (0.25, 0.6, 0.3))):
        _stall(land, x, paint)
    return done(land, 0.96, 0.6)


def _stall(land: Land, x: float, paint: Paint) -> None:
    half = 0.145
    land.area(
        [(x - half, 0.45), (x + half, 0.45), (x + half, 0.8), (x - half, 0.8)], (0.5, 0.36, 0.26)
    )
    land.area(
        [(x - half, 0.66), (x + half, 0.66), (x + half, 0.82), (x - half, 0.82)], (0.72, 0.52, 0.34)
    )
    for k, other in enumerate((paint, (0.97, 0.96, 0.93)) * 2):
        left, right = x - half + k * half / 2, x - half + (k + 1) * half / 2
        land.area([(left, 0.34), (right, 0.34), (right + 0.01, 0.5), (left - 0.01, 0.5)], other)
    for k, fruit in enumerate(((0.9, 0.5, 0.1), (0.8, 0.15, 0.15), (0.95, 0.8, 0.2))):
        at = ((x - 0.08 + 0.08 * k) * land.width, 0.65 * land.height)
        land.lay(ellipse(at, 0.07, 0.07, land.shape), fruit)


def blossoms(land: Land) -> Place:
    """An orchard in blossom."""
    sky(land, 0.55)
    hills(land, 0.62, ground_color(land.air), rough=0.02)
    for x, foot, size in ((0.5, 0.7, 0.46), (0.16, 0.88, 0.8), (0.84, 0.88, 0.8)):
        tree(land, x, foot, size, "blossom")
    return done(land, 0.93, 0.55)
