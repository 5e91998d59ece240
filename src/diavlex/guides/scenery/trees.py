"""Trees of places: round ones, pines, palms, bare ones, those in blossom; cacti."""

from ..shapes import Paint, Point, ellipse, line, polygon
from .land import LEAVES, SNOW, TRUNK, Land

_TURNED: tuple[Paint, ...] = ((0.90, 0.45, 0.12), (0.80, 0.22, 0.12), (0.93, 0.68, 0.18))
"""Leaves in autumn."""
_PINE: Paint = (0.12, 0.36, 0.22)
_PALM: Paint = (0.18, 0.52, 0.22)
_CACTUS: Paint = (0.24, 0.50, 0.28)
_FRONDS = ((-0.4, 0.02), (0.42, 0.02), (-0.32, 0.22), (0.34, 0.22), (-0.3, -0.15), (0.32, -0.15))
_TWIGS = ((-0.25, 0.85), (0.27, 0.9), (0.02, 1.0), (-0.35, 0.6), (0.36, 0.65))
_CROWN = ((0.0, 0.72, 0.56), (-0.2, 0.58, 0.4), (0.2, 0.58, 0.4))


class _Spot:
    """Where a tree stands; points of it are told in its sizes, up from its foot."""

    def __init__(self, land: Land, x: float, foot: float, size: float, far: float) -> None:
        self.land, self.far, self.size = land, far, size
        self.foot = x * land.width, foot * land.height

    def at(self, x: float, up: float) -> Point:
        return self.foot[0] + x * self.size, self.foot[1] - up * self.size

    def limb(self, points: list[Point], width: float, end: float, paint: Paint = TRUNK) -> None:
        points = [self.at(*point) for point in points]
        cover = line(points, width * self.size, end * self.size, self.land.shape)
        self.land.lay(cover, paint, far=self.far)

    def cone(self, top: float, half: float, foot: float, paint: Paint) -> None:
        points = [self.at(0, top), self.at(half, foot), self.at(-half, foot)]
        self.land.lay(polygon(points, self.land.shape), paint, far=self.far)

    def puff(self, x: float, up: float, wide: float, paint: Paint) -> None:
        wide = wide * self.size
        cover = ellipse(self.at(x, up), wide, wide, self.land.shape)
        self.land.lay(cover, paint, far=self.far)


def tree(
    land: Land, x: float, foot: float, size: float, kind: str = "round", far: float = 0.0
) -> None:
    """A tree: round, pine, palm, bare or blossom; in autumn its leaves have turned."""
    spot, season = _Spot(land, x, foot, size, far), land.air.season
    spot.limb([(0, 0), (0, 0.5)], 0.1, 0.07)
    if kind == "pine":
        _pine(spot, is_snowy=season == "winter")
    elif kind == "palm":
        _palm(spot)
    elif kind == "bare" or (kind == "round" and season == "winter"):
        for dx, up in _TWIGS:
            spot.limb([(0, 0.42), (dx, up)], 0.06, 0.02)
    else:
        for dx, up, wide in _CROWN:
            spot.puff(dx, up, wide, _leaves(kind, season, x))


def cactus(land: Land, x: float, foot: float, size: float) -> None:
    """A cactus with two arms."""
    spot = _Spot(land, x, foot, size, 0.0)
    spot.limb([(0.0, 0.0), (0.0, 0.95)], 0.2, 0.2, _CACTUS)
    for side, low in ((-1, 0.4), (1, 0.3)):
        arm = [(0.0, low), (0.28 * side, low), (0.28 * side, low + 0.3)]
        spot.limb(arm, 0.13, 0.13, _CACTUS)


def _leaves(kind: str, season: str, x: float) -> Paint:
    if kind == "blossom":
        return (0.96, 0.68, 0.78)
    if kind == "round":
        return _TURNED[int(97 * x) % 3] if season == "autumn" else (0.25, 0.55, 0.20)
    return LEAVES


def _pine(spot: _Spot, *, is_snowy: bool) -> None:
    for k in range(3):
        top, half = 1.0 - 0.24 * k, 0.17 + 0.075 * k
        spot.cone(top, half, top - 0.42, _PINE)
        if is_snowy:
            spot.cone(top, 0.5 * half, top - 0.2, SNOW)


def _palm(spot: _Spot) -> None:
    spot.limb([(0, 0), (0.05, 0.75)], 0.08, 0.06)
    for dx, up in _FRONDS:
        bow = (0.05 + 0.6 * dx, 0.86 + up)
        spot.limb([(0.05, 0.76), bow, (0.05 + dx, 0.71 + up)], 0.09, 0.02, _PALM)
