"""Things drawn from plain shapes: what no icon shows, or shows badly.

The drawings are kept as text, in the folder `drawings`. Each begins with a line that says what the
thing is one of, and its names; then follows a line for each shape, the lowest first:

    building: barn, stable
      red shape .1 .96  .1 .48  .5 .08  .9 .48  .9 .96
      dark twin box .2 .6  .3 .8

A shape has a paint (a name or #rrggbb) and is one of

    box LEFT TOP  RIGHT BOTTOM
    oval X Y  WIDTH HEIGHT
    line WIDTH  X Y  X Y ...        with round ends; WIDTH>END if it grows thinner
    shape X Y  X Y  X Y ...         with straight edges

`twin` before it adds its mirror image, `times COUNT X Y` repeats it, each time farther by X and Y.
After all, `@NAMES` says what the shape is called: "@wheels", "@sails,sail".
Behind a shape, `& SHAPE` keeps what lies in both, `- SHAPE` takes away, and `| SHAPE` adds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import torch

from .shapes import DRAWN, Cutout, Paint, Plane, Point, Shape, ellipse, fill, line, polygon, stacked

FOLDER = Path(__file__).parent / "drawings"
PAINTS: dict[str, Paint] = {
    "wood": (0.55, 0.36, 0.20), "dark": (0.30, 0.19, 0.12), "stone": (0.60, 0.60, 0.62),
    "roof": (0.68, 0.26, 0.18), "red": (0.74, 0.18, 0.15), "green": (0.24, 0.54, 0.22),
    "pine": (0.12, 0.38, 0.22), "iron": (0.25, 0.27, 0.30), "snow": (0.88, 0.93, 0.98),
    "gold": (0.95, 0.75, 0.20), "glass": (0.55, 0.75, 0.88), "cream": (0.93, 0.86, 0.70),
    "black": (0.10, 0.10, 0.11), "white": (0.96, 0.96, 0.95), "blue": (0.20, 0.42, 0.75),
    "silver": (0.74, 0.77, 0.80), "pink": (0.96, 0.62, 0.74), "orange": (0.95, 0.55, 0.15),
    "tan": (0.82, 0.66, 0.44), "purple": (0.50, 0.28, 0.64), "skin": (0.93, 0.74, 0.60),
    "grey": (0.55, 0.56, 0.58), "leaf": (0.40, 0.68, 0.28), "yellow": (0.98, 0.84, 0.25),
}  # fmt: skip
"""What colors are called in drawings."""
_VIVID = 0.15
"""From which difference of its levels on a paint has a hue."""
_SAME_HUE = 0.45
"""Difference of hues below which a paint is a shade of another."""
_HEAD = re.compile(r"^(\w+): (.+)$")
_OPERATION = re.compile(r"\s+([&|-])\s+")


@cache
def drawings() -> dict[str, tuple[str, tuple[str, ...]]]:
    """What each thing is one of, and the lines that draw it, by name."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        found |= read(path)
    return found


