"""Scenery: the place of a picture in bands, from far to near, by hour, weather and season.

A place is a sky, what is far, and the ground; each is drawn from plain shapes in the colors of the
hour. Things that stand in it are not drawn here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex.guides.shapes import (
    Cutout,
    Paint,
    Plane,
    Shape,
    centers,
    covered,
    ellipse,
    fill,
    line,
    polygon,
    stacked,
)

_SNOW: Paint = (0.93, 0.95, 0.98)
_GRASS: Paint = (0.42, 0.66, 0.28)
_WATER: Paint = (0.20, 0.45, 0.68)
_SAND: Paint = (0.93, 0.80, 0.56)
_ROCK: Paint = (0.45, 0.47, 0.55)
_LEAVES: Paint = (0.20, 0.48, 0.20)
_TRUNK: Paint = (0.36, 0.24, 0.15)
_WALL: Paint = (0.93, 0.80, 0.58)
_MOON: Paint = (0.98, 0.96, 0.82)


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


_SKIES: dict[str, tuple[Paint, Paint]] = {
    "day": ((0.36, 0.62, 0.92), (0.78, 0.90, 0.98)),
    "dusk": ((0.55, 0.32, 0.52), (1.0, 0.72, 0.36)),
    "night": ((0.04, 0.06, 0.18), (0.14, 0.20, 0.42)),
    "cloud": ((0.62, 0.68, 0.74), (0.80, 0.84, 0.87)),
    "rain": ((0.42, 0.48, 0.55), (0.62, 0.67, 0.71)),
    "storm": ((0.20, 0.23, 0.32), (0.42, 0.46, 0.54)),
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

    def lit(self, paint: Paint, far: float = 0.0) -> Paint:
        """A color in this air."""
        light = torch.tensor(_LIGHT[self.air.hour]) * _DIM.get(self.air.weather, 1.0)
        seen = torch.tensor(paint) * light
        haze = far * (0.9 if self.air.weather == "fog" else 0.45)
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


def sky(land: Land, horizon: float) -> None:
    """The sky, with what is to be seen in it."""
    top, low = (torch.tensor(paint) for paint in land.sky_colors())
    down = (land.y / land.height / max(horizon, 0.05)).clamp(0, 1)
    colors = top[:, None, None] + (low - top)[:, None, None] * down
    land.bands.append(Cutout(colors, torch.ones_like(down)))
    air = land.air
    has_light = air.weather == "clear" and (air.hour != "day" if air.sun is None else air.sun)
    if air.hour == "night":
        if air.weather == "clear":
            _stars(land, horizon)
        if has_light:
            at = (0.76 * land.width, 0.2 * land.height)
            land.lay(ellipse(at, 0.17, 0.17, land.shape), _MOON, is_lit=True)
    elif air.hour == "dusk" and has_light:
        at = (0.5 * land.width, (horizon - 0.03) * land.height)
        land.lay(0.5 * ellipse(at, 0.5, 0.5, land.shape), (1.0, 0.85, 0.45), is_lit=True)
        land.lay(ellipse(at, 0.27, 0.27, land.shape), (1.0, 0.93, 0.6), is_lit=True)
    elif has_light:
        at = (0.8 * land.width, 0.17 * land.height)
        land.lay(ellipse(at, 0.19, 0.19, land.shape), (1.0, 0.87, 0.25), is_lit=True)
    if air.hour == "day" and air.weather in ("clear", "cloud", "rain", "storm"):
        _clouds(land, horizon)


def _stars(land: Land, horizon: float, count: int = 14) -> None:
    spots = torch.rand(count, 2, generator=land.random).tolist()
    for k, (x, y) in enumerate(spots):
        x = (k + x) / count * land.width
        y = (0.04 + 0.86 * ((k * 0.618 + 0.3 * y) % 1)) * horizon * land.height
        land.lay(ellipse((x, y), 0.035, 0.035, land.shape), _MOON, is_lit=True)


def _clouds(land: Land, horizon: float) -> None:
    dark = {"rain": 0.42, "storm": 0.26}.get(land.air.weather, 0.98)
    count = 2 if land.air.weather == "clear" else 4
    for k in range(count):
        x, y = (k + 0.45) / count * land.width, (0.16 + 0.1 * (k % 2)) * land.height
        y = min(y, 0.5 * horizon * land.height)
        puffs = [(0.0, 0.0, 0.3, 0.1), (-0.05, -0.035, 0.15, 0.11), (0.06, -0.03, 0.13, 0.09)]
        for dx, dy, w, h in puffs:
            land.lay(ellipse((x + dx, y + dy), w, h, land.shape), (dark, dark, dark * 1.02), is_lit=True)


def ridge(land: Land, top: float, foot: float, peaks: int, *, far: float, paint: Paint = _ROCK) -> None:
    """Mountains, with snow on them."""
    w, h = land.width, land.height
    for k in range(peaks):
        x = (k + 0.5 + 0.25 * ((k * 7) % 3 - 1)) / peaks * w
        tip = top + 0.25 * (foot - top) * (((k * 5) % 3) / 2)
        half = 0.85 * w / peaks
        outline = [(x, tip * h), (x + half, foot * h), (x - half, foot * h)]
        shade = [(x, tip * h), (x + half, foot * h), (x + 0.1 * half, foot * h)]
        cap = 0.32 * (foot - tip)
        snow = [(x, tip * h), (x + 0.32 * half, (tip + cap) * h), (x + 0.1 * half, (tip + 0.7 * cap) * h),
                (x - 0.06 * half, (tip + 1.15 * cap) * h), (x - 0.32 * half, (tip + cap) * h)]  # fmt: skip
        land.lay(polygon(outline, land.shape), paint, far=far)
        darker: Paint = tuple(0.78 * v for v in paint)  # type: ignore[assignment]
        land.lay(polygon(shade, land.shape), darker, far=far)
        land.lay(polygon(snow, land.shape), _SNOW, far=0.5 * far)


def hills(land: Land, top: float, paint: Paint, *, far: float = 0.0, rough: float = 0.04) -> None:
    """Rolling ground."""
    land.lay(land.below(top + land.uneven(rough, 2)), paint, far=far)


def water(land: Land, top: float, paint: Paint = _WATER, foot: float = 2.0) -> None:
    """Water, with what shines on it."""
    cover = land.below(top) * (1 - land.below(foot))
    land.lay(cover, paint, far=0.15)
    air = land.air
    if air.weather == "clear" and air.hour != "day":
        middle = (0.5 if air.hour == "dusk" else 0.76) * land.width
        shine = (1.0, 0.82, 0.45) if air.hour == "dusk" else (0.75, 0.78, 0.85)
        for k in range(4):
            y = (top + (1 - top) * (0.1 + 0.22 * k)) * land.height
            land.lay(cover * ellipse((middle, y), 0.24 - 0.03 * k, 0.04, land.shape), shine, is_lit=True)
    else:
        for k in range(4):
            x, y = ((0.15 + 0.61 * k) % 1) * land.width, (top + (1 - top) * (0.15 + 0.2 * k)) * land.height
            lighter: Paint = tuple(min(1.0, 1.25 * v + 0.05) for v in paint)  # type: ignore[assignment]
            land.lay(cover * ellipse((x, y), 0.2, 0.022, land.shape), lighter)


def tree(land: Land, x: float, foot: float, size: float, kind: str = "round", far: float = 0.0) -> None:
    """A tree: round, pine, palm, bare or blossom; in autumn its leaves have turned."""
    w, y = x * land.width, foot * land.height
    shape, air = land.shape, land.air
    if kind == "round" and air.season == "winter":
        kind = "bare"
    leaves = _LEAVES
    if kind == "blossom":
        leaves = (0.96, 0.68, 0.78)
    elif kind == "round" and air.season == "autumn":
        leaves = ((0.90, 0.45, 0.12), (0.80, 0.22, 0.12), (0.93, 0.68, 0.18))[int(97 * x) % 3]
    elif kind == "round":
        leaves = (0.25, 0.55, 0.20)
    land.lay(line([(w, y), (w, y - 0.5 * size)], 0.1 * size, 0.07 * size, shape), _TRUNK, far=far)
    if kind == "pine":
        for k in range(3):
            top, half = y - (1.0 - 0.24 * k) * size, (0.17 + 0.075 * k) * size
            cone = [(w, top), (w + half, top + 0.42 * size), (w - half, top + 0.42 * size)]
            land.lay(polygon(cone, shape), (0.12, 0.36, 0.22), far=far)
            if air.season == "winter":
                cap = [(w, top), (w + 0.5 * half, top + 0.2 * size), (w - 0.5 * half, top + 0.2 * size)]
                land.lay(polygon(cap, shape), _SNOW, far=far)
    elif kind == "palm":
        land.lay(line([(w, y), (w + 0.05 * size, y - 0.75 * size)], 0.08 * size, 0.06 * size, shape), _TRUNK, far=far)
        for dx, dy in ((-0.4, -0.02), (0.42, -0.02), (-0.32, -0.22), (0.34, -0.22), (-0.3, 0.15), (0.32, 0.15)):
            top = (w + 0.05 * size, y - 0.76 * size)
            bow = (top[0] + 0.6 * dx * size, top[1] + dy * size - 0.1 * size)
            leaf = line([top, bow, (top[0] + dx * size, top[1] + dy * size + 0.05 * size)], 0.09 * size, 0.02 * size, shape)
            land.lay(leaf, (0.18, 0.52, 0.22), far=far)
    elif kind == "bare":
        for dx, dy in ((-0.25, -0.85), (0.27, -0.9), (0.02, -1.0), (-0.35, -0.6), (0.36, -0.65)):
            branch = line([(w, y - 0.42 * size), (w + dx * size, y + dy * size)], 0.06 * size, 0.02 * size, shape)
            land.lay(branch, _TRUNK, far=far)
    else:
        for dx, dy, d in ((0.0, -0.72, 0.56), (-0.2, -0.58, 0.4), (0.2, -0.58, 0.4)):
            land.lay(ellipse((w + dx * size, y + dy * size), d * size, d * size, shape), leaves, far=far)


def house(land: Land, x: float, foot: float, size: float, *, far: float = 0.0, wall: Paint = _WALL, roof: Paint = (0.70, 0.25, 0.18)) -> None:
    """A house; at night its window is lit, in winter its roof is white."""
    w, y, s = x * land.width, foot * land.height, size
    box = [(w - 0.4 * s, y), (w - 0.4 * s, y - 0.5 * s), (w + 0.4 * s, y - 0.5 * s), (w + 0.4 * s, y)]
    top = [(w - 0.52 * s, y - 0.46 * s), (w, y - 0.95 * s), (w + 0.52 * s, y - 0.46 * s)]
    if land.air.season == "winter":
        wall = (0.72, 0.46, 0.32)
    land.lay(polygon(box, land.shape), wall, far=far)
    land.lay(polygon(top, land.shape), _SNOW if land.air.season == "winter" else roof, far=far)
    is_night = land.air.hour == "night"
    land.lay(line([(w - 0.17 * s, y - 0.28 * s), (w - 0.17 * s, y - 0.27 * s)], 0.2 * s, None, land.shape),
             (1.0, 0.85, 0.4) if is_night else (0.45, 0.62, 0.75), is_lit=is_night)  # fmt: skip
    land.lay(line([(w + 0.18 * s, y - 0.24 * s), (w + 0.18 * s, y - 0.04 * s)], 0.16 * s, None, land.shape), _TRUNK)


def road(land: Land, top: float, *, paint: Paint, at: float = 0.5, wide: float = 0.5, bend: float = 0.0) -> None:
    """A road or a river that comes from the horizon, wider the nearer."""
    count, points = 12, []
    for k in range(count + 1):
        t = k / count
        y = (top + (1.02 - top) * t) * land.height
        x = (at + bend * torch.sin(torch.tensor(6.0 * t)).item() * t) * land.width
        points.append((x, y, 0.03 + wide * t**1.3))
    left = [(x - w / 2, y) for x, y, w in points]
    right = [(x + w / 2, y) for x, y, w in reversed(points)]
    land.lay(polygon([*left, *right], land.shape), paint, far=0.05)


def city(land: Land, foot: float, far: float = 0.0, tallest: float = 0.5) -> None:
    """A row of tall buildings with windows, lit at night."""
    is_night = land.air.hour == "night"
    count = max(5, round(6 * land.width))
    for k in range(count):
        rise = tallest * (0.45 + 0.55 * ((k * 0.618 + 0.3) % 1))
        left, right = k / count * land.width, (k + 0.92) / count * land.width
        top, y = (foot - rise) * land.height, foot * land.height
        box = [(left, y), (left, top), (right, top), (right, y)]
        paint: Paint = ((0.50, 0.53, 0.62), (0.62, 0.58, 0.56), (0.40, 0.46, 0.56))[k % 3]
        land.lay(polygon(box, land.shape), paint, far=far)
        pane: Paint = (1.0, 0.86, 0.42) if is_night else (0.80, 0.88, 0.94)
        rows = max(2, int((y - top) / 0.085))
        for i in range(rows):
            for j in (0.28, 0.72):
                if is_night and (k * 3 + i * 5 + int(10 * j)) % 4 == 0:
                    continue
                at = (left + j * (right - left), top + (i + 0.6) * (y - top) / rows)
                land.lay(ellipse(at, 0.045, 0.05, land.shape), pane, is_lit=is_night)


def falling(land: Land) -> None:
    """Rain, snow or lightning in front of all else."""
    weather = land.air.weather
    if weather in ("rain", "storm"):
        for k in range(16):
            x, y = ((k * 0.618 + 0.1) % 1) * land.width, ((k * 0.755 + 0.07) % 1) * land.height
            land.lay(0.8 * line([(x, y), (x - 0.03, y + 0.1)], 0.016, None, land.shape), (0.80, 0.86, 0.92), is_lit=True)
    if weather == "storm":
        x = 0.3 * land.width
        bolt = [(x, 0.1), (x - 0.09, 0.32), (x - 0.01, 0.31), (x - 0.08, 0.56), (x + 0.1, 0.25), (x + 0.02, 0.26), (x + 0.08, 0.1)]
        land.lay(polygon(bolt, land.shape), (1.0, 0.95, 0.55), is_lit=True)
    if weather == "snow":
        for k in range(18):
            x, y = ((k * 0.618 + 0.1) % 1) * land.width, ((k * 0.755 + 0.07) % 1) * land.height
            land.lay(ellipse((x, y), 0.032, 0.032, land.shape), (1.0, 1.0, 1.0), is_lit=True)


def ground_color(air: Air, paint: Paint = _GRASS) -> Paint:
    """Grass in its season."""
    if paint is not _GRASS:
        return paint
    turned = {"autumn": (0.72, 0.60, 0.28), "winter": _SNOW}
    return _SNOW if air.weather == "snow" else turned.get(air.season, paint)


def _field(land: Land) -> Place:
    sky(land, 0.5)
    hills(land, 0.50, ground_color(land.air, _GRASS), far=0.45)
    hills(land, 0.58, ground_color(land.air, _GRASS), rough=0.02)
    return _done(land, 0.9, 0.5)


def _done(land: Land, ground: float, horizon: float) -> Place:
    falling(land)
    return Place(land.picture(), ground, horizon)


def _crop(paint: Paint, tufts: Paint) -> Callable[[Land], Place]:
    """A field of something, in rows that run to the horizon."""

    def draw(land: Land) -> Place:
        sky(land, 0.45)
        hills(land, 0.43, (0.35, 0.52, 0.30), far=0.5)
        hills(land, 0.48, paint, rough=0.01)
        for k in range(-6, 7):
            top = ((0.5 + 0.05 * k) * land.width, 0.49 * land.height)
            low = ((0.5 + 0.24 * k) * land.width, 1.05 * land.height)
            land.lay(line([top, low], 0.01, 0.07, land.shape), tufts)
        return _done(land, 0.9, 0.45)

    return draw


def _forest(kind: str, floor: Paint) -> Callable[[Land], Place]:
    def draw(land: Land) -> Place:
        sky(land, 0.6)
        hills(land, 0.5, (0.20, 0.38, 0.20), far=0.4)
        hills(land, 0.66, ground_color(land.air, floor) if kind != "palm" else floor, rough=0.02)
        rows = ((0.68, 0.42, 6, 0.35), (0.76, 0.58, 4, 0.12))
        for foot, size, count, far in rows:
            for k in range(count):
                x = (k + 0.5) / count
                tree(land, x, foot, size, kind, far)
        if "road" in land.also:
            road(land, 0.66, paint=(0.88, 0.76, 0.56), wide=0.7, bend=0.06)
        if "river" in land.also:
            road(land, 0.66, paint=_WATER, wide=0.6, bend=0.1)
        for x in (0.07, 0.93):
            tree(land, x, 0.9, 0.85, kind)
        return _done(land, 0.93, 0.6)

    return draw


def _mountains(land: Land) -> Place:
    sky(land, 0.62)
    ridge(land, 0.16, 0.66, 3, far=0.3)
    hills(land, 0.64, ground_color(land.air, (0.30, 0.50, 0.26)), far=0.15)
    hills(land, 0.76, ground_color(land.air, _GRASS), rough=0.02)
    return _done(land, 0.92, 0.62)


def _hills(land: Land) -> Place:
    sky(land, 0.45)
    for top, far in ((0.42, 0.5), (0.54, 0.25), (0.70, 0.0)):
        hills(land, top, ground_color(land.air, _GRASS), far=far, rough=0.09)
    return _done(land, 0.85, 0.45)


def _lake(land: Land) -> Place:
    sky(land, 0.5)
    ridge(land, 0.20, 0.52, 3, far=0.35)
    hills(land, 0.49, ground_color(land.air, (0.25, 0.45, 0.25)), far=0.15, rough=0.015)
    water(land, 0.54)
    hills(land, 0.95, ground_color(land.air, _GRASS), rough=0.02)
    return _done(land, 0.8, 0.52)


def _sea(land: Land) -> Place:
    sky(land, 0.5)
    water(land, 0.5)
    return _done(land, 0.78, 0.5)


def _beach(land: Land) -> Place:
    sky(land, 0.4)
    water(land, 0.4, (0.15, 0.55, 0.75))
    land.lay(land.below(0.645 + land.uneven(0.02, 2)), (0.97, 0.98, 1.0))
    hills(land, 0.67, _SAND, rough=0.02)
    return _done(land, 0.9, 0.4)


def _desert(land: Land) -> Place:
    sky(land, 0.5)
    hills(land, 0.52, (0.90, 0.66, 0.38), far=0.25, rough=0.08)
    hills(land, 0.64, (0.93, 0.74, 0.45), rough=0.06)
    hills(land, 0.80, (0.88, 0.66, 0.36), rough=0.04)
    return _done(land, 0.88, 0.5)


def _snow(land: Land) -> Place:
    land.air = replace(land.air, season="winter")
    sky(land, 0.5)
    hills(land, 0.5, _SNOW, far=0.4, rough=0.05)
    for x, size in ((0.1, 0.34), (0.24, 0.26), (0.9, 0.36)):
        tree(land, x, 0.62, size, "pine", 0.15)
    hills(land, 0.6, _SNOW, rough=0.025)
    return _done(land, 0.9, 0.5)


def _river(land: Land) -> Place:
    sky(land, 0.42)
    ridge(land, 0.18, 0.46, 3, far=0.4)
    hills(land, 0.44, ground_color(land.air, _GRASS), rough=0.03)
    road(land, 0.45, paint=_WATER, wide=0.62, bend=0.22)
    for x, foot, size in ((0.08, 0.72, 0.34), (0.9, 0.66, 0.3)):
        tree(land, x, foot, size, "pine")
    return _done(land, 0.86, 0.44)


def _street(land: Land) -> Place:
    sky(land, 0.55)
    city(land, 0.62, far=0.35, tallest=0.34)
    for side, s in ((0.0, 1), (1.0, -1)):
        for k, paint in enumerate(((0.72, 0.42, 0.34), (0.86, 0.74, 0.52))):
            near, far = (0.0 + 0.2 * k) * s, (0.2 + 0.16 * k) * s
            top, low = 0.1 + 0.12 * k, 0.86 - 0.1 * k
            box = [((side + near) * land.width, top * land.height), ((side + far) * land.width, (top + 0.09) * land.height),
                   ((side + far) * land.width, (low - 0.1) * land.height), ((side + near) * land.width, low * land.height)]
            land.lay(polygon(box, land.shape), paint, far=0.1 * k)
            is_night = land.air.hour == "night"
            for i in range(3):
                at = ((side + (near + far) / 2) * land.width, (top + 0.15 + 0.15 * i) * land.height)
                land.lay(ellipse(at, 0.06, 0.07, land.shape), (1.0, 0.86, 0.42) if is_night else (0.55, 0.70, 0.82), is_lit=is_night)
    land.lay(land.below(0.62) * (1 - polygon([(0, 0), (0.37 * land.width, 0.0), (0.37 * land.width, 0.62 * land.height), (0.0, 0.87 * land.height)], land.shape))
             * (1 - polygon([(land.width, 0), (0.63 * land.width, 0.0), (0.63 * land.width, 0.62 * land.height), (land.width, 0.87 * land.height)], land.shape)), (0.62, 0.60, 0.58))
    road(land, 0.62, paint=(0.34, 0.35, 0.38), wide=0.85)
    road(land, 0.64, paint=(0.95, 0.92, 0.8), wide=0.05)
    return _done(land, 0.92, 0.6)


def _city(land: Land) -> Place:
    sky(land, 0.7)
    city(land, 0.86, far=0.35, tallest=0.62)
    city(land, 0.92, tallest=0.42)
    land.lay(land.below(0.9), (0.30, 0.32, 0.36))
    return _done(land, 0.95, 0.7)


def _village(land: Land) -> Place:
    sky(land, 0.45)
    if "mountains" in land.also:
        ridge(land, 0.12, 0.5, 3, far=0.35)
    hills(land, 0.44, ground_color(land.air, _GRASS), far=0.4, rough=0.08)
    hills(land, 0.58, ground_color(land.air, _GRASS), rough=0.02)
    tree(land, 0.5, 0.64, 0.3, "round", 0.1)
    for x, foot, size in ((0.3, 0.66, 0.26), (0.68, 0.65, 0.24), (0.18, 0.86, 0.36), (0.54, 0.84, 0.34), (0.85, 0.88, 0.36)):
        house(land, x, foot, size)
    return _done(land, 0.95, 0.45)


def _road(land: Land) -> Place:
    sky(land, 0.45)
    hills(land, 0.42, ground_color(land.air, _GRASS), far=0.4, rough=0.06)
    hills(land, 0.48, ground_color(land.air, _GRASS), rough=0.01)
    road(land, 0.48, paint=(0.62, 0.58, 0.52), wide=0.6, bend=0.06)
    for x, foot, size in ((0.12, 0.74, 0.45), (0.3, 0.58, 0.24), (0.88, 0.70, 0.4), (0.7, 0.56, 0.2)):
        tree(land, x, foot, size)
    return _done(land, 0.92, 0.46)


def _room(land: Land) -> Place:
    wall: Paint = land.paint or (0.88, 0.80, 0.68)
    land.lay(torch.ones(land.shape), wall)
    window = [(0.66, 0.12), (0.92, 0.12), (0.92, 0.42), (0.66, 0.42)]
    window = [(x * land.width, y * land.height) for x, y in window]
    land.lay(polygon(window, land.shape), (0.98, 0.97, 0.93))
    pane = [(x * land.width, y * land.height) for x, y in ((0.68, 0.14), (0.90, 0.14), (0.90, 0.40), (0.68, 0.40))]
    low = land.sky_colors()[0]
    land.lay(polygon(pane, land.shape), low, is_lit=True)
    land.lay(land.below(0.74), (0.58, 0.40, 0.26))
    return Place(land.picture(), 0.92, 0.74)


def _sky(land: Land) -> Place:
    sky(land, 1.0)
    return _done(land, 0.7, 1.0)


def _space(land: Land) -> Place:
    land.air = replace(land.air, hour="night", sun=False)
    land.lay(torch.ones(land.shape), (0.04, 0.04, 0.12), is_lit=True)
    _stars(land, 1.0, 26)
    return Place(land.picture(), 0.7, 1.0)


def _under_water(land: Land) -> Place:
    top, low = torch.tensor((0.25, 0.65, 0.85)), torch.tensor((0.04, 0.22, 0.48))
    down = (land.y / land.height)[None]
    land.bands.append(Cutout(top[:, None, None] + (low - top)[:, None, None] * down, torch.ones(land.shape)))
    hills(land, 0.88, (0.70, 0.66, 0.50), far=0.3)
    for x, size in ((0.1, 0.4), (0.2, 0.28), (0.9, 0.36)):
        weed = [((x + 0.02 * (-1) ** k) * land.width, (0.95 - size * k / 4) * land.height) for k in range(5)]
        land.lay(line(weed, 0.05, 0.02, land.shape), (0.12, 0.50, 0.32))
    for x, y in ((0.3, 0.2), (0.34, 0.35), (0.7, 0.15), (0.74, 0.3)):
        land.lay(0.7 * ellipse((x * land.width, y * land.height), 0.06, 0.06, land.shape), (0.85, 0.95, 1.0), is_lit=True)
    return Place(land.picture(), 0.75, 1.0)


def _waterfall(land: Land) -> Place:
    sky(land, 0.3)
    hills(land, 0.3, (0.25, 0.46, 0.24), far=0.2, rough=0.05)
    cliff = [(0, 0.34), (1, 0.34), (1, 0.82), (0, 0.82)]
    land.lay(polygon([(x * land.width, y * land.height) for x, y in cliff], land.shape), (0.42, 0.40, 0.38))
    fall = [(0.38, 0.33), (0.62, 0.33), (0.66, 0.86), (0.34, 0.86)]
    land.lay(polygon([(x * land.width, y * land.height) for x, y in fall], land.shape), (0.86, 0.94, 0.98))
    for x in (0.44, 0.52, 0.58):
        land.lay(line([(x * land.width, 0.36 * land.height), (x * land.width, 0.8 * land.height)], 0.02, None, land.shape), (0.62, 0.80, 0.90))
    water(land, 0.8)
    land.lay(ellipse((0.5 * land.width, 0.84 * land.height), 0.5, 0.1, land.shape), (0.94, 0.97, 1.0))
    for x, size, kind in ((0.1, 0.6, "round"), (0.9, 0.65, "round"), (0.25, 0.35, "round")):
        tree(land, x, 0.84, size, kind)
    return _done(land, 0.93, 0.3)


def _storm_sea(land: Land) -> Place:
    sky(land, 0.5)
    for k, top in enumerate((0.48, 0.60, 0.74, 0.88)):
        crest = top + 0.05 * torch.sin(14 * land.x[0] + 2.1 * k)
        land.lay(land.below(crest - 0.022), (0.85, 0.90, 0.93), far=0.2)
        land.lay(land.below(crest), (0.20, 0.38, 0.50) if k % 2 else (0.14, 0.30, 0.42))
    return _done(land, 0.7, 0.5)


def _island(land: Land) -> Place:
    sky(land, 0.55)
    water(land, 0.55)
    land.lay(ellipse((0.5 * land.width, 0.76 * land.height), 0.62, 0.24, land.shape), _SAND)
    tree(land, 0.48, 0.74, 0.55, "palm")
    water(land, 0.82)
    return _done(land, 0.8, 0.55)


def _cliff(land: Land) -> Place:
    sky(land, 0.6)
    water(land, 0.68)
    w, h = land.width, land.height
    edge = [(1.0, 0.50), (0.30, 0.52), (0.34, 0.66), (0.26, 0.78), (0.32, 1.0), (1.0, 1.0)]
    land.lay(polygon([(x * w, y * h) for x, y in edge], land.shape), (0.50, 0.44, 0.40))
    turf = [(1.0, 0.48), (0.28, 0.50), (0.30, 0.56), (1.0, 0.58)]
    land.lay(polygon([(x * w, y * h) for x, y in turf], land.shape), ground_color(land.air))
    return _done(land, 0.54, 0.6)


def _hanging(land: Land) -> Place:
    """A suspension bridge."""
    sky(land, 0.6)
    hills(land, 0.56, (0.34, 0.46, 0.44), far=0.5, rough=0.05)
    water(land, 0.66)
    w, h, red = land.width, land.height, (0.76, 0.28, 0.18)
    for x in (0.26, 0.74):
        land.lay(line([(x * w, 0.14 * h), (x * w, 0.84 * h)], 0.05, None, land.shape), red)
    for a, b in ((-0.22, 0.26), (0.26, 0.74), (0.74, 1.22)):
        sag = [((a + (b - a) * k / 10) * w, (0.16 + 0.36 * (1 - (k / 5 - 1) ** 2)) * h) for k in range(11)]
        land.lay(line(sag, 0.022, None, land.shape), red)
        for x, y in sag[1:-1:2]:
            land.lay(line([(x, y), (x, 0.6 * h)], 0.012, None, land.shape), red)
    land.lay(line([(-0.1, 0.61 * h), (w + 0.1, 0.61 * h)], 0.055, None, land.shape), red)
    return _done(land, 0.6, 0.6)


def _bridge(land: Land) -> Place:
    if "suspension" in land.also:
        return _hanging(land)
    sky(land, 0.55)
    hills(land, 0.5, ground_color(land.air, (0.30, 0.50, 0.28)), far=0.3, rough=0.04)
    water(land, 0.62)
    w, h = land.width, land.height
    stone: Paint = (0.50, 0.33, 0.20) if "wooden" in land.also else (0.62, 0.55, 0.47)
    deck = polygon([(0, 0.50 * h), (w, 0.50 * h), (w, 0.86 * h), (0, 0.86 * h)], land.shape)
    holes = [ellipse(((k + 0.5) / 3 * w, 0.84 * h), 0.25 * w, 0.48 * h, land.shape) for k in range(3)]
    land.lay(deck * (1 - torch.stack(holes).amax(0)), stone)
    land.lay(line([(0, 0.51 * h), (w, 0.51 * h)], 0.05, None, land.shape), (0.46, 0.38, 0.30))
    water(land, 0.86)
    return _done(land, 0.5, 0.55)


def _harbor(land: Land) -> Place:
    sky(land, 0.5)
    for k, paint in enumerate(((0.80, 0.42, 0.34), (0.92, 0.80, 0.50), (0.50, 0.62, 0.72), (0.86, 0.62, 0.46), (0.70, 0.72, 0.56))):
        house(land, 0.1 + 0.2 * k, 0.52, 0.24, far=0.2, wall=paint)
    water(land, 0.52)
    w, h = land.width, land.height
    for x, y, s in ((0.22, 0.66, 0.26), (0.72, 0.76, 0.36)):
        hull = [((x - 0.5 * s) * w, y * h), ((x + 0.5 * s) * w, y * h), ((x + 0.34 * s) * w, (y + 0.26 * s) * h), ((x - 0.36 * s) * w, (y + 0.26 * s) * h)]
        land.lay(polygon(hull, land.shape), (0.62, 0.18, 0.15), far=0.1)
        land.lay(line([(x * w, y * h), (x * w, (y - 0.95 * s) * h)], 0.02, None, land.shape), _TRUNK)
        sail = [((x + 0.03) * w, (y - 0.08 * s) * h), ((x + 0.03) * w, (y - 0.9 * s) * h), ((x + 0.42 * s) * w, (y - 0.08 * s) * h)]
        land.lay(polygon(sail, land.shape), (0.97, 0.96, 0.92))
    pier = [(0, 0.90), (0.45, 0.84), (0.45, 0.90), (0, 1.0)]
    land.lay(polygon([(x * w, y * h) for x, y in pier], land.shape), (0.50, 0.36, 0.24))
    return _done(land, 0.8, 0.5)


PLACES: dict[str, Callable[[Land], Place]] = {
    "harbor": _harbor,
    "island": _island,
    "cliff": _cliff,
    "bridge": _bridge,
    "field": _field,
    "wheat": _crop((0.90, 0.74, 0.34), (0.80, 0.60, 0.22)),
    "lavender": _crop((0.62, 0.50, 0.72), (0.46, 0.28, 0.66)),
    "vineyard": _crop((0.62, 0.56, 0.34), (0.28, 0.50, 0.20)),
    "forest": _forest("round", _GRASS),
    "pines": _forest("pine", (0.36, 0.52, 0.28)),
    "jungle": _forest("palm", (0.24, 0.44, 0.18)),
    "blossom": _forest("blossom", _GRASS),
    "mountains": _mountains,
    "hills": _hills,
    "lake": _lake,
    "sea": _sea,
    "beach": _beach,
    "desert": _desert,
    "snow": _snow,
    "river": _river,
    "street": _street,
    "city": _city,
    "village": _village,
    "road": _road,
    "room": _room,
    "sky": _sky,
    "space": _space,
    "under water": _under_water,
    "waterfall": _waterfall,
}
"""How a place is drawn, by name."""


def place(
    name: str, air: Air, shape: Shape = (64, 64), seed: int = 0, *, also: Sequence[str] = (), paint: Paint | None = None
) -> Place:
    """A place with nothing in it, one of `PLACES`.

    Args:
        name: of the place.
        air: hour, weather and season.
        shape: rows and columns.
        seed: of what is uneven.
        also: other places that are seen there: a road through a forest, mountains behind a lake.
        paint: of the walls of a room, if one is said.
    """
    land = Land(shape, air, seed)
    land.also, land.paint = frozenset(also), paint
    if name == "sea" and air.weather == "storm":
        return _storm_sea(land)
    return PLACES[name](land)
