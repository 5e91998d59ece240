"""Figures: people built of limbs, clothes and hair, in the pose of what they do.

A pose says where hip, neck, head, hands and feet are; elbows and knees follow from the lengths of
limbs. The near arm is a cutout of its own, so that what a hand holds can lie behind it.

Source: joints of a limb of two bones by the law of cosines, as in any inverse kinematics.
"""

from dataclasses import dataclass
from math import hypot

from diavlex.guides.poses import POSES, Pose
from diavlex.guides.shapes import Cutout, Paint, Point, ellipse, fill, line, polygon, stacked

_UPPER, _LOWER = 0.155, 0.15
"""Lengths of an upper and a lower arm."""
_THIGH, _SHIN = 0.2, 0.2
_ARM, _LEG = 0.085, 0.105
"""Widths of limbs."""

__all__ = ["POSES", "Figure", "Look", "Pose", "figure", "joint"]


@dataclass(frozen=True)
class Look:
    """What a person looks like."""

    skin: Paint = (0.93, 0.74, 0.60)
    hair: Paint = (0.25, 0.15, 0.10)
    style: str = "short"
    """Of the hair: short, long, tails, bun, bald or hidden."""
    top: Paint = (0.20, 0.42, 0.75)
    bottom: Paint = (0.25, 0.26, 0.34)
    has_dress: bool = False
    has_beard: bool = False
    head: float = 0.135
    """Radius of the head; children have larger ones."""


@dataclass(frozen=True)
class Figure:
    """A person in a pose."""

    body: Cutout
    """All but the near arm."""
    arm: Cutout
    near_hand: Point
    far_hand: Point
    mouth: Point
    crown: Point
    """Top of the head."""
    lap: Point
    feet: Point

    def whole(self) -> Cutout:
        """The figure with nothing in its hands."""
        return self.arm.over(self.body)


