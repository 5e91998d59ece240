"""Performing: a person and what they do, with the things they do it with, as one cutout."""

from dataclasses import replace
from typing import Any

from diavlex.phrases import Noun

from ..animals.acting import beast_of
from ..animals.bodies import creature
from ..figures import POSES, Figure, figure
from ..patterns import with_pattern
from ..repertoire import Repertoire
from ..shapes import Cutout, Point, nothing, placed, stacked
from ..sizes import size_of
from ..tint import fleshed, paint_of
from .deeds import AT_GROUND, DRAWN_SO, EMBLEMS, Deed, deed_for
from .looks import hat_on, is_worn, look_of
from .props import STAGE, prop

_CARRIED = ("baby", "kitten", "puppy", "cat", "infant")
_LED = ("dog", "goat", "pig", "sheep", "horse", "cow", "donkey")
_LARGE = ("vehicle", "furniture", "building", "tree", "person")
_WOMEN = ("woman", "girl", "ballerina", "old woman")
_CLIMBED = ("rock", "rocks", "mountain", "cliff", "wall")
_TALL = 0.8
"""From which size on an animal fills the stage beside a person."""
_BESIDE_LARGE: dict[str, Any] = {
    "at": (0.66, 0.6), "width": 0.72, "scale": 0.8, "spot": (0.26, 0.58), "layer": "behind",
}  # fmt: skip
_DONE_TO = 0.3
"""Width on the stage of what something is done to with a tool."""
_WATERLINE = 0.62
"""How far down the stage water begins."""
_SEATED = ("", "sit", "rest", "relax")


def performed(noun: Noun, known: Repertoire, *, is_seated: bool = False) -> tuple[Cutout, Deed]:
    """A person and what they do, as one cutout on a stage.

    Args:
        noun: the person.
        known: what things look like.
        is_seated: whether they sit on something else.
    """
    deed = _deed(noun, known, is_seated=is_seated)
    if shown := _icon_of(noun, known):
        return shown, deed
    held = [one for one in noun.having if not is_worn(one)]
    is_emblem = not (noun.deed or held or is_seated) and noun.head in EMBLEMS
    if is_emblem:
        held = [Noun(EMBLEMS[noun.head])]
    if not noun.deed and held:
        deed = _holding(held[0], known)
        deed = replace(deed, width=max(deed.width, 0.46)) if is_emblem else deed
    look, hat, paint = look_of(noun)
    person = figure(look, POSES[deed.pose])
    for worn in noun.having:
        if is_worn(worn):
            body, arm = (with_pattern(one, worn, look.top) for one in (person.body, person.arm))
            person = replace(person, body=body, arm=arm)
    if hat:
        person = replace(person, body=hat_on(person, look.head, hat, paint).over(person.body))
    thing = noun.object or (held[0] if held and not noun.deed else None)
    more = held[0 if noun.deed else 1 :]
    parts = _laid(person, deed, _thing(thing, deed, known), is_leashed=thing is not None)
    if deed.to is not None and noun.object and (done := known.show(noun.object)):
        parts = [*parts, placed(done.cutout, deed.to, _DONE_TO, STAGE)]
    return stacked([*parts, *(_also(other, person, deed, known) for other in more)]), deed


def _deed(noun: Noun, known: Repertoire, *, is_seated: bool) -> Deed:
    if is_seated and noun.deed in _SEATED:
        return Deed("sit")
    thing, kind = "", "thing"
    if noun.object:
        thing, kind = noun.object.head, _kind(noun.object, known)
    deed = deed_for(noun.deed, thing, kind)
    is_large = kind == "animal" and size_of(thing, kind) > _TALL
    return replace(deed, **_BESIDE_LARGE) if is_large and deed.at == AT_GROUND.at else deed


def _laid(person: Figure, deed: Deed, thing: Cutout | None, *, is_leashed: bool) -> list[Cutout]:
    """Person, thing and prop on the stage, the lowest first."""
    body, arm = (placed(part, deed.spot, deed.scale, STAGE) for part in (person.body, person.arm))
    center = _center(deed, person)
    near, far = (_on_stage(hand, deed) for hand in (person.near_hand, person.far_hand))
    is_loose = deed.prop == "leash" and not is_leashed
    back, front = prop("" if is_loose else deed.prop, near, far, center, deed.width)
    if deed.pose == "swim":
        body, arm = _dipped(body), _dipped(arm)
    if thing is None:
        return [back, body, arm, front]
    item = placed(thing, center, deed.width, STAGE, turn=deed.turn)
    order = {"behind": [item, body, arm], "between": [body, item, arm], "over": [body, arm, item]}
    return [back, *order[deed.layer], front]


