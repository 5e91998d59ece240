"""Deeds: how a body is held, and where the thing lies with which something is done.

They are kept as text: in `done.txt` by the verb, in `played.txt` by what is played, and in
`ridden.txt` by what is ridden or driven. A line names deeds, then a pose and what differs from a
plain `Deed`: "dig: bend; thing shovel; at .78 .72; turn .3; is_tool".
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..shapes import Point


@dataclass(frozen=True)
class Deed:
    """What doing something looks like, on a stage from 0 to 1 that person and thing share."""

    pose: str
    thing: str = ""
    """With which it is done where none is named."""
    at: str | Point = "hands"
    """Where the thing's center is: hands, near, far, mouth, crown, lap, or a place on the stage."""
    width: float = 0.36
    """Of the thing, over the stage."""
    turn: float = 0.0
    """How far the thing is turned clockwise, in radians."""
    scale: float = 1.0
    """Of the person."""
    spot: Point = (0.5, 0.5)
    """Center of the person's own frame."""
    layer: str = "between"
    """Where the thing is laid: behind the person, between body and arm, or over both."""
    prop: str = ""
    """What else is drawn, of `props.txt`, or string, leash, rod, rope."""
    scenery: str = ""
    """Where it is done, if no place is said."""
    is_tool: bool = False
    """Whether the thing is what it is done with, so that what it is done to is not held."""
    to: Point | None = None
    """Center on the stage of what is done to with a tool; not shown if not given."""


_HELD = Deed("front", width=0.36)
AT_GROUND = Deed("front", at=(0.82, 0.74), width=0.42, scale=0.9, spot=(0.34, 0.53), layer="over")
"""Something small that lies before a person, to which something is done."""
_MOUNTED = Deed("ride", at=(0.5, 0.68), width=0.95, scale=0.62, spot=(0.50, 0.36), layer="behind")
_INSIDE = Deed("sit", at=(0.5, 0.62), width=0.98, scale=0.56, spot=(0.48, 0.30), layer="over")
_LARGE = ("animal", "vehicle", "building", "furniture", "tree", "ship", "person")
_PLAYING = ("play", "strum", "blow")
_RIDING = ("ride", "drive")
DRAWN_SO = {
    "cartwheel": "cartwheeling", "wrestle": "wrestlers",
}  # fmt: skip
"""Deeds that icons show better than a figure does, by what such icons are called."""


EMBLEMS = {
    "doctor": "stethoscope", "nurse": "syringe", "surgeon": "stethoscope", "chef": "pan",
    "cook": "pan", "baker": "bread", "farmer": "rake", "builder": "hammer", "worker": "hammer",
    "carpenter": "saw", "mechanic": "wrench", "plumber": "wrench", "waiter": "cocktail",
    "waitress": "coffee", "barista": "coffee", "scientist": "microscope",
    "gardener": "watering can",
    "wizard": "magic wand", "magician": "magic wand", "witch": "broom", "pirate": "sword",
    "knight": "sword", "ninja": "sword", "samurai": "sword", "viking": "axe", "postman": "letter",
    "mailman": "letter", "barber": "scissors", "lumberjack": "axe", "firefighter": "axe",
    "fireman": "axe", "king": "scepter", "clown": "balloon", "bride": "bouquet",
    "journalist": "microphone", "businessman": "briefcase", "student": "book", "gladiator": "sword",
    "fairy": "magic wand", "dentist": "toothbrush", "tailor": "scissors", "tourist": "camera",
}  # fmt: skip
"""What people are known by, where they are not said to do or have anything."""


@cache
def deeds(name: str) -> dict[str, Deed]:
    """The deeds of a file: done, played or ridden."""
    found: dict[str, Deed] = {}
    path = Path(__file__).parent / f"{name}.txt"
    for text in path.read_text(encoding="utf-8").splitlines():
        names, facts = text.split(": ", 1)
        found |= dict.fromkeys(names.split(", "), _deed(facts))
    return found


def _deed(text: str) -> Deed:
    pose, *facts = text.split("; ")
    return Deed(pose, **dict(_fact(fact) for fact in facts))


def _fact(text: str) -> tuple[str, Any]:
    name, _, value = text.partition(" ")
    if name == "is_tool":
        return name, True
    if name in ("at", "spot", "to") and " " in value:
        x, y = value.split()
        return name, (float(x), float(y))
    return name, float(value) if name in ("width", "turn", "scale") else value


_WOOD = ("", "wood", "firewood", "log", "logs", "tree", "trees")
"""What is chopped with an axe; all else is cut with a knife."""


_PAINTED = ("fence", "wall", "door", "house", "boat", "ceiling", "car", "barn", "chair", "table")
"""What is painted with a broad brush, and not on an easel."""


def deed_for(verb: str, thing: str, kind: str) -> Deed:
    """How something is done with a thing.

    Args:
        verb: what is done, "" for nothing.
        thing: the last word of what it is done to, "" for nothing.
        kind: what that is one of.
    """
    if verb == "chop" and thing not in _WOOD:
        verb = "cut"
    if verb == "paint" and thing in _PAINTED:
        verb = "fix"
    if verb in _PLAYING and thing in deeds("played"):
        return deeds("played")[thing]
    if verb in _RIDING:
        return deeds("ridden").get(thing, _INSIDE if kind == "vehicle" else _MOUNTED)
    if verb == "play" and not thing:
        return Deed("cheer")
    if verb in deeds("done"):
        return deeds("done")[verb]
    if not verb or not thing:
        return Deed("stand")
    return AT_GROUND if kind in _LARGE else _HELD
