"""`diavlex series`: many paintings in one folder, on this machine or on a cluster."""

import argparse
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from diavlex.cli.options import Flags, chosen
from diavlex.cli.telling import tell, tell_path
from diavlex.config import PaintConfig, is_file, preset, recipe
from diavlex.errors import LONGEST_MESSAGE, BadValue, shown
from diavlex.files import path_of, slug

if TYPE_CHECKING:
    from diavlex.series.folder import SeriesFolder

_TOLD = 20
"""Failures that are told one by one."""


def run(words: Sequence[str]) -> int:
    """Paint a series, or say and show what has become of one."""
    if words and words[0] in DEEDS:
        return DEEDS[words[0]](words[1:])
    return _paint(words)


def _paint(words: Sequence[str]) -> int:
    """Plan and paint; print the folder's path."""
    options = flags().parse_args(words)
    from diavlex.device import check_device
    from diavlex.series.folder import SeriesFolder
    from diavlex.series.many import jobs_of

    if options.plan is None:
        raise BadValue("no plan is given; name a file of prompts: diavlex series prompts.txt")
    if "photo_weight" in options:
        raise BadValue(
            "--photo-weight says nothing in a series, which has no photos; leave it out."
        )
    if options.device != "cpu" and not options.ray:
        check_device(options.device)  # before a plan is written
    usual = preset(options.preset)
    looks = _named(options.recipe)
    jobs = jobs_of(
        path_of(options.plan),
        seeds=options.seeds,
        recipes={name: usual | recipe(look) for name, look in looks.items()} or {"": usual},
        choices=chosen(options, PaintConfig),
    )
    series = SeriesFolder(path_of(options.out))
    series.plan(jobs, films=options.films)
    return _go(series, options)


def _resume(words: Sequence[str]) -> int:
    """Go on with a series, whoever began it; what failed is tried again."""
    parser = _folder_flags("resume", "Go on with a series; what failed is tried again.")
    add_crew(parser)
    options = parser.parse_args(words)
    return _go(_folder(options), options, is_again=True)


def _go(series: "SeriesFolder", options: argparse.Namespace, *, is_again: bool = False) -> int:
    """Bring a series to its end."""
    from diavlex.cli.tally import watch
    from diavlex.series import table
    from diavlex.series.driver import Driver
    from diavlex.series.many import crew

    is_filmed = any(head.films for head in series.heads)
    workers = crew(series, options.workers, options.ray, options.device)
    driver = Driver(series, workers, films=is_filmed)
    try:
        driver.begin(is_again=is_again)
        with _terminated():
            watch(driver)
    except KeyboardInterrupt:
        tell(
            f"Stopped: {len(driver.done)} are done. Go on with: diavlex series resume "
            f"{quote(str(series.path))}"
        )
        raise
    finally:
        workers.close()
    table.update(series)
    _tell_failures(driver.failed)
    tell_path(series.path)
    return 1 if driver.failed else 0


