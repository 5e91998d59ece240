"""People: what they look like by what they are called, what they wear, and what they do."""

from dataclasses import replace
from math import cos, sin

import torch

from diavlex.phrases import Noun

from .deeds import DRAWN_SO, Deed, deed_for
from .figures import POSES, Figure, Look, figure
from .repertoire import Repertoire
from .shapes import Cutout, Paint, Point, ellipse, fill, line, nothing, placed, polygon, stacked
from .tint import fleshed, paint_of

STAGE = (96, 96)
"""Rows and columns of the stage that a person and their things share."""
_GREY: Paint = (0.80, 0.80, 0.80)
_CHILD = 0.165
LOOKS: dict[str, tuple[Look, str]] = {
    "man": (Look(), ""),
    "woman": (Look(hair=(0.40, 0.22, 0.12), style="long", top=(0.80, 0.22, 0.34), has_dress=True), ""),
    "boy": (Look(head=_CHILD, top=(0.92, 0.55, 0.15)), ""),
    "girl": (Look(head=_CHILD, hair=(0.45, 0.25, 0.12), style="tails", top=(0.92, 0.48, 0.68), has_dress=True), ""),
    "old man": (Look(hair=_GREY, style="bald", has_beard=True, top=(0.42, 0.38, 0.30)), ""),
    "old woman": (Look(hair=_GREY, style="bun", top=(0.45, 0.38, 0.58), has_dress=True), ""),
    "farmer": (Look(top=(0.72, 0.25, 0.20), bottom=(0.24, 0.36, 0.60)), "straw"),
    "chef": (Look(top=(0.96, 0.96, 0.96), bottom=(0.30, 0.30, 0.34)), "chef"),
    "ballerina": (Look(hair=(0.30, 0.18, 0.10), style="bun", top=(0.97, 0.70, 0.80), has_dress=True), ""),
    "bride": (Look(hair=(0.40, 0.22, 0.12), style="long", top=(0.98, 0.98, 0.98), has_dress=True), ""),
    "artist": (Look(top=(0.30, 0.50, 0.62)), "beret"),
    "fisher": (Look(top=(0.85, 0.70, 0.20), bottom=(0.30, 0.38, 0.30)), "straw"),
    "skier": (Look(top=(0.85, 0.20, 0.20)), "knit"),
    "doctor": (Look(top=(0.97, 0.97, 0.97)), ""),
    "nurse": (Look(hair=(0.40, 0.22, 0.12), style="bun", top=(0.97, 0.97, 0.97), has_dress=True), ""),
    "soldier": (Look(top=(0.36, 0.42, 0.24), bottom=(0.36, 0.42, 0.24)), "helmet"),
    "sailor": (Look(top=(0.95, 0.95, 0.97), bottom=(0.15, 0.22, 0.45)), "cap"),
    "cowboy": (Look(top=(0.60, 0.40, 0.22), bottom=(0.24, 0.36, 0.60)), "straw"),
    "knight": (Look(top=(0.70, 0.73, 0.78), bottom=(0.58, 0.60, 0.66)), "helmet"),
    "king": (Look(top=(0.66, 0.12, 0.20), has_beard=True), "crown"),
    "queen": (Look(hair=(0.85, 0.65, 0.25), style="long", top=(0.55, 0.25, 0.65), has_dress=True), "crown"),
    "pirate": (Look(top=(0.70, 0.15, 0.15), has_beard=True), "pirate"),
    "wizard": (Look(hair=(0.9, 0.9, 0.92), style="long", has_beard=True, top=(0.30, 0.25, 0.65), has_dress=True), "pointed"),
    "witch": (Look(hair=(0.20, 0.16, 0.20), style="long", top=(0.16, 0.14, 0.20), has_dress=True), "pointed"),
    "waiter": (Look(top=(0.12, 0.12, 0.14)), ""),
    "monk": (Look(style="bald", top=(0.92, 0.52, 0.12), has_dress=True), ""),
    "worker": (Look(top=(0.95, 0.55, 0.12)), "helmet"),
    "firefighter": (Look(top=(0.70, 0.15, 0.10), bottom=(0.25, 0.22, 0.20)), "helmet"),
    "police": (Look(top=(0.15, 0.25, 0.50), bottom=(0.12, 0.16, 0.30)), "cap"),
    "clown": (Look(hair=(0.92, 0.30, 0.15), style="tails", top=(0.95, 0.80, 0.20)), ""),
}  # fmt: skip
"""Looks and hats, by what a person is."""
_HATS: dict[str, Paint] = {
    "straw": (0.93, 0.80, 0.45), "chef": (0.99, 0.99, 0.99), "beret": (0.16, 0.16, 0.20), "knit": (0.20, 0.35, 0.70), "helmet": (0.92, 0.78, 0.15),
    "cap": (0.15, 0.22, 0.45), "crown": (0.98, 0.80, 0.20), "pirate": (0.10, 0.10, 0.12), "pointed": (0.22, 0.18, 0.45), "hat": (0.45, 0.28, 0.16),
}  # fmt: skip
_WORN_HATS = {"hat": "hat", "cap": "cap", "crown": "crown", "helmet": "helmet", "beret": "beret", "bonnet": "hat", "hood": "knit"}
_SKIRTS = ("dress", "gown", "skirt", "kimono", "robe", "cape", "costume", "apron")
_TOPS = ("shirt", "coat", "jacket", "sweater", "raincoat", "suit", "uniform", "hoodie", "blouse", "t-shirt", "pajamas")
_BOTTOMS = ("trousers", "pants", "jeans", "shorts")


