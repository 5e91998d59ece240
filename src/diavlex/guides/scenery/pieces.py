"""What places are built of: mountains, hills, water, trees, houses, roads."""

import torch

from ..shapes import Paint, Plane, Point, ellipse, line, polygon
from .land import GRASS, LIT, ROCK, SNOW, TRUNK, WALL, WATER, Air, Land, shaded


def ridge(
    land: Land, top: float, foot: float, peaks: int, *, far: float, paint: Paint = ROCK
) -> None:
    """Mountains, with snow on them."""
    w, h = land.width, land.height
    for k in range(peaks):
        x = (k + 0.5 + 0.25 * ((k * 7) % 3 - 1)) / peaks * w
        tip = top + 0.25 * (foot - top) * (((k * 5) % 3) / 2)
        half = 0.85 * w / peaks
        outline = [(x, tip * h), (x + half, foot * h), (x - half, foot * h)]
        shade = [(x, tip * h), (x + half, foot * h), (x + 0.1 * half, foot * h)]
        cap = 0.32 * (foot - tip)
        snow = [(0, 0), (0.32, 1), (0.1, 0.7), (-0.06, 1.15), (-0.32, 1)]
        snow = [(x + dx * half, (tip + down * cap) * h) for dx, down in snow]
        land.lay(polygon(outline, land.shape), paint, far=far)
        darker = shaded(paint, 0.78)
        land.lay(polygon(shade, land.shape), darker, far=far)
        land.lay(polygon(snow, land.shape), SNOW, far=0.5 * far)


def hills(land: Land, top: float, paint: Paint, *, far: float = 0.0, rough: float = 0.04) -> None:
    """Rolling ground."""
    land.lay(land.below(top + land.uneven(rough, 2)), paint, far=far)


def water(land: Land, top: float, paint: Paint = WATER, foot: float = 2.0) -> None:
    """Water, with what shines on it."""
    cover = land.below(top) * (1 - land.below(foot))
    paint = land.paint or paint
    land.lay(cover, paint, far=0.15)
    air = land.air
    if air.weather == "clear" and air.hour != "day":
        _shine(land, top, cover)
        return
    for k in range(4):
        x, y = (0.15 + 0.61 * k) % 1, top + (1 - top) * (0.15 + 0.2 * k)
        streak = ellipse((x * land.width, y * land.height), 0.2, 0.022, land.shape)
        land.lay(cover * streak, shaded(paint, 1.25))


def _shine(land: Land, top: float, cover: Plane) -> None:
    """What sun or moon leave on water."""
    is_dusk = land.air.hour == "dusk"
    middle = (0.5 if is_dusk else 0.76) * land.width
    for k in range(4):
        y = (top + (1 - top) * (0.1 + 0.22 * k)) * land.height
        streak = ellipse((middle, y), 0.24 - 0.03 * k, 0.04, land.shape)
        land.lay(cover * streak, (1.0, 0.82, 0.45) if is_dusk else (0.75, 0.78, 0.85), is_lit=True)


def house(
    land: Land, x: float, foot: float, size: float, *, far: float = 0.0, wall: Paint = WALL
) -> None:
    """A house; at night its window is lit, in winter its roof is white."""
    is_night, is_winter = land.air.hour == "night", land.air.season == "winter"

    def at(dx: float, up: float) -> Point:
        return x * land.width + dx * size, foot * land.height - up * size

    box = polygon([at(-0.4, 0), at(-0.4, 0.5), at(0.4, 0.5), at(0.4, 0)], land.shape)
    land.lay(box, (0.72, 0.46, 0.32) if is_winter else wall, far=far)
    roof = polygon([at(-0.52, 0.46), at(0, 0.95), at(0.52, 0.46)], land.shape)
    land.lay(roof, SNOW if is_winter else (0.70, 0.25, 0.18), far=far)
    window = line([at(-0.17, 0.28), at(-0.17, 0.27)], 0.2 * size, None, land.shape)
    land.lay(window, LIT if is_night else (0.45, 0.62, 0.75), is_lit=is_night)
    land.lay(line([at(0.18, 0.24), at(0.18, 0.04)], 0.16 * size, None, land.shape), TRUNK)


def road(
    land: Land, top: float, *, paint: Paint, at: float = 0.5, wide: float = 0.5, bend: float = 0.0
) -> None:
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
    count = max(5, round(6 * land.width))
    for k in range(count):
        rise = tallest * (0.45 + 0.55 * ((k * 0.618 + 0.3) % 1))
        left, right = k / count * land.width, (k + 0.92) / count * land.width
        top, y = (foot - rise) * land.height, foot * land.height
        box = [(left, y), (left, top), (right, top), (right, y)]
        paint: Paint = ((0.50, 0.53, 0.62), (0.62, 0.58, 0.56), (0.40, 0.46, 0.56))[k % 3]
        land.lay(polygon(box, land.shape), paint, far=far)
        _windows(land, (left, top), (right, y))


def _windows(land: Land, corner: Point, foot: Point) -> None:
    """Two columns of windows of a building; at night some are dark."""
    is_night = land.air.hour == "night"
    (left, top), (right, low) = corner, foot
    rows = max(2, int((low - top) / 0.085))
    for i in range(rows):
        for j in (0.28, 0.72):
            if is_night and (round(left * 7) + i * 5 + int(10 * j)) % 4 == 0:
                continue
            at = (left + j * (right - left), top + (i + 0.6) * (low - top) / rows)
            pane = ellipse(at, 0.045, 0.05, land.shape)
            land.lay(pane, LIT if is_night else (0.80, 0.88, 0.94), is_lit=is_night)


def ground_color(air: Air, paint: Paint = GRASS) -> Paint:
    """What grows on the ground in its season: under snow in winter; grass turns in autumn."""
    if air.season == "winter":
        return SNOW
    return (0.72, 0.60, 0.28) if air.season == "autumn" and paint is GRASS else paint
