"""Rooms of a house, each with the furniture by which it is known."""

from ..drawn import drawn
from ..shapes import Paint, placed
from .land import Land, Place

_FURNISHED: dict[str, tuple[tuple[str, float, float, float], ...]] = {
    "kitchen": (("refrigerator", 0.14, 0.54, 0.56), ("stove", 0.80, 0.64, 0.40)),
    "bedroom": (("bed", 0.34, 0.66, 0.62),),
    "livingroom": (("sofa", 0.32, 0.66, 0.56), ("lamp", 0.82, 0.64, 0.30)),
    "lounge": (("sofa", 0.32, 0.66, 0.56), ("lamp", 0.82, 0.64, 0.30)),
    "library": (("bookshelf", 0.20, 0.50, 0.56), ("bookshelf", 0.80, 0.50, 0.56)),
    "classroom": (("blackboard", 0.40, 0.30, 0.56), ("desk", 0.80, 0.70, 0.36)),
    "bathroom": (("bathtub", 0.30, 0.66, 0.54), ("toilet", 0.84, 0.68, 0.30)),
    "office": (("desk", 0.30, 0.68, 0.46), ("computer", 0.26, 0.46, 0.26)),
    "studio": (("easel", 0.20, 0.58, 0.50),),
    "cafe": (("table", 0.24, 0.72, 0.40), ("counter", 0.82, 0.66, 0.36)),
    "restaurant": (("tablecloth", 0.24, 0.70, 0.42), ("tablecloth", 0.80, 0.70, 0.34)),
    "gym": (("dumbbell", 0.30, 0.76, 0.40),),
    "nursery": (("crib", 0.26, 0.64, 0.46), ("teddy bear", 0.80, 0.70, 0.26)),
    "stage": (("curtain", 0.5, 0.36, 0.98),),
}  # fmt: skip
"""What stands in a room: its drawing, where its middle is across and down, and its width."""
_WITHOUT_WINDOW = ("library", "classroom", "stage")


def room(land: Land) -> Place:
    """A room with a window, and with what its name tells."""
    wall: Paint = land.paint or (0.88, 0.80, 0.68)
    land.area([(0, 0), (1, 0), (1, 1), (0, 1)], wall)
    names = [name for name in _FURNISHED if name in land.also]
    if not any(name in _WITHOUT_WINDOW for name in names):
        _window(land, 0.38 if names else 0.66)
    land.lay(land.below(0.74), (0.58, 0.40, 0.26))
    for name in names[:1]:
        for thing, x, y, width in _FURNISHED[name]:
            _stand(land, thing, x, y, width)
    return Place(land.picture(), 0.95 if names else 0.92, 0.74)


def _window(land: Land, left: float) -> None:
    right = left + 0.26
    land.area([(left, 0.12), (right, 0.12), (right, 0.42), (left, 0.42)], (0.98, 0.97, 0.93))
    pane = [(left + 0.02, 0.14), (right - 0.02, 0.14), (right - 0.02, 0.40), (left + 0.02, 0.40)]
    land.area(pane, land.sky_colors()[0], is_lit=True)


def _stand(land: Land, thing: str, x: float, y: float, width: float) -> None:
    """Furniture where it stands."""
    found = drawn(thing)
    if found is not None:
        center = x * land.width, y * land.height
        land.bands.append(placed(found[0], center, width, land.shape))
