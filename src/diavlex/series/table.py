"""All paintings of a series in one table: SQLite, from it CSV and Parquet.

The table is a summary, made anew from the folders and put in place whole: no program writes in it
while others read, so it is safe wherever the series lies. What was in it already is not read again.
"""

import csv
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from diavlex.config import PaintConfig
from diavlex.errors import BadValue
from diavlex.files import replacing

from . import claims
from .folder import MADE, Planned, SeriesFolder

FILE = "table.sqlite"
FORMAT_VERSION = 1
_KINDS = {bool: "INTEGER", int: "INTEGER", float: "REAL"}
_FIRST: dict[str, type] = {
    "number": int, "name": str, "state": str, "reason": str, "prompt": str, "recipe": str,
    "identity": str,
}  # fmt: skip
_FACTS: dict[str, type] = {
    "seconds": float, "cpu_s": float, "attempt": int, "machine": str, "device": str,
    "finished": str, "files": str,
}  # fmt: skip
_ALL = "SELECT * FROM paintings ORDER BY number"
_MANY = 5000


def update(series: SeriesFolder) -> Path:
    """Bring the table of a series up to date; returns its file.

    Columns: number in the plan, name, state (done, failed, begun, planned), reason of a failure,
    prompt, recipe, every choice, every score (`score_...`), and how it was made.

    Raises:
        BadFolder: it cannot be written.
    """
    path = series.path / FILE
    with tempfile.TemporaryDirectory() as folder:  # SQLite wants a disk with locks
        own = Path(folder) / FILE
        with closing(_opened(path, own)) as table:
            _fill(table, series)
        with replacing(path) as fresh:
            shutil.copyfile(own, fresh)
    return path


def save_csv(table: Path, path: Path) -> Path:
    """Write a table as CSV.

    Raises:
        BadFolder: it cannot be written there.
    """
    with closing(opened(table)) as rows_of, replacing(path) as fresh:
        rows = rows_of.execute(_ALL)
        with open(fresh, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(column[0] for column in rows.description)
            writer.writerows(rows)
    return path


def save_parquet(table: Path, path: Path) -> Path:
    """Write a table as Parquet.

    Raises:
        BadValue: pyarrow is not installed.
        BadFolder: it cannot be written there.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise BadValue("Parquet needs pyarrow: pip install 'diavlex[parquet]'.") from error
    kinds = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
    with closing(opened(table)) as rows_of, replacing(path) as fresh:
        schema = pa.schema([(name, kinds[kind]) for name, kind in _columns(rows_of).items()])
        rows = rows_of.execute(_ALL)
        with parquet.ParquetWriter(fresh, schema) as writer:
            while some := rows.fetchmany(_MANY):
                pairs = zip(zip(*some, strict=True), schema.types, strict=True)
                columns = [pa.array(column, kind) for column, kind in pairs]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return path


def _opened(old: Path, own: Path) -> sqlite3.Connection:
    """A table to write in: the old one's copy if it is of our kind, else an empty one."""
    if old.is_file():
        shutil.copyfile(old, own)
        table = sqlite3.connect(own)
        try:
            if table.execute("PRAGMA user_version").fetchone()[0] == FORMAT_VERSION:
                return table
        except sqlite3.DatabaseError:
            pass  # cut short, or no table at all
        table.close()
        own.unlink()
    table = sqlite3.connect(own)
    columns = {**_FIRST, **{k: type(v) for k, v in _usual().items()}, **_FACTS}
    told = ", ".join(f'"{name}" {_KINDS.get(kind, "TEXT")}' for name, kind in columns.items())
    table.execute(f"CREATE TABLE paintings ({told}, PRIMARY KEY (name))")
    table.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    return table


def _fill(table: sqlite3.Connection, series: SeriesFolder) -> None:
    """Take away what is not so any more, and add what is missing."""
    done = set(series.finished())
    begun = {name: claims.failure(series, name) for name in series.begun()}
    kept = table.execute("SELECT name, identity FROM paintings WHERE state = 'done'").fetchall()
    planned = series.planned
    kept = {n for n, own in kept if n in done and planned[n].identity == own}
    rest = [(name,) for (name,) in table.execute("SELECT name FROM paintings") if name not in kept]
    table.executemany("DELETE FROM paintings WHERE name = ?", rest)
    places = [(number, name) for number, name in enumerate(planned, 1) if name in kept]
    table.executemany("UPDATE paintings SET number = ? WHERE name = ?", places)
    columns = set(_columns(table))
    for number, (name, row) in enumerate(planned.items(), 1):
        if name in kept:
            continue
        state = "done" if name in done else "planned"
        if name in begun:
            state = "failed" if begun[name] else "begun"
        made = series.facts(name, MADE) if name in done else {}
        facts = {"number": number, **_row(row, state, begun.get(name, ""), made)}
        for new in facts.keys() - columns:
            table.execute(f"ALTER TABLE paintings ADD COLUMN {_quoted(new)} REAL")
            columns.add(new)
        places = ", ".join("?" * len(facts))
        told = ", ".join(map(_quoted, facts))
        table.execute(f"INSERT INTO paintings ({told}) VALUES ({places})", list(facts.values()))
    table.commit()


def _row(row: Planned, state: str, reason: str, made: Mapping[str, Any]) -> dict[str, Any]:
    first = {"name": row.name, "state": state, "reason": reason, "prompt": row.prompt}
    first |= {"recipe": row.recipe, "identity": row.identity}
    choices = {name: _plain(value) for name, value in (_usual() | row.choices).items()}
    facts = {name: _plain(made.get(name)) for name in _FACTS}
    return first | choices | facts | dict(_scores(made.get("scores", {})))


@cache
def _usual() -> dict[str, Any]:
    return PaintConfig().to_plain()


def _scores(scores: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in scores.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"score_{name}", value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def _columns(table: sqlite3.Connection) -> dict[str, str]:
    return {row[1]: row[2] for row in table.execute("PRAGMA table_info(paintings)")}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def opened(path: Path) -> sqlite3.Connection:
    """A table, to be read."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
