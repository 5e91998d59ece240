"""`diavlex paint`: a prompt becomes a folder with a painting and its films."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from diavlex.cli.options import Flags, chosen
from diavlex.cli.telling import tell_path
from diavlex.config import (
    BASIC,
    RANDOM,
    RECIPE_SUFFIX,
    PaintConfig,
    choose,
    is_weighted,
    preset,
    read_prompts,
    recipe,
    write_recipe,
)
from diavlex.errors import BadValue, UnknownName, shown
from diavlex.files import check_writable, path_of, replacing, slug

if TYPE_CHECKING:
    from diavlex.series import Session

OUT = "paintings"
WAYS = ("auto", "bar", "plain", "json", "none")
PROGRESS = (
    "how progress is told: bar, plain (a line every few seconds), json (lines for other "
    "programs), none, or auto (a bar on a terminal, else plain)"
)


INPUTS = ("photo", "start", "keep", "detail", "style")
"""Flags that name a file with which a painting is begun."""
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".bmp")
"""Endings of a palette or a background that is a picture's."""


def run(words: Sequence[str]) -> int:
    """Paint; print the folder's path."""
    options = flags().parse_args(words)
    if options.progress not in WAYS:
        raise UnknownName("progress", options.progress, WAYS)
    if options.verbose and options.progress in ("json", "none"):
        why = "json tells it anyway" if options.progress == "json" else "that tells nothing"
        raise BadValue(f"--verbose says nothing with --progress {options.progress}: {why}.")
    session = _go_on(options) if options.resume is not None else _begin(options)
    from diavlex.cli.progress import watch

    folder = watch(session, is_verbose=options.verbose, way=options.progress)
    if folder is None:
        return 130
    tell_path(folder)
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
    what.add_argument(
        "--start", metavar="PAINTING",
        help="go on from a finished painting, its folder or record, with other words or the same",
    )  # fmt: skip
    what.add_argument(
        "--keep", metavar="PICTURE",
        help="with --start: a mask; strokes where it is white stay as they are, bit for bit",
    )  # fmt: skip
    look.add_argument(
        "--recipe", default="", metavar="NAME|FILE",
        help="a look: one that ships (see: diavlex recipes), or a TOML file of choices",
    )  # fmt: skip
    where.add_argument(
        "--out",
        default=argparse.SUPPRESS,
        help=f"folder that gets the painting's folder (default: {OUT})",
    )
    where.add_argument("--overwrite", action="store_true", help="replace a painting that is there")
    where.add_argument("--resume", metavar="FOLDER", help="go on with a painting that was cut off")
    where.add_argument("--device", default="cpu", help="where to compute: cpu or cuda")
    _add_further(parser)
    parser.add_knobs(PaintConfig)
    return parser


def _add_further(parser: Flags) -> None:
    """The flags that only the whole help shows."""
    _, look, where = map(parser.heading, BASIC)
    parser.only_in_whole_help(
        look.add_argument(
            "--preset", default="", help="choices that go together (see: diavlex presets)"
        ),
        where.add_argument(
            "--save-recipe", metavar="FILE", help="write the look as a recipe, a TOML file"
        ),
        look.add_argument(
            "--style",
            metavar="PICTURE",
            help="take colors, brush, sizes and direction of strokes from a picture",
        ),
        look.add_argument(
            "--detail",
            metavar="PICTURE",
            help="a mask: small strokes go where it is white, large ones where it is black",
        ),
        look.add_argument(
            "--layout",
            metavar="PICTURE",
            help="areas of even color that say what goes where; --legend tells what each means",
        ),
        look.add_argument(
            "--legend",
            metavar="FILE",
            help='TOML, a line a color of --layout, such as "#87ceeb" = "a stormy sky"',
        ),
        where.add_argument("--verbose", action="store_true", help="show what each term says"),
        where.add_argument("--progress", default="auto", metavar="NAME", help=PROGRESS),
    )


def _go_on(options: argparse.Namespace) -> "Session":
    """The session of a painting that was cut off."""
    others = options.prompts or options.preset or options.overwrite or "out" in options
    others = others or options.recipe or options.save_recipe or options.layout or options.legend
    others = others or any(getattr(options, name) is not None for name in INPUTS)
    if others or chosen(options, PaintConfig):
        raise BadValue("--resume goes on as it was begun: give it no prompt and no other choice.")
    folder = path_of(options.resume)
    from diavlex import series

    return series.resume(folder, options.device)


