"""Postures: how an animal holds its body, by what it does."""

from dataclasses import dataclass
from math import cos, sin

from ..shapes import Paint, Point, Shape
from .beasts import Beast

FRAME: Shape = (96, 128)
"""Rows and columns in which bodies are drawn; they are wider than high."""
FOOT = 0.95
"""How far down the ground is."""
DARK: Paint = (0.10, 0.09, 0.10)
"""Of noses, eyes and stripes."""
POSES = ("stand", "walk", "run", "sit", "lie", "eat")
_POSTURES = {
    "run": "run", "chase": "run", "jump": "run", "leap": "run", "gallop": "run", "play": "run",
    "hop": "run", "hunt": "run", "walk": "walk", "stroll": "walk", "wander": "walk",
    "cross": "walk", "explore": "walk", "follow": "walk", "sit": "sit", "wait": "sit",
    "watch": "sit", "guard": "sit", "howl": "sit", "rest": "lie", "sleep": "lie", "lie": "lie",
    "nap": "lie", "relax": "lie", "dream": "lie", "snore": "lie", "graze": "eat", "eat": "eat",
    "drink": "eat", "chew": "eat", "sniff": "eat", "lick": "eat", "have": "stand",
}  # fmt: skip
"""How a body is held by what is done."""


def posture(deed: str) -> str:
    """The pose of a deed."""
    return _POSTURES.get(deed, "stand")


@dataclass(frozen=True)
class Frame:
    """Where hip, chest and head are."""

    hip: Point
    chest: Point
    face: Point
    down: float
    """How far the muzzle points down, in radians."""

    def tip(self, far: float) -> Point:
        """A point so far along the muzzle."""
        return self.face[0] + far * cos(self.down), self.face[1] + far * sin(self.down)


def framed(beast: Beast, pose: str) -> Frame:
    """Where the body of a beast is in a pose."""
    high = FOOT - beast.leg - beast.thick / 2 + 0.02
    left = 0.62 - 0.5 * (beast.length + 0.1)
    hip, chest, lift, down = (left, high), (left + beast.length, high), beast.lift, 0.3
    if pose == "run":
        hip, chest, lift = (left, high - 0.02), (left + 1.1 * beast.length, high - 0.05), 0.8 * lift
    if pose == "sit":
        rise = 0.62 * beast.length + 0.06
        low = FOOT - 0.5 * beast.thick
        hip, chest = (left + 0.1, low), (left + 0.1 + 0.55 * beast.length, low - rise)
        lift = max(lift, 1.0)
    if pose == "lie":
        low = FOOT - 0.46 * beast.thick
        hip, chest, lift, down = (left, low), (left + beast.length, low), 0.25, 0.35
    if pose == "eat":
        lift, down = -0.55, 0.9
    neck = beast.neck * (1.15 if pose == "eat" else 1)
    face = chest[0] + neck * cos(lift) + 0.02, chest[1] - neck * sin(lift)
    return Frame(hip, chest, (face[0], min(face[1], FOOT - 0.6 * beast.head)), down)


def shaded(paint: Paint, light: float) -> Paint:
    """A color in so much light."""
    red, green, blue = (min(1.0, light * level) for level in paint)
    return red, green, blue
