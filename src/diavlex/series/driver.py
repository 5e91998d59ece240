"""What brings a series to its end: it hands out orders, and sees what becomes of them.

It decides nothing that the folder does not say: another driver may work in the folder at the same
time, or come after this one has died.
"""

import os
import random
import time
import uuid
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from diavlex import __version__
from diavlex.errors import BadFolder, BadValue
from diavlex.files import replacing

from . import claims
from .claims import Sight
from .folder import Planned, SeriesFolder
from .work import Order, Outcome

PATIENCE_S = 0.5
LIST_EVERY_S = 10.0
MOST_IN_VAIN = 20
"""Orders that may come to nothing, one after the other, by no fault of a painting."""


@runtime_checkable
class Crew(Protocol):
    """Who does the work; see `pool.Pool` and `cluster.Cluster`."""

    @property
    def room(self) -> int:
        """How many more orders it should have."""
        ...

    def submit(self, order: Order) -> None:
        """Give it an order."""
        ...

    def wait(self, patience_s: float) -> list[tuple[Order, Outcome | None]]:
        """Orders that have ended, with what came of them; None where the worker died."""
        ...

    def close(self) -> list[tuple[Order, Outcome | None]]:
        """Stop all work, keeping what there is."""
        ...


@dataclass(frozen=True)
class Finished:
    """A painting that is there now."""

    name: str
    seconds: float = 0.0
    is_ours: bool = True
    """This driver had it painted."""


@dataclass(frozen=True)
class Failed:
    """A painting that is given up."""

    name: str
    reason: str


Event = Finished | Failed | None


