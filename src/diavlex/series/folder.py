"""The folder of a series: what is planned in it, and what of that is there.

    NAME/                   one finished painting each, put in place whole by a rename
    .series/plans/*.jsonl   what is to be painted; a plan that is there is never changed
    .series/work/NAME/N/    the Nth attempt at a painting that is not finished

Several programs on several machines work in it at once. All of it rests on two things that local
disks and NFS do at once or not at all: to make a folder, and to rename one.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from diavlex import __version__, schema
from diavlex.config import PaintConfig, choose
from diavlex.errors import BadFolder, shown
from diavlex.files import read, replacing

from .plan import Job, Namer

OWN = ".series"
JOB = "job.json"
"""In a painting's folder: what was asked for. It decides whether the painting is taken for done."""
MADE = "made.json"
"""In a painting's folder: how it went."""
FORMAT, FORMAT_VERSION = "diavlex series", 1
_MOST_BYTES = 1 << 30
_NAME = re.compile(r"[\w-]{1,200}")


@dataclass(frozen=True)
class Planned:
    """One painting of a plan, in the form in which it is kept."""

    name: str
    prompt: str
    recipe: str
    choices: dict[str, Any]
    """Those that are not as usual."""
    identity: str
    """See `identity.identity`."""

    @property
    def config(self) -> PaintConfig:
        """All of its choices."""
        return choose(**self.choices)


@dataclass(frozen=True)
class Head:
    """What a plan says of itself."""

    format: str
    format_version: int
    version: str
    """Of the diavlex that made it."""
    made: float
    """When, in seconds since 1970; it only gives plans an order."""
    makers: dict[str, dict[str, str]]
    """What its paintings are made with, by `identity.key`."""
    films: bool = False
    """Whether films are wanted, besides record and picture."""


