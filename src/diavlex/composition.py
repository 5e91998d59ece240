"""The composition of a painting: its layers as plain facts, known before any tensor is made.

A layer is a run of strokes that paint one thing. The first one is the background and may take the
whole canvas; each other one stands in a frame and is laid over those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from diavlex.config import PaintConfig
from diavlex.phrases import Phrase, Thing
from diavlex.tensors import Canvas

SIDE = 0.8
"""Side of the largest frame (shorter side of the canvas = 1)."""
_OVERLAP = 1.04
"""How much wider frames side by side are than the room that there is for each."""
_LARGEST, _SMALLEST = 0.55, 2.0
"""A painting's largest half-length times the first is that of a thing in the largest frame; its
smallest half-length times the second is that of a background behind things."""
_SKETCHED, _FINE, _FINEST = 0.5, 0.65, 0.35
"""A painting's largest half-length times the first is that of a sketched thing in the largest
frame, its smallest times the second; at least the third of this is left for small things."""


@dataclass(frozen=True)
class Frame:
    """A square on the canvas in which a thing stands; lengths in shorter sides."""

    x: float
    """Of its center."""
    y: float
    side: float

    def crop(self, canvas: Canvas) -> Float[Tensor, "3 side side"]:
        """The part of a canvas that lies in the frame."""
        short_px = min(canvas.shape[-2:])
        left, top = (round((v - self.side / 2) * short_px) for v in (self.x, self.y))
        side = round(self.side * short_px)
        return canvas[:, top : top + side, left : left + side]


@dataclass(frozen=True)
class Layer:
    """Strokes that paint one thing, or the background of all things."""

    name: str
    """The words of its thing, or "background"."""
    rows: slice
    """Which of the painting's strokes are its own."""
    largest: float
    """Half-length of its first strokes (shorter side = 1)."""
    smallest: float
    """Half-length of its last strokes."""
    frame: Frame | None = None
    """Where it stands; None for the whole canvas."""
    thing: Thing | None = None
    """What it paints, if that is judged alone; None for the background and for sketched things."""

    @property
    def count(self) -> int:
        """How many strokes it has."""
        return self.rows.stop - self.rows.start


@dataclass(frozen=True)
class Standing:
    """A thing that stands at a known place of a sketch."""

    name: str
    frame: Frame
    """Around all of it, if there are several."""
    size: float
    """The longer side of one of it (shorter side of the canvas = 1)."""
    detail: float
    """How much there is of it to paint, beside others."""


@dataclass(frozen=True)
class Part:
    """A part of the canvas with strokes of its own: a region, or all that is in none."""

    name: str
    area: float
    """Share of the canvas that is seen of it."""
    frame: Frame | None = None
    """Around it; None for all that is in no region."""
    reach: float = 1.0
    """Its shorter side (shorter side of the canvas = 1)."""
    standing: tuple[Standing, ...] = ()
    """The things in it."""


@dataclass(frozen=True)
class Composition:
    """Who paints what, where, and with which strokes."""

    layers: tuple[Layer, ...]
    """In painting order; the first is the background."""
    aspect: tuple[float, float]
    """Canvas height and width over the shorter side."""
    is_placed: bool
    """Whether the words say where the things are, so that the background shows a place."""
    focus: tuple[float, float] | None
    """Where a thing without a layer of its own shall be, x and y in shorter sides."""

    @property
    def things(self) -> tuple[Layer, ...]:
        """The layers that paint a thing which is judged alone."""
        return tuple(layer for layer in self.layers if layer.thing is not None)

    @property
    def strokes(self) -> int:
        """How many strokes all layers have."""
        return self.layers[-1].rows.stop


def compose(config: PaintConfig, phrase: Phrase, things: Sequence[Thing]) -> Composition:
    """Share out the strokes of a painting to a background and to things.

    Args:
        config: how many strokes there are, their sizes, and the share that things get.
        phrase: what the prompt says.
        things: those that get a layer of their own, in painting order; none for a plain painting.
    """
    if not config.layer_share:
        things = ()
    layers = _layers(config, things) if things else ()
    first = layers[0].rows.start if layers else config.strokes
    smallest = min(_SMALLEST * config.smallest, config.largest) if layers else config.smallest
    background = Layer("background", slice(0, first), config.largest, smallest)
    focus = None if layers else config.focus_at
    return Composition((background, *layers), config.aspect, phrase.is_placed, focus)


