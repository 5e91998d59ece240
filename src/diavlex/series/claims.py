"""Who paints what: a painting is claimed by making a folder, and kept by a beat.

An attempt at a painting is a folder `.series/work/NAME/N`. Who makes it owns it, since a folder
can be made only once. The owner counts up a number in it every few seconds: the beat. Whoever
watches an attempt judges by a clock of its own whether that number still changes, so no two
clocks need to agree. When an owner is gone, the next number is claimed, and the painting goes on
from the last checkpoint. An owner that was only asleep does no harm when it wakes: nobody else
writes in its folder, and of all who finish a painting only the first can put it in its place.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from . import owner
from .folder import SeriesFolder

LEASE_S = 60.0
"""For how long a beat may stand still before its owner is taken for dead."""
BEATS = 12
"""In a lease."""
TRIES = 3
"""How often a painting may fail."""
DEATHS = 10
"""How often who paints it may die."""
PAINTING = "painting"
"""In an attempt: the folder that is put in place when it is whole."""
CHECKPOINT = "unfinished.safetensors"
_BEAT, _FAILED, _LEFT, _FORGIVEN = "beat", "failed.json", "left", "forgiven"

Kind = Literal["claimed", "done", "taken", "failed"]


@dataclass(frozen=True)
class Sight:
    """What is seen of a painting's last attempt; two equal sights are no sign of life."""

    number: int
    token: str
    """Of its owner; empty while it is not known."""
    beat: bytes

    def is_same_owner(self, other: "Sight | None") -> bool:
        """Both are of one attempt."""
        return other is not None and (self.number, self.token) == (other.number, other.token)


@dataclass
class Claim:
    """One attempt that is ours."""

    series: SeriesFolder
    name: str
    number: int
    token: str
    lost: threading.Event = field(default_factory=threading.Event)
    """Set when another has taken the painting over."""

    @property
    def path(self) -> Path:
        """The attempt's folder."""
        return self.series.work(self.name) / str(self.number)

    @property
    def painting(self) -> Path:
        """What will be the painting's folder."""
        return self.path / PAINTING

    @contextlib.contextmanager
    def beating(self, lease_s: float) -> Iterator[None]:
        """Within it, a thread shows that the owner lives, and sets `lost` when it is lost."""
        stop = threading.Event()

        def beat() -> None:
            count = 0
            while not stop.wait(lease_s / BEATS):
                count += 1
                with contextlib.suppress(OSError):  # a full disk stops the painter, not the beat
                    _write_beat(self.path / _BEAT, count)
                if self.is_lost():
                    self.lost.set()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def is_lost(self) -> bool:
        """Another has claimed the next attempt, or has finished the painting."""
        try:
            return self.number != max(_numbers(self.path.parent), default=0)
        except FileNotFoundError:
            return True
        except OSError:
            return False  # the disk does not answer now

    def inherit(self) -> bool:
        """Take over the newest checkpoint of earlier attempts; whether there was one."""
        import shutil

        self.painting.mkdir(exist_ok=True)
        for number in range(self.number - 1, 0, -1):
            old = self.path.parent / str(number)
            for path in (old / CHECKPOINT, old / PAINTING / CHECKPOINT):
                with contextlib.suppress(OSError):
                    shutil.copyfile(path, self.painting / CHECKPOINT)
                    return True
        return False

    def fail(self, reason: str, *, is_final: bool) -> None:
        """Give up, and say why."""
        note = json.dumps({"reason": reason, "is_final": is_final})
        with contextlib.suppress(OSError):
            (self.path / _FAILED).write_text(note, "utf-8")

    def leave(self) -> None:
        """Let go of the painting; who goes on with it need not wait."""
        with contextlib.suppress(OSError):
            (self.path / _LEFT).touch()

    def finish(self) -> bool:
        """Put the finished painting in its place; False if another was quicker.

        Raises:
            OSError: it cannot be put there.
        """
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.painting / CHECKPOINT, self.path / CHECKPOINT)
        is_ours = True
        try:
            os.rename(self.painting, self.series.path / self.name)
        except OSError:
            if self.series.identity_of(self.name) is None:
                raise
            is_ours = False
        _sync(self.series.path)
        self.series.clear(self.name)
        return is_ours


