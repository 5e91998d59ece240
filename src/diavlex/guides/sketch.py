"""A sketch: what a whole picture of a sentence looks like, composed of things, people and a place.

What is sketched is what strokes shall come to show. It is composed as a person would: the place
first, from far to near, then what stands in it, each where the words say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex.phrases import Air as Said
from diavlex.phrases import Noun, Relation, Sentence, says_sea

from .appearance import Seen, seen_of
from .arrange import Part
from .clarity import clear, lost
from .people import deeds
from .related import related
from .repertoire import Repertoire
from .scenery import Air, Place, place
from .shapes import Cutout, Paint, Shape, placed, stacked
from .standing import is_all_over, stood, strewn
from .tint import paint_of

_PALE: Paint = (0.93, 0.92, 0.89)
_SHADY: Paint = (0.52, 0.63, 0.72)
"""Behind what is itself pale."""
_GRASS: Paint = (0.62, 0.72, 0.42)
_SKY: Paint = (0.66, 0.80, 0.90)
_PLAIN: tuple[Paint, ...] = (_GRASS, _SKY, (1.0, 1.0, 1.0), (0.85, 0.70, 0.50), _SHADY)
"""Grounds on which things without a place may stand, beside the usual one."""
_LOST = 0.25
"""How much of an edge may be lost, if there is a ground on which no more than that is."""
_LIGHT = 0.77
"""From which mean lightness on a thing is pale."""
_RIDDEN = ("horse", "donkey", "camel", "elephant", "pony", "unicorn", "dragon", "cow", "mule")
_DRIVEN = ("car", "bus", "truck", "taxi", "train", "tractor", "boat", "canoe", "rowboat", "kayak")


_COLORED = {"room": "", "lake": "blue", "sea": "blue", "river": "blue", "field": "green"}
"""Places whose walls, water or grass have the color that is said of them, and their own color."""
_MOST_NOUNS = 12
_SEASONS = {"winter": "snow", "spring": "orchard", "summer": "beach", "autumn": "forest"}
"""Places that show a season of which nothing else is said."""


@dataclass(frozen=True)
class Sketch:
    """What a picture of a sentence looks like."""

    ground: Float[Tensor, "3 height width"]
    """The place, without what stands in it."""
    parts: tuple[Part, ...]
    """What stands in it, in painting order."""
    has_place: bool
    """Whether the ground shows a place."""
    missing: tuple[str, ...] = ()
    """Things that nothing shows."""

    def picture(self) -> Float[Tensor, "3 height width"]:
        """All together."""
        return stacked(laid).on(self.ground) if (laid := self.laid()) else self.ground

    def lost(self) -> float:
        """How much is lost, 0 to 1, of the edge of that part which stands out least."""
        shape = self.ground.shape[-2], self.ground.shape[-1]
        bare = (placed(part.cutout, part.center, part.width, shape) for part in self.parts)
        return max((lost(one, self.ground) for one in bare), default=0.0)

    def laid(self) -> list[Cutout]:
        """The parts as they lie in the picture, each clear against what is behind it."""
        shape = self.ground.shape[-2], self.ground.shape[-1]
        found, behind = [], self.ground
        for part in self.parts:
            one = clear(placed(part.cutout, part.center, part.width, shape), behind)
            found.append(one)
            behind = one.on(behind)
        return found


def sketched(
    sentence: Sentence, known: Repertoire, shape: Shape = (96, 96), backdrop: str | Paint = ""
) -> Sketch | None:
    """Compose a picture; None if nothing of the sentence can be shown.

    Args:
        sentence: what is to be seen.
        known: what things look like.
        shape: rows and columns of the picture.
        backdrop: scenery or color behind things of which nothing says where they are.
    """
    missing: list[str] = []
    sentence = _tidied(_few(sentence))
    if "sky" in sentence.places:
        flown = (replace(n, deed=n.deed or "fly") if not n.person else n for n in sentence.nouns)
        sentence = replace(sentence, nouns=tuple(flown))
    seated = {r.first for r in sentence.relations if r.word in ("on", "in")}
    seen: dict[int, Seen] = {}
    is_scene = bool(sentence.relations or sentence.places) or len(sentence.nouns) > 1
    for at, noun in enumerate(sentence.nouns):
        one = seen_of(noun, known, is_seated=at in seated, is_whole=is_scene)
        if one is None:
            missing.append(noun.name)
        else:
            seen[at] = one
    if not seen and not sentence.places and not sentence.air:
        return None
    scenery = _scenery(sentence, list(seen.values()))
    wide = {at for at, one in seen.items() if is_all_over(one.noun, scenery)}
    ground = _ground(scenery or backdrop, sentence, list(seen.values()), shape)
    all_over: tuple[Part, ...] = ()
    for at in wide:
        all_over += strewn(seen.pop(at).group, ground, *(side / min(shape) for side in shape))
    group = related(sentence, seen)
    parts = stood(group, ground, scenery, seen, sentence, shape) if group else ()
    parts = all_over + parts
    colors = ground.colors
    return Sketch(colors, parts, bool(scenery), tuple(missing))


def sketches(
    sentence: Sentence, known: Repertoire, shape: Shape = (96, 96), ground: Paint | None = None
) -> list[Sketch]:
    """Ways to show the same; none if what the sentence names first cannot be shown.

    Things without a place may stand on ground of any color from which they stand out; animals in
    a field, too.

    Args:
        sentence: what is to be seen.
        known: what things look like.
        shape: rows and columns of each picture.
        ground: on which things without a place stand, sRGB; several are offered if not given.
    """
    first = sketched(sentence, known, shape, ground or "")
    if first is None or (sentence.nouns and sentence.nouns[0].name in first.missing):
        return []
    if first.has_place or ground is not None:
        return [first]
    grounds = [_plain(paint, shape).colors for paint in _PLAIN]
    others = [one for one in grounds if not torch.equal(one, first.ground)]
    ways = [first, *(replace(first, ground=one) for one in others)]
    if _lives_outdoors(sentence, known) and (one := sketched(sentence, known, shape, "field")):
        ways.append(one)
    lost = [one.lost() for one in ways]
    return [one for one, far in zip(ways, lost, strict=True) if far <= max(_LOST, min(lost))]


def _lives_outdoors(sentence: Sentence, known: Repertoire) -> bool:
    """Whether all that is named is an animal of the fields, or grows there."""
    shown = [known.show(noun) for noun in sentence.nouns if not noun.person]
    return bool(shown) and all(one is not None and one.kind in ("animal",) for one in shown)


def _few(sentence: Sentence) -> Sentence:
    """The first things of a sentence: more than a dozen cannot be told apart in a picture."""
    left = tuple(r for r in sentence.relations if max(r.first, r.second) < _MOST_NOUNS)
    return replace(sentence, nouns=sentence.nouns[:_MOST_NOUNS], relations=left)


def _tidied(sentence: Sentence) -> Sentence:
    """Without what a deed shows already; things said in one breath share a place."""
    for relation in sentence.relations:
        doing = _doing(sentence.nouns[relation.first], relation, sentence.nouns[relation.second])
        if doing is not None and relation.second == len(sentence.nouns) - 1:
            nouns = (
                *sentence.nouns[: relation.first],
                doing,
                *sentence.nouns[relation.first + 1 :],
            )
            left = tuple(one for one in sentence.relations if relation.second != one.second)
            return _tidied(replace(sentence, nouns=nouns[:-1], relations=left))
    relations = list(sentence.relations)
    linked = {r.first for r in relations} | {r.second for r in relations}
    for relation in sentence.relations:
        for at in range(relation.first - 1, -1, -1):
            if at in linked:
                break
            relations.append(replace(relation, first=at))
    return replace(sentence, relations=tuple(relations))


def _doing(first: Noun, relation: Relation, second: Noun) -> Noun | None:
    """Somebody who sleeps in a bed, surfs on a wave, or rides on what they are on; else None."""
    if not first.person:
        return None
    if first.deed == "sleep" and second.head == "bed":
        return first
    if first.deed == "surf" and second.head in ("wave", "waves", "surfboard"):
        return first
    is_ridden = second.head in deeds("ridden") or second.head in _RIDDEN
    is_idle = first.deed in ("", "sit", "ride") and first.object is None
    if relation.word == "on" and is_ridden and is_idle:
        return replace(first, deed="ride", object=second)
    if relation.word == "in" and is_idle and second.head in _DRIVEN:
        is_open = second.head == "boat" and second.name == "boat"
        second = replace(second, name="rowing boat") if is_open else second
        return replace(first, deed="ride", object=second)
    return None


def air_of(said: Said) -> Air:
    """Hour, weather and season for scenery."""
    return Air(
        said.hour or "day",
        said.weather or "clear",
        said.season or "summer",
        True if said.has_sun else None,
    )


def _air(sentence: Sentence) -> Air:
    """The air of a sentence; what stands in it as a thing, sun or moon, is not drawn twice."""
    air = air_of(sentence.air)
    if "snow" in sentence.said and set(sentence.places) & {"city", "street", "village"}:
        air = replace(air, weather="snow")
    is_thing = any(noun.head in ("sun", "moon") for noun in sentence.nouns)
    return replace(air, sun=False) if is_thing else air


def _scenery(sentence: Sentence, seen: Sequence[Seen]) -> str:
    if "aurora" in sentence.said and "snow" in sentence.places and "forest" in sentence.places:
        return "snow"
    if sentence.places:
        is_afloat = all(one.kind == "ship" for one in seen)
        if sentence.places == ("sea",) and not (is_afloat or says_sea(sentence.said)):
            return "hills"  # a sunset behind what stands on land
        is_blooming = sentence.air.season == "spring" and "orchard" in sentence.said
        return "orchard" if is_blooming else sentence.places[0]
    own = [one.scenery for one in seen if one.scenery]
    if sentence.air and any(one.kind == "ship" for one in seen):
        return "sea"
    if sentence.air and any(one.noun.head == "planet" for one in seen):
        return "space"
    if own and not sentence.relations:
        return own[0]
    if sentence.air and not sentence.relations:
        return _SEASONS.get(sentence.air.season, "sky") if not seen else "field"
    return "field" if sentence.air.weather or sentence.air.hour else ""


def _ground(scenery: str | Paint, sentence: Sentence, seen: Sequence[Seen], shape: Shape) -> Place:
    if isinstance(scenery, tuple):
        return _plain(scenery, shape)
    if scenery:
        said, own = sentence.place_color, _COLORED.get(scenery)
        paint = paint_of(said) if said and own is not None and said != own else None
        return place(
            scenery,
            _air(sentence),
            shape,
            also=(*sentence.places[1:], *sentence.said),
            paint=paint,
        )
    light, area = 0.0, 1e-6
    for one in seen:
        for part in one.group.parts:
            share = part.cutout.share
            light += (
                float((part.cutout.colors.mean(0) * share).sum()) * part.width**2 / share.numel()
            )
            area += float(share.mean()) * part.width**2
    pale = light / area > _LIGHT
    return _plain(_SHADY if pale else _PALE, shape)


def _plain(paint: Paint, shape: Shape) -> Place:
    """Ground of one color."""
    return Place(torch.tensor(paint)[:, None, None].expand(3, *shape).clone(), 0.94, 0.5)