def _begin(options: argparse.Namespace) -> "Session":
    """The session of a new painting."""
    _check_weights(options.prompts)
    usual, words = _usual(options)
    is_wordless = not options.prompts and (options.photo is not None or bool(words))
    (prompt, _), *also = [(words, 1.0)] if is_wordless else read_prompts(options.prompts)
    choices = usual | preset(options.preset) | recipe(options.recipe)
    choices |= chosen(options, PaintConfig)
    if isinstance(choices.get("palette"), str):  # not the colors of --style
        choices["palette"] = _palette(choices["palette"])
    if isinstance(choices.get("background"), str):
        choices |= _background(choices["background"])
    choices |= _layout(options)
    config = choose(**choices, also=tuple(also))
    name = slug(prompt or Path(options.photo or "").stem)
    folder = path_of(getattr(options, "out", OUT)) / f"{name}-{config.seed}"
    from diavlex import series

    look = _look(options, config)
    session = series.begin(
        prompt,
        config,
        folder,
        overwrite=options.overwrite,
        device=options.device,
        photo=options.photo,
        start=options.start,
        keep=options.keep,
        detail=options.detail,
    )
    if look:
        with replacing(look[0]) as fresh:
            fresh.write_text(look[1], encoding="utf-8")
    session.remark_unheard(chosen(options, PaintConfig))
    (first, *_) = options.prompts or [""]
    if choices.get("seed") == RANDOM:
        session.remark(f"--seed {config.seed} paints the same again.")
    if not also and is_weighted(first):
        session.remark(
            f"'{shown(first)}' is read as words and their weight; if all of it is words, write "
            f"'{shown(first)}:1'."
        )
    return session


def _usual(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The choices and the words that are usual with what the painting is begun with."""
    given = [getattr(options, name) for name in INPUTS]
    if not any(one is not None for one in given):
        return {}, ""
    from diavlex.series.inputs import read_inputs

    inputs = read_inputs(*given)
    return inputs.usual, inputs.words


def _look(options: argparse.Namespace, config: PaintConfig) -> tuple[Path, str] | None:
    """Where the look is to be kept as a recipe, and its text; None if nobody asked for it.

    Raises:
        BadValue: a file is there already, or it is not called as a recipe is.
    """
    if options.save_recipe is None:
        return None
    path = path_of(options.save_recipe)
    if path.suffix != RECIPE_SUFFIX:
        raise BadValue(f"--save-recipe is '{shown(str(path))}': give a name that ends in .toml.")
    if os.path.exists(path) and not options.overwrite:
        raise BadValue(f"{shown(str(path))} is there already; give another name, or --overwrite.")
    check_writable(path)
    return path, write_recipe(config)


def _palette(text: str) -> Any:
    """A palette as it was given, or the colors of the picture that it names."""
    if Path(text).suffix.lower() not in PICTURES:
        return text
    from diavlex.pictures import colors_of, read_picture

    return colors_of(read_picture(path_of(text), "the palette's picture"))


def _background(text: str) -> dict[str, Any]:
    """The choices of a background: as it was given, or those of the picture that it names."""
    if Path(text).suffix.lower() not in PICTURES:
        return {"background": text}
    from diavlex.backgrounds import backdrop_of
    from diavlex.pictures import colors_of, read_picture

    photo = read_picture(path_of(text), "the background's picture")
    return {"backdrop": backdrop_of(photo), "background": colors_of(photo, 1)[0]}


def _layout(options: argparse.Namespace) -> dict[str, Any]:
    """The choice of regions that a layout shows; none without one."""
    if options.layout is None and options.legend is None:
        return {}
    if options.layout is None or options.legend is None:
        raise BadValue("--layout shows where, --legend tells what: give both.")
    if "regions" in chosen(options, PaintConfig):
        raise BadValue("--region and --layout both say what goes where; give one of them.")
    from diavlex.series import read_layout

    return {"regions": read_layout(options.layout, options.legend)}


def _check_weights(prompts: Sequence[str]) -> None:
    """Every prompt but the first has a weight: without one, quotes may have been forgotten."""
    for text in prompts[1:]:
        if not is_weighted(text):
            whole = shown(" ".join(prompts))
            quoted = f'"{whole}"' if whole.replace(" ", "").isalnum() else quote(whole)
            raise BadValue(
                f"'{shown(text, 40)}' has no weight: give it one, as in '{shown(text, 40)}:0.5', "
                f"or put all that is one prompt in quotes, as in diavlex paint {quoted}."
            )
