"""`diavlex verify`: a finished painting is painted again from its record, and compared."""

from collections.abc import Sequence

from diavlex.cli.export import SOURCE
from diavlex.cli.options import Flags
from diavlex.errors import BadPainting
from diavlex.files import path_of


def run(words: Sequence[str]) -> int:
    """Verify; print what was found. The exit code is 0 if all is the same, else 2."""
    parser = Flags("verify", "Paint a finished painting again from its record, and compare.")
    parser.add_argument("painting", help=SOURCE)
    parser.add_argument(
        "--from", dest="photo", metavar="PICTURE", help="the photo that it was painted from, if any"
    )
    parser.add_argument("--device", default="cpu", help="where to compute: cpu or cuda")
    options = parser.parse_args(words)
    source = path_of(options.painting)
    from diavlex import gallery
    from diavlex.series.verifying import Verification

    photo = None if options.photo is None else path_of(options.photo)
    record = gallery.load(source)
    try:
        verification = Verification(record, options.device, photo)
    except BadPainting as error:
        raise BadPainting(f"{source}: {error}") from error
    found = verification.paint()
    if found.is_same:
        print("same: every number of every stroke.")
    else:
        print(
            f"differs: {found.strokes} strokes, by up to {found.most:.3g}; the pictures by "
            f"{found.levels:.2f} of 255 on average."
        )
    if found.machine:
        print(f"Painted on another machine: {found.machine}.")
    return 0 if found.is_same else 2
