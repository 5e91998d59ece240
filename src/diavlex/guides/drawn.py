"""Things drawn from plain shapes: what no icon shows, or shows badly."""

from collections.abc import Callable
from math import cos, pi, sin

from .shapes import Cutout, Paint, Plane, ellipse, fill, line, polygon, stacked

_WOOD: Paint = (0.55, 0.36, 0.20)
_DARK: Paint = (0.30, 0.19, 0.12)
_STONE: Paint = (0.60, 0.60, 0.62)
_ROOF: Paint = (0.68, 0.26, 0.18)
_RED: Paint = (0.74, 0.18, 0.15)
_GREEN: Paint = (0.24, 0.54, 0.22)
_PINE: Paint = (0.12, 0.38, 0.22)
_IRON: Paint = (0.25, 0.27, 0.30)
_SNOW: Paint = (0.88, 0.93, 0.98)
_GOLD: Paint = (0.95, 0.75, 0.20)
_GLASS: Paint = (0.55, 0.75, 0.88)
_CREAM: Paint = (0.93, 0.86, 0.70)


def _box(left: float, top: float, right: float, bottom: float) -> Plane:
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def _windmill() -> list[Cutout]:
    sails = []
    for k in range(4):
        a = pi / 4 + k * pi / 2
        dx, dy = cos(a), sin(a)
        tip, side = (0.5 + 0.44 * dx, 0.34 + 0.44 * dy), (-0.10 * dy, 0.10 * dx)
        inner = (0.5 + 0.12 * dx, 0.34 + 0.12 * dy)
        cloth = [inner, tip, (tip[0] + side[0], tip[1] + side[1]), (inner[0] + side[0], inner[1] + side[1])]
        sails += [fill(polygon(cloth), (0.97, 0.95, 0.90)), fill(line([(0.5, 0.34), tip], 0.03), _DARK)]
    tower = polygon([(0.38, 0.30), (0.62, 0.30), (0.72, 0.98), (0.28, 0.98)])
    return [
        fill(tower, _CREAM), fill(polygon([(0.34, 0.32), (0.5, 0.12), (0.66, 0.32)]), _ROOF), fill(_box(0.44, 0.78, 0.56, 0.98), _DARK),
        fill(_box(0.46, 0.54, 0.54, 0.64), _GLASS), *sails, fill(ellipse((0.5, 0.34), 0.08, 0.08), _DARK),
    ]  # fmt: skip


def _barn() -> list[Cutout]:
    wall = polygon([(0.10, 0.96), (0.10, 0.48), (0.24, 0.24), (0.5, 0.08), (0.76, 0.24), (0.90, 0.48), (0.90, 0.96)])
    rim = line([(0.06, 0.50), (0.22, 0.22), (0.5, 0.06), (0.78, 0.22), (0.94, 0.50)], 0.05)
    cross = [fill(line(p, 0.028), (0.97, 0.95, 0.92)) for p in ([(0.34, 0.58), (0.66, 0.94)], [(0.66, 0.58), (0.34, 0.94)])]
    frame = line([(0.33, 0.95), (0.33, 0.57), (0.67, 0.57), (0.67, 0.95)], 0.03)
    return [fill(wall, _RED), fill(rim, (0.42, 0.30, 0.26)), fill(_box(0.34, 0.58, 0.66, 0.96), (0.60, 0.12, 0.10)), *cross, fill(frame, (0.97, 0.95, 0.92)),
            fill(_box(0.44, 0.30, 0.56, 0.42), (0.97, 0.95, 0.92))]  # fmt: skip


def _cabin() -> list[Cutout]:
    logs = [fill(line([(0.14, y), (0.86, y)], 0.085), (0.62, 0.42, 0.24) if k % 2 else (0.50, 0.32, 0.17)) for k, y in enumerate((0.52, 0.61, 0.70, 0.79, 0.88))]
    roof = polygon([(0.02, 0.50), (0.5, 0.12), (0.98, 0.50)])
    return [fill(_box(0.68, 0.10, 0.78, 0.36), _STONE), *logs, fill(roof, (0.38, 0.24, 0.16)), fill(_box(0.42, 0.62, 0.58, 0.93), _DARK), fill(_box(0.68, 0.60, 0.80, 0.72), (1.0, 0.85, 0.45))]


