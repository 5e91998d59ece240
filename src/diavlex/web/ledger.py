"""The book of a studio: every painting and where it stands, in SQLite, in the paintings' folder."""

import contextlib
import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from diavlex.errors import BadFolder

FILE_NAME = "studio.sqlite"
VERSION = 1

WAITING, PAINTING, FINISHING = "waiting", "painting", "finishing"
PAUSED, STOPPED, FAILED, DONE = "paused", "stopped", "failed", "done"
STATES = (WAITING, PAINTING, FINISHING, PAUSED, STOPPED, FAILED, DONE)
ACTIVE = (WAITING, PAINTING, FINISHING)

_TABLES = """
CREATE TABLE IF NOT EXISTS paintings (
  id TEXT PRIMARY KEY, folder TEXT UNIQUE NOT NULL, prompt TEXT NOT NULL, search TEXT NOT NULL,
  request TEXT NOT NULL, state TEXT NOT NULL, place REAL NOT NULL DEFAULT 0,
  step INTEGER NOT NULL DEFAULT 0, steps INTEGER NOT NULL, hold_at INTEGER NOT NULL DEFAULT 0,
  is_to_finish INTEGER NOT NULL DEFAULT 0, family TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '', remarks TEXT NOT NULL DEFAULT '[]',
  curve TEXT NOT NULL DEFAULT '[]', created REAL NOT NULL, frame BLOB
);
CREATE INDEX IF NOT EXISTS by_state ON paintings (state, place);
CREATE INDEX IF NOT EXISTS by_time ON paintings (created);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS visits (token TEXT PRIMARY KEY, until REAL NOT NULL);
"""
_PLAIN = ("request", "remarks", "curve")
"""Columns that hold JSON."""


@dataclass(frozen=True)
class Entry:
    """A painting in the book."""

    id: str
    folder: str
    """Its folder's name within that of the paintings."""
    prompt: str
    request: dict[str, Any]
    """What was asked for: see `diavlex.web.form`."""
    state: str
    steps: int
    place: float = 0
    """The lower, the sooner its turn in line."""
    step: int = 0
    hold_at: int = 0
    """Step at which it pauses by itself, of those painted side by side; 0 at none."""
    is_to_finish: bool = False
    """Whether its next turn in line is for its picture alone."""
    family: str = ""
    """Shared by those that were begun side by side."""
    error: str = ""
    remarks: list[str] = field(default_factory=list)
    curve: list[Any] = field(default_factory=list)
    """Pairs of a step and its scores by name."""
    created: float = field(default_factory=time.time)
    """In seconds since 1970."""


_COLUMNS = [f.name for f in fields(Entry)]
_ALL = ", ".join(_COLUMNS)


def fresh_id() -> str:
    """Twelve letters, digits, hyphens and underscores that nobody guesses."""
    return secrets.token_urlsafe(9)


