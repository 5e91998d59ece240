"""Heads of beasts: ears, manes, horns, trunks, eyes and what lies around a neck."""

from ..shapes import Cutout, Paint, Point, ellipse, fill, line, polygon, stacked
from .beasts import Beast
from .postures import DARK, FRAME, Frame, shaded

_LIGHT: Paint = (0.97, 0.86, 0.35)
"""Of the eye of a dark animal."""


def head(beast: Beast, frame: Frame, *, is_asleep: bool) -> list[Cutout]:
    """Head, face and ears, from back to front."""
    (x, y), r = frame.face, beast.head / 2
    parts = _behind_head(beast, frame)
    muzzle = line([frame.face, frame.tip(beast.muzzle)], 1.1 * beast.snout, beast.snout, FRAME)
    parts.append(fill(ellipse(frame.face, 2 * r, 2 * r, FRAME).maximum(muzzle), _face(beast)))
    if beast.second and "muzzle" in beast.features:
        end = line(
            [frame.tip(0.55 * beast.muzzle), frame.tip(beast.muzzle)], beast.snout, None, FRAME
        )
        parts.append(fill(end, beast.second))
    if "mask" in beast.features:
        mask = line(
            [(x - 0.3 * r, y - 0.1 * r), frame.tip(0.6 * beast.muzzle)], 0.8 * r, 0.4 * r, FRAME
        )
        parts.append(fill(mask, DARK))
    if "trunk" in beast.features:
        trunk = [
            frame.tip(0.5 * r),
            (x + 1.5 * r, y + 1.0 * r),
            (x + 1.5 * r, y + 2.8 * r),
            (x + 1.9 * r, y + 3.1 * r),
        ]
        parts.append(fill(line(trunk, 0.11, 0.06, FRAME), beast.paint))
        parts.append(
            fill(
                line([(x + 0.9 * r, y + 0.9 * r), (x + 1.9 * r, y + 1.2 * r)], 0.045, 0.02, FRAME),
                (0.97, 0.96, 0.9),
            )
        )
    else:
        nose = frame.tip(beast.muzzle + 0.3 * beast.snout)
        parts.append(
            fill(ellipse((nose[0], nose[1] - 0.2 * beast.snout), 0.05, 0.045, FRAME), DARK)
        )
    parts += _eye(beast, (x + 0.3 * r, y - 0.25 * r), is_asleep=is_asleep)
    return [*parts, *_before_head(beast, frame)]


def _face(beast: Beast) -> Paint:
    usual = beast.second if "face" in beast.features and beast.second else beast.paint
    return beast.part("face", beast.part("head", usual))


def _eye(beast: Beast, at: Point, *, is_asleep: bool) -> list[Cutout]:
    least = 1.1 if "face" in beast.features else 0.55
    is_dark = sum(_face(beast)) < least or "mask" in beast.features
    paint = beast.part("eyes", _LIGHT if is_dark else DARK)
    if is_asleep:
        return [
            fill(
                line([(at[0] - 0.03, at[1]), (at[0] + 0.03, at[1] + 0.01)], 0.02, None, FRAME),
                paint,
            )
        ]
    return [fill(ellipse(at, 0.05, 0.055, FRAME), paint)]


def _behind_head(beast: Beast, frame: Frame) -> list[Cutout]:
    """What lies behind the head: manes, far ears, antlers and horns."""
    (x, y), r, found = frame.face, beast.head / 2, []
    hair = beast.part("mane", beast.second or shaded(beast.paint, 0.55))
    if "ruff" in beast.features:
        found.append(fill(ellipse((x - 0.4 * r, y + 0.3 * r), 3.9 * r, 4.0 * r, FRAME), hair))
    if "mane" in beast.features:
        crest = [
            (x - 0.5 * r, y - 0.8 * r),
            (frame.chest[0] - 0.09, frame.chest[1] - 0.5 * beast.thick),
        ]
        found.append(fill(line(crest, 0.09, 0.1, FRAME), hair))
    bone: Paint = (0.85, 0.76, 0.58)
    if "antlers" in beast.features:
        for s in (-1, 1):
            beam = [
                (x - 0.2 * r, y - 0.7 * r),
                (x + (0.5 * s - 0.4) * r, y - 2.0 * r),
                (x + (1.6 * s - 0.4) * r, y - 3.2 * r),
            ]
            found.append(fill(line(beam, 0.045, 0.03, FRAME), (0.55, 0.38, 0.22)))
            for k in (0.35, 0.75):
                start = (
                    beam[1][0] + k * (beam[2][0] - beam[1][0]),
                    beam[1][1] + k * (beam[2][1] - beam[1][1]),
                )
                found.append(
                    fill(
                        line(
                            [start, (start[0] - 0.1 * r * s, start[1] - 1.0 * r)], 0.03, None, FRAME
                        ),
                        (0.55, 0.38, 0.22),
                    )
                )
    if "horns" in beast.features:
        for s in (0.0, 0.5):
            curve = [
                (x + (s - 0.3) * r, y - 0.8 * r),
                (x + (s - 0.6) * r, y - 1.7 * r),
                (x + (s - 0.1) * r, y - 2.1 * r),
            ]
            found.append(fill(line(curve, 0.05, 0.025, FRAME), bone))
    if "backhorns" in beast.features:
        curve = [(x - 0.1 * r, y - 0.8 * r), (x - 1.1 * r, y - 1.9 * r), (x - 2.0 * r, y - 1.7 * r)]
        found.append(fill(line(curve, 0.07, 0.03, FRAME), (0.5, 0.42, 0.34)))
    if beast.ears in ("pointed", "long", "round", "mouse"):
        found.append(_ear(beast, frame, 0.35, 0.78))
    return found


