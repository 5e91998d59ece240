"""Scenery: the place of a picture in bands, from far to near, by hour, weather and season.

A place is a sky, what is far, and the ground; each is drawn from plain shapes in the colors of the
hour. Things that stand in it are not drawn here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..shapes import Paint, Shape
from .country import country_road, crop, desert, field, forest, hill_country, mountains, snow
from .land import GRASS, Air, Land, Place
from .rooms import room
from .towns import open_sky, skyline, space, street, village
from .waters import (
    beach,
    bridge,
    cliff,
    harbor,
    island,
    lake,
    river,
    sea,
    stormy_sea,
    under_water,
    waterfall,
)
from .wonders import (
    blossoms,
    canyon,
    graveyard,
    iceberg,
    market,
    moonscape,
    oasis,
    railway,
    swamp,
)

__all__ = ["PLACES", "Air", "Land", "Place", "place"]

PLACES: dict[str, Callable[[Land], Place]] = {
    "oasis": oasis,
    "canyon": canyon,
    "iceberg": iceberg,
    "swamp": swamp,
    "moonscape": moonscape,
    "graveyard": graveyard,
    "railway": railway,
    "market": market,
    "orchard": blossoms,
    "harbor": harbor,
    "island": island,
    "cliff": cliff,
    "bridge": bridge,
    "field": field,
    "wheat": crop((0.90, 0.74, 0.34), (0.80, 0.60, 0.22), has_ears=True),
    "lavender": crop((0.62, 0.50, 0.72), (0.46, 0.28, 0.66)),
    "vineyard": crop((0.62, 0.56, 0.34), (0.28, 0.50, 0.20)),
    "forest": forest("round", GRASS),
    "pines": forest("pine", (0.36, 0.52, 0.28)),
    "jungle": forest("palm", (0.24, 0.44, 0.18)),
    "blossom": forest("blossom", GRASS),
    "mountains": mountains,
    "hills": hill_country,
    "lake": lake,
    "sea": sea,
    "beach": beach,
    "desert": desert,
    "snow": snow,
    "river": river,
    "street": street,
    "city": skyline,
    "village": village,
    "road": country_road,
    "room": room,
    "sky": open_sky,
    "space": space,
    "under water": under_water,
    "waterfall": waterfall,
}
"""How a place is drawn, by name."""


def place(
    name: str,
    air: Air,
    shape: Shape = (64, 64),
    seed: int = 0,
    *,
    also: Sequence[str] = (),
    paint: Paint | None = None,
) -> Place:
    """A place with nothing in it, one of `PLACES`.

    Args:
        name: of the place.
        air: hour, weather and season.
        shape: rows and columns.
        seed: of what is uneven.
        also: other places that are seen there: a road through a forest, mountains behind a lake.
        paint: of walls, water or grass, if one is said.
    """
    if air.weather == "snow":
        air = replace(air, season="winter")
    land = Land(shape, air, seed)
    land.also, land.paint = frozenset(also), paint
    if name == "sea" and air.weather == "storm":
        return stormy_sea(land)
    return PLACES[name](land)
