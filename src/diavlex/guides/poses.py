"""Poses: how people hold their bodies, by what they do."""

from dataclasses import dataclass

from diavlex.guides.shapes import Point


@dataclass(frozen=True)
class Pose:
    """Where the ends of a body are, in a frame from 0 to 1; the figure looks to the right."""

    hip: Point = (0.5, 0.58)
    neck: Point = (0.5, 0.32)
    far_hand: Point = (0.36, 0.58)
    near_hand: Point = (0.64, 0.58)
    far_foot: Point = (0.44, 0.95)
    near_foot: Point = (0.57, 0.95)
    knees: int = 1
    """Which way they bend: 1 as of one who looks to the right, -1 the other way, 0 straight."""
    nod: float = 0.0
    """How far the head is ahead of the neck."""


POSES = {
    "stand": Pose(knees=0),
    "walk": Pose(
        far_hand=(0.66, 0.54), near_hand=(0.38, 0.56), far_foot=(0.66, 0.94), near_foot=(0.36, 0.93)
    ),
    "run": Pose(
        hip=(0.47, 0.57),
        neck=(0.55, 0.33),
        far_hand=(0.76, 0.40),
        near_hand=(0.32, 0.46),
        far_foot=(0.72, 0.90),
        near_foot=(0.16, 0.80),
        nod=0.03,
    ),
    "sit": Pose(
        hip=(0.40, 0.66),
        neck=(0.40, 0.40),
        far_hand=(0.64, 0.60),
        near_hand=(0.60, 0.62),
        far_foot=(0.68, 0.95),
        near_foot=(0.62, 0.96),
    ),
    "floor": Pose(
        hip=(0.36, 0.84),
        neck=(0.36, 0.58),
        far_hand=(0.62, 0.74),
        near_hand=(0.58, 0.76),
        far_foot=(0.74, 0.93),
        near_foot=(0.70, 0.94),
    ),
    "ride": Pose(
        hip=(0.46, 0.56),
        neck=(0.48, 0.30),
        far_hand=(0.70, 0.48),
        near_hand=(0.68, 0.50),
        far_foot=(0.60, 0.86),
        near_foot=(0.56, 0.88),
    ),
    "kneel": Pose(
        hip=(0.40, 0.74),
        neck=(0.50, 0.50),
        far_hand=(0.76, 0.72),
        near_hand=(0.72, 0.76),
        far_foot=(0.22, 0.94),
        near_foot=(0.18, 0.95),
        nod=0.03,
    ),
    "bend": Pose(
        hip=(0.36, 0.58),
        neck=(0.56, 0.40),
        far_hand=(0.76, 0.62),
        near_hand=(0.72, 0.66),
        far_foot=(0.48, 0.95),
        near_foot=(0.32, 0.95),
        nod=0.06,
    ),
    "cheer": Pose(far_hand=(0.26, 0.12), near_hand=(0.76, 0.12), knees=0),
    "raise": Pose(near_hand=(0.74, 0.16), knees=0),
    "front": Pose(far_hand=(0.70, 0.45), near_hand=(0.64, 0.49), knees=0),
    "push": Pose(
        neck=(0.54, 0.33),
        far_hand=(0.78, 0.46),
        near_hand=(0.76, 0.50),
        far_foot=(0.60, 0.94),
        near_foot=(0.34, 0.94),
    ),
    "low": Pose(
        neck=(0.53, 0.33),
        far_hand=(0.70, 0.58),
        near_hand=(0.64, 0.62),
        far_foot=(0.42, 0.95),
        near_foot=(0.58, 0.95),
    ),
    "violin": Pose(far_hand=(0.78, 0.34), near_hand=(0.68, 0.45), knees=0),
    "guitar": Pose(far_hand=(0.76, 0.43), near_hand=(0.50, 0.52), knees=0),
    "mouth": Pose(far_hand=(0.70, 0.30), near_hand=(0.62, 0.26), knees=0),
    "kick": Pose(
        hip=(0.46, 0.58),
        neck=(0.42, 0.33),
        far_hand=(0.64, 0.48),
        near_hand=(0.22, 0.48),
        far_foot=(0.42, 0.95),
        near_foot=(0.80, 0.82),
    ),
    "throw": Pose(
        far_hand=(0.30, 0.44), near_hand=(0.76, 0.18), far_foot=(0.64, 0.94), near_foot=(0.38, 0.94)
    ),
    "dance": Pose(
        far_hand=(0.24, 0.22), near_hand=(0.78, 0.20), far_foot=(0.42, 0.95), near_foot=(0.74, 0.84)
    ),
    "jump": Pose(
        hip=(0.5, 0.52),
        neck=(0.5, 0.28),
        far_hand=(0.26, 0.14),
        near_hand=(0.76, 0.14),
        far_foot=(0.30, 0.78),
        near_foot=(0.70, 0.78),
    ),
    "swing": Pose(
        neck=(0.48, 0.33),
        far_hand=(0.70, 0.20),
        near_hand=(0.66, 0.16),
        far_foot=(0.62, 0.95),
        near_foot=(0.38, 0.95),
    ),
    "surf": Pose(
        hip=(0.46, 0.62),
        neck=(0.54, 0.40),
        far_hand=(0.84, 0.38),
        near_hand=(0.24, 0.36),
        far_foot=(0.66, 0.95),
        near_foot=(0.30, 0.93),
        nod=0.03,
    ),
    "swim": Pose(
        hip=(0.24, 0.66),
        neck=(0.54, 0.60),
        far_hand=(0.86, 0.62),
        near_hand=(0.78, 0.36),
        far_foot=(0.02, 0.74),
        near_foot=(0.04, 0.70),
        nod=0.08,
    ),
    "lotus": Pose(
        hip=(0.50, 0.80),
        neck=(0.50, 0.54),
        far_hand=(0.26, 0.80),
        near_hand=(0.74, 0.80),
        far_foot=(0.64, 0.92),
        near_foot=(0.34, 0.92),
        knees=0,
    ),
    "asleep": Pose(
        hip=(0.56, 0.68),
        neck=(0.32, 0.66),
        far_hand=(0.54, 0.66),
        near_hand=(0.54, 0.68),
        far_foot=(0.88, 0.72),
        near_foot=(0.88, 0.74),
        nod=-0.10,
    ),
    "hold": Pose(far_hand=(0.58, 0.50), near_hand=(0.64, 0.47), knees=0),
    "lift": Pose(far_hand=(0.30, 0.10), near_hand=(0.70, 0.10), knees=0),
}
"""How a body is held, by name."""