def _cage() -> list[Cutout]:
    bars = [fill(line([(0.5 + 0.36 * v, 0.88), (0.5 + 0.36 * v, 0.34), (0.5 + 0.16 * v, 0.14)], 0.024), _GOLD) for v in (-1, -0.5, 0, 0.5, 1)]
    hoops = [fill(line([(0.13, y), (0.87, y)], 0.035), _GOLD) for y in (0.88, 0.62, 0.36)]
    return [*bars, *hoops, fill(ellipse((0.5, 0.08), 0.12, 0.12), _GOLD), fill(_box(0.10, 0.86, 0.90, 0.96), (0.70, 0.50, 0.15))]


def _branch() -> list[Cutout]:
    leaves = [fill(ellipse((x, y), 0.17, 0.10), _GREEN) for x, y in ((0.18, 0.36), (0.38, 0.62), (0.60, 0.34), (0.80, 0.60), (0.93, 0.38))]
    return [fill(line([(0.0, 0.54), (0.4, 0.48), (1.0, 0.44)], 0.09, 0.05), _WOOD), fill(line([(0.55, 0.47), (0.62, 0.36)], 0.03), _WOOD), *leaves]


def _fence() -> list[Cutout]:
    rails = [fill(line([(0.02, y), (0.98, y)], 0.06), (0.85, 0.80, 0.72)) for y in (0.52, 0.76)]
    posts = [polygon([(x, 0.96), (x, 0.40), (x + 0.06, 0.32), (x + 0.12, 0.40), (x + 0.12, 0.96)]) for x in (0.03, 0.24, 0.45, 0.66, 0.85)]
    return [*rails, *(fill(post, (0.96, 0.93, 0.87)) for post in posts)]


def _bench() -> list[Cutout]:
    slats = [fill(line([(0.08, y), (0.92, y)], 0.055), _WOOD) for y in (0.34, 0.44, 0.60, 0.66)]
    legs = [fill(line([(x, 0.34), (x, 0.92)], 0.045), _IRON) for x in (0.14, 0.86)]
    return [*legs, *slats]


def _stove() -> list[Cutout]:
    rings = [fill(ellipse((x, 0.25), 0.24, 0.06), _IRON) for x in (0.32, 0.68)]
    knobs = [fill(ellipse((x, 0.38), 0.07, 0.07), _IRON) for x in (0.24, 0.41, 0.59, 0.76)]
    return [fill(_box(0.10, 0.24, 0.90, 0.96), (0.86, 0.87, 0.89)), fill(_box(0.10, 0.22, 0.90, 0.30), (0.45, 0.47, 0.50)), *rings, *knobs,
            fill(_box(0.20, 0.52, 0.80, 0.86), (0.22, 0.24, 0.28)), fill(line([(0.24, 0.48), (0.76, 0.48)], 0.03), _IRON)]  # fmt: skip


def _sofa(left: float = 0.05, right: float = 0.95) -> list[Cutout]:
    blue: Paint = (0.30, 0.48, 0.68)
    dark: Paint = (0.22, 0.36, 0.54)
    legs = [fill(line([(x, 0.86), (x, 0.94)], 0.05), _DARK) for x in (left + 0.07, right - 0.07)]
    arms = [fill(line([(x, 0.56), (x, 0.80)], 0.15), dark) for x in (left + 0.07, right - 0.07)]
    return [*legs, fill(line([(left + 0.14, 0.42), (right - 0.14, 0.42)], 0.28), blue), fill(_box(left + 0.08, 0.60, right - 0.08, 0.86), dark),
            fill(line([(left + 0.16, 0.64), (right - 0.16, 0.64)], 0.13), (0.38, 0.58, 0.78)), *arms]  # fmt: skip


def _bookshelf() -> list[Cutout]:
    paints: tuple[Paint, ...] = ((0.75, 0.22, 0.2), (0.2, 0.45, 0.7), (0.9, 0.75, 0.3), (0.25, 0.55, 0.35), (0.55, 0.3, 0.6))
    books = [
        fill(_box(0.18 + 0.11 * k, y - 0.16 - 0.03 * ((k + i) % 2), 0.26 + 0.11 * k, y), paints[(k + 2 * i) % 5])
        for i, y in enumerate((0.32, 0.60, 0.88)) for k in range(6)
    ]  # fmt: skip
    shelves = [fill(_box(0.12, y, 0.88, y + 0.04), _WOOD) for y in (0.06, 0.32, 0.60, 0.88)]
    return [fill(_box(0.12, 0.06, 0.88, 0.94), _DARK), *books, *shelves]