def look_of(noun: Noun) -> tuple[Look, str, Paint | None]:
    """How a person looks with what they wear: the look, the hat, and the hat's color."""
    look, hat = LOOKS.get(noun.person, LOOKS["man"])
    paint = paint_of(noun.color) if noun.color else None
    if paint:
        look = replace(look, top=paint)
    hat_paint: Paint | None = None
    for worn in noun.having:
        color = paint_of(worn.color) if worn.color else None
        if worn.head in _SKIRTS:
            look = replace(look, has_dress=True, top=color or look.top)
        elif worn.head in _TOPS:
            look = replace(look, top=color or (0.95, 0.80, 0.15), has_dress=worn.head in ("coat", "raincoat"))
            hat = "knit" if worn.head == "raincoat" else hat
            hat_paint = look.top if worn.head == "raincoat" else hat_paint
        elif worn.head in _BOTTOMS:
            look = replace(look, bottom=color or look.bottom, has_dress=False)
        elif worn.head == "hair":
            style = "long" if "long" in worn.traits else look.style
            look = replace(look, hair=color or look.hair, style="short" if style == "bald" else style)
        elif worn.head == "beard":
            look = replace(look, has_beard=True, hair=color or look.hair)
        elif worn.head in _WORN_HATS:
            hat, hat_paint = _WORN_HATS[worn.head], color
    return look, hat, hat_paint