def compose_sketch(
    config: PaintConfig, standing: Sequence[Standing], strokes: int | None = None
) -> Composition:
    """Share out the strokes of a painting to the background and the things of a sketch.

    Args:
        config: how many strokes there are, their sizes, and the share that things get.
        standing: the things, in painting order; each gets a layer, and strokes by the root of its
            detail, which may be none where strokes are few.
        strokes: how many there are, if not all of the painting's.
    """
    count = config.strokes if strokes is None else strokes
    own = round(config.layer_share * count) if standing else 0
    shares = [one.detail**0.5 for one in standing]
    ends = [sum(shares[: k + 1]) / sum(shares) for k in range(len(standing))]
    first = count - own
    cuts = [first, *(first + round(own * end) for end in ends)]
    smallest = config.smallest if standing else _FINE * config.smallest
    layers = [Layer("background", slice(0, first), config.largest, smallest)]
    for one, start, end in zip(standing, cuts, cuts[1:], strict=False):
        scale = min(one.size / SIDE, 1.0)
        smallest = max(_FINE * scale, _FINEST) * config.smallest
        largest = max(_SKETCHED * config.largest * scale, smallest)
        layers.append(Layer(one.name, slice(start, end), largest, smallest, one.frame))
    return Composition(tuple(layers), config.aspect, True, None)


def compose_regions(config: PaintConfig, parts: Sequence[Part]) -> Composition:
    """Share out the strokes of a painting to the parts of its canvas, by their areas.

    Args:
        config: how many strokes there are, and their sizes.
        parts: the rest of the canvas first, then the regions; a later one lies above.
    """
    areas = [part.area for part in parts]
    free = config.strokes - (len(parts) - 1)  # each region gets a stroke at least
    ends = [round(free * sum(areas[: k + 1]) / sum(areas)) + k for k in range(len(parts))]
    layers: list[Layer] = []
    for part, start, end in zip(parts, [0, *ends], ends, strict=False):
        first, *things = compose_sketch(config, part.standing, end - start).layers
        largest = max(config.largest * part.reach, first.smallest)
        first = replace(first, name=part.name, frame=part.frame, largest=largest)
        for layer in (first, *things):
            rows = slice(start + layer.rows.start, start + layer.rows.stop)
            layers.append(replace(layer, rows=rows))
    return Composition(tuple(layers), config.aspect, True, None)


def _layers(config: PaintConfig, things: Sequence[Thing]) -> tuple[Layer, ...]:
    """A layer for each thing, as long as there is a stroke for it; their strokes are the last."""
    count = len(things)
    own = min(max(round(config.layer_share * config.strokes), count), config.strokes)
    cuts = [config.strokes - own + round(own * k / count) for k in range(count + 1)]
    found, places = [], frames(count, config)
    for thing, frame, first, last in zip(things, places, cuts, cuts[1:], strict=False):
        scale = frame.side / SIDE
        largest = max(_LARGEST * config.largest, config.smallest) * scale
        if last > first:
            rows = slice(first, last)
            found.append(Layer(thing.words, rows, largest, config.smallest * scale, frame, thing))
    return tuple(found)


def frames(count: int, config: PaintConfig) -> list[Frame]:
    """Where so many things stand: in one row or two, as large as they can be.

    One alone stands where the focus is.
    """
    height, width = config.aspect
    grids = [(rows, -(-count // rows)) for rows in (1, 2)]
    sides = [min(SIDE, _OVERLAP * min(width / columns, height / rows)) for rows, columns in grids]
    side, (rows, columns) = max(zip(sides, grids, strict=True), key=lambda pair: pair[0])
    placed = []
    for at in range(count):
        row, column = divmod(at, columns)
        in_row = min(columns, count - row * columns)
        x, y = width * (column + 0.5) / in_row, height * (row + 0.5) / rows
        if count == 1 and config.focus_at:
            x, y = config.focus_at
        x, y = (min(max(v, side / 2), end - side / 2) for v, end in ((x, width), (y, height)))
        placed.append(Frame(x, y, side))
    return placed
