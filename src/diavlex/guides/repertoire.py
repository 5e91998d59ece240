"""The repertoire: all things that can be shown alone, found by what a noun says of them."""

from collections.abc import Callable
from dataclasses import dataclass

from diavlex.phrases import Noun
from diavlex.tensors import Embeddings

from .drawn import drawn, repainted
from .icons import Icons, forms
from .shapes import Cutout
from .tint import fleshed, paint_of, tinted

_ALIASES = {
    "fire truck": "fire engine", "fishing rod": "fishing pole", "steam train": "locomotive",
    "steam engine": "locomotive", "television": "tv", "robin": "bird", "seagull": "dove",
    "gull": "dove", "sneakers": "shoe", "wine bottle": "wine", "flower pot": "potted plant",
    "plant": "potted plant", "plane": "airplane", "jet": "airplane", "bike": "bicycle",
    "motorbike": "motorcycle",
    "sailing boat": "sailboat", "sailing ship": "sailboat", "sail boat": "sailboat",
    "yacht": "sailboat", "rowing boat": "canoe", "rowboat": "canoe", "raft": "canoe",
    "kayak": "canoe", "glass of wine": "wine glass", "glass of water": "glass of milk",
    "cup of coffee": "coffee", "cup of tea": "hot beverage", "coffee cup": "coffee",
    "mug": "coffee", "cup": "coffee", "tea": "hot beverage", "donut": "doughnut",
    "puppy": "puppy", "bunny": "rabbit", "cherry blossom": "cherry blossom",
    "dinosaur": "sauropod",
    "toy car": "car", "sports car": "car", "school bus": "bus", "guitar": "guitar",
    "skeleton": "skull", "hot air balloon": "hot air balloon", "christmas tree": "christmas tree",
    "full moon": "full moon", "moon": "full moon", "crescent moon": "crescent moon",
    "dog": "dog face", "glass": "wine glass", "web": "spider web", "puppy dog": "dog face",
    "ship": "sailboat", "pirate ship": "sailboat", "boat": "sailboat", "train": "locomotive",
    "bowl of soup": "pot of food", "soup": "pot of food", "fishing boat": "boat",
    "squirrel": "chipmunk", "fried egg": "cooking",
}  # fmt: skip
"""Other names under which a thing is looked up first."""


@dataclass(frozen=True)
class Shown:
    """A thing as it can be shown."""

    cutout: Cutout
    kind: str
    """What it is one of, of `icons.KINDS`."""


class Repertoire:
    """Drawings and icons by name.

    Args:
        icons: what things look like.
        encode: gives unit vectors of texts, for words that name nothing.
    """

    def __init__(self, icons: Icons, encode: Callable[[list[str]], Embeddings]) -> None:
        self.icons, self.encode = icons, encode

    def find(self, name: str, most: int = 9) -> Shown | None:
        """The thing of a name; None if there is none.

        Args:
            name: to look up.
            most: how far the meaning may be, as the highest rank of a name.
        """
        for form in forms(name):
            if found := drawn(form) or drawn(_ALIASES.get(form, form)):
                return Shown(*found)
        for form in forms(name):
            if form in _ALIASES and (icon := self.icons.find(_ALIASES[form], 2)) is not None:
                return self._icon(icon)
        icon = self.icons.find(name, most)
        return None if icon is None else self._icon(icon)

    def show(self, noun: Noun) -> Shown | None:
        """What a noun looks like in its color; None if nothing is near to it."""
        found = self._named(noun)
        if found is None or not noun.color:
            return found
        if again := self._repainted(noun):
            return again
        return Shown(tinted(found.cutout, noun.color, found.kind), found.kind)

    def _named(self, noun: Noun) -> Shown | None:
        """By its full name, then by its last words, then by meaning, then by its first word."""
        words = noun.name.split()
        if noun.count > 1 and (one := self._single(noun)):
            return one
        full = " ".join([*noun.traits, noun.name])
        for name in (full, *(" ".join(words[k:]) for k in range(len(words)))):
            if found := self.find(name):
                return found
        for name in (noun.name, noun.head):
            icon = self.icons.near(name, self.encode)
            if icon is not None:
                return self._icon(icon)
        return self.find(words[0]) if len(words) > 1 else None

    def _repainted(self, noun: Noun) -> Shown | None:
        """A drawing in the color of its noun."""
        words = noun.name.split()
        singles = [form for form in forms(noun.name)[1:] if noun.count > 1]
        full = " ".join([*noun.traits, noun.name])
        for name in (*singles, full, *(" ".join(words[k:]) for k in range(len(words)))):
            for form in forms(name):
                if found := repainted(form, paint_of(noun.color or "red")):
                    return Shown(*found)
        return None

    def _single(self, noun: Noun) -> Shown | None:
        """One of what is counted, as it is drawn alone: of "five balloons" a balloon."""
        for form in forms(noun.name)[1:]:
            if noun.name == f"{form}s" and (found := drawn(form)):
                return Shown(*found)
        return None

    def _icon(self, icon: int) -> Shown:
        kind, cutout = self.icons.kind(icon), self.icons.cutout(icon)
        return Shown(fleshed(cutout) if kind == "person" else cutout, kind)