def hat_on(person: Figure, head: float, kind: str, paint: Paint | None) -> Cutout:
    """A hat on a head."""
    paint = paint or _HATS[kind]
    x, y = person.crown
    r = head
    dark: Paint = (0.75 * paint[0], 0.75 * paint[1], 0.75 * paint[2])
    if kind == "crown":
        tips = [(x - r, y + 0.5 * r), (x - r, y - 0.4 * r), (x - 0.45 * r, y + 0.05 * r), (x, y - 0.5 * r), (x + 0.45 * r, y + 0.05 * r), (x + r, y - 0.4 * r), (x + r, y + 0.5 * r)]
        return fill(polygon(tips), paint)
    if kind == "pointed":
        cone = polygon([(x - 0.85 * r, y + 0.4 * r), (x + 0.1 * r, y - 1.3 * r), (x + 0.85 * r, y + 0.4 * r)])
        return stacked([fill(cone, paint), fill(ellipse((x, y + 0.45 * r), 3.0 * r, 0.5 * r), dark)])
    if kind == "chef":
        puffs = [ellipse((x + d * r, y - 0.35 * r), 1.1 * r, 1.0 * r) for d in (-0.5, 0.0, 0.5)]
        band = line([(x - 0.6 * r, y + 0.2 * r), (x + 0.6 * r, y + 0.2 * r)], 0.6 * r)
        return fill(torch.stack([*puffs, band]).amax(0), paint)
    if kind in ("knit", "helmet"):
        return fill(ellipse((x - 0.05 * r, y + 0.45 * r), 2.3 * r, 1.9 * r) * (1 - ellipse((x + 0.1 * r, y + 1.35 * r), 1.9 * r, 1.6 * r)), paint)
    top = ellipse((x, y + 0.1 * r), 1.6 * r, 1.3 * r)
    if kind == "beret":
        return fill(ellipse((x - 0.2 * r, y + 0.15 * r), 2.2 * r, 0.9 * r), paint)
    if kind == "cap":
        return stacked([fill(ellipse((x + 0.8 * r, y + 0.5 * r), 1.5 * r, 0.4 * r), dark), fill(ellipse((x, y + 0.25 * r), 2.0 * r, 1.3 * r), paint)])
    brim = ellipse((x, y + 0.5 * r), 3.1 * r, 0.55 * r)
    return stacked([fill(top, paint), fill(brim, dark if kind == "hat" else paint)])


def performed(noun: Noun, known: Repertoire, *, is_seated: bool = False) -> tuple[Cutout, Deed]:
    """A person and what they do, as one cutout on a stage.

    Args:
        noun: the person.
        known: what things look like.
        is_seated: whether they sit on something else.
    """
    name, kind = (noun.object.head, _kind(noun.object, known)) if noun.object else ("", "thing")
    deed = Deed("sit") if is_seated and noun.deed in ("", "sit", "rest", "relax") else deed_for(noun.deed, name, kind)
    drawn = _icon_of(noun, known)
    if drawn is not None:
        return drawn, deed
    look, hat, hat_paint = look_of(noun)
    held = [one for one in noun.having if _is_held(one)]
    if not noun.deed and held:
        deed = _holding(held[0], known)
    person = figure(look, POSES[deed.pose])
    body = person.body if not hat else hat_on(person, look.head, hat, hat_paint).over(person.body)
    thing = noun.object or (held[0] if held and not noun.deed else None)
    shown = _thing(thing, deed, known)
    center = _center(deed, person)
    body, arm = (placed(part, deed.spot, deed.scale, STAGE) for part in (body, person.arm))
    prop = _prop(deed, person, center)
    if shown is None:
        return stacked([prop[0], body, arm, prop[1]]), deed
    item = placed(shown, center, deed.width, STAGE, turn=deed.turn)
    order = {"behind": [item, body, arm], "between": [body, item, arm], "over": [body, arm, item]}
    parts = [prop[0], *order[deed.layer], prop[1]]
    for other in held[0 if noun.deed else 1 :]:
        parts.append(_also(other, person, deed, known))
    return stacked(parts), deed


def _is_held(noun: Noun) -> bool:
    worn = (*_SKIRTS, *_TOPS, *_BOTTOMS, *_WORN_HATS, "hair", "beard", "boots", "shoes", "glasses", "scarf", "eyes", "smile", "face")
    return noun.head not in worn


def _holding(noun: Noun, known: Repertoire) -> Deed:
    """How something is held that one has with one."""
    if noun.head in ("umbrella", "parasol"):
        return Deed("raise", "umbrella", (0.68, 0.24), 0.56, scale=0.80, spot=(0.44, 0.58), layer="over")
    if noun.head in ("balloon", "balloons"):
        return Deed("raise", "balloon", (0.78, 0.20), 0.34, scale=0.80, spot=(0.36, 0.58), layer="over", prop="string")
    if noun.head in ("fishing rod", "rod", "pole"):
        return Deed("front", "", prop="rod", scale=0.9, spot=(0.4, 0.53))
    kind = _kind(noun, known)
    if noun.head in ("baby", "kitten", "puppy", "cat", "infant"):
        return Deed("hold", at=(0.60, 0.42), width=0.30, layer="between")
    if kind in ("animal", "bird") and noun.head in ("dog", "goat", "pig", "sheep", "horse", "cow", "donkey"):
        return Deed("stand", at=(0.80, 0.76), width=0.42, scale=0.9, spot=(0.32, 0.53), layer="over")
    if kind in ("vehicle", "furniture", "building", "tree", "person"):
        return Deed("stand", at=(0.78, 0.68), width=0.46, scale=0.9, spot=(0.28, 0.53), layer="over")
    return Deed("hold", width=0.36)


