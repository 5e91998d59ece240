"""A page of a whole series, which any browser opens from the disk, without a server or a network.

The page loads its list in parts, as it is asked for, and each picture when it comes into sight.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from diavlex.config import PaintConfig, read_size
from diavlex.files import replacing

from . import machine, table
from .folder import SeriesFolder
from .pool import side_by_side

FILE = "index.html"
FOLDER = "page"
A_PART = 2000
"""Rows in a part of the list."""
REPLAY = "replay.html"
"""In a painting's folder: the page on which it is painted again, stroke by stroke."""
_SHOWN = ("painting.json", "painting.png", "progress.png", "progress.mp4", "strokes.mp4")
_A_WORKER = 20
"""Replays for which it is worth to start another process."""


def save_page(series: SeriesFolder, title: str = "") -> Path:
    """Write the page of a series into its folder, for what is finished now.

    Args:
        series: whose paintings; its table is brought up to date first.
        title: over the page; the folder's name if not given.

    Returns:
        The page's file.

    Raises:
        BadFolder: it cannot be written.
    """
    with closing(table.opened(table.update(series))) as rows:
        count = {"done": 0, "failed": 0}
        count |= dict(rows.execute("SELECT state, count(*) FROM paintings GROUP BY state"))
        parts = 0
        for number, part in enumerate(_parts(series, rows)):
            _write(series.path / FOLDER / f"rows-{number}.js", f"diavlexRows({number},{part});")
            parts = number + 1
    facts = {
        "title": title or series.path.resolve().name, "planned": len(series.planned),
        "done": count["done"], "failed": count["failed"], "parts": parts, "aPart": A_PART,
    }  # fmt: skip
    text = (Path(__file__).parent / "page.html").read_text("utf-8")
    _write(series.path / FILE, text.replace("/*series*/null", _script(facts)))
    return series.path / FILE


def save_replays(series: SeriesFolder) -> Iterator[int]:
    """Write the replay of each finished painting that has none; yields how many are left to do.

    Raises:
        BadFolder: one cannot be written.
        BadPainting: a record cannot be read.
    """
    folders = [series.path / name for name in series.finished()]
    folders = [folder for folder in folders if not (folder / REPLAY).is_file()]
    workers = min(machine.workers(), 1 + len(folders) // _A_WORKER)
    yield len(folders)
    for count, _ in enumerate(side_by_side(_save_replay, folders, workers), 1):
        yield len(folders) - count


def _save_replay(folder: Path) -> None:
    from diavlex.gallery.replay import save_html
    from diavlex.painting import load

    save_html(load(folder), folder / REPLAY)


def _parts(series: SeriesFolder, rows: sqlite3.Connection) -> Iterator[str]:
    """The list in parts, as scripts can hold them."""
    names = {row[1] for row in rows.execute("PRAGMA table_info(paintings)")}
    score = "score_cosine" if "score_cosine" in names else "NULL"
    found = rows.execute(
        f"SELECT name, prompt, seed, recipe, {score}, seconds, files FROM paintings "
        "WHERE state = 'done' ORDER BY number"
    )
    while some := found.fetchmany(A_PART):
        yield _script([_row(series, *row) for row in some])


def _row(
    series: SeriesFolder, name: str, prompt: str, seed: int, recipe: str, score: float | None,
    seconds: float | None, files: str,
) -> list[Any]:  # fmt: skip
    planned = series.planned[name]
    there = json.loads(files) if files else []
    shown = [file for file in _SHOWN if file in there]
    if (series.path / name / REPLAY).is_file():
        shown.insert(0, REPLAY)
    choices = {key: value for key, value in planned.choices.items() if key != "seed"}
    size = read_size(planned.choices.get("size", PaintConfig.size))
    sides = size.width_px, size.height_px
    return [name, prompt, seed, recipe, score, seconds, *sides, shown, choices]


def _script(facts: Any) -> str:
    """Plain data as a script may hold it, whatever words are in it."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _write(path: Path, text: str) -> None:
    with replacing(path) as fresh:
        fresh.write_text(text, "utf-8")