def _dipped(part: Cutout) -> Cutout:
    """What is seen of a body in water."""
    share = part.share.clone()
    share[round(_WATERLINE * share.shape[0]) :] = 0
    return Cutout(part.colors, share)


def _holding(noun: Noun, known: Repertoire) -> Deed:
    """How something is held that one has with one."""
    if noun.head in ("umbrella", "parasol"):
        spot, over = (0.44, 0.58), "over"
        return Deed("raise", "umbrella", (0.68, 0.24), 0.56, scale=0.80, spot=spot, layer=over)
    if noun.head in ("balloon", "balloons"):
        return Deed(
            "raise", "balloon", (0.62, 0.15), 0.30, scale=0.72, spot=(0.38, 0.63), layer="over",
            prop="string",
        )  # fmt: skip
    if noun.head in ("rod", "pole"):
        return Deed("front", "", prop="rod", scale=0.9, spot=(0.4, 0.53))
    if noun.head in _CARRIED:
        return Deed("hold", at=(0.60, 0.42), width=0.30, layer="between")
    if noun.head in _LED:
        spot = (0.32, 0.53)
        return Deed("stand", at=(0.80, 0.76), width=0.42, scale=0.9, spot=spot, layer="over")
    if _kind(noun, known) in _LARGE:
        spot = (0.28, 0.53)
        return Deed("stand", at=(0.78, 0.68), width=0.46, scale=0.9, spot=spot, layer="over")
    return Deed("hold", width=0.36)


def _kind(noun: Noun, known: Repertoire) -> str:
    found = known.find(noun.name) or known.find(noun.head)
    return found.kind if found else "thing"


def _icon_of(noun: Noun, known: Repertoire) -> Cutout | None:
    """An icon of the person doing that, where it shows more than a figure would."""
    what = DRAWN_SO.get(noun.deed)
    is_other = noun.deed == "climb" and noun.object and noun.object.head not in _CLIMBED
    if not what or noun.having or noun.color or is_other:
        return None
    who = "woman" if noun.person in _WOMEN else "man"
    for name in (f"{who} {what}", f"person {what}", what):
        if found := known.find(name, 1):
            return fleshed(found.cutout)
    return None


def _thing(noun: Noun | None, deed: Deed, known: Repertoire) -> Cutout | None:
    """The thing with which something is done."""
    if noun is not None and not deed.is_tool:
        if noun.person and noun.head != "baby":
            return performed(replace(noun, having=()), known)[0]
        if noun.head in ("book", "novel") and deed.pose in ("hold", "front"):
            noun = replace(noun, name="open book")
        if beast := beast_of(noun):
            paint = paint_of(noun.color) if noun.color else None
            return _filling(creature(beast, "walk", paint).cutout)
        if found := known.show(noun):
            return found.cutout
    found = known.find(deed.thing) if deed.thing else None
    return found.cutout if found else None


def _filling(cutout: Cutout) -> Cutout:
    """A thing without what is empty around it, in a square."""
    rows, columns = ((cutout.share > 0.2).any(axis).nonzero().flatten() for axis in (1, 0))
    side = max(int(rows[-1] - rows[0]), int(columns[-1] - columns[0])) + 1
    top, left = max(int(rows[-1]) + 1 - side, 0), max(int(columns[-1]) + 1 - side, 0)
    part = slice(top, top + side), slice(left, left + side)
    return Cutout(cutout.colors[:, part[0], part[1]], cutout.share[part[0], part[1]])


def _also(noun: Noun, person: Figure, deed: Deed, known: Repertoire) -> Cutout:
    """What the other hand holds."""
    shown = _thing(noun, Deed("hold"), known)
    if shown is None:
        return nothing(STAGE)
    return placed(shown, _on_stage(person.far_hand, deed), 0.3 * deed.scale, STAGE)


def _on_stage(point: Point, deed: Deed) -> Point:
    """A point of a person's own frame, on the stage."""
    x, y = ((v - 0.5) * deed.scale + at for v, at in zip(point, deed.spot, strict=True))
    return x, y


def _center(deed: Deed, person: Figure) -> Point:
    """Where the center of the thing is on the stage."""
    if not isinstance(deed.at, str):
        return deed.at
    near, far, mouth = person.near_hand, person.far_hand, person.mouth
    spots = {
        "hands": ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2), "near": near, "far": far,
        "mouth": (mouth[0] + 0.10, mouth[1] + 0.02), "crown": person.crown, "lap": person.lap,
    }  # fmt: skip
    return _on_stage(spots[deed.at], deed)
