"""Places that people have built, inside and outside; the sky, and what is beyond it."""

from dataclasses import replace

import torch

from ..shapes import Paint, ellipse
from .land import GRASS, LIT, SNOW, Land, Place
from .pieces import city, ground_color, hills, house, ridge, road
from .trees import tree
from .weather import done, sky, stars


def street(land: Land) -> Place:
    """A street between houses, with a city at its end."""
    sky(land, 0.55)
    city(land, 0.62, far=0.35, tallest=0.34)
    for is_right in (False, True):
        for k, paint in enumerate(((0.72, 0.42, 0.34), (0.86, 0.74, 0.52))):
            _row(land, k, paint, is_right=is_right)
    pavement = [(0, 1), (0, 0.87), (0.37, 0.62), (0.63, 0.62), (1, 0.87), (1, 1)]
    is_snowy = land.air.season == "winter"
    land.area(pavement, SNOW if is_snowy else (0.62, 0.60, 0.58))
    road(land, 0.62, paint=(0.70, 0.74, 0.80) if is_snowy else (0.34, 0.35, 0.38), wide=0.85)
    road(land, 0.64, paint=SNOW if is_snowy else (0.95, 0.92, 0.8), wide=0.05)
    return done(land, 0.92, 0.6)


def _row(land: Land, k: int, paint: Paint, *, is_right: bool) -> None:
    """A house at one side of a street, the nearest or the next."""
    is_night = land.air.hour == "night"

    def across(x: float) -> float:
        return 1 - x if is_right else x

    near, far = across(0.2 * k), across(0.2 + 0.16 * k)
    top, low = 0.1 + 0.12 * k, 0.86 - 0.1 * k
    land.area([(near, top), (far, top + 0.09), (far, low - 0.1), (near, low)], paint, far=0.1 * k)
    if land.air.season == "winter":
        roof = [(near, top - 0.05), (far, top + 0.06), (far, top + 0.1), (near, top + 0.02)]
        land.area(roof, SNOW, far=0.1 * k)
    for i in range(3):
        at = (near + far) / 2 * land.width, (top + 0.15 + 0.15 * i) * land.height
        pane = ellipse(at, 0.06, 0.07, land.shape)
        land.lay(pane, LIT if is_night else (0.55, 0.70, 0.82), is_lit=is_night)


def skyline(land: Land) -> Place:
    """Two rows of tall buildings."""
    sky(land, 0.7)
    city(land, 0.86, far=0.35, tallest=0.62)
    city(land, 0.92, tallest=0.42)
    land.lay(land.below(0.9), (0.30, 0.32, 0.36))
    return done(land, 0.95, 0.7)


def village(land: Land) -> Place:
    """Houses on hills."""
    sky(land, 0.45)
    if "mountains" in land.also:
        ridge(land, 0.12, 0.5, 3, far=0.35)
    hills(land, 0.44, ground_color(land.air, GRASS), far=0.4, rough=0.08)
    hills(land, 0.58, ground_color(land.air, GRASS), rough=0.02)
    tree(land, 0.5, 0.64, 0.3, "round", 0.1)
    for x, foot, size in (
        (0.3, 0.66, 0.26),
        (0.68, 0.65, 0.24),
        (0.18, 0.86, 0.36),
        (0.54, 0.84, 0.34),
        (0.85, 0.88, 0.36),
    ):
        house(land, x, foot, size)
    return done(land, 0.95, 0.45)


def open_sky(land: Land) -> Place:
    """Nothing but sky."""
    sky(land, 1.0)
    return done(land, 0.7, 1.0)


def space(land: Land) -> Place:
    """Stars without a sky."""
    land.air = replace(land.air, hour="night", sun=False)
    land.lay(torch.ones(land.shape), (0.04, 0.04, 0.12), is_lit=True)
    stars(land, 1.0, 26)
    return Place(land.picture(), 0.7, 1.0)