def _pyramid() -> list[Cutout]:
    return [fill(polygon([(0.5, 0.12), (0.98, 0.90), (0.02, 0.90)]), (0.90, 0.74, 0.42)), fill(polygon([(0.5, 0.12), (0.98, 0.90), (0.62, 0.90)]), (0.72, 0.54, 0.28))]


def _igloo() -> list[Cutout]:
    dome = ellipse((0.5, 0.88), 0.92, 1.30) * _box(0.0, 0.0, 1.0, 0.90)
    seams = [fill(dome * line([(0.0, y), (1.0, y)], 0.018), (0.60, 0.74, 0.86)) for y in (0.40, 0.57, 0.74)]
    return [fill(dome, (0.80, 0.89, 0.96)), *seams, fill(ellipse((0.5, 0.90), 0.34, 0.50) * _box(0, 0, 1, 0.9), (0.20, 0.28, 0.40))]


def _tower() -> list[Cutout]:
    teeth = [fill(_box(x, 0.06, x + 0.10, 0.18), _STONE) for x in (0.26, 0.45, 0.64)]
    return [fill(_box(0.32, 0.20, 0.68, 0.97), (0.68, 0.67, 0.66)), fill(_box(0.26, 0.16, 0.74, 0.28), _STONE), *teeth,
            fill(line([(0.5, 0.42), (0.5, 0.50)], 0.08), _IRON), fill(line([(0.5, 0.86), (0.5, 0.97)], 0.16), _DARK)]  # fmt: skip


def _chest() -> list[Cutout]:
    coins = [fill(ellipse((x, y), 0.14, 0.10), _GOLD) for x, y in ((0.26, 0.46), (0.42, 0.42), (0.58, 0.43), (0.74, 0.46), (0.50, 0.38))]
    bands = [fill(_box(x, 0.48, x + 0.06, 0.92), _GOLD) for x in (0.16, 0.78)]
    lid = polygon([(0.08, 0.38), (0.14, 0.14), (0.86, 0.14), (0.92, 0.38)])
    return [fill(lid, (0.62, 0.38, 0.18)), fill(_box(0.10, 0.34, 0.90, 0.50), _DARK), *coins, fill(_box(0.08, 0.50, 0.92, 0.92), _WOOD), *bands, fill(_box(0.44, 0.50, 0.56, 0.66), _GOLD)]


def _submarine() -> list[Cutout]:
    hull = fill(ellipse((0.52, 0.62), 0.86, 0.36), (0.95, 0.76, 0.20))
    panes = [fill(ellipse((x, 0.60), 0.11, 0.11), (0.35, 0.60, 0.80)) for x in (0.34, 0.52, 0.70)]
    return [fill(line([(0.52, 0.30), (0.52, 0.14), (0.62, 0.14)], 0.045), _IRON), fill(_box(0.40, 0.30, 0.64, 0.48), (0.85, 0.62, 0.14)),
            fill(polygon([(0.02, 0.44), (0.14, 0.62), (0.02, 0.80)]), (0.80, 0.40, 0.15)), hull, *panes]  # fmt: skip


def _wall() -> list[Cutout]:
    bricks = [fill(_box(max(0.02, x), y, min(0.98, x + 0.22), y + 0.11), (0.72, 0.36, 0.26) if (k + i) % 3 else (0.62, 0.28, 0.20))
              for i, y in enumerate((0.34, 0.47, 0.60, 0.73, 0.86)) for k, x in enumerate((-0.10 + 0.12 * (i % 2) + 0.25 * j for j in range(5)))]  # fmt: skip
    return [fill(_box(0.02, 0.33, 0.98, 0.98), (0.82, 0.76, 0.70)), *bricks]