@dataclass
class Driver:
    """One program's part in a series."""

    series: SeriesFolder
    crew: Crew
    only: Collection[str] | None = None
    """Names of the paintings that it is about; None for all that are planned."""
    films: bool = False
    lease_s: float = claims.LEASE_S
    todo: deque[str] = field(default_factory=deque)
    """Names of the paintings that nobody is known to work at."""
    running: dict[str, str] = field(default_factory=dict)
    """Names of those that the crew has, each with the token of its order."""
    watched: dict[str, tuple[Sight | None, float]] = field(default_factory=dict)
    """What was last seen of those that others have, and since when that has been so."""
    done: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    """Why each was given up."""
    notes: list[str] = field(default_factory=list)
    """What a person should know besides, each once."""

    def __post_init__(self) -> None:
        self._dead: dict[str, Sight] = {}
        self._in_vain = 0
        self._listed = self._watched_at = time.monotonic()

    def begin(self, *, is_again: bool = False) -> None:
        """See what is there and what is to be done.

        Args:
            is_again: also try again what was given up.

        Raises:
            BadFolder: it cannot be written, holds other paintings than those planned, or was
                planned with other weights or another version.
        """
        check_makers(self.series)
        self._check_place()
        self.series.sweep()
        for name in self.series.begun() if is_again else ():
            if claims.failure(self.series, name):
                claims.forgive(self.series, name)
        planned = self.series.planned if self.only is None else self.only
        self.done = set(self.series.finished()).intersection(planned)
        begun = self.series.begun()
        reasons = {name: claims.failure(self.series, name) for name in begun}
        self.failed = {name: reason for name, reason in reasons.items() if reason}
        todo = [name for name in planned if name not in self.done and name not in self.failed]
        if begun and todo:  # another driver may have begun at the beginning
            others = set(begun)
            rest = [name for name in todo if name not in others]
            at = random.randrange(len(rest) + 1)
            todo = [name for name in todo if name in others] + rest[at:] + rest[:at]
        self.todo = deque(todo)

    def run(self) -> Iterator[Event]:
        """Paint all that is to be done; yields what happens, and None when nothing did for a while.

        Raises:
            BadFolder: the folder cannot be written any more.
            BadValue: no worker can do anything.
        """
        try:
            while self.todo or self.running or self.watched:
                while self.todo and self.crew.room:
                    self._submit(self.todo.popleft())
                for order, outcome in self.crew.wait(PATIENCE_S):
                    yield from self._ended(order, outcome)
                yield from self._watch()
                yield None
        finally:
            for order, outcome in self.crew.close():
                if outcome is not None and outcome.ending == "done":
                    self.done.add(order.name)
            self.running.clear()

    def _submit(self, name: str) -> None:
        row, token = self.series.planned[name], uuid.uuid4().hex
        self.running[name] = token
        self.crew.submit(
            Order(
                os.path.abspath(self.series.path), name, row.prompt, row.choices, row.identity,
                self._makers(row), token, self._dead.pop(name, None), self.films,
                lease_s=self.lease_s,
            )
        )  # fmt: skip

    def _makers(self, row: Planned) -> dict[str, str]:
        from .identity import key

        own = key(row.config)
        return next(head.makers[own] for head in self.series.heads if own in head.makers)

    def _ended(self, order: Order, outcome: Outcome | None) -> Iterator[Event]:
        token = self.running.pop(order.name)
        if outcome is None:
            yield from self._died(order.name, token)
        elif outcome.ending == "done":
            yield self._finished(order.name, outcome.seconds, outcome.is_ours)
            if not outcome.is_ours:
                yield from self._look_again()
        elif outcome.ending == "failed":
            yield from self._failed(order.name, outcome)
        elif outcome.ending in ("taken", "lost"):
            self.watched[order.name] = outcome.sight, time.monotonic()
            yield from self._look_again()
        elif outcome.ending == "unfit":
            self.todo.append(order.name)
            self._note(outcome.reason)
            self._try_in_vain(outcome.reason)
        elif outcome.ending == "left":
            self.todo.append(order.name)
        else:
            raise BadFolder(
                f"{outcome.reason.rstrip('.')} (on {outcome.where}); when that is mended, go on "
                f"with: diavlex series resume {self.series.path}"
            )

    def _died(self, name: str, token: str) -> Iterator[Event]:
        """A worker died: what it had is free, as far as it had claimed it."""
        self._try_in_vain("every worker dies as soon as it begins: out of memory?")
        seen = claims.sight(self.series, name)
        if seen is not None and seen.token == token:
            self._dead[name] = seen
        self.todo.appendleft(name)
        yield None

    def _failed(self, name: str, outcome: Outcome) -> Iterator[Event]:
        self._in_vain = 0
        reason = outcome.reason if outcome.is_final else claims.failure(self.series, name)
        if not reason:
            self.todo.append(name)
            return
        self.failed[name] = reason
        yield Failed(name, reason)

    def _finished(self, name: str, seconds: float = 0.0, is_ours: bool = False) -> Finished:
        self._in_vain = 0
        self.done.add(name)
        return Finished(name, seconds, is_ours)

    def _watch(self) -> Iterator[Event]:
        """Look whether others still work at what they have."""
        now = time.monotonic()
        if now - self._watched_at < min(self.lease_s / claims.BEATS, PATIENCE_S * 4):
            return
        self._watched_at = now
        for name, (last, since) in list(self.watched.items()):
            seen = claims.sight(self.series, name)
            if self.series.identity_of(name) is not None:
                del self.watched[name]
                yield self._finished(name)
            elif seen is None:
                del self.watched[name]
                self.todo.append(name)
            elif seen != last:
                self.watched[name] = seen, now
            elif now - since > self.lease_s:
                del self.watched[name]
                self._dead[name] = seen
                self.todo.appendleft(name)

    def _look_again(self) -> Iterator[Event]:
        """Others work here too: see what they have finished meanwhile."""
        if time.monotonic() - self._listed < LIST_EVERY_S:
            return
        self._listed = time.monotonic()
        there = self.series.names()
        found = [name for name in self.todo if name in there]
        self.todo = deque(name for name in self.todo if name not in there)
        for name in found:
            yield self._finished(name)

    def _try_in_vain(self, reason: str) -> None:
        self._in_vain += 1
        if self._in_vain > MOST_IN_VAIN + 2 * len(self.running):
            raise BadValue(f"no worker gets anything done; the last one: {reason}")

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _check_place(self) -> None:
        trial = self.series.path / ".series" / "trial"
        with replacing(trial) as fresh:
            fresh.write_bytes(b"diavlex")
        trial.unlink(missing_ok=True)
        if strangers := self.series.strangers():
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            raise BadFolder(
                f"{self.series.path / strangers[0]}{more} is not the painting that is planned "
                "there (another prompt, setting, version or weights); move it away, or give "
                "another --out."
            )


def check_makers(series: SeriesFolder) -> None:
    """Check that this program paints as was planned.

    Raises:
        BadFolder: it is another version, or has other weights or another engine.
    """
    from .identity import difference, makers_of

    for head in series.heads:
        if head.version != __version__:
            raise BadFolder(
                f"{series.path} was planned by diavlex {head['version']}, and this is "
                f"{__version__}: go on with that version, or give another --out."
            )
        for key, planned in head.makers.items():
            if other := difference(planned, makers_of(key)):
                raise BadFolder(
                    f"{series.path} was planned with other weights or another engine ({other}): "
                    "restore them, or give another --out."
                )
