"""Films of how a painting was found and of how it is painted, as H.264 that browsers play."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from diavlex.errors import BadValue
from diavlex.files import replacing
from diavlex.painting import Painting

from .easel import LEAST_SIDE_PX, size_of, stages
from .sheets import Picture, evenly

FPS = 30
MOST_SIDE_PX = 1920
"""The longer side of a film; a larger painting is filmed smaller."""

_ENCODER = {
    "crf": "18",
    "preset": "veryfast",
    # The same film each time: macroblock trees round otherwise now and then, even on one thread.
    "x264-params": "threads=1:lookahead-threads=1:mbtree=0",
}
_CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}
_BT709, _SRGB_CURVE, _LIMITED_RANGE = 1, 13, 1


class Film:
    """A film being written, one picture after another; `film` opens it."""

    def __init__(self, container: Any, height_px: int, width_px: int, fps: int) -> None:
        self._container, self._size = container, (height_px, width_px)
        self._tick = Fraction(1, fps)
        self.frames = 0
        """How many frames it has."""
        self._stream = container.add_stream("libx264", rate=fps, options=_ENCODER)
        self._stream.height, self._stream.width = height_px + height_px % 2, width_px + width_px % 2
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.thread_count, context.gop_size, context.time_base = 1, 2 * fps, self._tick
        context.color_primaries = context.colorspace = _BT709
        context.color_trc, context.color_range = _SRGB_CURVE, _LIMITED_RANGE

    def add(self, picture: Picture, times: int = 1) -> None:
        """Show a picture for some frames.

        Raises:
            BadValue: it is not of the film's size.
        """
        if picture.shape[:2] != self._size:
            raise BadValue(f"a film of {self._size} px got a picture of {picture.shape[:2]} px.")
        frame = _to_frame(picture)
        frame.time_base = self._tick
        for _ in range(times):
            frame.pts = self.frames
            self._container.mux(self._stream.encode(frame))
            self.frames += 1

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode())


@contextlib.contextmanager
def film(path: Path | str, height_px: int, width_px: int, fps: int = FPS) -> Iterator[Film]:
    """Open a film to add pictures to; the file appears, whole, when all went well.

    A picture of odd sides gets one more row or column, a copy of its last.

    Raises:
        BadFolder: it cannot be written there.
        BadValue: no picture was added.
    """
    import av

    with replacing(Path(path)) as fresh:
        with av.open(str(fresh), "w", format="mp4", container_options=_CONTAINER) as container:
            reel = Film(container, height_px, width_px, fps)
            yield reel
            if not reel.frames:
                raise BadValue(f"the film {path} has no picture; add one at the least.")
            reel.finish()


def save_progress_film(
    snapshots: Sequence[Picture], path: Path | str, seconds_s: float = 8, hold_s: float = 2
) -> Path:
    """Film snapshots in their order, evenly, and hold the last.

    Args:
        snapshots: all of one size.
        path: the .mp4 file.
        seconds_s: how long the film lasts before it holds; snapshots repeat or are left out.
        hold_s: how long the last stays.

    Raises:
        BadFolder: it cannot be written there.
    """
    shown = _spread(len(snapshots), round(seconds_s * FPS))
    with film(path, *snapshots[0].shape[:2]) as reel:
        for index, times in shown:
            reel.add(snapshots[index], times)
        reel.add(snapshots[-1], round(hold_s * FPS))
    return Path(path)


def save_strokes_film(
    painting: Painting,
    path: Path | str,
    seconds_s: float = 10,
    hold_s: float = 2,
    short_side_px: int | None = None,
    engine: str = "neural",
) -> Path:
    """Film a painting being painted, strokes appearing in their order, and hold the last frame.

    The last frame is what `render` paints; a painting larger than `MOST_SIDE_PX` is filmed smaller.

    Args:
        painting: the record.
        path: the .mp4 file.
        seconds_s: from the empty canvas to the last stroke, however many strokes there are.
        hold_s: how long the finished painting stays.
        short_side_px: of the film; as painted if not given.
        engine: who paints, neural or mypaint.

    Raises:
        BadFolder: it cannot be written there.
    """
    side_px = film_side_px(painting, short_side_px)
    shown = _spread(len(painting.actions) + 1, round(seconds_s * FPS))
    with film(path, *size_of(painting, side_px)) as reel:
        pictures = stages(painting, [count for count, _ in shown], side_px, engine)
        for picture, (count, times) in zip(pictures, shown, strict=True):
            is_last = count == len(painting.actions)
            reel.add(picture, times + is_last * round(hold_s * FPS))
    return Path(path)


def film_side_px(painting: Painting, wanted_px: int | None = None) -> int:
    """The shorter side of a film: as wanted or as painted, unless the longer gets too long."""
    most = max(LEAST_SIDE_PX, int(MOST_SIDE_PX / max(painting.aspect)))
    return min(wanted_px or min(painting.height_px, painting.width_px), most)


def _spread(count: int, frames: int) -> list[tuple[int, int]]:
    """Which of `count` pictures to show and for how many frames, evenly, first to last."""
    frames = max(frames, 2)
    shown: Iterable[int] = evenly(count, frames)
    if count < frames:
        shown = (round(at * (count - 1) / (frames - 1)) for at in range(frames))
    return [(index, len(list(run))) for index, run in itertools.groupby(shown)]


def _to_frame(picture: Picture) -> Any:
    """A frame in the encoder's colors: BT.709 in limited range, its sides even."""
    from av.video.frame import VideoFrame
    from av.video.reformatter import Interpolation as How

    high, wide = picture.shape[:2]
    even = np.pad(picture, ((0, high % 2), (0, wide % 2), (0, 0)), mode="edge")
    exact = How.BILINEAR | How.ACCURATE_RND | How.FULL_CHR_H_INP | How.FULL_CHR_H_INT
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(even), "rgb24")
    return frame.reformat(
        format="yuv420p",
        dst_colorspace="ITU709",
        dst_color_range="MPEG",
        interpolation=int(exact),
    )
