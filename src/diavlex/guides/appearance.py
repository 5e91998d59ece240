"""How a noun is seen: its cutouts as a group, in their number and colors, full of what is in it."""

from dataclasses import dataclass, replace

from diavlex.phrases import Noun

from . import arrange
from .animals import acted, beasts
from .arrange import Group
from .drawn import drawings
from .icons import forms
from .people import performed
from .repertoire import Repertoire
from .shapes import Cutout
from .tint import HUES, tinted

CLEAR = ("bowl", "glass", "jar", "cage", "aquarium", "bottle", "tank", "bubble")
"""What is seen through."""
_HEIGHTS = {
    "roof": (0.0, 0.45), "door": (0.62, 1.0), "collar": (0.38, 0.48), "ears": (0.0, 0.25),
    "wheels": (0.7, 1.0), "hat": (0.0, 0.2), "sail": (0.0, 0.6), "sails": (0.0, 0.6),
    "handle": (0.5, 1.0),
}  # fmt: skip
"""Where parts of things are, from the top, 0, to the bottom, 1."""


_OF_VASES = ("handle", "handles", "lid", "stand", "base", "rim", "neck")
"""Parts of a vase, with which it is not filled."""


ATTACHED = {
    "buttons": (0.5, 0.42, 0.34), "button": (0.5, 0.42, 0.2),
    "flags": (0.5, -0.06, 0.3), "feather": (0.78, 0.18, 0.42), "flag": (0.5, -0.1, 0.34),
    "cushion": (0.5, 0.48, 0.5),
    "cherry": (0.5, -0.02, 0.3), "strawberry": (0.5, 0.0, 0.3), "strawberries": (0.5, 0.0, 0.3),
    "bow": (0.5, 0.2, 0.4), "ribbon": (0.5, 0.3, 0.4), "basket": (0.9, 0.3, 0.34),
    "heart": (0.5, 0.5, 0.36), "star": (0.5, 0.5, 0.36), "candle": (0.5, -0.06, 0.3),
    "flower": (0.6, 0.25, 0.4), "flowers": (0.6, 0.25, 0.4), "moon": (0.5, 0.5, 0.36),
    "skull": (0.5, 0.5, 0.4), "cross": (0.5, 0.5, 0.36), "sun": (0.5, 0.5, 0.4),
    "chimney": (0.75, 0.05, 0.2), "ice": (0.5, 0.2, 0.3), "hat": (0.5, -0.04, 0.5),
    "crown": (0.5, -0.04, 0.5), "glasses": (0.5, 0.38, 0.6), "sunglasses": (0.5, 0.38, 0.7),
    "fish": (0.5, 0.55, 0.4), "straw": (0.6, 0.0, 0.3), "egg": (0.5, 0.4, 0.4),
    "bee": (0.85, 0.1, 0.3), "butterfly": (0.8, 0.12, 0.34), "bird": (0.5, -0.06, 0.34),
    "snow": (0.5, 0.0, 0.5), "olives": (0.5, 0.4, 0.3), "logs": (0.5, 0.3, 0.5),
}  # fmt: skip
"""Where a thing has another: across and down its box, and its size beside it."""


_ONE = (
    "grapes", "raspberries", "skis", "cards", "curtains", "wires", "waves", "windows", "stairs",
    "matches", "pants", "shorts", "glasses", "chips", "bubbles", "dice", "keys", "flames", "bills",
    "scissors", "skates", "fireworks", "blocks", "noodles", "grass", "swings", "headphones",
)  # fmt: skip
"""Plurals that one drawing shows."""
_WORN_IN_PAIRS = ("shoe", "boot", "sock", "glove", "mitten", "sandal", "sneaker", "high heel")
_COMPANY = {"couple": ["man", "woman"], "family": ["man", "woman", "boy", "girl"]}
_MIXED = {
    "people": ("man", "woman"), "friends": ("man", "woman"), "children": ("boy", "girl"),
    "kids": ("boy", "girl"), "persons": ("man", "woman"), "students": ("boy", "girl"),
    "dancers": ("man", "woman"), "tourists": ("man", "woman"), "hikers": ("man", "woman"),
}  # fmt: skip
_SHIRTS = (None, "green", "purple")
"""Of the first pair of a company, the second and the third."""


