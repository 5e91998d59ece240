"""`diavlex render`: a finished painting is painted again, at any size."""

from collections.abc import Sequence
from pathlib import Path

from diavlex.cli.options import Flags
from diavlex.errors import BadValue

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
    gallery.save(record, out, options.size, options.engine)
    print(out)
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("render", "Paint a finished painting again, at any size.")
    parser.add_argument("painting", help="a painting's folder, or its painting.json")
    parser.add_argument("--engine", default="neural", help="who paints: neural or mypaint")
    about = "shorter side in pixels, as painted if not given; oblong pictures go less far"
    parser.add_number("size", None, about, *SIDE_PX)
    parser.add_argument("--out", default="render.png", help="file: .png, .ora, .svg or .mp4")
    return parser
