"""`diavlex paint`: a prompt becomes a folder with a painting and its films."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diavlex.cli.options import Flags, chosen
from diavlex.config import BASIC, PaintConfig, choose, is_weighted, preset, read_prompts
from diavlex.errors import BadValue
from diavlex.files import path_of, slug

if TYPE_CHECKING:
    from diavlex.series import Session


PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".bmp")
"""Endings of a palette that is a picture's."""


def run(words: Sequence[str]) -> int:
    """Paint; print the folder's path."""
    options = flags().parse_args(words)
    session = _go_on(options) if options.resume is not None else _begin(options)
    from diavlex.cli.progress import watch

    print(watch(session, is_verbose=options.verbose))
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("paint", "Paint a prompt with brushstrokes.", "diavlex paint PROMPT [options]")
    what, look, where = map(parser.heading, BASIC)
    what.add_argument(
        "prompts",
        nargs="*",
        metavar="PROMPT",
        help="what to paint, in words; then, if you like, what else shall or shall not be seen, "
        "each with its weight against the first: 'a storm:0.5' 'lettering:-0.3'",
        default=argparse.SUPPRESS,
    )
    parser.set_defaults(prompts=[])
    what.add_argument(
        "--from",
        dest="photo",
        metavar="PICTURE",
        help="paint from a photo, with words or without",
    )
    look.add_argument(
        "--preset", default="", help="choices that go together (see: diavlex presets)"
    )
    where.add_argument("--out", default="paintings", help="folder that gets the painting's folder")
    where.add_argument("--overwrite", action="store_true", help="replace a painting that is there")
    where.add_argument("--resume", metavar="FOLDER", help="go on with a painting that was cut off")
    where.add_argument("--device", default="cpu", help="where to compute: cpu or cuda")
    where.add_argument("--verbose", action="store_true", help="show what each term says")
    parser.add_knobs(PaintConfig)
    return parser


def _go_on(options: argparse.Namespace) -> "Session":
    """The session of a painting that was cut off."""
    if options.prompts or options.preset or chosen(options, PaintConfig):
        raise BadValue("--resume goes on as it was begun: give it no prompt and no other choice.")
    from diavlex import series

    return series.resume(Path(options.resume), options.device)


def _begin(options: argparse.Namespace) -> "Session":
    """The session of a new painting."""
    _check_weights(options.prompts)
    photo = None if options.photo is None else path_of(options.photo)
    is_wordless = photo is not None and not options.prompts
    (prompt, _), *also = [("", 1.0)] if is_wordless else read_prompts(options.prompts)
    choices = preset("photo" if photo else "") | preset(options.preset)
    choices |= chosen(options, PaintConfig)
    if "palette" in choices:
        choices["palette"] = _palette(choices["palette"])
    config = choose(**choices, also=tuple(also))
    folder = Path(options.out) / f"{slug(prompt or (photo.stem if photo else ''))}-{config.seed}"
    from diavlex import series

    session = series.begin(
        prompt, config, folder, overwrite=options.overwrite, device=options.device, photo=photo
    )
    (first, *_) = options.prompts or [""]
    if not also and is_weighted(first):
        session.remarks.append(
            f"'{first[:60]}' is read as words and their weight; if all of it is words, write "
            f"'{first[:60]}:1'."
        )
    return session


def _palette(text: str) -> Any:
    """A palette as it was given, or the colors of the picture that it names."""
    if Path(text).suffix.lower() not in PICTURES:
        return text
    from diavlex.pictures import colors_of, read_picture

    return colors_of(read_picture(path_of(text), "the palette's picture"))


def _check_weights(prompts: Sequence[str]) -> None:
    """Every prompt but the first has a weight: without one, quotes may have been forgotten."""
    for text in prompts[1:]:
        if not is_weighted(text):
            whole = " ".join(prompts)
            raise BadValue(
                f"'{text[:40]}' has no weight: give it one, as in '{text[:40]}:0.5', or put all "
                f'that is one prompt in quotes, as in diavlex paint "{whole[:60]}".'
            )