@dataclass(frozen=True)
class Seen:
    """A noun as it is seen."""

    noun: Noun
    group: Group
    kind: str
    scenery: str = ""


def seen_of(
    noun: Noun, known: Repertoire, *, is_seated: bool = False, is_whole: bool = False
) -> Seen | None:
    """What a noun looks like, with what it wears, holds and is full of; None if nothing shows it.

    Args:
        noun: of a sentence.
        known: what things look like.
        is_seated: whether it sits on something.
        is_whole: whether an animal's body shall be seen.
    """
    if noun.head in _COMPANY or (noun.head in _MIXED and noun.count > 1):
        return _company(noun, known)
    noun = _several(noun)
    if noun.deed in ("fly", "soar", "glide", "migrate") and not noun.person:
        noun = _flying(noun)
    if noun.person:
        cutout, deed = performed(noun, known, is_seated=is_seated)
        size = 0.75 if noun.person in ("boy", "girl") else 0.92
        size *= arrange.bounds(cutout)[3] - arrange.bounds(cutout)[1]
        group = _counted(noun, cutout, max(size, 0.5), is_standing=True)
        return Seen(noun, group, "person", deed.scenery)
    if animal := _animal(noun, known, is_seated=is_seated, is_whole=is_whole):
        return animal
    found = known.show(noun)
    if found is None:
        return _animal(noun, known, is_seated=is_seated, is_whole=True)
    kind, cutout = found.kind, found.cutout
    for part in noun.having:
        if part.color and part.color in HUES and part.head not in found.done:
            cutout = _part_tinted(cutout, part, kind)
    size = arrange.size_of(noun.name, kind)
    group = _counted(
        noun, cutout, size, is_standing=kind in ("animal", "building", "tree", "furniture")
    )
    if noun.inside:
        inner = seen_of(noun.inside if noun.inside.count > 1 else _full(noun.inside), known)
        if inner:
            group = _inside(inner.group, group, noun)
    if noun.object and kind in ("animal", "bird", "fish", "insect"):
        if noun.count == 1:
            group = _with_object(group, noun.object, known)
        elif led := seen_of(noun.object, known):
            group = arrange.row([arrange.lined(group), led.group])
    for other in noun.having:
        if other.head not in found.done:
            group = _joined(group, noun, other, known)
    return Seen(noun, group, kind)


def _flying(noun: Noun) -> Noun:
    """A bird as it flies."""
    is_bird = any(
        form in ("bird", "pigeon", "dove", "seagull", "gull") for form in forms(noun.head)
    )
    return (
        replace(noun, name="flying birds" if noun.count > 1 else "flying bird") if is_bird else noun
    )


def _several(noun: Noun) -> Noun:
    """A few of what is said in the plural, if what shows it shows one: "cows", "boots"."""
    if noun.count > 1 or not noun.head.endswith("s") or noun.person or noun.head in _ONE:
        return noun
    single = next((one for one in forms(noun.head)[1:] if one in drawings() or one in beasts()), "")
    is_other = noun.head in drawings() and drawings()[noun.head] != drawings().get(single)
    if not single or is_other:
        return noun
    return replace(noun, count=2 if single in _WORN_IN_PAIRS else 3)


def _animal(noun: Noun, known: Repertoire, *, is_seated: bool, is_whole: bool) -> Seen | None:
    """An animal on four legs that does something, in its number."""

    def see(other: Noun) -> Group | None:
        found = seen_of(other, known)
        return found.group if found else None

    group = acted(noun, see, is_seated=is_seated, is_whole=is_whole)
    if group is None:
        return None
    return Seen(noun, arrange.repeated(group, noun.count), "animal")


