"""A painting's record becomes pictures, at any size, by the neural painter or by MyPaint."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from diavlex.config import Size, check_size
from diavlex.errors import UnknownName
from diavlex.painting import Painting

from .easel import Easel, MyPaintEasel, NeuralEasel, Picture

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
    with _easel(painting, short_side_px, engine, has_background) as easel:
        easel.advance(len(painting.actions), each)
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
    ways = short_side_px, engine
    with _easel(painting, *ways, has_background) as easel:
        for count in counts:
            if count == len(painting.actions) and not easel.is_exact:
                yield render(painting, *ways, has_background=has_background)
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
    with _easel(painting, short_side_px, engine, has_background=False) as easel:
        for cut in cuts[1:]:
            easel.clear()
            easel.advance(cut, each)
            yield easel.picture()


@contextlib.contextmanager
def _easel(
    painting: Painting, short_side_px: int | None, engine: str, has_background: bool
) -> Iterator[Easel]:
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    kind = MyPaintEasel if engine == "mypaint" else NeuralEasel
    easel = kind(painting, size_of(painting, short_side_px), has_background)
    try:
        yield easel
    finally:
        easel.close()
