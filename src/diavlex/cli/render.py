"""`diavlex render`: a finished painting is painted again, at any size."""

import argparse
from collections.abc import Sequence

from diavlex.cli.export import SOURCE, check_free, given, write
from diavlex.cli.options import Flags
from diavlex.cli.telling import tell_path
from diavlex.config import knobs
from diavlex.files import path_of
from diavlex.gallery import exports
from diavlex.gallery.exports.stills import Still


def run(words: Sequence[str]) -> int:
    """Render; print the file's path."""
    options = flags().parse_args(words)
    out = path_of(options.out)
    export = exports.by_path(out)
    choices = exports.choose(export, given(options), exports.known().values())
    check_free(export, out, is_overwriting=True)
    from diavlex import gallery

    write(export, gallery.load(path_of(options.painting)), out, choices)
    tell_path(out)
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("render", "Paint a finished painting again, at any size (see also: export).")
    parser.add_argument("painting", help=SOURCE)
    for name, metavar in {"engine": "NAME", "size": "PIXELS"}.items():
        _, told = knobs(Still)[name]
        parser.add_argument(
            f"--{name}", default=argparse.SUPPRESS, help=told.about, metavar=metavar
        )
    parser.add_argument("--out", default="render.png", help="file: .png, .ora, .svg, .mp4 and more")
    return parser