def joint(start: Point, end: Point, upper: float, lower: float, bend: float) -> Point:
    """Where an elbow or a knee is.

    Args:
        start: shoulder or hip.
        end: hand or foot.
        upper: length of the first bone.
        lower: of the second.
        bend: to which side it bends; 0 not at all.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = max(hypot(dx, dy), 1e-6)
    reach = min(far, 0.999 * (upper + lower))
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    off = max(upper**2 - along**2, 0) ** 0.5 * bend
    return start[0] + (along * dx - off * dy) / far, start[1] + (along * dy + off * dx) / far


def figure(look: Look, pose: Pose) -> Figure:
    """A person in a pose, to be laid on a picture."""
    neck, hip, head = pose.neck, pose.hip, look.head
    shoulder = (neck[0], neck[1] + 0.035)
    face = (neck[0] + pose.nod, neck[1] - 0.75 * head)
    far_leg = _leg(look, hip, pose.far_foot, pose.knees, -0.035, 0.8)
    near_leg = _leg(look, hip, pose.near_foot, pose.knees, 0.03, 1.0)
    far_arm = _arm(look, shoulder, pose.far_hand, 0.85)
    near_arm = _arm(look, shoulder, pose.near_hand, 1.12)
    body = [far_arm, far_leg, near_leg, _trunk(look, shoulder, hip, pose), *_head(look, face)]
    return Figure(
        stacked(body),
        near_arm,
        pose.near_hand,
        pose.far_hand,
        (face[0] + 0.5 * head, face[1] + 0.45 * head),
        (face[0], face[1] - head),
        (hip[0] + 0.14, hip[1] - 0.04),
        ((pose.far_foot[0] + pose.near_foot[0]) / 2, max(pose.far_foot[1], pose.near_foot[1])),
    )


def _shaded(paint: Paint, light: float) -> Paint:
    return tuple(min(1.0, v * light) for v in paint)  # type: ignore[return-value]


def _leg(look: Look, hip: Point, foot: Point, knees: int, apart: float, light: float) -> Cutout:
    start = hip[0] + apart, hip[1]
    knee = joint(start, foot, _THIGH, _SHIN, -knees)
    paint = look.skin if look.has_dress else look.bottom
    shoe = ellipse((foot[0] + 0.025, foot[1]), 0.13, 0.07)
    limb = line([start, knee, foot], _LEG, 0.7 * _LEG)
    return stacked([fill(limb, _shaded(paint, light)), fill(shoe, (0.2, 0.13, 0.1))])


def _arm(look: Look, shoulder: Point, hand: Point, light: float) -> Cutout:
    facing = 1.0 if hand[0] >= shoulder[0] else -1.0
    shoulder = shoulder[0] + 0.065 * facing, shoulder[1] + 0.01
    elbow = joint(shoulder, hand, _UPPER, _LOWER, facing)
    sleeve = fill(line([shoulder, elbow, hand], _ARM, 0.8 * _ARM), _shaded(look.top, light))
    return stacked([sleeve, fill(ellipse(hand, 0.075, 0.075), look.skin)])


def _trunk(look: Look, shoulder: Point, hip: Point, pose: Pose) -> Cutout:
    trunk = fill(line([shoulder, hip], 0.19, 0.17), look.top)
    if not look.has_dress:
        return trunk
    middle = (pose.far_foot[0] + pose.near_foot[0]) / 2, (pose.far_foot[1] + pose.near_foot[1]) / 2
    x, y = hip[0] + 0.62 * (middle[0] - hip[0]), hip[1] + 0.62 * (middle[1] - hip[1])
    across, down = (y - hip[1]), -(x - hip[0])
    length = max(hypot(across, down), 1e-6)
    across, down = across / length, down / length
    hem = [(x + w * across, y + w * down) for w in (0.19, -0.19)]
    waist = [(shoulder[0] + w * across, shoulder[1] + 0.1 + w * down) for w in (-0.085, 0.085)]
    skirt = line([hip, (x, y)], 0.2, 0.24).maximum(polygon([*waist, *hem]))
    return stacked([fill(skirt, look.top), trunk])


def _head(look: Look, face: Point) -> list[Cutout]:
    """Head, hair and face, from back to front."""
    x, y, r = *face, look.head
    parts = []
    if look.style == "long":
        parts.append(
            fill(
                line([(x - 0.25 * r, y - 0.2 * r), (x - 0.45 * r, y + 1.5 * r)], 1.9 * r, 1.2 * r),
                look.hair,
            )
        )
    if look.style == "tails":
        tails = [ellipse((x + s * 1.15 * r, y + 0.5 * r), 0.6 * r, 1.3 * r) for s in (-1, 1)]
        parts.append(fill(tails[0].maximum(tails[1]), look.hair))
    if look.style == "bun":
        parts.append(fill(ellipse((x - 0.5 * r, y - 1.05 * r), 0.9 * r, 0.8 * r), look.hair))
    parts.append(fill(ellipse(face, 2 * r, 2.1 * r), look.skin))
    if look.has_beard:
        beard = ellipse((x + 0.1 * r, y + 0.75 * r), 1.75 * r, 1.5 * r)
        parts.append(
            fill(beard * (1 - ellipse((x + 0.1 * r, y - 0.2 * r), 1.9 * r, 1.4 * r)), look.hair)
        )
    if look.style not in ("bald", "hidden"):
        cap = ellipse((x - 0.12 * r, y - 0.28 * r), 2.15 * r, 1.95 * r)
        bare = ellipse((x + 0.22 * r, y + 0.45 * r), 1.75 * r, 1.9 * r)
        parts.append(fill(cap * (1 - bare), look.hair))
    for dx in (-0.12, 0.58):
        parts.append(
            fill(ellipse((x + dx * r, y + 0.08 * r), 0.26 * r, 0.34 * r), (0.1, 0.08, 0.1))
        )
    mouth = line([(x - 0.02 * r, y + 0.58 * r), (x + 0.48 * r, y + 0.58 * r)], 0.15 * r)
    parts.append(fill(mouth, (0.75, 0.3, 0.3)))
    return parts