def _well() -> list[Cutout]:
    posts = [fill(line([(x, 0.30), (x, 0.66)], 0.05), _WOOD) for x in (0.24, 0.76)]
    return [*posts, fill(polygon([(0.10, 0.34), (0.5, 0.08), (0.90, 0.34)]), _ROOF), fill(line([(0.5, 0.34), (0.5, 0.52)], 0.02), _DARK), fill(_box(0.43, 0.50, 0.57, 0.62), _WOOD),
            fill(_box(0.16, 0.64, 0.84, 0.94), _STONE), fill(ellipse((0.5, 0.65), 0.68, 0.10), _IRON)]  # fmt: skip


def _stump() -> list[Cutout]:
    return [fill(polygon([(0.22, 0.40), (0.78, 0.40), (0.90, 0.92), (0.10, 0.92)]), _WOOD), fill(ellipse((0.5, 0.40), 0.56, 0.20), (0.87, 0.72, 0.48)), fill(ellipse((0.5, 0.40), 0.28, 0.09), (0.72, 0.54, 0.32))]


def _gate() -> list[Cutout]:
    bars = [fill(line([(0.12 + 0.095 * k, 0.90), (0.12 + 0.095 * k, 0.26 - 0.10 * sin(pi * k / 8))], 0.03), _IRON) for k in range(9)]
    posts = [fill(_box(x, 0.14, x + 0.11, 0.94), _STONE) for x in (0.0, 0.89)]
    return [*bars, *(fill(line([(0.08, y), (0.92, y)], 0.035), _IRON) for y in (0.40, 0.82)), *posts]


def _refrigerator() -> list[Cutout]:
    return [fill(_box(0.24, 0.04, 0.76, 0.96), (0.82, 0.86, 0.90)), fill(_box(0.24, 0.36, 0.76, 0.385), (0.50, 0.54, 0.58)), *(fill(line([(0.31, a), (0.31, b)], 0.03), _IRON) for a, b in ((0.20, 0.31), (0.44, 0.60)))]


def _stairs() -> list[Cutout]:
    return [fill(_box(0.06 + 0.18 * k, 0.80 - 0.18 * k, 0.96, 0.97 - 0.0 * k), (0.62 + 0.06 * (k % 2), 0.50 + 0.05 * (k % 2), 0.40)) for k in range(5)]


def _lantern() -> list[Cutout]:
    ring = line([(0.40, 0.20), (0.42, 0.08), (0.58, 0.08), (0.60, 0.20)], 0.03)
    return [fill(ring, _IRON), fill(_box(0.32, 0.36, 0.68, 0.80), (1.0, 0.86, 0.42)), fill(ellipse((0.5, 0.62), 0.14, 0.26), (0.98, 0.55, 0.12)), fill(polygon([(0.26, 0.37), (0.40, 0.18), (0.60, 0.18), (0.74, 0.37)]), _IRON),
            fill(_box(0.26, 0.80, 0.74, 0.92), _IRON), *(fill(line([(x, 0.36), (x, 0.82)], 0.035), _IRON) for x in (0.31, 0.69))]  # fmt: skip


def _lily_pad() -> list[Cutout]:
    notch = polygon([(0.5, 0.62), (0.80, 0.42), (0.95, 0.52)])
    return [fill(ellipse((0.5, 0.62), 0.96, 0.40) * (1 - notch), (0.28, 0.60, 0.28)), fill(ellipse((0.46, 0.60), 0.70, 0.24) * (1 - notch), (0.40, 0.70, 0.34))]


def _hay() -> list[Cutout]:
    return [fill(line([(0.30, 0.60), (0.70, 0.60)], 0.58), (0.90, 0.74, 0.32)), fill(ellipse((0.30, 0.60), 0.44, 0.58), (0.95, 0.82, 0.45)), fill(ellipse((0.30, 0.60), 0.26, 0.36), (0.80, 0.62, 0.25)), fill(ellipse((0.30, 0.60), 0.12, 0.16), (0.95, 0.82, 0.45))]


def _arrow() -> list[Cutout]:
    return [fill(line([(0.06, 0.5), (0.80, 0.5)], 0.05), _WOOD), fill(polygon([(0.76, 0.36), (1.0, 0.5), (0.76, 0.64)]), _IRON), *(fill(line([(x, 0.5), (x - 0.10, y)], 0.05), _RED) for x in (0.14, 0.24) for y in (0.36, 0.64))]