def _before_head(beast: Beast, frame: Frame) -> list[Cutout]:
    """What lies over the head: the near ear, a horn, a beard, a collar."""
    (x, y), r, found = frame.face, beast.head / 2, []
    if beast.ears != "none":
        found.append(_ear(beast, frame, -0.45, 0.9))
    if "horn" in beast.features:
        found.append(
            fill(
                line([(x + 0.2 * r, y - 0.8 * r), (x + 0.9 * r, y - 2.6 * r)], 0.055, 0.015, FRAME),
                (0.98, 0.80, 0.25),
            )
        )
    if "nosehorn" in beast.features:
        tip = frame.tip(beast.muzzle)
        found.append(
            fill(line([tip, (tip[0] + 0.05, tip[1] - 0.17)], 0.08, 0.02, FRAME), (0.86, 0.83, 0.76))
        )
    if "beard" in beast.features:
        found.append(
            fill(
                line(
                    [frame.tip(0.7 * beast.muzzle), (x + 0.6 * r, y + 2.1 * r)], 0.06, 0.02, FRAME
                ),
                beast.second or shaded(beast.paint, 0.6),
            )
        )
    if "collar" in beast.features or "scarf" in beast.features:
        a, b = frame.chest, frame.face
        mid = (0.42 * a[0] + 0.58 * b[0], 0.42 * a[1] + 0.58 * b[1])
        wide = 0.6 * beast.girth
        dx, dy = b[0] - a[0], b[1] - a[1]
        far = max((dx * dx + dy * dy) ** 0.5, 1e-3)
        ends = [(mid[0] - s * dy / far * wide, mid[1] + s * dx / far * wide) for s in (-1, 1)]
        found.append(
            fill(
                line(ends, 0.1 if "scarf" in beast.features else 0.045, None, FRAME),
                beast.part("collar", beast.part("scarf", (0.85, 0.15, 0.15))),
            )
        )
    return found


def _ear(beast: Beast, frame: Frame, at: float, light: float) -> Cutout:
    (x, y), r = frame.face, beast.head / 2
    own = beast.part("ears", DARK if "darkears" in beast.features else beast.paint)
    paint = shaded(own, light)
    x += at * r
    if beast.ears == "pointed":
        return fill(
            polygon(
                [
                    (x - 0.5 * r, y - 0.55 * r),
                    (x - 0.05 * r, y - 1.75 * r),
                    (x + 0.5 * r, y - 0.7 * r),
                ],
                FRAME,
            ),
            paint,
        )
    if beast.ears == "round":
        return fill(ellipse((x, y - 0.85 * r), 0.9 * r, 0.9 * r, FRAME), paint)
    if beast.ears == "long":
        return fill(
            line([(x, y - 0.6 * r), (x - 0.5 * r, y - 2.5 * r)], 0.6 * r, 0.42 * r, FRAME), paint
        )
    if beast.ears == "mouse":
        whole = fill(ellipse((x - 0.2 * r, y - 1.0 * r), 1.5 * r, 1.5 * r, FRAME), paint)
        return stacked(
            [
                whole,
                fill(
                    ellipse((x - 0.2 * r, y - 1.0 * r), 0.9 * r, 0.9 * r, FRAME),
                    beast.second or paint,
                ),
            ]
        )
    if beast.ears == "big":
        return fill(
            ellipse((x - 0.4 * r, y + 0.2 * r), 1.7 * r, 2.1 * r, FRAME), shaded(paint, 0.85)
        )
    return fill(
        line([(x - 0.1 * r, y - 0.5 * r), (x - 0.35 * r, y + 0.7 * r)], 0.6 * r, 0.75 * r, FRAME),
        shaded(paint, 0.7),
    )
