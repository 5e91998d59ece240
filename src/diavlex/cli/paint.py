"""`diavlex paint`: a prompt becomes a folder with a painting and its films."""

import argparse
from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING

from diavlex.cli.options import Flags, chosen
from diavlex.cli.telling import tell_path
from diavlex.config import BASIC, RANDOM, PaintConfig, choose, is_weighted, read_prompts
from diavlex.errors import BadValue, UnknownName, shown
from diavlex.files import path_of, slug

if TYPE_CHECKING:
    from diavlex.series import Session

OUT = "paintings"
WAYS = ("auto", "bar", "plain", "json", "none")
PROGRESS = (
    "how progress is told: bar, plain (a line every few seconds), json (lines for other "
    "programs), none, or auto (a bar on a terminal, else plain)"
)


def run(words: Sequence[str]) -> int:
    """Paint; print the folder's path."""
    options = flags().parse_args(words)
    if options.progress not in WAYS:
        raise UnknownName("progress", options.progress, WAYS)
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
    look.add_argument(
        "--preset", default="", help="choices that go together (see: diavlex presets)"
    )
    where.add_argument(
        "--out",
        default=argparse.SUPPRESS,
        help=f"folder that gets the painting's folder (default: {OUT})",
    )
    where.add_argument("--overwrite", action="store_true", help="replace a painting that is there")
    where.add_argument("--resume", metavar="FOLDER", help="go on with a painting that was cut off")
    where.add_argument("--device", default="cpu", help="where to compute: cpu or cuda")
    where.add_argument("--verbose", action="store_true", help="show what each term says")
    where.add_argument("--progress", default="auto", metavar="NAME", help=PROGRESS)
    parser.add_knobs(PaintConfig)
    return parser


def _go_on(options: argparse.Namespace) -> "Session":
    """The session of a painting that was cut off."""
    others = options.prompts or options.preset or options.overwrite or "out" in options
    if others or chosen(options, PaintConfig):
        raise BadValue("--resume goes on as it was begun: give it no prompt and no other choice.")
    folder = path_of(options.resume)
    from diavlex import series

    return series.resume(folder, options.device)


def _begin(options: argparse.Namespace) -> "Session":
    """The session of a new painting."""
    _check_weights(options.prompts)
    (prompt, _), *also = read_prompts(options.prompts)
    choices = chosen(options, PaintConfig)
    config = choose(options.preset, **choices, also=tuple(also))
    folder = path_of(getattr(options, "out", OUT)) / f"{slug(prompt)}-{config.seed}"
    from diavlex import series

    session = series.begin(
        prompt, config, folder, overwrite=options.overwrite, device=options.device
    )
    (first, *_) = options.prompts
    if choices.get("seed") == RANDOM:
        session.remark(f"--seed {config.seed} paints the same again.")
    if not also and is_weighted(first):
        session.remark(
            f"'{shown(first)}' is read as words and their weight; if all of it is words, write "
            f"'{shown(first)}:1'."
        )
    return session


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