@dataclass(frozen=True)
class SeriesFolder:
    """A series on the disk."""

    path: Path

    @cached_property
    def planned(self) -> dict[str, Planned]:
        """All that is planned, by name.

        Raises:
            BadFolder: there is no series, or its plan cannot be read.
        """
        return {row.name: row for _, rows in self._plans for row in rows}

    @cached_property
    def heads(self) -> list[Head]:
        """What each plan says of itself.

        Raises:
            BadFolder: there is no series, or its plan cannot be read.
        """
        return [head for head, _ in self._plans]

    @cached_property
    def _plans(self) -> list[tuple[Head, list[Planned]]]:
        try:
            files = sorted((self.path / OWN / "plans").glob("*.jsonl"))
            if not files:
                raise ValueError("no plan of a series is in it")
            plans = [_read_plan(read(path, _MOST_BYTES)) for path in files]
        except (OSError, ValueError) as error:
            raise BadFolder(
                f"{self.path} holds no series that can be read ({error}); give the folder that "
                "diavlex series --out has filled."
            ) from error
        return sorted(plans, key=lambda plan: plan[0].made)

    def plan(self, jobs: Sequence[Job], *, films: bool = False) -> list[str]:
        """Add jobs to what is planned; those that are planned already stay as they are.

        Args:
            jobs: what is to be painted.
            films: whether films are wanted, besides record and picture.

        Returns:
            The name of each job's folder.

        Raises:
            BadFolder: it cannot be written, or one of its names is somebody's painting already.
        """
        from .identity import identity, key, makers

        has_plan = any((self.path / OWN / "plans").glob("*.jsonl"))
        old = self.planned if has_plan else {}
        known, namer = {row.identity: row.name for row in old.values()}, Namer(old)
        usual = PaintConfig().to_plain()
        rows: list[Planned] = []
        names: list[str] = []
        made_by: dict[str, dict[str, str]] = {}
        for job in jobs:
            choices, by = job.config.to_plain(), makers(job.config)
            own = identity(job.prompt, choices, by)
            if own not in known:
                known[own] = namer.name(job)
                told = {k: v for k, v in choices.items() if v != usual[k]}
                rows.append(Planned(known[own], job.prompt, job.recipe, told, own))
                made_by[key(job.config)] = dict(by)
            names.append(known[own])
        if rows:
            self._check_free(row.name for row in rows)
            made = round(time.time(), 3)
            head = Head(FORMAT, FORMAT_VERSION, __version__, made, made_by, films)
            self._write_plan(head, rows)
            self._read_again(rows)
        return names

    def _read_again(self, rows: Sequence[Planned]) -> None:
        for name in ("planned", "heads", "_plans"):
            self.__dict__.pop(name, None)
        if any(self.planned[row.name].identity != row.identity for row in rows):
            raise BadFolder(
                f"another program has planned other paintings in {self.path} at the same moment; "
                "give another --out."
            )

    def _write_plan(self, head: Head, rows: Sequence[Planned]) -> None:
        lines = [json.dumps(vars(row), ensure_ascii=False) for row in rows]
        mark = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        text = "\n".join([json.dumps(vars(head)), *lines]) + "\n"
        with replacing(self.path / OWN / "plans" / f"{mark}.jsonl") as fresh:
            fresh.write_text(text, "utf-8")

    def _check_free(self, names: Iterable[str]) -> None:
        there = self.names() if self.path.is_dir() else set()
        taken = [name for name in names if name in there]
        if taken:
            more = f" and {len(taken) - 1} more" if len(taken) > 1 else ""
            raise BadFolder(
                f"{self.path / taken[0]}{more} is there already and is not of this series; move it "
                "away, or give another --out."
            )

    def names(self) -> set[str]:
        """What lies in the folder: the finished paintings, and whatever else."""
        with os.scandir(self.path) as entries:
            return {entry.name for entry in entries}

    def finished(self) -> list[str]:
        """Names of the paintings that are finished, in the order of the plan."""
        there = self.names()
        return [name for name in self.planned if name in there]

    def identity_of(self, name: str) -> str | None:
        """Of the painting that is there under a name; None if there is none, empty if unknown."""
        # Opened before it is asked: NFS then looks whether the folder has changed elsewhere.
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if not _is_there(name, handle):
                return None
        finally:
            os.close(handle)
        return str(self.facts(name, JOB).get("identity", ""))

    def facts(self, name: str, file: str) -> dict[str, Any]:
        """What `JOB` or `MADE` in a painting's folder says; nothing if it cannot be read."""
        try:
            found = json.loads((self.path / name / file).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def strangers(self) -> list[str]:
        """Names under which another painting lies than the one that is planned."""
        return [
            name
            for name in self.finished()
            if self.identity_of(name) != self.planned[name].identity
        ]

    def work(self, name: str) -> Path:
        """Where the attempts at a painting are."""
        return self.path / OWN / "work" / name

    def begun(self) -> list[str]:
        """Names of the paintings at which there were attempts, and which are not finished."""
        try:
            names = os.listdir(self.path / OWN / "work")
        except FileNotFoundError:
            return []
        there = self.names()
        return sorted(name for name in names if name in self.planned and name not in there)

    def clear(self, name: str) -> None:
        """Take away the attempts at a painting; who still works at one finds nothing there."""
        away = self.path / OWN / "gone" / uuid.uuid4().hex
        with contextlib.suppress(OSError):
            away.parent.mkdir(exist_ok=True)
            os.rename(self.work(name), away)
        shutil.rmtree(away, ignore_errors=True)

    def sweep(self) -> None:
        """Take away what programs that were killed left of paintings that are finished."""
        shutil.rmtree(self.path / OWN / "gone", ignore_errors=True)
        there = self.names()
        with contextlib.suppress(FileNotFoundError):
            for name in os.listdir(self.path / OWN / "work"):
                if name in there:
                    self.clear(name)


def _read_plan(data: bytes) -> tuple[Head, list[Planned]]:
    """A plan's head and its rows.

    Raises:
        ValueError: it is none, is cut short, or gives a painting's folder a name that is a path.
    """
    first, *lines = data.splitlines() or [b""]
    head: Head = schema.read(first, Head)
    if (head.format, head.format_version) != (FORMAT, FORMAT_VERSION):
        raise ValueError(f"it is of another format: {head.format} {head.format_version}")
    rows: list[Planned] = [schema.read(line, Planned) for line in lines]
    for row in rows:
        if not _NAME.fullmatch(row.name):
            raise ValueError(f"'{shown(row.name)}' is no name of a painting's folder")
    return head, rows


def _is_there(name: str, handle: int) -> bool:
    try:
        os.stat(name, dir_fd=handle)
    except FileNotFoundError:
        return False
    return True