def _kind(noun: Noun, known: Repertoire) -> str:
    found = known.find(noun.name) or known.find(noun.head)
    return found.kind if found else "thing"


def _icon_of(noun: Noun, known: Repertoire) -> Cutout | None:
    """An icon of the person doing that, where it shows more than a figure would."""
    what = DRAWN_SO.get(noun.deed)
    if noun.deed in ("ride", "catch") and noun.object and noun.object.head == "wave":
        what = "surfing"
    if not what or noun.having or noun.color:
        return None
    who = {"woman": "woman", "girl": "woman", "ballerina": "woman", "old woman": "woman"}.get(noun.person, "man")
    for name in (f"{who} {what}", f"person {what}", what):
        if found := known.find(name, 1):
            return fleshed(found.cutout)
    return None


def _thing(noun: Noun | None, deed: Deed, known: Repertoire) -> Cutout | None:
    """The thing with which something is done."""
    if noun is not None and not deed.is_tool:
        if noun.person and noun.head != "baby":
            return performed(replace(noun, having=()), known)[0]
        if found := known.show(noun):
            return found.cutout
    found = known.find(deed.thing) if deed.thing else None
    return found.cutout if found else None


def _also(noun: Noun, person: Figure, deed: Deed, known: Repertoire) -> Cutout:
    shown = _thing(noun, Deed("hold"), known)
    if shown is None:
        return nothing(STAGE)
    return placed(shown, _on_stage(person.far_hand, deed), 0.3 * deed.scale, STAGE)


def _on_stage(point: Point, deed: Deed) -> Point:
    """A point of a person's own frame, on the stage."""
    x, y = ((v - 0.5) * deed.scale + at for v, at in zip(point, deed.spot, strict=True))
    return x, y


def _center(deed: Deed, person: Figure) -> Point:
    if not isinstance(deed.at, str):
        return deed.at
    hands = (
        (person.near_hand[0] + person.far_hand[0]) / 2,
        (person.near_hand[1] + person.far_hand[1]) / 2,
    )
    spots = {
        "hands": hands, "near": person.near_hand, "far": person.far_hand, "mouth": (person.mouth[0] + 0.10, person.mouth[1] + 0.02),
        "crown": person.crown, "lap": person.lap,
    }  # fmt: skip
    return _on_stage(spots[deed.at], deed)