def read(path: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The drawings of a file by name: what each is one of, and its lines."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for kind, names, lines in _paragraphs(path.read_text(encoding="utf-8")):
        found |= dict.fromkeys(names, (kind, lines))
    return found


def drawn(name: str, shape: Shape = DRAWN) -> tuple[Cutout, str] | None:
    """A thing and its kind, by its name; None if it is not drawn here.

    Args:
        name: of the thing.
        shape: rows and columns.
    """
    found = drawings().get(name)
    return None if found is None else (drawing(found[1], shape), found[0])


def repainted(
    name: str, paint: Paint | None, parts: Mapping[str, Paint], shape: Shape = DRAWN
) -> tuple[Cutout, str] | None:
    """A thing in other colors, and its kind: what has its main color takes the new one.

    Args:
        name: of the thing.
        paint: sRGB of all but what is named; None leaves it as it is.
        parts: sRGB by the names of parts.
        shape: rows and columns.
    """
    found = drawings().get(name)
    if found is None:
        return None
    kind, lines = found
    new = old = [_paint(text.split(" ", 1)[0], PAINTS) for text in lines]
    if paint is not None:
        main = _main(lines, old, shape)
        new = [_in_place_of(one, main, paint) if _is_shade(one, main) else one for one in old]
    for part, other in parts.items():
        mine = [at for at, text in enumerate(lines) if part in labels(text)]
        middle = old[mine[0]] if mine else other
        for at in mine:
            new[at] = _in_place_of(old[at], middle, other)
    return stacked([_part(text, shape, one) for text, one in zip(lines, new, strict=True)]), kind


def labels(text: str) -> list[str]:
    """What the shape of a line is called."""
    _, _, names = text.partition("@")
    return names.split(",") if names else []


def has_part(name: str, part: str) -> bool:
    """Whether a drawing has a part of a name."""
    found = drawings().get(name)
    return found is not None and any(part in labels(text) for text in found[1])


def _main(lines: Sequence[str], paints: Sequence[Paint], shape: Shape) -> Paint:
    """The paint that is called main, or that of which most is seen, above all if it is vivid."""
    for text, paint in zip(lines, paints, strict=True):
        if "main" in labels(text):
            return paint
    left, seen = torch.ones(shape), dict[Paint, float]()
    for text, paint in reversed(list(zip(lines, paints, strict=True))):
        cover = _cover_of(text.split(" ", 1)[1], shape)
        vivid = 0.25 + max(paint) - min(paint)
        seen[paint] = seen.get(paint, 0.0) + vivid * float((cover * left).sum())
        left = left * (1 - cover)
    return max(seen, key=lambda paint: seen[paint])


def _is_shade(paint: Paint, main: Paint) -> bool:
    """Whether a paint is the main one, darker or lighter."""
    gaps = [(max(one) - min(one)) for one in (paint, main)]
    if min(gaps) < _VIVID:
        return paint == main or (max(gaps) < _VIVID and abs(sum(paint) - sum(main)) < _VIVID)
    hues = [
        [(v - min(one)) / gap for v in one] for one, gap in zip((paint, main), gaps, strict=True)
    ]
    return sum(abs(a - b) for a, b in zip(*hues, strict=True)) < _SAME_HUE


def _in_place_of(old: Paint, main: Paint, paint: Paint) -> Paint:
    """The new paint as light, beside the main one, as the old."""
    step = (sum(old) - sum(main)) / 3
    red, green, blue = (
        v + step * (1 - v) if step > 0 else v * (1 + step / max(sum(main) / 3, 0.1)) for v in paint
    )
    return red, green, blue


def drawing(
    lines: Sequence[str], shape: Shape = DRAWN, paints: Mapping[str, Paint] = PAINTS
) -> Cutout:
    """What lines of the drawings' language draw.

    Args:
        lines: one for each shape, the lowest first.
        shape: rows and columns.
        paints: what the colors are called.
    """
    return stacked([_part(text, shape, _paint(text.split(" ", 1)[0], paints)) for text in lines])


def _paragraphs(text: str) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        head, *lines = paragraph.split("\n")
        found = _HEAD.match(head)
        assert found, head
        yield found[1], found[2].split(", "), tuple(text.strip() for text in lines)


def _part(text: str, shape: Shape, paint: Paint) -> Cutout:
    return fill(_cover_of(text.split(" ", 1)[1], shape), paint)


def _cover_of(text: str, shape: Shape) -> Plane:
    """Where a line's shapes are, with what is kept, taken away and added."""
    first, *more = _OPERATION.split(text.partition("@")[0].strip())
    cover = _cover(first, shape)
    for operation, other in zip(more[::2], more[1::2], strict=True):
        plane = _cover(other, shape)
        if operation == "|":
            cover = cover.maximum(plane)
        else:
            cover = cover * (plane if operation == "&" else 1 - plane)
    return cover


def _paint(text: str, paints: Mapping[str, Paint]) -> Paint:
    if not text.startswith("#"):
        return paints[text]
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _cover(text: str, shape: Shape) -> Plane:
    """Where a shape is, with its mirror image and its repetitions."""
    what, *rest = text.split()
    if what == "twin":
        one = _cover(" ".join(rest), shape)
        return one.maximum(one.flip(-1))
    if what == "times":
        count, x, y = int(rest[0]), float(rest[1]), float(rest[2])
        planes = [_outline(rest[3], rest[4:], (x * k, y * k), shape) for k in range(count)]
        return torch.stack(planes).amax(0)
    return _outline(what, rest, (0.0, 0.0), shape)


def _outline(what: str, words: list[str], by: Point, shape: Shape) -> Plane:
    width, end = 0.0, None
    if what == "line":
        thick, *words = words
        width, *ends = (float(part) for part in thick.split(">"))
        end = ends[0] if ends else None
    numbers = [float(word) for word in words]
    points = [(x + by[0], y + by[1]) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    if what == "line":
        return line(points, width, end, shape)
    if what == "oval":
        return ellipse(points[0], numbers[2], numbers[3], shape)
    if what == "box":
        (left, top), (right, bottom) = points
        return polygon([(left, top), (right, top), (right, bottom), (left, bottom)], shape)
    assert what == "shape", what
    return polygon(points, shape)
