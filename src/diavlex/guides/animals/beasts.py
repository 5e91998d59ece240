"""Beasts: what animals on four legs look like, in measures of their bodies.

They are kept as text in `beasts.txt`. A line names animals, then what differs from a plain
`Beast`: "fox: paint #e07a2a; tail bushy; second #f8f4ee".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ..shapes import Paint


@dataclass(frozen=True)
class Beast:
    """The measures of an animal that stands and looks to the right, in a frame from 0 to 1."""

    paint: Paint = (0.6, 0.45, 0.3)
    second: Paint | None = None
    """Of muzzle and belly, of the tip of a tail, of feet and marks; none if all is of one color."""
    length: float = 0.36
    """From hip to chest."""
    thick: float = 0.22
    """Of the trunk."""
    leg: float = 0.24
    limb: float = 0.085
    """Width of a leg."""
    neck: float = 0.17
    """From the chest to the middle of the head."""
    lift: float = 0.95
    """How steep the neck is, in radians."""
    girth: float = 0.13
    """Width of the neck."""
    head: float = 0.19
    muzzle: float = 0.13
    """How far the muzzle reaches from the middle of the head."""
    snout: float = 0.10
    """Width of the muzzle."""
    ears: str = "pointed"
    """pointed, round, flop, long, big or none."""
    tail: str = "thin"
    """thin, bushy, short, curl, tuft, horse or none."""
    marks: str = ""
    """stripes, spots, patches, belly, collar, mane, ruff, mask, socks or wool; several with +."""
    extra: str = ""
    """horns, antlers, horn, tusks, trunk, hump, nosehorn, beard or spines; several with +."""
    is_whole: bool = False
    """Whether it is better known by its body than by its face."""

    parts: Mapping[str, Paint] = field(default_factory=dict)
    """Colors that are said of parts: ears, tail, mane, eyes, collar, belly, paws, nose, spots."""

    def part(self, name: str, other: Paint) -> Paint:
        """The color of a part; another if none is said."""
        return self.parts.get(name, other)

    @property
    def features(self) -> frozenset[str]:
        """All marks and extras."""
        return frozenset([*self.marks.split("+"), *self.extra.split("+")])


@cache
def beasts() -> dict[str, Beast]:
    """All of them by name."""
    found: dict[str, Beast] = {}
    text = (Path(__file__).parent / "beasts.txt").read_text(encoding="utf-8")
    for written in text.splitlines():
        names, facts = written.split(": ", 1)
        found |= dict.fromkeys(names.split(", "), _beast(facts))
    return found


def _beast(facts: str) -> Beast:
    return Beast(**dict(_fact(fact) for fact in facts.split("; ")))


def _fact(text: str) -> tuple[str, Any]:
    name, _, value = text.partition(" ")
    if name == "is_whole":
        return name, True
    if value.startswith("#"):
        red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return name, (red, green, blue)
    return name, value if name in ("ears", "tail", "marks", "extra") else float(value)