def _scarecrow() -> list[Cutout]:
    return [fill(line([(0.5, 0.3), (0.5, 0.98)], 0.05), _WOOD), fill(line([(0.08, 0.46), (0.92, 0.46)], 0.05), _WOOD), fill(line([(0.18, 0.46), (0.82, 0.46)], 0.14), (0.30, 0.45, 0.65)), fill(_box(0.36, 0.42, 0.64, 0.78), (0.30, 0.45, 0.65)),
            fill(ellipse((0.5, 0.26), 0.26, 0.26), (0.90, 0.78, 0.52)), fill(ellipse((0.44, 0.25), 0.04, 0.05), _DARK), fill(ellipse((0.56, 0.25), 0.04, 0.05), _DARK), fill(ellipse((0.5, 0.15), 0.50, 0.08), _GOLD), fill(polygon([(0.36, 0.15), (0.5, 0.0), (0.64, 0.15)]), _GOLD)]  # fmt: skip


def _sandcastle() -> list[Cutout]:
    sand: Paint = (0.90, 0.74, 0.46)
    dark: Paint = (0.72, 0.55, 0.30)
    towers = [fill(_box(x, top, x + 0.20, 0.92), sand) for x, top in ((0.10, 0.46), (0.70, 0.46), (0.40, 0.28))]
    teeth = [fill(_box(x + d, top - 0.06, x + d + 0.05, top), sand) for x, top in ((0.10, 0.46), (0.70, 0.46), (0.40, 0.28)) for d in (0.0, 0.075, 0.15)]
    return [fill(_box(0.14, 0.62, 0.86, 0.92), sand), *towers, *teeth, fill(line([(0.5, 0.80), (0.5, 0.92)], 0.13), dark), fill(line([(0.5, 0.26), (0.5, 0.06)], 0.02), _DARK), fill(polygon([(0.5, 0.05), (0.66, 0.10), (0.5, 0.15)]), _RED), fill(ellipse((0.5, 0.93), 0.98, 0.10), dark)]


def _tree(kind: str = "round") -> list[Cutout]:
    trunk: Paint = (0.90, 0.89, 0.86) if kind == "birch" else _WOOD
    parts = [fill(line([(0.5, 0.97), (0.5, 0.45)], 0.12, 0.09), trunk)]
    if kind == "birch":
        parts += [fill(line([(0.46, y), (0.52, y)], 0.025), _IRON) for y in (0.9, 0.8, 0.68)]
    if kind in ("bare",):
        return parts + [fill(line([(0.5, 0.55), (0.5 + dx, dy)], 0.06, 0.02), _WOOD) for dx, dy in ((-0.30, 0.14), (0.32, 0.12), (0.02, 0.04), (-0.40, 0.38), (0.40, 0.36))]
    if kind == "pine":
        cones = [polygon([(0.5, 0.02 + 0.22 * k), (0.70 + 0.07 * k, 0.36 + 0.24 * k), (0.30 - 0.07 * k, 0.36 + 0.24 * k)]) for k in range(3)]
        return parts + [fill(cone, _PINE) for cone in reversed(cones)]
    leaves: dict[str, Paint] = {"blossom": (0.96, 0.66, 0.78), "autumn": (0.90, 0.46, 0.14), "birch": (0.56, 0.72, 0.28)}
    paint = leaves.get(kind, (0.26, 0.56, 0.22))
    light: Paint = (min(1.0, paint[0] * 1.18), min(1.0, paint[1] * 1.18), min(1.0, paint[2] * 1.18))
    crown = [((0.30, 0.44), 0.44), ((0.70, 0.44), 0.44), ((0.5, 0.28), 0.52)]
    parts += [fill(ellipse(at, d, d), paint) for at, d in crown]
    parts.append(fill(ellipse((0.44, 0.22), 0.26, 0.20), light))
    if kind == "apple":
        parts += [fill(ellipse(at, 0.09, 0.09), _RED) for at in ((0.30, 0.40), (0.56, 0.30), (0.70, 0.48), (0.46, 0.50), (0.40, 0.20), (0.66, 0.22))]
    return parts