def _prop(deed: Deed, person: Figure, thing: Point) -> tuple[Cutout, Cutout]:
    """What else is drawn, behind all and before all."""
    none, shape = nothing(STAGE), STAGE
    near, far = (_on_stage(hand, deed) for hand in (person.near_hand, person.far_hand))
    wood: Paint = (0.52, 0.34, 0.20)
    if deed.prop == "string":
        return fill(line([near, (thing[0], thing[1] + 0.3 * deed.width)], 0.014, None, shape), (0.25, 0.25, 0.28)), none
    if deed.prop == "leash":
        if deed.at == "hands":
            return none, none
        return none, fill(line([far, (thing[0] - 0.02, thing[1] - 0.08)], 0.014, None, shape), (0.5, 0.15, 0.12))
    if deed.prop == "rod":
        tip = (0.94, 0.34)
        rod = fill(line([far, tip], 0.026, 0.014, shape), wood)
        thread = fill(line([tip, (0.95, 0.86)], 0.012, None, shape), (0.2, 0.2, 0.22))
        float_ = fill(ellipse((0.95, 0.87), 0.06, 0.06, shape), (0.88, 0.15, 0.12))
        return none, stacked([rod, thread, float_])
    if deed.prop == "rope":
        (ax, ay), (bx, by) = far, near
        arc = [(0.5 + 0.36 * sin(0.9 * t), 0.52 - 0.44 * cos(0.9 * t)) for t in [0.7 + 0.35 * k for k in range(17)]]
        arc = [(ax, ay), *reversed(arc), (bx, by)]
        return fill(line(arc, 0.024, None, shape), (0.85, 0.20, 0.20)), none
    if deed.prop == "easel":
        legs = [fill(line(p, 0.03, None, shape), wood) for p in ([(0.80, 0.2), (0.66, 0.97)], [(0.84, 0.2), (0.96, 0.97)])]
        sheet = fill(polygon([(0.66, 0.16), (0.98, 0.16), (0.98, 0.62), (0.66, 0.62)], shape), (0.98, 0.97, 0.93))
        sun = fill(ellipse((0.88, 0.28), 0.09, 0.09, shape), (0.96, 0.75, 0.2))
        hill = fill(polygon([(0.68, 0.60), (0.82, 0.40), (0.96, 0.60)], shape), (0.35, 0.62, 0.35))
        return stacked([*legs, sheet, sun, hill]), none
    if deed.prop == "desk":
        top = fill(line([(0.62, 0.70), (0.97, 0.70)], 0.055, None, shape), wood)
        legs = [fill(line([(x, 0.72), (x, 0.96)], 0.04, None, shape), wood) for x in (0.64, 0.95)]
        return stacked([*legs, top]), none
    if deed.prop == "chair":
        seat = fill(line([(0.28, 0.72), (0.50, 0.72)], 0.05, None, shape), wood)
        back = fill(line([(0.27, 0.40), (0.27, 0.72)], 0.045, None, shape), wood)
        legs = [fill(line([(x, 0.72), (x, 0.96)], 0.04, None, shape), wood) for x in (0.28, 0.50)]
        return stacked([*legs, seat, back]), none
    if deed.prop == "board":
        frame = fill(polygon([(0.56, 0.10), (0.99, 0.10), (0.99, 0.50), (0.56, 0.50)], shape), wood)
        slate = fill(polygon([(0.58, 0.13), (0.97, 0.13), (0.97, 0.47), (0.58, 0.47)], shape), (0.12, 0.32, 0.24))
        words = [fill(line([(0.63, y), (0.63 + w, y)], 0.02, None, shape), (0.95, 0.95, 0.92)) for y, w in ((0.22, 0.26), (0.31, 0.2), (0.4, 0.28))]
        return stacked([frame, slate, *words]), none
    if deed.prop == "bubbles":
        spots = ((0.72, 0.30, 0.10), (0.84, 0.20, 0.14), (0.88, 0.40, 0.09), (0.76, 0.10, 0.09), (0.95, 0.30, 0.08))
        rings = [fill(ellipse((x, y), d, d, shape) * (1 - 0.5 * ellipse((x, y), 0.65 * d, 0.65 * d, shape)), (0.45, 0.70, 0.92)) for x, y, d in spots]
        return none, stacked(rings)
    if deed.prop == "notes":
        notes = [none]
        for x, y in ((0.80, 0.14), (0.93, 0.26)):
            notes.append(fill(ellipse((x, y + 0.08), 0.07, 0.05, shape), (0.15, 0.15, 0.2)))
            notes.append(fill(line([(x + 0.03, y + 0.08), (x + 0.03, y - 0.05), (x + 0.07, y - 0.02)], 0.018, None, shape), (0.15, 0.15, 0.2)))
        return none, stacked(notes)
    if deed.prop == "log":
        log = fill(line([(0.66, 0.90), (0.92, 0.90)], 0.13, None, shape), wood)
        end = fill(ellipse((0.66, 0.90), 0.10, 0.13, shape), (0.86, 0.70, 0.46))
        return stacked([log, end]), none
    return none, none


