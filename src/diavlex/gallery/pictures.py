"""A painting's record becomes pictures, at any size, by the neural painter or by MyPaint."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from jaxtyping import Float

from diavlex.backgrounds import Background
from diavlex.config import Size, check_size
from diavlex.errors import UnknownName
from diavlex.painting import Painting

from .easel import Easel, Picture, bare, levels

ENGINES = ("neural", "mypaint")


def size_of(painting: Painting, short_side_px: int | None = None) -> tuple[int, int]:
    """Height and width of a painting at a size, in its own aspect ratio.

    Args:
        painting: the record.
        short_side_px: the shorter side; as painted if not given.

    Raises:
        BadValue: too small to see, or too large; says what memory it would need.
    """
    height, width = painting.aspect
    side = min(painting.height_px, painting.width_px) if short_side_px is None else short_side_px
    size = Size(round(height * side), round(width * side))
    check_size(size)
    return size


def finisher(finish: str, names: Sequence[str]) -> str:
    """Who paints a finished picture: the real engine if it is there and knows the brushes.

    Args:
        finish: auto, or one of `ENGINES`, which is then taken.
        names: of the brushes.

    Raises:
        UnknownName: no such engine, or MyPaint was asked for and has no such brush.
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    from diavlex.brushes import definition, mypaint

    if finish == "auto":
        is_able = mypaint.is_available() and set(names) <= set(definition.names())
        return "mypaint" if is_able else "neural"
    if finish not in ENGINES:
        raise UnknownName("engine", finish, ("auto", *ENGINES))
    if finish == "mypaint":
        mypaint.check_available()
        for name in names:
            definition.file_of(name)
    return finish


def render(
    painting: Painting,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
    *,
    has_background: bool = True,
    bits: int = 8,
) -> Picture:
    """Paint a record.

    Args:
        painting: the record.
        short_side_px: of the picture; as painted if not given.
        engine: one of `ENGINES`.
        each: called with the count of strokes painted so far.
        has_background: whether the strokes lie on the background; if not, there is an alpha
            channel.
        bits: 8 or 16 a channel.

    Raises:
        BadValue: a size that cannot be painted.
        UnknownName: no such engine, or no such brush.
        MissingEngine: MyPaint was asked for and is not on this machine.
    """
    size, count = _checked(painting, short_side_px, engine), len(painting.actions)
    if engine == "mypaint":
        (picture,) = _by_mypaint(painting, size, [0, count], has_background, bits, each)
        return picture
    easel = Easel(painting, size, has_background)
    easel.advance(count, each)
    return easel.picture(bits)


def stages(
    painting: Painting,
    counts: Sequence[int],
    short_side_px: int | None = None,
    engine: str = "neural",
    *,
    has_background: bool = True,
) -> Iterator[Picture]:
    """The painting after each count of strokes; counts rise, and may repeat.

    After all strokes it is exactly what `render` paints.
    """
    size = _checked(painting, short_side_px, engine)
    if engine == "mypaint":
        yield from _by_mypaint(painting, size, [0, *counts], has_background)
        return
    easel = Easel(painting, size, has_background)
    for count in counts:
        if count == len(painting.actions):
            yield render(painting, short_side_px, has_background=has_background)
            continue
        easel.advance(count)
        yield easel.picture()


def groups(
    painting: Painting,
    cuts: Sequence[int],
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
) -> Iterator[Picture]:
    """Strokes alone, without the background, from each cut up to the next: sRGB and alpha.

    Args:
        painting: the record.
        cuts: rising counts of strokes, the first 0 and the last that of all strokes.
        short_side_px: of the pictures; as painted if not given.
        engine: one of `ENGINES`.
        each: called with the count of strokes painted so far.
    """
    size = _checked(painting, short_side_px, engine)
    if engine == "mypaint":
        for pair in itertools.pairwise(cuts):
            yield from _by_mypaint(painting, size, pair, has_background=False, each=each)
        return
    easel = Easel(painting, size, has_background=False)
    for cut in cuts[1:]:
        easel.clear()
        easel.advance(cut, each)
        yield easel.picture()


def _checked(painting: Painting, short_side_px: int | None, engine: str) -> tuple[int, int]:
    """The size of a picture, once it is known that there is such an engine."""
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    return size_of(painting, short_side_px)


def _by_mypaint(
    painting: Painting,
    size: tuple[int, int],
    cuts: Sequence[int],
    has_background: bool,
    bits: int = 8,
    each: Callable[[int], None] | None = None,
) -> Iterator[Picture]:
    """The strokes from the first cut on, up to each of the others."""
    from diavlex.brushes import mypaint

    first, last = cuts[0], cuts[-1]
    under = bare(painting) if has_background else None
    background = painting.background if under is not None and under.is_plain else None
    pictures = mypaint.stages(
        painting.actions[first:last].numpy(),
        painting.brush_names[first:last],
        painting.variants[first:last].tolist(),
        background,
        *size,
        [cut - first for cut in cuts[1:]],
        None if each is None else lambda count: each(first + count),
    )
    for picture in pictures:
        if under is not None and not under.is_plain:
            yield levels(_over(picture, under), None, bits)
            continue
        cover = None if has_background else picture[..., 3:]
        yield levels(picture[..., :3], cover, bits)


def _over(
    paint: Float[np.ndarray, "height width 4"], under: Background
) -> Float[np.ndarray, "height width 3"]:
    """Paint, its color times alpha and its alpha, laid over a background."""
    sheet = under.canvas(*paint.shape[:2]).permute(1, 2, 0).numpy()
    return paint[..., :3] + (1 - paint[..., 3:]) * sheet