def _rock() -> list[Cutout]:
    return [fill(polygon([(0.06, 0.88), (0.14, 0.52), (0.40, 0.30), (0.66, 0.34), (0.90, 0.58), (0.95, 0.88)]), (0.56, 0.56, 0.58)), fill(polygon([(0.40, 0.30), (0.66, 0.34), (0.60, 0.54), (0.34, 0.56)]), (0.72, 0.72, 0.74))]


def _fireplace() -> list[Cutout]:
    flames = [fill(polygon([(x - w, 0.88), (x, top), (x + w, 0.88)]), paint) for x, w, top, paint in ((0.42, 0.11, 0.56, (0.95, 0.40, 0.10)), (0.58, 0.11, 0.52, (0.95, 0.40, 0.10)), (0.5, 0.09, 0.62, (1.0, 0.80, 0.25)))]
    return [fill(_box(0.10, 0.24, 0.90, 0.96), (0.66, 0.36, 0.28)), fill(_box(0.04, 0.16, 0.96, 0.27), _WOOD), fill(_box(0.26, 0.44, 0.74, 0.96), (0.12, 0.09, 0.09)), *flames, fill(line([(0.32, 0.90), (0.68, 0.90)], 0.07), _WOOD)]


def _campfire() -> list[Cutout]:
    flames = [fill(polygon([(x - w, 0.78), (x - 0.3 * w, 0.5), (x, top), (x + 0.5 * w, 0.5), (x + w, 0.78)]), paint) for x, w, top, paint in ((0.5, 0.30, 0.08, (0.95, 0.38, 0.10)), (0.5, 0.19, 0.32, (1.0, 0.70, 0.15)), (0.5, 0.09, 0.52, (1.0, 0.92, 0.50)))]
    return [*flames, fill(line([(0.18, 0.90), (0.80, 0.76)], 0.10), _WOOD), fill(line([(0.20, 0.76), (0.82, 0.90)], 0.10), _DARK)]


def _pillow() -> list[Cutout]:
    return [fill(polygon([(0.06, 0.30), (0.94, 0.30), (0.90, 0.5), (0.96, 0.76), (0.04, 0.76), (0.10, 0.5)]), (0.70, 0.80, 0.92)), fill(ellipse((0.5, 0.53), 0.74, 0.30), (0.80, 0.88, 0.96))]


def _truck() -> list[Cutout]:
    wheels = [c for x in (0.26, 0.74) for c in (fill(ellipse((x, 0.80), 0.22, 0.22), _IRON), fill(ellipse((x, 0.80), 0.09, 0.09), (0.8, 0.8, 0.82)))]
    return [fill(polygon([(0.56, 0.60), (0.56, 0.34), (0.78, 0.34), (0.88, 0.56), (0.97, 0.60), (0.97, 0.80), (0.56, 0.80)]), (0.20, 0.42, 0.75)), fill(polygon([(0.62, 0.40), (0.75, 0.40), (0.82, 0.55), (0.62, 0.55)]), _GLASS),
            fill(_box(0.03, 0.56, 0.58, 0.80), (0.20, 0.42, 0.75)), fill(_box(0.03, 0.54, 0.58, 0.59), (0.14, 0.30, 0.58)), *wheels]  # fmt: skip


def _vase_of_flowers() -> list[Cutout]:
    stems = [fill(line([(0.5, 0.70), (x, y)], 0.03), _GREEN) for x, y in ((0.26, 0.28), (0.42, 0.18), (0.58, 0.18), (0.74, 0.28), (0.5, 0.36))]
    paints: tuple[Paint, ...] = ((0.90, 0.25, 0.30), (0.96, 0.78, 0.20), (0.90, 0.50, 0.72), (0.60, 0.40, 0.80), (0.95, 0.55, 0.20))
    blooms = [part for (x, y), p in zip(((0.26, 0.28), (0.42, 0.16), (0.60, 0.16), (0.75, 0.29), (0.5, 0.36)), paints, strict=True) for part in (fill(ellipse((x, y), 0.20, 0.20), p), fill(ellipse((x, y), 0.07, 0.07), (1.0, 0.9, 0.5)))]
    pot = polygon([(0.40, 0.56), (0.60, 0.56), (0.58, 0.64), (0.68, 0.80), (0.60, 0.97), (0.40, 0.97), (0.32, 0.80), (0.42, 0.64)])
    return [*stems, *blooms, fill(pot, (0.30, 0.50, 0.75))]


