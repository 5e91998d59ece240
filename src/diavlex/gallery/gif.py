"""Animated GIFs of how a painting is painted."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from diavlex.files import replacing
from diavlex.painting import Painting

from .films import film_side_px
from .pictures import stages
from .timing import Timing

USUAL_SIDE_PX = 480
"""The longer side, at most, where no size is asked for; a GIF is large for what it shows."""
MOST_FPS = 50
"""A GIF counts time in hundredths of a second, and viewers slow down what is quicker."""
_COLORS = 256
_TICK_MS = 10
_SHARES = (0.25, 0.6, 1.0)


def save_gif(
    painting: Painting,
    path: Path | str,
    timing: Timing,
    short_side_px: int | None = None,
    engine: str = "neural",
    each: Callable[[int], None] | None = None,
) -> Path:
    """Write an endless GIF of a painting being painted; its last frame is the painting.

    All frames share one palette, and colors are not mixed from dots: what does not change does not
    flicker.

    Args:
        painting: the record.
        path: the .gif file.
        timing: how it runs.
        short_side_px: of the GIF; as painted if not given, but `USUAL_SIDE_PX` at most.
        engine: who paints, neural or mypaint.
        each: called with the count of strokes shown so far.

    Raises:
        BadFolder: it cannot be written there.
        BadValue: the size is too large.
    """
    side_px = film_side_px(painting, short_side_px, USUAL_SIDE_PX)
    shown = timing.shown(len(painting.actions) + 1)
    palette = _palette(painting, side_px, engine)

    def frames() -> Iterator[Image.Image]:
        for picture, (count, _) in zip(
            stages(painting, [count for count, _ in shown], side_px, engine), shown, strict=True
        ):
            yield Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)
            if each is not None:
                each(count)

    times = _delays_ms([times for _, times in shown], timing.fps)
    first, *rest = frames()
    with replacing(Path(path)) as fresh:
        first.save(
            fresh, "GIF", save_all=True, append_images=rest, duration=times, loop=0, disposal=1
        )
    return Path(path)


def _palette(painting: Painting, side_px: int, engine: str) -> Image.Image:
    """A picture with the colors that serve the whole GIF."""
    strokes = len(painting.actions)
    counts = [0, *(max(1, round(share * strokes)) for share in _SHARES)]
    pictures = list(stages(painting, counts, side_px, engine))
    # The finished painting counts twice, as it is seen the longest.
    seen = np.concatenate([*pictures[1:], pictures[-1], _strip(pictures[0])])
    return Image.fromarray(seen).quantize(_COLORS, Image.Quantize.MEDIANCUT, kmeans=2)


def _strip(picture: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "rows width 3"]:
    return picture[: max(1, len(picture) // 8)]


def _delays_ms(frames: Sequence[int], fps: int) -> list[int]:
    """How long each picture stays, in whole ticks whose rounding does not add up."""
    ends = [round(end / fps * 1000 / _TICK_MS) for end in itertools.accumulate(frames)]
    return [(end - start) * _TICK_MS for start, end in itertools.pairwise([0, *ends])]
