"""The land of a place: bands laid over each other, far first, in the light of the hour."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..shapes import Cutout, Paint, Plane, Point, Shape, centers, covered, fill, polygon, stacked

SNOW: Paint = (0.93, 0.95, 0.98)
GRASS: Paint = (0.42, 0.66, 0.28)
WATER: Paint = (0.20, 0.45, 0.68)
SAND: Paint = (0.93, 0.80, 0.56)
ROCK: Paint = (0.45, 0.47, 0.55)
LEAVES: Paint = (0.20, 0.48, 0.20)
TRUNK: Paint = (0.36, 0.24, 0.15)
WALL: Paint = (0.93, 0.80, 0.58)
LIT: Paint = (1.0, 0.86, 0.42)
"""Of windows at night."""
MOON: Paint = (0.98, 0.96, 0.82)


def shaded(paint: Paint, light: float) -> Paint:
    """A color in so much light."""
    red, green, blue = (min(1.0, light * level) for level in paint)
    return red, green, blue


@dataclass(frozen=True)
class Air:
    """Hour, weather and season of a place."""

    hour: str = "day"
    """day, dusk or night."""
    weather: str = "clear"
    """clear, cloud, rain, storm, fog or snow."""
    season: str = "summer"
    """spring, summer, autumn or winter."""
    sun: bool | None = None
    """Whether sun or moon are to be seen; at dusk and at night they are if not given."""


@dataclass(frozen=True)
class Place:
    """What a place looks like with nothing in it."""

    colors: Float[Tensor, "3 height width"]
    ground: float
    """Where the feet of what stands in it are, from the top, over the height."""
    horizon: float


_BRIGHT = 0.8
"""From which level of each color on a paint is as bright as snow."""
_ON_SNOW = {"night": 1.6, "dusk": 1.3}
"""How many times as much light there seems to be on it."""
_SKIES: dict[str, tuple[Paint, Paint]] = {
    "day": ((0.36, 0.62, 0.92), (0.78, 0.90, 0.98)),
    "dusk": ((0.55, 0.32, 0.52), (1.0, 0.72, 0.36)),
    "night": ((0.04, 0.06, 0.18), (0.14, 0.20, 0.42)),
    "cloud": ((0.62, 0.68, 0.74), (0.80, 0.84, 0.87)),
    "rain": ((0.42, 0.48, 0.55), (0.62, 0.67, 0.71)),
    "storm": ((0.26, 0.30, 0.40), (0.60, 0.64, 0.71)),
    "fog": ((0.72, 0.76, 0.79), (0.84, 0.86, 0.87)),
    "snow": ((0.66, 0.74, 0.83), (0.84, 0.89, 0.94)),
}


_LIGHT: dict[str, Paint] = {
    "day": (1.0, 1.0, 1.0),
    "dusk": (0.80, 0.56, 0.48),
    "night": (0.30, 0.36, 0.52),
}


_DIM = {"rain": 0.75, "storm": 0.55, "cloud": 0.88}
"""How light the ground is under it."""


class Land:
    """A place as it is drawn: bands laid over each other, far first.

    Args:
        shape: rows and columns.
        air: hour, weather and season.
        seed: of what is uneven.
    """

    def __init__(self, shape: Shape, air: Air, seed: int = 0) -> None:
        self.shape, self.air = shape, air
        self.x, self.y = centers(shape)
        self.height, self.width = (side / min(shape) for side in shape)
        self.random = torch.Generator().manual_seed(seed)
        self.bands: list[Cutout] = []
        self.also: frozenset[str] = frozenset()
        self.paint: Paint | None = None

    def lay(self, cover: Plane, paint: Paint, *, far: float = 0.0, is_lit: bool = False) -> None:
        """Lay a band.

        Args:
            cover: where it is.
            paint: its color by day.
            far: how far it is, from 0 to 1; what is far is paler, the more so in fog.
            is_lit: it shines by itself.
        """
        self.bands.append(fill(cover, paint if is_lit else self.lit(paint, far)))

    def area(
        self, points: Sequence[Point], paint: Paint, *, far: float = 0.0, is_lit: bool = False
    ) -> None:
        """Lay a shape with straight edges.

        Args:
            points: over width and height.
            paint: its color by day.
            far: how far it is.
            is_lit: it shines by itself.
        """
        corners = [(x * self.width, y * self.height) for x, y in points]
        self.lay(polygon(corners, self.shape), paint, far=far, is_lit=is_lit)

    def lit(self, paint: Paint, far: float = 0.0) -> Paint:
        """A color in this air."""
        light = torch.tensor(_LIGHT[self.air.hour]) * _DIM.get(self.air.weather, 1.0)
        if min(paint) > _BRIGHT:  # snow is seen by the light of the moon
            light = light * _ON_SNOW.get(self.air.hour, 1.0)
        seen = (torch.tensor(paint) * light).clamp_max(1.0)
        haze = 0.2 + 0.75 * far if self.air.weather == "fog" else 0.45 * far
        low = torch.tensor(self.sky_colors()[1])
        red, green, blue = seen.lerp(low, haze).clamp(0, 1).tolist()
        return red, green, blue

    def sky_colors(self) -> tuple[Paint, Paint]:
        """Above and at the horizon."""
        is_plain = self.air.hour != "day" or self.air.weather == "clear"
        return _SKIES[self.air.hour if is_plain else self.air.weather]

    def uneven(self, rough: float, waves: int = 4) -> Float[Tensor, " width"]:
        """A line that goes up and down by so much."""
        x = self.x[0] / self.width
        out = torch.zeros_like(x)
        for k in range(waves):
            phase, size = torch.rand(2, generator=self.random).tolist()
            wave = torch.sin(6.28 * ((0.8 + 1.1 * k) * x + phase))
            out = out + wave * (0.5 + 0.5 * size) / (k + 1)
        return rough * out / 1.6

    def below(self, top: float | Tensor) -> Plane:
        """What lies below a height, over the height of the frame."""
        return covered(top * self.height - self.y)

    def picture(self) -> Float[Tensor, "3 height width"]:
        """All bands together."""
        return stacked(self.bands).colors