def _sunhat() -> list[Cutout]:
    return [fill(ellipse((0.5, 0.68), 0.96, 0.28), (0.50, 0.32, 0.18)), fill(ellipse((0.5, 0.48), 0.54, 0.56), (0.58, 0.38, 0.22)), fill(_box(0.235, 0.54, 0.765, 0.64), (0.26, 0.16, 0.10)), fill(ellipse((0.5, 0.70), 0.54, 0.13), (0.58, 0.38, 0.22))]


def _ball() -> list[Cutout]:
    parts = [fill(ellipse((0.5, 0.5), 0.92, 0.92), (0.97, 0.96, 0.94))]
    for k, paint in enumerate(((0.88, 0.20, 0.18), (0.95, 0.78, 0.18), (0.20, 0.48, 0.80))):
        a = 2 * pi * k / 3 - 0.5
        wedge = polygon([(0.5, 0.46), (0.5 + 0.7 * cos(a), 0.46 + 0.7 * sin(a)), (0.5 + 0.75 * cos(a + 0.5), 0.46 + 0.75 * sin(a + 0.5)), (0.5 + 0.7 * cos(a + 1.0), 0.46 + 0.7 * sin(a + 1.0))])
        parts.append(fill(wedge * ellipse((0.5, 0.5), 0.92, 0.92), paint))
    return [*parts, fill(ellipse((0.5, 0.46), 0.10, 0.10), (0.97, 0.96, 0.94))]


def _lighthouse() -> list[Cutout]:
    tower = polygon([(0.38, 0.26), (0.62, 0.26), (0.70, 0.92), (0.30, 0.92)])
    bands = [fill(tower * _box(0, y, 1, y + 0.13), _RED) for y in (0.28, 0.54, 0.80)]
    return [fill(tower, (0.97, 0.96, 0.94)), *bands, fill(_box(0.36, 0.22, 0.64, 0.27), _IRON), fill(_box(0.42, 0.12, 0.58, 0.22), (1.0, 0.88, 0.40)), fill(polygon([(0.38, 0.13), (0.5, 0.02), (0.62, 0.13)]), _RED), fill(line([(0.5, 0.84), (0.5, 0.92)], 0.09), _DARK), fill(ellipse((0.5, 0.95), 0.84, 0.10), _STONE)]


def _hot_air_balloon() -> list[Cutout]:
    dome = ellipse((0.5, 0.36), 0.72, 0.66).maximum(polygon([(0.17, 0.48), (0.83, 0.48), (0.58, 0.78), (0.42, 0.78)]))
    paints: tuple[Paint, ...] = ((0.90, 0.30, 0.22), (0.98, 0.80, 0.28), (0.25, 0.50, 0.82), (0.98, 0.80, 0.28), (0.90, 0.30, 0.22))
    strips = [fill(dome * _box(0.10 + 0.16 * k, 0, 0.26 + 0.16 * k, 1), paint) for k, paint in enumerate(paints)]
    ropes = [fill(line([(x, 0.76), (0.5 + 0.6 * (x - 0.5), 0.88)], 0.018), _DARK) for x in (0.43, 0.57)]
    return [*ropes, *strips, fill(_box(0.42, 0.86, 0.58, 0.97), _WOOD)]


def _piano() -> list[Cutout]:
    lid = polygon([(0.14, 0.50), (0.20, 0.10), (0.62, 0.16), (0.94, 0.48)])
    keys = [fill(_box(0.10 + 0.085 * k, 0.60, 0.175 + 0.085 * k, 0.67), (0.98, 0.98, 0.96)) for k in range(9)]
    legs = [fill(line([(x, 0.68), (x, 0.95)], 0.05), (0.10, 0.09, 0.10)) for x in (0.14, 0.52, 0.86)]
    return [fill(lid, (0.20, 0.17, 0.18)), *legs, fill(polygon([(0.08, 0.50), (0.94, 0.48), (0.94, 0.66), (0.08, 0.70)]), (0.10, 0.09, 0.10)), *keys]


