"""Places in the country: fields, forests, mountains, roads."""

from collections.abc import Callable
from dataclasses import replace

from ..shapes import Paint, ellipse, line
from .land import GRASS, SNOW, TRUNK, WATER, Land, Place
from .pieces import ground_color, hills, house, ridge, road
from .trees import cactus, tree
from .weather import done, sky


def field(land: Land) -> Place:
    """Grass that runs to the horizon; of a farm, with a barn."""
    sky(land, 0.5)
    grass = land.paint or ground_color(land.air, GRASS)
    hills(land, 0.50, grass, far=0.45)
    hills(land, 0.58, grass, rough=0.02)
    if "farm" in land.also:
        house(land, 0.2, 0.66, 0.34, wall=(0.74, 0.18, 0.15))
        for k in range(5):
            top = ((0.5 + 0.06 * k) * land.width, 0.72 * land.height)
            low = ((0.35 + 0.15 * k) * land.width, 1.02 * land.height)
            land.lay(line([top, low], 0.015, 0.05, land.shape), (0.62, 0.46, 0.24))
    return done(land, 0.9, 0.5)


def crop(paint: Paint, tufts: Paint, *, has_ears: bool = False) -> Callable[[Land], Place]:
    """A field of something, in rows that run to the horizon; of corn, with ears in front."""

    def draw(land: Land) -> Place:
        sky(land, 0.45)
        hills(land, 0.43, (0.35, 0.52, 0.30), far=0.5)
        hills(land, 0.48, paint, rough=0.01)
        for k in range(-6, 7):
            top = ((0.5 + 0.05 * k) * land.width, 0.49 * land.height)
            low = ((0.5 + 0.24 * k) * land.width, 1.05 * land.height)
            land.lay(line([top, low], 0.01, 0.07, land.shape), tufts)
        if has_ears:
            ears(land, paint)
        return done(land, 0.9, 0.45)

    return draw


def ears(land: Land, paint: Paint) -> None:
    """Ears of corn on their stalks, in front of all else."""
    for k in range(7):
        x, top = (k + 0.5) / 7, 0.6 + 0.07 * (k % 2)
        sway = 0.02 * (k % 3 - 1)
        foot, tip = (x * land.width, land.height), ((x + sway) * land.width, top * land.height)
        land.lay(line([foot, tip], 0.015, None, land.shape), (0.62, 0.46, 0.16))
        for at in range(4):
            for side in (-1, 1):
                spot = (tip[0] + 0.024 * side, tip[1] + 0.036 * at)
                land.lay(ellipse(spot, 0.045, 0.05, land.shape), (0.96, 0.80, 0.42))
        land.lay(ellipse((tip[0], tip[1] - 0.03), 0.035, 0.06, land.shape), paint)


def forest(kind: str, floor: Paint) -> Callable[[Land], Place]:
    """Trees of a kind, in rows, with the largest at both sides."""

    def draw(land: Land) -> Place:
        sky(land, 0.6)
        is_snowy = kind == "round" and land.air.season == "winter"
        trees = "pine" if is_snowy or "pine" in land.also else kind
        hills(land, 0.5, (0.20, 0.38, 0.20), far=0.4)
        hills(land, 0.66, ground_color(land.air, floor) if kind != "palm" else floor, rough=0.02)
        rows = ((0.68, 0.42, 6, 0.35), (0.76, 0.58, 4, 0.12))
        for foot, size, count, far in rows:
            for k in range(count):
                x = (k + 0.5) / count
                tree(land, x, foot, size, trees, far)
        if "road" in land.also:
            road(land, 0.66, paint=(0.88, 0.76, 0.56), wide=0.7, bend=0.06)
        if "river" in land.also:
            road(land, 0.66, paint=WATER, wide=0.6, bend=0.1)
        for x in (0.07, 0.93):
            tree(land, x, 0.9, 0.85, trees)
        return done(land, 0.93, 0.6)

    return draw


def mountains(land: Land) -> Place:
    """Mountains behind meadows."""
    sky(land, 0.62)
    ridge(land, 0.16, 0.66, 3, far=0.3)
    hills(land, 0.64, ground_color(land.air, (0.30, 0.50, 0.26)), far=0.15)
    hills(land, 0.76, ground_color(land.air, GRASS), rough=0.02)
    return done(land, 0.92, 0.62)


def hill_country(land: Land) -> Place:
    """Three rows of hills."""
    sky(land, 0.45)
    for top, far in ((0.42, 0.5), (0.54, 0.25), (0.70, 0.0)):
        hills(land, top, ground_color(land.air, GRASS), far=far, rough=0.09)
    return done(land, 0.85, 0.45)


def desert(land: Land) -> Place:
    """Dunes."""
    sky(land, 0.5)
    hills(land, 0.52, (0.90, 0.66, 0.38), far=0.25, rough=0.08)
    hills(land, 0.64, (0.93, 0.74, 0.45), rough=0.06)
    hills(land, 0.80, (0.88, 0.66, 0.36), rough=0.04)
    if "road" in land.also:
        road(land, 0.62, paint=(0.42, 0.42, 0.44), wide=0.5, bend=0.05)
    for x, foot, size in ((0.14, 0.82, 0.34), (0.87, 0.7, 0.22)):
        cactus(land, x, foot, size)
    return done(land, 0.88, 0.5)


def snow(land: Land) -> Place:
    """Snow, with a few pines."""
    land.air = replace(land.air, season="winter")
    sky(land, 0.5)
    hills(land, 0.5, SNOW, far=0.4, rough=0.05)
    for x, size in ((0.1, 0.34), (0.24, 0.26), (0.9, 0.36)):
        tree(land, x, 0.62, size, "pine", 0.15)
    hills(land, 0.6, SNOW, rough=0.025)
    return done(land, 0.9, 0.5)


def country_road(land: Land) -> Place:
    """A road between trees."""
    sky(land, 0.45)
    hills(land, 0.42, ground_color(land.air, GRASS), far=0.4, rough=0.06)
    hills(land, 0.48, ground_color(land.air, GRASS), rough=0.01)
    road(land, 0.48, paint=(0.62, 0.58, 0.52), wide=0.6, bend=0.06)
    for x, foot, size in (
        (0.12, 0.74, 0.45),
        (0.3, 0.58, 0.24),
        (0.88, 0.70, 0.4),
        (0.7, 0.56, 0.2),
    ):
        tree(land, x, foot, size)
    if "park" in land.also:
        bench(land, 0.72, 0.86)
    return done(land, 0.92, 0.46)


def bench(land: Land, x: float, foot: float) -> None:
    """A bench on two legs."""

    def bar(points: list[tuple[float, float]], width: float) -> None:
        ends = [((x + dx) * land.width, (foot - up) * land.height) for dx, up in points]
        land.lay(line(ends, width, None, land.shape), TRUNK)

    for up in (0.08, 0.15, 0.19):
        bar([(-0.14, up), (0.14, up)], 0.028)
    for dx in (-0.12, 0.12):
        bar([(dx, 0.0), (dx, 0.19)], 0.022)
