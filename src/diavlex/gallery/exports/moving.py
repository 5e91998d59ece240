"""Films: MP4, WebM and GIF; and single frames."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.config import knob, settle
from diavlex.errors import BadValue

from ..timing import Timing
from .choices import (
    FILM,
    PICTURE,
    SWITCH,
    Side,
    easing,
    engine,
    engine_of,
    has_background,
    short_side_px,
    size,
    told,
    transparent,
)
from .export import Each, Export

if TYPE_CHECKING:
    from diavlex.painting import Painting

_USUAL_S = 10.0


@dataclass(frozen=True)
class Moving:
    """How a film runs."""

    size: Side = size()
    engine: str = engine()
    seconds: float = knob(
        0.0, f"how long the strokes take; 0 for {_USUAL_S:g}, or as --speed says", 0, 3600,
        group=FILM,
    )  # fmt: skip
    speed: float = knob(0.0, "strokes a second; 0 as --seconds says", 0, 1000, group=FILM)
    hold: float = knob(2.0, "seconds that the finished painting stays", 0, 600, group=FILM)
    easing: str = easing()
    fps: int = knob(30, "frames a second", 1, 50, group=FILM)

    def __post_init__(self) -> None:
        settle(self)
        if self.seconds and self.speed:
            raise BadValue(
                f"--seconds is {self.seconds:g} and --speed is {self.speed:g}: give only one."
            )

    def timing(self, strokes: int) -> Timing:
        """When what is shown.

        Raises:
            BadValue: the film would be longer than films may be.
        """
        seconds = self.seconds or (strokes / self.speed if self.speed else _USUAL_S)
        if seconds > 3600:
            raise BadValue(
                f"--speed is {self.speed:g}: {strokes} strokes would take {seconds:,.0f} seconds, "
                f"and 3600 are the most; give {strokes / 3600:.2f} or more."
            )
        return Timing(seconds, self.hold, self.easing, self.fps)


def write_mp4(painting: "Painting", path: Path, options: Moving, each: Each) -> None:
    """Write an H.264 film."""
    _write_film("mp4", painting, path, options, each)


def write_webm(painting: "Painting", path: Path, options: Moving, each: Each) -> None:
    """Write a VP9 film."""
    _write_film("webm", painting, path, options, each)


def _write_film(codec: str, painting: "Painting", path: Path, options: Moving, each: Each) -> None:
    from ..films import save_strokes_film

    count = len(painting.actions)
    save_strokes_film(
        painting,
        path,
        options.timing(count),
        short_side_px(options.size, painting),
        engine_of(options.engine, painting),
        codec,
        told(each, count),
    )


def write_gif(painting: "Painting", path: Path, options: Moving, each: Each) -> None:
    """Write an endless GIF."""
    from ..gif import save_gif

    count = len(painting.actions)
    side_px, painter = short_side_px(options.size, painting), engine_of(options.engine, painting)
    save_gif(painting, path, options.timing(count), side_px, painter, told(each, count))


@dataclass(frozen=True)
class Frames:
    """Which frames there are, and what they show."""

    size: Side = size()
    engine: str = engine()
    transparent: bool = transparent()
    frames: int = knob(
        0, "how many pictures, evenly spread; 0 for one a stroke", 0, 100_000, group=PICTURE
    )
    alone: bool = knob(
        False, "each picture shows only the strokes that are new in it, on nothing",
        typed=SWITCH, group=PICTURE,
    )  # fmt: skip

    def __post_init__(self) -> None:
        settle(self)


def write_frames(painting: "Painting", path: Path, options: Frames, each: Each) -> None:
    """Write a folder of PNG files."""
    from ..frames import save_frames

    save_frames(
        painting,
        path,
        options.frames or len(painting.actions),
        short_side_px(options.size, painting),
        engine_of(options.engine, painting),
        told(each, len(painting.actions)),
        has_background=has_background(options, painting),
        is_alone=options.alone,
    )


MP4 = Export("mp4", ".mp4", "a film of the strokes, H.264", write_mp4, Moving)
WEBM = Export("webm", ".webm", "a film of the strokes, VP9", write_webm, Moving)
GIF = Export(
    "gif", ".gif", "a film of the strokes that plays everywhere; 480 px if not told", write_gif,
    Moving,
)  # fmt: skip
FRAMES = Export(
    "frames", "", "a folder of pictures, one a stroke or a stage, for animation", write_frames,
    Frames,
)  # fmt: skip
