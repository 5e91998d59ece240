"""Films of how a painting was found and of how it is painted, as browsers play them."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from diavlex.config import LEAST_SIDE_PX
from diavlex.errors import BadValue
from diavlex.files import replacing
from diavlex.painting import Painting

from .pictures import size_of, stages
from .timing import Timing

FPS = 30
USUAL_SIDE_PX = 1920
"""The longer side of a film, at most, where no size is asked for."""
MOST_SIDE_PX = 4096
"""The longer side of a film, at most."""
_Picture = UInt8[np.ndarray, "height width 3"]


@dataclass(frozen=True)
class Codec:
    """How a film is packed."""

    encoder: str
    container: str
    encoder_options: dict[str, str]
    container_options: dict[str, str]


CODECS = {
    "mp4": Codec(
        "libx264",
        "mp4",
        {
            "crf": "18",
            "preset": "veryfast",
            # The same film each time: macroblock trees round otherwise now and then, even on one
            # thread.
            "x264-params": "threads=1:lookahead-threads=1:mbtree=0",
        },
        {"movflags": "+faststart", "fflags": "+bitexact"},
    ),
    "webm": Codec(
        "libvpx-vp9",
        "webm",
        {"crf": "24", "b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "0"},
        {"fflags": "+bitexact"},
    ),
}
"""H.264 in MP4, and VP9 in WebM, by the ending of the file's name."""
_BT709, _SRGB_CURVE, _LIMITED_RANGE = 1, 13, 1


class Film:
    """A film being written, one picture after another; `film` opens it."""

    def __init__(
        self, container: Any, codec: Codec, height_px: int, width_px: int, fps: int
    ) -> None:
        self._container, self._size = container, (height_px, width_px)
        self._tick = Fraction(1, fps)
        self.frames = 0
        """How many frames it has."""
        self._stream = container.add_stream(codec.encoder, rate=fps, options=codec.encoder_options)
        self._stream.height, self._stream.width = height_px + height_px % 2, width_px + width_px % 2
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.thread_count, context.gop_size, context.time_base = 1, 2 * fps, self._tick
        context.color_primaries = context.colorspace = _BT709
        context.color_trc, context.color_range = _SRGB_CURVE, _LIMITED_RANGE

    def add(self, picture: _Picture, times: int = 1) -> None:
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
def film(
    path: Path | str, height_px: int, width_px: int, fps: int = FPS, codec: str = "mp4"
) -> Iterator[Film]:
    """Open a film to add pictures to; the file appears, whole, when all went well.

    A picture of odd sides gets one more row or column, a copy of its last.

    Args:
        path: the file.
        height_px: of all its pictures.
        width_px: of all its pictures.
        fps: frames a second.
        codec: one of `CODECS`.

    Raises:
        BadFolder: it cannot be written there.
        BadValue: no picture was added.
    """
    import av

    chosen = CODECS[codec]
    options = chosen.container_options
    with replacing(Path(path)) as fresh:
        with av.open(
            str(fresh), "w", format=chosen.container, container_options=options
        ) as container:
            reel = Film(container, chosen, height_px, width_px, fps)
            yield reel
            if not reel.frames:
                raise BadValue(f"the film {path} has no picture; add one at the least.")
            reel.finish()


def save_progress_film(
    snapshots: Sequence[_Picture], path: Path | str, seconds_s: float = 8, hold_s: float = 2
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
    with film(path, *snapshots[0].shape[:2]) as reel:
        for index, times in Timing(seconds_s, hold_s, fps=FPS).shown(len(snapshots)):
            reel.add(snapshots[index], times)
    return Path(path)


def save_strokes_film(
    painting: Painting,
    path: Path | str,
    timing: Timing = Timing(fps=FPS),  # noqa: B008  (frozen)
    short_side_px: int | None = None,
    engine: str = "neural",
    codec: str = "mp4",
    each: Callable[[int], None] | None = None,
) -> Path:
    """Film a painting being painted, strokes appearing in their order, and hold the last frame.

    The last frame is what `render` paints. A painting larger than `USUAL_SIDE_PX` is filmed
    smaller, unless a size is given.

    Args:
        painting: the record.
        path: the file.
        timing: how the film runs.
        short_side_px: of the film; as painted if not given.
        engine: who paints, neural or mypaint.
        codec: one of `CODECS`.
        each: called with the count of strokes filmed so far.

    Raises:
        BadFolder: it cannot be written there.
        BadValue: the size is too large for a film.
    """
    side_px = film_side_px(painting, short_side_px)
    shown = timing.shown(len(painting.actions) + 1)
    with film(path, *size_of(painting, side_px), timing.fps, codec) as reel:
        pictures = stages(painting, [count for count, _ in shown], side_px, engine)
        for picture, (count, times) in zip(pictures, shown, strict=True):
            reel.add(picture, times)
            if each is not None:
                each(count)
    return Path(path)


def film_side_px(
    painting: Painting, wanted_px: int | None = None, usual_px: int = USUAL_SIDE_PX
) -> int:
    """The shorter side of a film: as wanted; or as painted, unless the longer gets too long.

    Args:
        painting: the record.
        wanted_px: the shorter side, if one was asked for.
        usual_px: the longer side, at most, if none was.

    Raises:
        BadValue: what is wanted is too large for a film.
    """
    longer = max(painting.aspect)
    if wanted_px is None:
        most = max(LEAST_SIDE_PX, int(usual_px / longer))
        return min(painting.height_px, painting.width_px, most)
    if wanted_px * longer > MOST_SIDE_PX:
        raise BadValue(
            f"--size is {wanted_px}: a film's longer side may have {MOST_SIDE_PX} px at most; ask "
            f"for {int(MOST_SIDE_PX / longer)} or less."
        )
    return wanted_px


def _to_frame(picture: _Picture) -> Any:
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
