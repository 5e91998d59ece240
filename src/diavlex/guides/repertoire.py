"""The repertoire: all things that can be shown alone, found by what a noun says of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from diavlex.phrases import Noun
from diavlex.tensors import Embeddings

from .drawn import drawings, drawn, has_part, repainted
from .icons import Icons, forms
from .patterns import pattern_of, with_pattern
from .shapes import Cutout, Paint
from .tint import fleshed, paint_of, tinted

_ALIASES = {
    "love": "heart", "peace": "dove", "freedom": "dove", "music": "notes", "war": "tank",
    "birthday": "birthday cake", "birthday party": "birthday cake", "party": "party hat",
    "christmas": "christmas tree", "xmas": "christmas tree", "halloween": "jack-o-lantern",
    "easter": "easter egg", "thanksgiving": "roast turkey", "hanukkah": "menorah",
    "football match": "soccer ball", "football game": "soccer ball", "soccer": "soccer ball",
    "chess game": "chess", "game of chess": "chess", "time": "hourglass", "death": "skull",
    "vacation": "suitcase", "holiday": "suitcase", "money bag": "money", "idea": "light bulb",
    "science": "beaker", "school supplies": "pencil", "danger": "skull", "luck": "clover",
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
    "puppy": "dog face", "bunny": "rabbit", "cherry blossom": "cherry blossom",
    "dinosaur": "sauropod",
    "toy car": "car", "sports car": "car", "school bus": "bus", "guitar": "guitar",
    "skeleton": "skull", "hot air balloon": "hot air balloon", "christmas tree": "christmas tree",
    "full moon": "full moon", "moon": "full moon", "crescent moon": "crescent moon",
    "dog": "dog face", "cat": "cat face", "kitten": "cat face",
    "glass": "wine glass", "web": "spider web", "puppy dog": "dog face",
    "ship": "sailboat", "pirate ship": "sailboat", "boat": "sailboat", "train": "locomotive",
    "bowl of soup": "pot of food", "soup": "pot of food", "fishing boat": "boat",
}  # fmt: skip
"""Other names under which a thing is looked up first."""


_OWN_NAME, _MEANT = 2, 9
"""The highest rank of an icon's own names, and of those of what is meant."""
_SIZED = ("big", "small", "little", "large", "tiny", "huge", "tall", "short")
"""What is said of a thing's size: "a big tree" is a tree, though sequoias are called so too."""
_SECOND = ("wings", "belly", "stripes", "sails", "head", "windows")
"""Parts that take the second color of a thing, the first that there is."""


def _looked_up(name: str) -> tuple[str, ...]:
    return (name, _ALIASES[name]) if name in _ALIASES else (name,)


@dataclass(frozen=True)
class Shown:
    """A thing as it can be shown."""

    cutout: Cutout
    kind: str
    """What it is one of, of `icons.KINDS`."""
    done: frozenset[str] = frozenset()
    """Parts that have their colors already."""


class Repertoire:
    """Drawings and icons by name.

    Args:
        icons: what things look like.
        encode: gives unit vectors of texts, for words that name nothing.
    """

    def __init__(self, icons: Icons, encode: Callable[[list[str]], Embeddings]) -> None:
        self.icons, self.encode = icons, encode

    def find(self, name: str, most: int = _MEANT) -> Shown | None:
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
        """What a noun looks like in its colors and patterns; None if nothing is near to it."""
        found = self._named(noun)
        if found is None:
            return None
        parts = {part.head: paint_of(part.color) for part in noun.having if part.color}
        is_changed = noun.color or noun.also or parts or pattern_of(noun)
        again = self._repainted(noun, parts) if is_changed else None
        if again is None and noun.color:
            again = Shown(tinted(found.cutout, noun.color, found.kind), found.kind)
        shown = again or found
        if (noun.also and shown.done) or shown.done & {"spots", "dots", "stripes"}:
            return shown
        return replace(shown, cutout=with_pattern(shown.cutout, noun))

    def _named(self, noun: Noun) -> Shown | None:
        """By its full name, then by its last words, then by meaning, then by its first word."""
        words = noun.name.split()
        if noun.count > 1 and (one := self._single(noun)):
            return one
        full = " ".join([*noun.traits, noun.name])
        is_sized = any(trait in _SIZED for trait in noun.traits) and full not in drawings()
        named = [" ".join([*noun.traits[k:], noun.name]) for k in range(len(noun.traits))]
        tails = [" ".join(words[k:]) for k in range(len(words))]
        names = (*tails, full) if is_sized else (*named, *tails)
        for most in (_OWN_NAME, _MEANT):
            for name in names:
                if found := self.find(name, most):
                    return found
        for name in (noun.name, noun.head):
            icon = self.icons.near(name, self.encode)
            if icon is not None:
                return self._icon(icon)
        return self.find(words[0]) if len(words) > 1 else None

    def _repainted(self, noun: Noun, parts: dict[str, Paint]) -> Shown | None:
        """A drawing in the color of its noun, and its parts in theirs."""
        name = self._drawing_of(noun)
        if name is None:
            return None
        mine = {one: paint for one, paint in parts.items() if has_part(name, one)}
        if noun.also:
            second = next((one for one in _SECOND if has_part(name, one)), "")
            mine |= {second: paint_of(noun.also)} if second else {}
        found = repainted(name, paint_of(noun.color) if noun.color else None, mine)
        return Shown(*found, frozenset(mine)) if found else None

    def shows_part(self, noun: Noun, part: str) -> bool:
        """Whether what shows a noun has a part already: a birthday cake candles."""
        name = self._drawing_of(noun)
        return name is not None and has_part(name, part)

    def _drawing_of(self, noun: Noun) -> str | None:
        """The name of the drawing that shows a noun."""
        words = noun.name.split()
        singles = [form for form in forms(noun.name)[1:] if noun.count > 1]
        full = " ".join([*noun.traits, noun.name])
        for name in (*singles, full, *(" ".join(words[k:]) for k in range(len(words)))):
            for form in (one for name_form in forms(name) for one in _looked_up(name_form)):
                if form in drawings():
                    plain = f"plain {form}"
                    return plain if plain in drawings() else form
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
