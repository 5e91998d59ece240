"""Bodies: beasts drawn from the side in a pose, with what tells them apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import cos, sin, tau

import torch
from torch.nn import functional

from ..shapes import Cutout, Paint, Plane, Point, ellipse, fill, line, stacked
from .beasts import Beast
from .heads import head
from .postures import DARK, FOOT, FRAME, Frame, framed, shaded

_LONG = 0.35
"""From which length on a neck has spots of its own."""
_FEET: dict[str, tuple[tuple[float, float], ...]] = {
    "stand": ((-0.05, 0.0), (0.05, 0.0), (-0.03, 0.0), (0.07, 0.0)),
    "walk": ((-0.12, 0.0), (0.08, 0.0), (-0.08, 0.0), (0.13, 0.0)),
    "run": ((-0.26, 0.10), (-0.15, 0.03), (0.17, 0.05), (0.26, 0.13)),
}
"""How far each foot is ahead of hip or chest, and above the ground."""


@dataclass(frozen=True)
class Creature:
    """A beast in a pose."""

    cutout: Cutout
    mouth: Point
    crown: Point
    """Top of the head."""
    eyes: Point


def creature(
    beast: Beast,
    pose: str = "stand",
    paint: Paint | None = None,
    parts: Mapping[str, Paint] | None = None,
) -> Creature:
    """An animal on four legs in a pose, in other colors if they are given.

    Args:
        beast: its measures.
        pose: one of `POSES`.
        paint: sRGB.
        parts: sRGB of ears, tail, mane, eyes, collar, belly, paws, nose, spots and stripes.
    """
    if paint is not None:
        beast = replace(beast, paint=paint, second=_paler(beast, paint))
    if parts:
        beast = _with_parts(beast, parts)
    frame = framed(beast, pose)
    layers = [_tail(beast, frame, pose), *_legs(beast, frame, pose, is_far=True)]
    layers += [*_trunk(beast, frame), *_legs(beast, frame, pose, is_far=False)]
    layers += head(beast, frame, is_asleep=pose == "lie")
    x, y = frame.face
    spots = (
        frame.tip(beast.muzzle),
        (x - 0.1 * beast.head, y - 0.45 * beast.head),
        (x + 0.15 * beast.head, y - 0.12 * beast.head),
    )
    return _squared(stacked(layers), spots)


_MARKED = {
    "spots": "spots", "dots": "spots", "patches": "patches", "stripes": "stripes",
    "belly": "belly", "paws": "socks", "socks": "socks", "feet": "socks", "muzzle": "muzzle",
    "collar": "collar", "scarf": "scarf", "ribbon": "collar", "bow": "collar", "mane": "mane",
}  # fmt: skip
"""Parts that are marks of a body."""


def _with_parts(beast: Beast, parts: Mapping[str, Paint]) -> Beast:
    """A beast whose parts have the colors that are said."""
    marks = {_MARKED[one] for one in parts if one in _MARKED}
    named = {_MARKED.get(one, one): paint for one, paint in parts.items()}
    return replace(beast, marks="+".join([beast.marks, *sorted(marks)]), parts=named)


def _squared(whole: Cutout, spots: tuple[Point, Point, Point]) -> Creature:
    """A body in a square frame, with what is above it empty; mouth, crown and eyes in it."""
    rows, columns = FRAME
    above = columns - rows
    pad = (0, 0, above, 0)
    cutout = Cutout(functional.pad(whole.colors, pad), functional.pad(whole.share, pad))
    mouth, crown, eyes = ((x * rows / columns, (y * rows + above) / columns) for x, y in spots)
    return Creature(cutout, mouth, crown, eyes)


_PUFFS = 9
_DARK_SHEEPS_FACE = (0.38, 0.34, 0.33)
"""Of face and feet, by which wool is told from them."""


def _paler(beast: Beast, paint: Paint) -> Paint | None:
    if beast.second is None:
        return None
    if "wool" in beast.features and sum(paint) < 0.75:
        return _DARK_SHEEPS_FACE
    is_light = sum(paint) > 2.4
    return shaded(paint, 0.78) if is_light else beast.second if sum(beast.second) > 2 else None


def _legs(beast: Beast, frame: Frame, pose: str, *, is_far: bool) -> list[Cutout]:
    own = beast.second if "darklegs" in beast.features and beast.second else beast.paint
    paint = shaded(own, 0.72 if is_far else 0.94)
    if pose == "lie":
        front = [(frame.chest[0], FOOT - 0.05), (frame.chest[0] + 0.16, FOOT - 0.03)]
        return [] if is_far else [fill(line(front, beast.limb, None, FRAME), paint)]
    if pose == "sit":
        return _seated_legs(beast, frame, paint, is_far=is_far)
    feet = _FEET.get(pose, _FEET["stand"])
    pick = (0, 3) if is_far else (1, 2)
    hips = (frame.hip, frame.hip, frame.chest, frame.chest)
    found = []
    for at in pick:
        top, (ahead, up) = hips[at], feet[at]
        foot = top[0] + ahead, FOOT - up
        bend = (top[0] + 0.55 * ahead - 0.02, (top[1] + foot[1]) / 2 + 0.02)
        found.append(fill(line([top, bend, foot], 1.5 * beast.limb, beast.limb, FRAME), paint))
        end = beast.part("socks", beast.second or beast.paint)
        if "socks" in beast.features:
            sock = line([(foot[0], foot[1] - 0.03), foot], beast.limb, None, FRAME)
            found.append(fill(sock, end))
    return found


def _seated_legs(beast: Beast, frame: Frame, paint: Paint, *, is_far: bool) -> list[Cutout]:
    shift = 0.06 if is_far else 0.0
    top = frame.chest[0] + shift, frame.chest[1] + 0.05
    front = fill(line([top, (top[0] + 0.06, FOOT)], 1.1 * beast.limb, None, FRAME), paint)
    if is_far:
        return [front]
    thigh = ellipse((frame.hip[0] + 0.05, frame.hip[1]), beast.thick, 0.95 * beast.thick, FRAME)
    foot = line([(frame.hip[0], FOOT), (frame.hip[0] + 0.18, FOOT)], 0.9 * beast.limb, None, FRAME)
    return [front, fill(thigh.maximum(foot), paint)]


def _trunk(beast: Beast, frame: Frame) -> list[Cutout]:
    body = line([frame.hip, frame.chest], beast.thick, 1.02 * beast.thick, FRAME)
    neck = line([frame.chest, frame.face], 1.25 * beast.girth, beast.girth, FRAME)
    if "wool" in beast.features:
        body = body.maximum(_wool(beast, frame))
    if "hump" in beast.features:
        x = (frame.hip[0] + frame.chest[0]) / 2
        body = body.maximum(ellipse((x, frame.hip[1] - 0.5 * beast.thick), 0.2, 0.22, FRAME))
    whole = body.maximum(neck)
    parts = [fill(whole, beast.paint)]
    if "spines" in beast.features:
        parts = [fill(_spines(beast, frame).maximum(body), shaded(beast.paint, 0.6))]
    return [*parts, *_marks(beast, frame, whole)]


def _wool(beast: Beast, frame: Frame) -> Plane:
    """Puffs of wool all around the body."""
    x, y = (frame.hip[0] + frame.chest[0]) / 2, frame.hip[1]
    wide = 0.5 * (frame.chest[0] - frame.hip[0]) + 0.34 * beast.thick
    turns = [tau * k / _PUFFS for k in range(_PUFFS)]
    puffs = [
        ellipse(
            (x + wide * cos(turn), y + 0.44 * beast.thick * sin(turn)),
            0.5 * beast.thick, 0.46 * beast.thick, FRAME,
        )
        for turn in turns
    ]  # fmt: skip
    return torch.stack(puffs).amax(0)


def _spines(beast: Beast, frame: Frame) -> Plane:
    middle = (frame.hip[0] + frame.chest[0]) / 2, frame.hip[1] + 0.03
    reach = 0.5 * (beast.length + beast.thick) + 0.02
    rays = [
        line(
            [middle, (middle[0] - reach * cos(0.32 * k), middle[1] - 0.85 * reach * sin(0.32 * k))],
            0.09, 0.02, FRAME,
        )
        for k in range(9)
    ]  # fmt: skip
    return torch.stack(rays).amax(0)


def _marks(beast: Beast, frame: Frame, whole: Plane) -> list[Cutout]:
    span, (x, y), t = frame.chest[0] - frame.hip[0], frame.hip, beast.thick
    rise = frame.chest[1] - y
    other, found = beast.second or shaded(beast.paint, 0.4), []
    if "belly" in beast.features:
        low = [(x, y + 0.42 * t), (x + span, y + rise + 0.42 * t)]
        belly = line(low, 0.3 * t, None, FRAME) * whole
        found.append(fill(belly, beast.part("belly", other)))
    if "stripes" in beast.features:
        found.append(fill(_stripes(frame, t) * whole, beast.part("stripes", DARK)))
    if "spots" in beast.features:
        found.append(fill(_spots(beast, frame) * whole, beast.part("spots", other)))
    if "patches" in beast.features:
        spots = ((0.0, -0.1, 0.26), (0.55, 0.1, 0.2), (1.0, -0.15, 0.2))
        big = [
            ellipse((x + a * span, y + a * rise + b * t), w, 0.8 * w, FRAME) for a, b, w in spots
        ]
        found.append(fill(torch.stack(big).amax(0) * whole, beast.part("patches", other)))
    if "back" in beast.features:
        top = [(x - 0.1, y - 0.4 * t), (x + span, y + rise - 0.4 * t), frame.face]
        found.append(fill(line(top, 0.08, None, FRAME), other))
    if "saddle" in beast.features:
        half = line([frame.chest, (x + 0.5 * span, y + 0.5 * rise)], 1.1 * t, None, FRAME)
        found.append(fill(half * whole, DARK))
    return found


def _along(start: Point, end: Point, share: float) -> Point:
    """A point between two."""
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _stripes(frame: Frame, thick: float) -> Plane:
    """Bars across back and neck."""
    bars = []
    for k in range(5):
        x, y = _along(frame.hip, frame.chest, k / 4)
        bar = [(x, y - 0.6 * thick), (x + 0.03, y + 0.25 * thick)]
        bars.append(line(bar, 0.045, 0.02, FRAME))
    for k in (0.35, 0.62):
        x, y = _along(frame.chest, frame.face, k)
        bars.append(line([(x - 0.09, y - 0.03), (x + 0.09, y + 0.03)], 0.04, None, FRAME))
    return torch.stack(bars).amax(0)


def _spots(beast: Beast, frame: Frame) -> Plane:
    """Dots on the trunk, and on a long neck."""
    dots = []
    for k in range(5):
        x, y = _along(frame.hip, frame.chest, (k + 0.2) / 4.4)
        for down in (-0.28, 0.16 if k % 2 else 0.0):
            dots.append(ellipse((x, y + down * beast.thick), 0.07, 0.07, FRAME))
    for k in (0.3, 0.55, 0.8) if beast.neck > _LONG else ():
        dots.append(ellipse(_along(frame.chest, frame.face, k), 0.06, 0.06, FRAME))
    return torch.stack(dots).amax(0)


def _tail(beast: Beast, frame: Frame, pose: str) -> Cutout:
    x, y = frame.hip
    x -= 0.4 * beast.thick
    drop = -0.12 if pose == "run" else 0.0
    paint = beast.part("tail", beast.paint)
    if beast.tail == "none":
        return fill(torch.zeros(FRAME), paint)
    if beast.tail == "short":
        return fill(
            ellipse((x - 0.02, y - 0.04), 0.12, 0.1, FRAME),
            beast.part("tail", beast.second or paint),
        )
    if beast.tail == "bushy":
        brush = line(
            [(x, y), (x - 0.12, y + 0.06 + drop), (x - 0.22, y + 0.0 + drop)], 0.12, 0.13, FRAME
        )
        tip = ellipse((x - 0.22, y + drop), 0.13, 0.13, FRAME)
        return stacked([fill(brush, paint), fill(tip, beast.part("tail", beast.second or paint))])
    if beast.tail == "curl":
        ring = ellipse((x - 0.05, y - 0.08), 0.14, 0.14, FRAME) - ellipse(
            (x - 0.05, y - 0.08), 0.06, 0.06, FRAME
        )
        return fill(ring.clamp(0, 1), paint)
    if beast.tail == "horse":
        hair = line(
            [(x + 0.02, y - 0.05), (x - 0.1, y + 0.02 + drop), (x - 0.14, y + 0.28 + 1.6 * drop)],
            0.09,
            0.06,
            FRAME,
        )
        return fill(hair, beast.part("tail", beast.second or shaded(paint, 0.55)))
    if beast.tail == "tuft":
        cord = line(
            [(x, y), (x - 0.1, y + 0.06 + drop), (x - 0.12, y + 0.2 + drop)], 0.045, None, FRAME
        )
        return stacked(
            [
                fill(cord, paint),
                fill(
                    ellipse((x - 0.12, y + 0.22 + drop), 0.1, 0.12, FRAME),
                    beast.part("tail", beast.second or shaded(paint, 0.5)),
                ),
            ]
        )
    up = line([(x, y), (x - 0.12, y - 0.02 + drop), (x - 0.18, y - 0.2 + drop)], 0.06, 0.05, FRAME)
    return fill(up, paint)
