"""Things as one group: each where the words say that it is beside the others."""

from diavlex.phrases import Sentence

from . import arrange
from .appearance import CLEAR, Seen
from .arrange import Group

_LEGGED = (
    "table",
    "bed",
    "chair",
    "tree",
    "mushroom",
    "umbrella",
    "bridge",
    "desk",
    "bench",
    "sofa",
    "couch",
    "tent",
    "roof",
    "lamp",
)
_FLAT = ("plate", "dish", "pan", "skillet", "tray", "rug", "carpet", "map", "target", "pizza")
"""What is seen from above, with what lies on it."""
_FLOORED = ("rug", "carpet", "mat")
"""What is seen from above as well, and stood on."""
_RIMMED = ("container", "ship", "vehicle", "clothes")
_SURFACES = {
    "bed": 0.42,
    "sofa": 0.5,
    "couch": 0.55,
    "armchair": 0.55,
    "bench": 0.45,
    "horse": 0.3,
    "elephant": 0.15,
    "tree": 0.3,
    "leaf": 0.4,
    "pad": 0.5,
    "boat": 0.5,
    "bicycle": 0.35,
    "branch": 0.45,
    "board": 0.3,
    "swing": 0.84,
    "wire": 0.1,
    "line": 0.1,
    "rope": 0.12,
    "cable": 0.1,
    "clothesline": 0.1,
    "wires": 0.1,
    "windowsill": 0.86,
    "sill": 0.86,
    "ledge": 0.86,
    "roof": 0.2,
    "rooftop": 0.2,
    "table": 0.04,
    "chair": 0.55,
    "throne": 0.45,
}
"""How far below its top a thing carries something, over its height."""

_ROOMS = {"bed": 0.36, "sofa": 0.3, "couch": 0.3, "bench": 0.45, "chair": 0.4}
"""How high there is room under a thing on legs, over its height."""
_RIMS = {"basket": 0.32, "nest": 0.06, "bucket": 0.24, "pail": 0.24}
"""How far below its top a thing with a handle is open, over its height."""


def related(sentence: Sentence, seen: dict[int, Seen]) -> Group | None:
    """All things as one group, by their relations; those without stand in a row."""
    groups = {at: one.group for at, one in seen.items()}
    home = {at: at for at in groups}
    for relation in sentence.relations:
        first, second = home.get(relation.first), home.get(relation.second)
        if first is None or second is None or first == second:
            continue
        mates = [
            at
            for at in groups
            if home[at] == at
            and at != second
            and any(
                r.first == at and r.second == relation.second and r.word == relation.word
                for r in sentence.relations
            )
        ]
        leader = groups[first]
        for mate in mates:
            if mate != first:
                leader = arrange.row([groups[mate], leader])
                for at, where in home.items():
                    home[at] = first if where == mate else where
        joint = _joined(leader, groups[second], relation.word, seen[relation.second])
        low = min(first, second)
        groups[low] = joint
        for at, where in home.items():
            if where in (first, second):
                home[at] = low
    left = [groups[at] for at in sorted(set(home.values()))]
    if not left:
        return None
    if len(left) == 1:
        return left[0]
    flat = [group for one in left for group in _singles(one)] if not sentence.relations else left
    return arrange.row(left) if len(flat) < 3 or sentence.places else arrange.rows(flat)


def _singles(group: Group) -> list[Group]:
    return [Group((part,)) for part in group.parts]


def _joined(first: Group, second: Group, word: str, other: Seen) -> Group:
    head, kind = other.noun.head, other.kind
    if word in ("on", "in") and head in _FLOORED and first.height > 0.5 * second.height:
        return arrange.on(first, second, 0.55)
    if word in ("on", "in") and head in _FLAT:
        return arrange.within(first, second, is_clear=True)
    if word == "in" and head in ("doghouse", "kennel", "birdhouse", "cave", "igloo", "tent"):
        return arrange.at_door(first, second)
    if word == "on":
        return arrange.on(first, second, _SURFACES.get(head, 0.05))
    if word == "under" and kind == "tree":
        return arrange.under_crown(first, second)
    if word == "under":
        is_legged = head in _LEGGED or kind == "building"
        return arrange.under(first, second, is_legged=is_legged, room=_ROOMS.get(head, 0.52))
    if word == "in":
        if head in ("bed",):
            return arrange.on(first, second, 0.5)
        if head in CLEAR and (head != "bowl" or first.parts[0].words.endswith("fish")):
            return arrange.within(first, second, is_clear=True)
        if kind in _RIMMED or head in (
            "nest",
            "vase",
            "basket",
            "bathtub",
            "box",
            "bucket",
            "pot",
            "cup",
            "bag",
        ):
            return arrange.within(first, second, is_clear=False, rim=_RIMS.get(head, 0.0))
        if kind in ("tree",):
            return arrange.on(first, second, 0.45)
        return arrange.beside(first, second) if kind == "thing" else arrange.on(first, second, 0.3)
    return arrange.RELATED[word](first, second)
