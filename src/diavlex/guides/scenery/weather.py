"""The sky of a place, and what falls from it."""

import torch

from ..shapes import Cutout, ellipse, line, polygon
from .land import MOON, Land, Place

_BANKS = (
    (0.3, 0.46, 1.2, 0.12, 0.75),
    (0.8, 0.56, 1.1, 0.1, 0.75),
    (0.2, 0.66, 0.9, 0.09, 0.7),
    (0.75, 0.78, 0.8, 0.07, 0.6),
)
"""Of each bank of fog: its middle over width and height, its size, how much it hides."""


def sky(land: Land, horizon: float) -> None:
    """The sky, with what is to be seen in it."""
    top, low = (torch.tensor(paint) for paint in land.sky_colors())
    down = (land.y / land.height / max(horizon, 0.05)).clamp(0, 1)
    colors = top[:, None, None] + (low - top)[:, None, None] * down
    land.bands.append(Cutout(colors, torch.ones_like(down)))
    air = land.air
    if "aurora" in land.also:
        aurora(land, horizon)
    has_light = air.weather == "clear" and (air.hour != "day" if air.sun is None else air.sun)
    if air.hour == "night":
        if air.weather == "clear":
            stars(land, horizon)
        if has_light:
            at = (0.76 * land.width, 0.2 * land.height)
            land.lay(ellipse(at, 0.17, 0.17, land.shape), MOON, is_lit=True)
    elif air.hour == "dusk" and has_light:
        at = (0.5 * land.width, (horizon - 0.03) * land.height)
        land.lay(0.5 * ellipse(at, 0.5, 0.5, land.shape), (1.0, 0.85, 0.45), is_lit=True)
        land.lay(ellipse(at, 0.27, 0.27, land.shape), (1.0, 0.93, 0.6), is_lit=True)
    elif has_light:
        at = (0.8 * land.width, 0.17 * land.height)
        land.lay(ellipse(at, 0.19, 0.19, land.shape), (1.0, 0.87, 0.25), is_lit=True)
    if air.hour == "day" and air.weather in ("clear", "cloud", "rain", "storm"):
        clouds(land, horizon)


def aurora(land: Land, horizon: float) -> None:
    """Curtains of green and purple light."""
    w, h = land.width, horizon * land.height
    for k, paint in enumerate(((0.25, 0.90, 0.55), (0.55, 0.35, 0.85), (0.20, 0.80, 0.60))):
        x = 0.16 + 0.3 * k
        low = [(x * w, 0.86 * h), ((x + 0.1) * w, 0.66 * h), ((x + 0.2) * w, 0.84 * h)]
        high = [((x + 0.26) * w, 0.1 * h), ((x + 0.14) * w, 0.02 * h), ((x + 0.06) * w, 0.12 * h)]
        land.lay(0.75 * polygon([*low, *high], land.shape), paint, is_lit=True)


def stars(land: Land, horizon: float, count: int = 14) -> None:
    """Stars, spread evenly."""
    spots = torch.rand(count, 2, generator=land.random).tolist()
    for k, (x, y) in enumerate(spots):
        x = (k + x) / count * land.width
        y = (0.04 + 0.86 * ((k * 0.618 + 0.3 * y) % 1)) * horizon * land.height
        land.lay(ellipse((x, y), 0.035, 0.035, land.shape), MOON, is_lit=True)


def clouds(land: Land, horizon: float) -> None:
    """Clouds, dark in rain and storm."""
    dark = {"rain": 0.42, "storm": 0.26}.get(land.air.weather, 0.98)
    count = 2 if land.air.weather == "clear" else 4
    for k in range(count):
        x, y = (k + 0.45) / count * land.width, (0.16 + 0.1 * (k % 2)) * land.height
        y = min(y, 0.5 * horizon * land.height)
        puffs = [(0.0, 0.0, 0.3, 0.1), (-0.05, -0.035, 0.15, 0.11), (0.06, -0.03, 0.13, 0.09)]
        for dx, dy, w, h in puffs:
            land.lay(
                ellipse((x + dx, y + dy), w, h, land.shape), (dark, dark, dark * 1.02), is_lit=True
            )


def falling(land: Land) -> None:
    """Rain, snow, lightning or fog in front of all else."""
    weather = land.air.weather
    if weather in ("rain", "storm"):
        for k in range(16):
            x, y = ((k * 0.618 + 0.1) % 1) * land.width, ((k * 0.755 + 0.07) % 1) * land.height
            land.lay(
                0.8 * line([(x, y), (x - 0.03, y + 0.1)], 0.016, None, land.shape),
                (0.80, 0.86, 0.92),
                is_lit=True,
            )
    if weather == "storm":
        x = 0.3 * land.width
        bolt = [
            (x, 0.1),
            (x - 0.09, 0.32),
            (x - 0.01, 0.31),
            (x - 0.08, 0.56),
            (x + 0.1, 0.25),
            (x + 0.02, 0.26),
            (x + 0.08, 0.1),
        ]
        land.lay(polygon(bolt, land.shape), (1.0, 0.95, 0.55), is_lit=True)
    if weather == "snow":
        for k in range(18):
            x, y = ((k * 0.618 + 0.1) % 1) * land.width, ((k * 0.755 + 0.07) % 1) * land.height
            land.lay(ellipse((x, y), 0.032, 0.032, land.shape), (1.0, 1.0, 1.0), is_lit=True)
    if weather == "fog":
        for x, y, wide, high, dense in _BANKS:
            cover = ellipse((x * land.width, y * land.height), wide * land.width, high, land.shape)
            land.lay(dense * cover, land.sky_colors()[1], is_lit=True)


def done(land: Land, ground: float, horizon: float) -> Place:
    """A place whose bands are laid, with what falls from the sky.

    Args:
        land: the bands.
        ground: where feet stand, over the height.
        horizon: over the height.
    """
    falling(land)
    return Place(land.picture(), ground, horizon)
