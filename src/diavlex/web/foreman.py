"""The foreman: keeps the line of paintings, passes on what is wished, settles what becomes."""

import asyncio
import os
import random
from pathlib import Path
from typing import Any

from diavlex.web import ledger as book
from diavlex.web import shelf, telling, wishes
from diavlex.web.crew import Crew
from diavlex.web.form import Request
from diavlex.web.ledger import DONE, FAILED, FINISHING, PAINTING, PAUSED, STOPPED, WAITING, Entry
from diavlex.web.progress import Progress
from diavlex.web.settings import Settings
from diavlex.web.telling import CannotNow, cannot
from diavlex.web.viewers import Viewers

MOST_WAITING = 500
QUICK_SHARE = 0.2
"""Share of the steps after which those begun side by side wait for a choice."""
_TICK_S = 0.1


class Foreman:
    """Everything that happens to paintings happens here, in the server's one loop."""

    def __init__(self, settings: Settings, ledger: book.Ledger, viewers: Viewers) -> None:
        self.settings, self.ledger, self.viewers = settings, ledger, viewers
        self.facts: dict[str, Any] = ledger.fact("facts") or {}
        """What the library can do, as a painter said when it was last ready."""
        self.progress: dict[str, Progress] = {}
        self.wishes = wishes.Wishes(settings, ledger)
        self.crew = Crew(settings, self)
        self._ticking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what an earlier server left, and start the painters."""
        for entry in reversed(self.ledger.of_state(PAINTING, FINISHING)):
            if entry.state == FINISHING and shelf.is_finished(self.folder(entry)):
                self.ledger.change(entry.id, state=DONE)
            else:
                self._line_up(entry.id)
        self.crew.start()
        self._ticking = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Let the painters keep what they have, and go."""
        if self._ticking:
            self._ticking.cancel()
        await self.crew.close()
        for id in list(self.progress):
            self._write_down(id)

    def folder(self, entry: Entry) -> Path:
        """Where a painting is."""
        return self.settings.folder / entry.folder

    def add(self, request: Request) -> list[Entry]:
        """Put a request in line; more than one painting if they shall be side by side.

        Raises:
            CannotNow: the line is too long.
        """
        self._check_room(request.side_by_side)
        family = book.fresh_id() if request.side_by_side > 1 else ""
        config, added = request.config(), []
        with self.ledger.together():
            for number in range(request.side_by_side):
                plain = request.plain
                if family:
                    seed = (config.seed + number) % (1 << 31)
                    plain["choices"] = plain["choices"] | {"seed": seed}
                added.append(self._enter(plain, config.steps, family))
        self._move_on()
        return added

    def again(self, entry: Entry, seed: int | None = None) -> Entry:
        """Put the same in line with another seed; any, if none is given.

        Raises:
            CannotNow: the line is too long.
        """
        seed = random.SystemRandom().randrange(1, 100_000) if seed is None else seed
        choices = entry.request["choices"] | {"seed": seed}
        self._check_room(1)
        added = self._enter(entry.request | {"choices": choices}, entry.steps)
        self._move_on()
        return added

    def _check_room(self, more: int) -> None:
        waiting = len(self.ledger.of_state(WAITING))
        if waiting + more > MOST_WAITING:
            raise CannotNow(f"{waiting} paintings wait already; come back when they are fewer.")

    def _enter(self, plain: dict[str, Any], steps: int, family: str = "") -> Entry:
        id = book.fresh_id()
        entry = Entry(
            id, shelf.folder_name(plain["prompt"], id), plain["prompt"], plain, WAITING, steps,
            place=self.ledger.ends_of_line()[1], family=family,
            hold_at=max(1, round(steps * QUICK_SHARE)) if family else 0,
        )  # fmt: skip
        self.ledger.add(entry)
        return entry

    def pause(self, entry: Entry) -> None:
        """Let go of a painting for now, within a second; it can be gone on with.

        Raises:
            CannotNow: it neither waits nor is being painted.
        """
        if entry.state == WAITING:
            self._settle(entry.id, PAUSED)
        elif entry.state == PAINTING:
            self.crew.order(entry.id, "pause")
        else:
            raise cannot("be paused", entry)

    def stop(self, entry: Entry) -> None:
        """End a painting, within a second; what there is becomes its picture.

        Raises:
            CannotNow: it is finished, or about to be.
        """
        if entry.state == PAINTING:
            self.ledger.change(entry.id, is_to_finish=1)
            self.crew.order(entry.id, "stop")
        elif entry.state in (WAITING, PAUSED, FAILED):
            self._finish(entry)
        else:
            raise cannot("be stopped", entry)

    def go_on(self, entry: Entry) -> None:
        """Put a painting that was paused, stopped or cut off at the head of the line.

        Raises:
            CannotNow: it is finished, or in hand.
        """
        if entry.state not in (PAUSED, STOPPED, FAILED):
            raise cannot("be gone on with", entry)
        self.ledger.change(entry.id, hold_at=0, is_to_finish=0, error="")
        self._line_up(entry.id)
        self._move_on()

    def remove(self, entry: Entry) -> None:
        """Take a painting out of the studio; its folder is moved away, and not deleted.

        Raises:
            CannotNow: it is in hand.
        """
        if entry.state in (PAINTING, FINISHING):
            raise cannot("be removed", entry)
        folder, away = self.folder(entry), self.settings.hidden / "removed"
        if folder.is_dir():
            away.mkdir(parents=True, exist_ok=True)
            os.replace(folder, away / f"{entry.folder}-{book.fresh_id()}")
        self.ledger.remove(entry.id)
        self.progress.pop(entry.id, None)
        self.viewers.tell([{"kind": "removed", "id": entry.id}])
        self.say_all()

    def _finish(self, entry: Entry) -> None:
        """Line a painting up for its picture alone, if there is anything of it."""
        if (self.folder(entry) / shelf.CHECKPOINT).exists():
            self.ledger.change(entry.id, is_to_finish=1, error="")
            self._line_up(entry.id)
            self._move_on()
        else:
            self._settle(entry.id, STOPPED)

    def _line_up(self, id: str) -> None:
        """Put a painting at the head of the line."""
        self.ledger.change(id, state=WAITING, place=self.ledger.ends_of_line()[0])

    def _move_on(self) -> None:
        self.crew.hand_out()
        self.say_all()

    def has_work(self) -> bool:
        """Whether a painting waits."""
        return bool(self.ledger.of_state(WAITING))

    def next_work(self) -> list[dict[str, Any]]:
        """The next of the line, as a painter is told of it; those of a family together."""
        waiting = self.ledger.of_state(WAITING)
        if not waiting:
            return []
        chosen = waiting[:1]
        if chosen[0].hold_at and not chosen[0].is_to_finish:
            chosen = [e for e in waiting if e.family == chosen[0].family and e.hold_at]
        for entry in chosen:
            self.ledger.change(entry.id, state=PAINTING, error="")
            frame = self.ledger.frame(entry.id)
            self.progress[entry.id] = Progress(entry.step, frame=frame, curve=entry.curve)
        asyncio.get_running_loop().call_soon(self.say_all, *(entry.id for entry in chosen))
        return [self._task(entry) for entry in chosen]

    def _task(self, entry: Entry) -> dict[str, Any]:
        kept = ("id", "request", "hold_at", "is_to_finish")
        told = {"folder": str(self.folder(entry)), "wished": self.wishes.of(entry)}
        return {k: getattr(entry, k) for k in kept} | told

    def able(self, facts: dict[str, Any]) -> None:
        """Note what the library can do."""
        self.facts = facts
        self.ledger.keep_fact("facts", facts)

    def seen(self, id: str, frame: bytes) -> None:
        """Show a painting's strokes to those who watch."""
        self.progress.setdefault(id, Progress()).frame = frame
        self.viewers.show(id, frame)

    def heard(self, news: dict[str, Any]) -> None:
        """Take in what a painter tells of a painting."""
        id, kind = news["id"], news["kind"]
        if kind == "step":
            progress = self.progress.setdefault(id, Progress())
            progress.take(news["index"], news["left_s"], news["scores"])
            self.viewers.count(id, news["index"], news["left_s"], news["scores"])
        elif kind == "begun":
            self.ledger.change(id, remarks=news["remarks"])
            self.say(id)
        elif kind == "finishing":
            self.ledger.change(id, state=FINISHING)
            self._write_down(id)
            self.say(id)
        else:
            self._settle(id, kind, news.get("error", ""))

    def lost(self, id: str, order: str, cause: str) -> None:
        """Settle a painting whose painter has ended."""
        entry = self.ledger.get(id)
        if entry is None:
            return
        self._write_down(id)
        if order == "pause":
            self._settle(id, PAUSED)
        elif order == "stop":
            self._finish(entry)
        elif cause:
            self._settle(id, FAILED, f"{cause}; what it had kept is there: go on with it.")
        else:
            self._line_up(id)

    def _settle(self, id: str, state: str, error: str = "") -> None:
        """Write down what has become of a painting."""
        self.ledger.change(id, state=state, error=error)
        self._write_down(id)
        self.progress.pop(id, None)
        self.say_all(id)

    def _write_down(self, id: str) -> None:
        """Write into the book how far a painting is."""
        if (progress := self.progress.get(id)) is not None:
            facts = {"step": progress.step, "curve": progress.curve, "frame": progress.frame}
            self.ledger.change(id, **facts)

    async def _tick(self) -> None:
        """Look after orders that are not obeyed, and tell of pictures that are there already."""
        told: set[str] = set()
        while True:
            await asyncio.sleep(_TICK_S)
            self.crew.enforce()
            finishing = self.ledger.of_state(FINISHING)
            there = {e.id for e in finishing if self.has_picture(e)}
            for id in there - told:
                self.say(id)
            told = there

    def has_picture(self, entry: Entry) -> bool:
        """Whether there is a picture to be shown."""
        return (self.folder(entry) / shelf.PICTURE).is_file()

    def say(self, id: str) -> None:
        """Tell the viewers how a painting stands."""
        if (entry := self.ledger.get(id)) is not None:
            self.viewers.tell([self.state(entry)])

    def say_all(self, *others: str) -> None:
        """Tell the viewers how all stand that are in line or in hand, and some others."""
        line = self.line()
        active = self.ledger.of_state(WAITING, PAINTING, FINISHING)
        told = {entry.id for entry in active}
        more = [entry for id in others if id not in told and (entry := self.ledger.get(id))]
        self.viewers.tell([self.state(entry, line) for entry in [*active, *more]])

    def line(self) -> dict[str, int]:
        """The place of each that waits, from 1."""
        return {entry.id: at for at, entry in enumerate(self.ledger.of_state(WAITING), 1)}

    def state(self, entry: Entry, line: dict[str, int] | None = None) -> dict[str, Any]:
        """How a painting stands, for programs and pages."""
        place = (self.line() if line is None else line).get(entry.id)
        progress, trouble = self.progress.get(entry.id), self.crew.trouble
        return telling.state(entry, progress, place, self.has_picture(entry), trouble)