@contextlib.contextmanager
def _terminated() -> Iterator[None]:
    """Within it, a program that is asked to end does so as after Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _status(words: Sequence[str]) -> int:
    """Print how a series stands."""
    options = _folder_flags("status", "Say how a series stands.").parse_args(words)
    from diavlex.cli.tally import duration
    from diavlex.series.status import standing

    found = standing(_folder(options))
    left = found.planned - found.done - len(found.failed)
    told = f"{found.done} of {found.planned} done, {len(found.running)} running, "
    told += f"{left - len(found.running)} waiting, {len(found.failed)} failed"
    print(told + (f", {duration(found.seconds_left)}" if left and found.running else ""))
    if left and not found.running:
        print(f"nobody works at it; go on with: diavlex series resume {quote(options.folder)}")
    _tell_failures(found.failed, sys.stdout)
    return 0


def _sheet(words: Sequence[str]) -> int:
    """Write contact sheets; print their paths."""
    parser = _folder_flags("sheet", "Lay out what is finished on a contact sheet.")
    parser.add_argument("--out", help="PNG file (default: sheet.png in the series)")
    options = parser.parse_args(words)
    from diavlex.series.sheets import save_sheets

    series = _folder(options)
    out = path_of(options.out) if options.out else series.path / "sheet.png"
    for path in save_sheets(series, out):
        tell_path(path)
    return 0


def _page(words: Sequence[str]) -> int:
    """Write the page; print its path."""
    parser = _folder_flags("page", "Write a page of all that is finished, to open in a browser.")
    parser.add_argument("--title", default="", help="over the page (default: the folder's name)")
    parser.add_argument(
        "--no-replays", action="store_true",
        help="do not write a replay, stroke by stroke, for each painting that has none",
    )  # fmt: skip
    options = parser.parse_args(words)
    from diavlex.series.page import save_page, save_replays

    series = _folder(options)
    for left in () if options.no_replays else save_replays(series):
        if left and left % _TOLD == 0:
            tell(f"{left} replays to write ...")
    tell_path(save_page(series, options.title))
    return 0


def _table(words: Sequence[str]) -> int:
    """Write the table; print its path."""
    parser = _folder_flags("table", "Write the table of all paintings, as SQLite.")
    parser.add_argument("--csv", help="file for the same as CSV")
    parser.add_argument("--parquet", help="file for the same as Parquet")
    options = parser.parse_args(words)
    from diavlex.series import table

    path = table.update(_folder(options))
    tell_path(path)
    if options.csv:
        tell_path(table.save_csv(path, path_of(options.csv)))
    if options.parquet:
        tell_path(table.save_parquet(path, path_of(options.parquet)))
    return 0


DEEDS: dict[str, Callable[[Sequence[str]], int]] = {
    "status": _status, "resume": _resume, "sheet": _sheet, "page": _page, "table": _table,
}  # fmt: skip


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("series", "Paint every prompt, with every seed, by every recipe, in one folder.")
    parser.usage = (
        "diavlex series PLAN [options]\n"
        f"       diavlex series {{{','.join(DEEDS)}}} FOLDER [options]"
    )
    parser.add_argument(
        "plan", nargs="?", metavar="PLAN",
        help="text file, one prompt a line; or table (.csv, .tsv) with a column 'prompt' and, if "
        "you like, one for any choice below",
    )  # fmt: skip
    parser.add_argument("--out", default="series", help="folder that gets all paintings")
    parser.add_number("seeds", 1, "paintings of each prompt, by as many seeds", 1, 100_000)
    parser.add_argument(
        "--recipe", action="append", default=[], metavar="NAME|FILE",
        help="a look: one that ships (see: diavlex recipes) or a TOML file of choices; may be "
        "given more than once",
    )  # fmt: skip
    parser.add_argument(
        "--preset", default="", help="choices that go together (see: diavlex presets)"
    )
    parser.add_argument(
        "--films", action="store_true", help="also write films, besides record and picture"
    )
    add_crew(parser)
    parser.add_knobs(PaintConfig)
    return parser


def add_crew(parser: Flags) -> None:
    """The flags that say who paints."""
    about = "paintings at a time; 0 as many as processors and memory have room for"
    parser.add_number("workers", 0, about, 0, 10_000)
    parser.add_argument(
        "--ray", default="", metavar="ADDRESS",
        help="paint on a Ray cluster: auto, HOST:PORT, or local to start one here",
    )  # fmt: skip
    parser.add_argument(
        "--device", default="cpu", help="where to compute: cpu, or cuda (a worker on each GPU)"
    )


def _folder_flags(deed: str, about: str) -> Flags:
    parser = Flags(f"series {deed}", about)
    parser.add_argument("folder", help="of the series")
    return parser


def _folder(options: argparse.Namespace) -> "SeriesFolder":
    """The series that is meant, once it is sure that there is one."""
    from diavlex.series.folder import SeriesFolder

    series = SeriesFolder(path_of(options.folder))
    _ = series.planned
    return series


def _named(given: Sequence[str]) -> dict[str, str]:
    """Recipes, as names or as paths, by the names of their paintings.

    Raises:
        BadValue: two have one name.
    """
    found: dict[str, str] = {}
    for one in given:
        name = slug(Path(one).stem if is_file(one) else one)
        if name in found:
            raise BadValue(f"two recipes are called '{name}' ({found[name]}, {one}); rename one.")
        found[name] = one
    return found


def _tell_failures(failed: dict[str, str], stream: object = None) -> None:
    lines = [f"  {name}: {shown(reason, LONGEST_MESSAGE)}" for name, reason in failed.items()]
    if not lines:
        return
    more = [f"  and {len(lines) - _TOLD} more"] if len(lines) > _TOLD else []
    print(f"{len(lines)} failed:", *lines[:_TOLD], *more, sep="\n", file=stream or sys.stderr)  # type: ignore[arg-type]
