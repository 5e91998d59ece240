"""`diavlex render`: a finished painting is painted again, at any size."""

from collections.abc import Sequence
from pathlib import Path

from diavlex.cli.options import Flags
from diavlex.errors import BadValue


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
    parser.add_argument("--size", type=int, help="shorter side in pixels (default: as painted)")
    parser.add_argument("--out", default="render.png", help="file: .png, .ora, .svg or .mp4")
    return parser
