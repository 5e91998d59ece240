"""`diavlex export`: a finished painting becomes any other kind of file."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diavlex.cli.options import Flags
from diavlex.cli.telling import tell, tell_path
from diavlex.config import knobs
from diavlex.errors import BadFolder, BadValue, shown
from diavlex.files import check_writable, path_of
from diavlex.gallery import exports
from diavlex.gallery.exports import Export

if TYPE_CHECKING:
    from diavlex.painting import Painting

SOURCE = "a painting's folder, or a file that keeps its record (.json, .png, .svg ...)"
"""What every command on a finished painting takes."""


def run(words: Sequence[str]) -> int:
    """Export; print the path of what was written."""
    options = flags().parse_args(words)
    if options.painting is None:
        _check_alone(words)
        return list_exports()
    export = _export_of(options)
    choices = exports.choose(export, given(options), exports.known().values())
    source = path_of(options.painting)
    out = path_of(options.out or default_name(export, source))
    exports.check_path(export, out)
    check_free(export, out, is_overwriting=options.overwrite)
    from diavlex import gallery

    write(export, gallery.load(source), out, choices)
    tell_path(out)
    return 0


def flags() -> Flags:
    """The command's flags: those of every export, each named with the exports that take it."""
    parser = Flags(
        "export",
        "Make any other kind of file of a finished painting.",
        "diavlex export [PAINTING --to NAME] [options]",
    )
    about = f"{SOURCE}; without it, what there is to make is listed"
    parser.add_argument("painting", nargs="?", help=about)
    names = ", ".join(exports.known())
    parser.add_argument("--to", metavar="NAME", help=f"what it shall become: {names}")
    about = "file or folder to write (default: named like the painting, in this folder)"
    parser.add_argument("--out", help=about)
    parser.add_argument("--overwrite", action="store_true", help="replace what is there")
    add_choices(parser)
    return parser


def _check_alone(words: Sequence[str]) -> None:
    """Make sure that nothing was asked for without naming a painting.

    Raises:
        BadValue: something was.
    """
    if words:
        raise BadValue(f"no painting is given for {shown(words[0])}; name {SOURCE}.")


def list_exports() -> int:
    """Print what a painting can become."""
    from diavlex.cli.cards import print_table

    rows = [(one.name, one.suffix or "folder", one.about) for one in exports.known().values()]
    print_table(("export", "ending", "what it is"), rows)
    return 0


def add_choices(parser: Flags) -> None:
    """A flag for every choice of every export."""
    for name, takers in takers_of().items():
        field, told = knobs(takers[0].options)[name]
        about = f"{told.about} ({told.bounds})" if told.bounds else told.about
        usual = told.write(field.default)
        default = f" (default: {usual})" if usual not in ("", False) else ""
        is_switch = told.typed is not None and not told.typed.form
        kind = str if told.typed else type(field.default)
        form = told.typed.form if told.typed else "NAME" if told.choices else kind.__name__.upper()
        ways: dict[str, Any] = {"action": "store_true"} if is_switch else {"type": kind}
        ways |= {} if is_switch else {"metavar": form}
        which = ", ".join(one.name for one in takers)
        parser.heading(told.group).add_argument(
            "--" + name.replace("_", "-"),
            default=argparse.SUPPRESS,
            help=f"{about}{default} [{which}]".replace("%", "%%"),
            **ways,
        )


def takers_of() -> dict[str, list[Export]]:
    """The exports that take each choice, by its name."""
    takers: dict[str, list[Export]] = {}
    for export in exports.known().values():
        for name in knobs(export.options):
            takers.setdefault(name, []).append(export)
    return takers


def given(options: argparse.Namespace) -> dict[str, Any]:
    """The choices that were given on the command line."""
    return {name: getattr(options, name) for name in takers_of() if name in options}


def default_name(export: Export, source: Path) -> str:
    """The name of an export of a painting, like the painting's own."""
    place = Path(os.path.realpath(source))
    stem = place.parent.name if place.name == "painting.json" else place.stem
    stem = place.name if os.path.isdir(place) else stem
    extra = "" if export.suffix == f".{export.name}" else f"-{export.name}"
    return f"{stem or 'painting'}{extra}{export.suffix}"


def check_free(export: Export, out: Path, *, is_overwriting: bool) -> None:
    """Make sure that nothing is there that must not be lost, and that there can be a file.

    Raises:
        BadFolder: something is, or there cannot.
    """
    paths = [out, *(out.with_name(out.name + ending) for ending in export.beside)]
    for path in paths:
        if not is_overwriting and os.path.exists(path):
            raise BadFolder(f"{path} is there already; give another --out, or --overwrite.")
        if export.suffix:
            check_writable(path)


def write(export: Export, record: "Painting", out: Path, choices: Any) -> None:
    """Write an export behind a bar with the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if export.remark is not None:
        tell(export.remark(record, choices))
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(export.name, total=1.0)
        export.write(record, out, choices, lambda share: bar.update(task, completed=share))


def _export_of(options: argparse.Namespace) -> Export:
    """What is asked for, by its name or by the ending of a file's name."""
    if options.to:
        return exports.find(options.to)
    if options.out:
        return exports.by_path(path_of(options.out))
    raise BadValue(f"say what it shall become: --to {', '.join(exports.known())}.")