DRAWINGS: dict[str, tuple[Callable[[], list[Cutout]], str]] = {
    "windmill": (_windmill, "building"), "barn": (_barn, "building"), "cabin": (_cabin, "building"), "log cabin": (_cabin, "building"), "cage": (_cage, "container"),
    "birdcage": (_cage, "container"), "branch": (_branch, "plant"), "fence": (_fence, "furniture"), "bench": (_bench, "furniture"), "stove": (_stove, "furniture"), "oven": (_stove, "furniture"),
    "sofa": (_sofa, "furniture"), "couch": (_sofa, "furniture"), "armchair": (lambda: _sofa(0.2, 0.8), "furniture"), "bookshelf": (_bookshelf, "furniture"), "bookcase": (_bookshelf, "furniture"), "shelf": (_bookshelf, "furniture"),
    "pyramid": (_pyramid, "building"), "igloo": (_igloo, "building"), "tower": (_tower, "building"), "treasure chest": (_chest, "container"), "chest": (_chest, "container"),
    "submarine": (_submarine, "ship"), "wall": (_wall, "furniture"), "brick wall": (_wall, "furniture"), "well": (_well, "building"), "stump": (_stump, "furniture"), "tree stump": (_stump, "furniture"),
    "gate": (_gate, "furniture"), "refrigerator": (_refrigerator, "furniture"), "fridge": (_refrigerator, "furniture"), "stairs": (_stairs, "furniture"), "staircase": (_stairs, "furniture"),
    "lantern": (_lantern, "tool"), "lily pad": (_lily_pad, "plant"), "water lily leaf": (_lily_pad, "plant"), "hay bale": (_hay, "thing"), "haystack": (_hay, "thing"), "hay": (_hay, "thing"), "arrow": (_arrow, "tool"),
    "scarecrow": (_scarecrow, "thing"), "sandcastle": (_sandcastle, "thing"), "sand castle": (_sandcastle, "thing"), "tree": (_tree, "tree"), "oak": (_tree, "tree"), "oak tree": (_tree, "tree"), "maple tree": (_tree, "tree"), "trees": (_tree, "tree"),
    "pine": (lambda: _tree("pine"), "tree"), "pine tree": (lambda: _tree("pine"), "tree"), "fir": (lambda: _tree("pine"), "tree"), "fir tree": (lambda: _tree("pine"), "tree"), "spruce": (lambda: _tree("pine"), "tree"), "birch": (lambda: _tree("birch"), "tree"), "birch tree": (lambda: _tree("birch"), "tree"),
    "cherry tree": (lambda: _tree("blossom"), "tree"), "cherry blossom tree": (lambda: _tree("blossom"), "tree"), "blossom tree": (lambda: _tree("blossom"), "tree"), "apple tree": (lambda: _tree("apple"), "tree"), "orange tree": (lambda: _tree("apple"), "tree"), "fruit tree": (lambda: _tree("apple"), "tree"),
    "autumn tree": (lambda: _tree("autumn"), "tree"), "bare tree": (lambda: _tree("bare"), "tree"), "dead tree": (lambda: _tree("bare"), "tree"), "rock": (_rock, "thing"), "stone": (_rock, "thing"), "boulder": (_rock, "thing"),
    "fireplace": (_fireplace, "furniture"), "campfire": (_campfire, "thing"), "bonfire": (_campfire, "thing"), "pillow": (_pillow, "thing"), "cushion": (_pillow, "thing"), "pickup truck": (_truck, "vehicle"), "pickup": (_truck, "vehicle"),
    "vase of flowers": (_vase_of_flowers, "container"), "hat": (_sunhat, "clothes"), "ball": (_ball, "toy"), "beach ball": (_ball, "toy"), "lighthouse": (_lighthouse, "building"), "hot air balloon": (_hot_air_balloon, "aircraft"), "grand piano": (_piano, "instrument"), "piano": (_piano, "instrument"),
}  # fmt: skip
"""What draws a thing, and what it is one of."""


def drawn(name: str) -> tuple[Cutout, str] | None:
    """A thing and its kind, by its name; None if it is not drawn here."""
    found = DRAWINGS.get(name)
    return None if found is None else (stacked(found[0]()), found[1])
