"""`diavlex render`: a finished painting is painted again, at any size."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from diavlex.cli.options import Flags
from diavlex.config import read_size
from diavlex.errors import BadValue

if TYPE_CHECKING:
    from diavlex.painting import Painting

SIDE_PX = (8, 11_585)
"""Of the shorter side: least, and most in a square picture."""


def run(words: Sequence[str]) -> int:
    """Render; print the file's path."""
    options = flags().parse_args(words)
    from diavlex import gallery, painting

    out, formats = Path(options.out), gallery.FORMATS
    if out.suffix.lower() not in formats:
        raise BadValue(f"--out is '{out}': its name must end in one of {', '.join(formats)}.")
    record = painting.load(Path(options.painting))
    side_px = None if options.size is None else short_side_px(options.size, record)
    engine = options.engine
    if engine == "auto":
        is_picture = out.suffix.lower() in (".png", ".mp4")
        engine = gallery.finisher("auto", record.brushes) if is_picture else "neural"
    gallery.save(record, out, side_px, engine)
    print(out)
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("render", "Paint a finished painting again, at any size.")
    parser.add_argument("painting", help="a painting's folder, or its painting.json")
    about = "who paints: neural, mypaint, or auto (mypaint where it can)"
    parser.add_argument("--engine", default="auto", help=about)
    bounds = "{} to {}".format(*SIDE_PX)
    about = f"shorter side in pixels ({bounds}), or width x height (default: as painted)"
    parser.add_argument("--size", help=about)
    parser.add_argument("--out", default="render.png", help="file: .png, .ora, .svg or .mp4")
    return parser


def short_side_px(text: str, record: "Painting") -> int:
    """The shorter side that a size means: a number, or width x height as the painting's are.

    Raises:
        BadValue: neither, or not the painting's ratio.
    """
    if text.isdecimal() and len(text) < 10:
        return int(text)
    height, width = read_size(text)
    high, wide = (round(side * min(height, width)) for side in record.aspect)
    if (high, wide) != (height, width):
        raise BadValue(
            f"--size is {text}, which is not the painting's ratio: "
            f"ask for {wide}x{high}, or give the shorter side alone."
        )
    return min(height, width)