class Ledger:
    """The book, open; for one thread.

    Raises:
        BadFolder: it cannot be opened, or a newer diavlex wrote it.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._base.row_factory = sqlite3.Row
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            found = self._base.execute("PRAGMA user_version").fetchone()[0]
            if found > VERSION:
                raise BadFolder(f"{path} is of a newer diavlex; use that one, or another --out.")
            self._base.executescript(_TABLES)
            self._base.execute(f"PRAGMA user_version = {VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise BadFolder(
                f"cannot open {path} ({error}); move it away (the paintings stay), or give "
                "another --out."
            ) from error

    def close(self) -> None:
        """Close the book; nothing is lost without it."""
        self._base.close()

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is written within it is written all at once, or not at all."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def add(self, entry: Entry) -> None:
        """Enter a painting."""
        values = _row(entry.__dict__) | {"search": entry.prompt.casefold()}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._base.execute(
            f"INSERT INTO paintings ({names}) VALUES ({marks})", list(values.values())
        )

    def change(self, id: str, **columns: Any) -> None:
        """Change what the book says of a painting."""
        values = _row(columns)
        pairs = ", ".join(f"{name} = ?" for name in values)
        self._base.execute(f"UPDATE paintings SET {pairs} WHERE id = ?", [*values.values(), id])

    def remove(self, id: str) -> None:
        """Strike a painting out."""
        self._base.execute("DELETE FROM paintings WHERE id = ?", [id])

    def get(self, id: str) -> Entry | None:
        """A painting, if there is one of this id."""
        found = self._select("WHERE id = ?", [id])
        return found[0] if found else None

    def of_state(self, *states: str) -> list[Entry]:
        """All paintings that stand so, in the order of the line."""
        return self._select(f"WHERE state IN ({_marks(states)}) ORDER BY place, created", states)

    def of_family(self, family: str) -> list[Entry]:
        """Those begun side by side, in the order they were begun in."""
        return self._select("WHERE family = ? AND family != '' ORDER BY rowid", [family])

    def folders(self) -> set[str]:
        """The names of all paintings' folders."""
        return {row[0] for row in self._base.execute("SELECT folder FROM paintings")}

    def wishes(self) -> set[str]:
        """All texts in the wishes of paintings: the ids of pictures in use are among them."""
        rows = self._base.execute("SELECT request FROM paintings")
        return {text for row in rows for text in _texts(json.loads(row[0]).get("wishes"))}

    def search(
        self, words: str, states: tuple[str, ...] = STATES, before: float = 0, limit: int = 60
    ) -> list[Entry]:
        """Paintings whose prompt holds all these words or beginnings of words, newest first.

        Args:
            words: what to look for; nothing finds all.
            states: only paintings that stand so.
            before: only those older than this, in seconds since 1970; 0 for all.
            limit: how many at most.
        """
        clause, values = f"WHERE state IN ({_marks(states)})", [*states]
        for word in words.casefold().split():
            clause += " AND search LIKE ? ESCAPE '!'"
            values.append(f"%{_literal(word)}%")
        if before:
            clause += " AND created < ?"
            values.append(before)  # type: ignore[arg-type]
        return self._select(f"{clause} ORDER BY created DESC LIMIT {int(limit)}", values)

    def ends_of_line(self) -> tuple[float, float]:
        """The places just before and just after all that wait."""
        low, high = self._base.execute(
            "SELECT MIN(place), MAX(place) FROM paintings WHERE state = ?", [WAITING]
        ).fetchone()
        return (low or 0) - 1, (high or 0) + 1

    def frame(self, id: str) -> bytes | None:
        """The strokes of a painting as they were last seen: see `diavlex.web.frames`."""
        row = self._base.execute("SELECT frame FROM paintings WHERE id = ?", [id]).fetchone()
        return row[0] if row else None

    def keep_fact(self, name: str, value: Any) -> None:
        """Write down plain data under a name."""
        self._base.execute("REPLACE INTO facts VALUES (?, ?)", [name, json.dumps(value)])

    def fact(self, name: str) -> Any:
        """What was written down under a name; None if nothing was."""
        row = self._base.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return json.loads(row[0]) if row else None

    def let_in(self, token: str, until: float) -> None:
        """Remember somebody who gave the password; forget those whose time is over."""
        self._base.execute("DELETE FROM visits WHERE until < ?", [time.time()])
        self._base.execute("REPLACE INTO visits VALUES (?, ?)", [_hash(token), until])

    def see_out(self, token: str) -> None:
        """Forget a visit."""
        self._base.execute("DELETE FROM visits WHERE token = ?", [_hash(token)])

    def is_in(self, token: str) -> bool:
        """Whether a visit is remembered and its time is not over."""
        query = "SELECT 1 FROM visits WHERE token = ? AND until > ?"
        return self._base.execute(query, [_hash(token), time.time()]).fetchone() is not None

    def _select(self, rest: str, values: Any) -> list[Entry]:
        rows = self._base.execute(f"SELECT {_ALL} FROM paintings {rest}", list(values))
        return [_entry(row) for row in rows]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _row(columns: dict[str, Any]) -> dict[str, Any]:
    return {k: json.dumps(v) if k in _PLAIN else v for k, v in columns.items()}


def _entry(row: sqlite3.Row) -> Entry:
    values = {name: row[name] for name in _COLUMNS}
    values |= {name: json.loads(values[name]) for name in _PLAIN}
    values["is_to_finish"] = bool(values["is_to_finish"])
    return Entry(**values)


def _texts(plain: Any) -> Iterator[str]:
    """All texts in plain data."""
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list):
        for one in plain.values() if isinstance(plain, dict) else plain:
            yield from _texts(one)


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def _literal(word: str) -> str:
    """A word in which no letter has a meaning for LIKE."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