def claim(
    series: SeriesFolder, name: str, token: str, dead: Sight | None = None
) -> tuple[Kind, Claim | Sight | str | None]:
    """Claim a painting, if it is free.

    Args:
        series: where.
        name: of the painting.
        token: by which the claim's owner will be known.
        dead: the last sight of an attempt whose owner is known to be gone.

    Returns:
        What came of it, with the claim, the sight of who has it, or why it failed.
    """
    base = series.work(name)
    while True:
        if series.identity_of(name) is not None:
            return "done", None
        try:
            base.mkdir(parents=True, exist_ok=True)
            last = max(_numbers(base), default=0)
            if last and (refusal := _refusal(series, name, last, dead)):
                return refusal
            own = Claim(series, name, last + 1, token)
            own.path.mkdir()
            owner.sign(own.path, own.token)
            (own.path / _BEAT).write_bytes(_told(0))
        except FileExistsError:
            return "taken", sight(series, name)
        except FileNotFoundError:
            continue  # it was finished and cleared at this moment
        if series.identity_of(name) is not None:
            series.clear(name)
            return "done", None
        return "claimed", own


def sight(series: SeriesFolder, name: str) -> Sight | None:
    """What is seen of the last attempt at a painting; None if there is none that goes on."""
    try:
        numbers = _numbers(series.work(name))
    except OSError:
        return None
    if not numbers or _is_over(series.work(name) / str(numbers[-1])):
        return None
    path = series.work(name) / str(numbers[-1])
    try:
        beat = (path / _BEAT).read_bytes()
    except OSError:
        beat = b""
    return Sight(numbers[-1], owner.token(path), beat)


def failure(series: SeriesFolder, name: str) -> str:
    """Why a painting is given up; empty if it is not."""
    notes = [note for path in _counted(series.work(name)) if (note := owner.note(path / _FAILED))]
    if notes and (notes[-1].get("is_final") or len(notes) >= TRIES):
        return str(notes[-1].get("reason", "it failed"))
    return ""


def forgive(series: SeriesFolder, name: str) -> None:
    """Let a painting that was given up be tried again."""
    base = series.work(name)
    for number in _numbers(base)[-1:]:
        (base / str(number) / _FORGIVEN).touch()


def is_alive(series: SeriesFolder, name: str) -> bool:
    """Whether somebody seems to work at a painting; an owner on another machine always does."""
    seen = sight(series, name)
    return seen is not None and not owner.is_gone(series.work(name) / str(seen.number))


def _refusal(series: SeriesFolder, name: str, number: int, dead: Sight | None) -> Any:
    """Why the attempt after a number cannot be claimed; None if it can."""
    seen = sight(series, name)
    if seen and not seen.is_same_owner(dead) and not owner.is_gone(series.work(name) / str(number)):
        return "taken", seen
    deaths = [path for path in _counted(series.work(name)) if not _is_over(path)]
    if len(deaths) >= DEATHS:
        reason = f"who painted it died {DEATHS} times: killed, or out of memory."
        Claim(series, name, number, "").fail(reason, is_final=True)
    reason = failure(series, name)
    return ("failed", reason) if reason else None


def _counted(base: Path) -> list[Path]:
    """The attempts since the painting was last forgiven."""
    try:
        numbers = _numbers(base)
    except OSError:
        return []
    since = max((n for n in numbers if (base / str(n) / _FORGIVEN).exists()), default=0)
    return [base / str(n) for n in numbers if n > since]


def _numbers(base: Path) -> list[int]:
    return sorted(int(name) for name in os.listdir(base) if name.isdecimal())


def _is_over(attempt: Path) -> bool:
    """It failed, or was let go of."""
    return (attempt / _FAILED).exists() or (attempt / _LEFT).exists()


def _write_beat(path: Path, count: int) -> None:
    with open(path, "rb+") as file:  # closed each time: NFS then shows it to the others
        file.write(_told(count))


def _told(count: int) -> bytes:
    return b"%016d" % count


def _sync(folder: Path) -> None:
    """Force what a folder lists to the disk."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