def _joined(group: Group, noun: Noun, other: Noun, known: Repertoire) -> Group:
    """A thing with one more that it has: in its place on it, in it, or beside it."""
    is_held = "hold" in other.traits or "wear" in other.traits
    if not is_held and ("with" not in other.traits or known.shows_part(noun, other.head)):
        return group
    if (
        noun.head == "vase"
        and other.head not in _OF_VASES
        and (inner := seen_of(_full(replace(other, traits=())), known))
    ):
        return _inside(inner.group, group, noun)
    spot = (0.92, 0.62, 0.42) if "hold" in other.traits else ATTACHED.get(other.head)
    more = seen_of(replace(other, traits=()), known) if spot or not other.color else None
    if more is None or (spot is None and more.kind == "thing"):
        return group
    if spot is None:
        return arrange.beside(group, more.group)
    x, y, size = spot
    left, top, _, _ = group.box
    thing = more.group.fit(size * group.width, 1.4 * size * group.height)
    center = left + x * group.width, top + y * group.height
    return group + thing.stood(center[0], center[1] + thing.height / 2)


def _with_object(group: Group, other: Noun, known: Repertoire) -> Group:
    """An animal of which only a face may be seen, with what it eats or has before it."""
    more = seen_of(other, known)
    if more is None:
        return group
    thing = more.group.fit(0.5 * group.width, 0.5 * group.height)
    return group + thing.stood(group.box[2], group.box[3] + 0.1 * thing.height)


def _full(noun: Noun) -> Noun:
    """What fills a container: a few, if it is said in the plural."""
    return (
        replace(noun, count=3) if noun.head.endswith("s") and not noun.head.endswith("ss") else noun
    )


def _inside(inner: Group, outer: Group, noun: Noun) -> Group:
    if noun.head == "plate":
        outer = outer.stood(0.0, 0.0)
        inner = inner.fit(0.72 * outer.width, 0.9 * outer.width)
        return outer + inner.stood(0.0, -0.18 * outer.height)
    if noun.head == "vase":
        inner = inner.fit(1.2 * outer.width, 1.1 * outer.height)
        outer = outer.stood(0.0, 0.0)
        return inner.stood(0.0, outer.box[1] + 0.22 * inner.height) + outer
    return arrange.within(inner, outer, is_clear=noun.head in CLEAR and noun.head != "bowl")


def _company(noun: Noun, known: Repertoire) -> Seen:
    """A couple, or a family."""
    pair = _MIXED.get(noun.head, ())
    who = _COMPANY.get(noun.head) or [pair[at % 2] for at in range(min(noun.count, 6))]
    groups = []
    for at, name in enumerate(who):
        cutout, _ = performed(
            Noun(
                name, 1, _SHIRTS[at // 2] if pair else None, deed=noun.deed,
                object=noun.object if at == 0 or pair else None,
            ),
            known,
        )  # fmt: skip
        cutout = cutout.mirrored() if at == 1 and not pair else cutout
        size = 0.65 if name in ("boy", "girl") else 0.92
        groups.append(arrange.alone(noun.name, cutout, size))
    x, parts = 0.0, ()
    for group in groups:
        x += 0.46 * group.width
        parts += group.stood(x, 0.0).parts
        x += 0.46 * group.width
    return Seen(noun, Group(parts), "person")


def _counted(noun: Noun, cutout: Cutout, size: float, *, is_standing: bool) -> Group:
    words = noun.name if not noun.color else f"{noun.color} {noun.name}"
    if noun.count == 1 or noun.count >= 12:
        return arrange.alone(words, cutout, size)
    return arrange.several(words, cutout, size, noun.count, is_standing=is_standing)


def _part_tinted(cutout: Cutout, part: Noun, kind: str) -> Cutout:
    """A part of a thing in its color: the roof of a house, a dog's collar, ears, a tail."""
    _, top, _, bottom = arrange.bounds(cutout)
    count = cutout.share.shape[0]
    low, up = _HEIGHTS.get(part.head, (0.0, 0.0))
    first, last = (round((top + v * (bottom - top)) * count) for v in (low, up))
    if last <= first:
        return cutout
    painted = tinted(cutout, part.color or "red", kind)
    colors = cutout.colors.clone()
    colors[:, first:last] = painted.colors[:, first:last]
    return Cutout(colors, cutout.share)
