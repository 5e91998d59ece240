"""Strokes painted by the MyPaint engine itself, at any size.

Only diavlex's own brushes paint in this process. The engine can die of a brush that somebody else
made, so those paint in a process of their own (see `.apart`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import numpy as np
from jaxtyping import Float

from diavlex.brushes import apart, drawing, engine
from diavlex.brushes.definition import Definition, find
from diavlex.errors import MissingEngine


def check_available() -> None:
    """Make sure that the MyPaint engine is on this machine.

    Raises:
        MissingEngine: it is not; the message says how to install it.
    """
    engine.load()


def is_available() -> bool:
    """The MyPaint engine is on this machine."""
    try:
        check_available()
    except MissingEngine:
        return False
    return True


def patches(
    brush: Definition,
    shapes: Float[np.ndarray, "strokes 5"],
    variants: Sequence[int],
    side_px: int,
    *,
    is_resolved: bool = True,
) -> Iterator[Float[np.ndarray, "side side"]]:
    """The coverage of strokes in their own frames, one after the other, 0 to 1.

    Args:
        brush: paints them.
        shapes: fullness, bend, skew, start pressure, end pressure.
        variants: the texture of every stroke.
        side_px: the frame, [-1, 1] both ways, in pixels.
        is_resolved: painted larger and averaged, so that no bristle is thinner than a pixel.

    Raises:
        MissingEngine: libmypaint is not on this machine.
        BadBrush: the engine died of the brush.
    """
    check_available()
    if not brush.is_trusted:
        with closing(apart.Worker()) as worker:
            yield from worker.patches(brush, shapes, variants, side_px, is_resolved=is_resolved)
        return
    paint = drawing.resolved_patch if is_resolved else drawing.render_patch
    for shape, variant in zip(shapes.tolist(), variants, strict=True):
        yield paint(brush, shape, int(variant), side_px)


def paint(
    actions: Float[np.ndarray, "strokes 12"],
    brushes: Sequence[str],
    variants: Sequence[int],
    background: Sequence[float],
    height_px: int,
    width_px: int,
    each: Callable[[int], None] | None = None,
) -> Float[np.ndarray, "height width 3"]:
    """Paint strokes in their order; sRGB in [0, 1].

    Args:
        actions: see `diavlex.stroke`.
        brushes: the name of every stroke's brush.
        variants: the texture of every stroke.
        background: sRGB in [0, 1].
        height_px: of the picture.
        width_px: of the picture.
        each: called with 1, 2, 3 ... after each stroke.

    Raises:
        MissingEngine: libmypaint is not on this machine.
        UnknownName: no such brush; a path names none.
        BadBrush: a brush's file is malformed, or the engine died of it.
    """
    size = height_px, width_px
    *_, picture = stages(actions, brushes, variants, background, *size, [len(actions)], each)
    return picture


def stages(
    actions: Float[np.ndarray, "strokes 12"],
    brushes: Sequence[str],
    variants: Sequence[int],
    background: Sequence[float] | None,
    height_px: int,
    width_px: int,
    counts: Sequence[int],
    each: Callable[[int], None] | None = None,
) -> Iterator[Float[np.ndarray, "height width channels"]]:
    """The picture of `paint` after each count of strokes; counts rise, and may repeat.

    Without a background only strokes cover: sRGB times alpha, and alpha.
    """
    check_available()
    kinds = {name: find(name) for name in dict.fromkeys(brushes)}
    own = [kinds[name] for name in brushes]
    facts = (actions, own, variants, background, height_px, width_px, counts, each)
    if all(kind.is_trusted for kind in kinds.values()):
        yield from drawing.stages(*facts)
        return
    with closing(apart.Worker()) as worker:
        yield from worker.stages(*facts)
