"""The crew: the painters of a studio, handed work, told to let go, and replaced when they end."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from diavlex.web.settings import Settings
from diavlex.web.worker import Worker

OBEYED_WITHIN_S = 0.9
"""A painter that has not done as it was told by then is ended; its checkpoint stays."""
_PATIENCE_S = (0.0, 1.0, 5.0, 30.0)
"""Before a painter is started anew, by how many have ended by themselves in a row."""
_log = logging.getLogger(__name__)


@runtime_checkable
class Foreman(Protocol):
    """Who the crew works for."""

    def next_work(self) -> list[dict[str, Any]]:
        """Paintings for a painter that is free; each with an id."""
        ...

    def has_work(self) -> bool:
        """Whether a painting waits."""
        ...

    def heard(self, news: dict[str, Any]) -> None:
        """What a painter tells of a painting, as `diavlex.web.painter` says it."""
        ...

    def seen(self, id: str, frame: bytes) -> None:
        """A painting's strokes."""
        ...

    def lost(self, id: str, order: str, cause: str) -> None:
        """A painting's painter has ended.

        Args:
            id: of the painting.
            order: that was not obeyed in time, if it was ended for that.
            cause: in words, if it ended by itself. If neither, another painting in the same hands
                was the reason.
        """
        ...

    def able(self, facts: dict[str, Any]) -> None:
        """A painter is ready, and says what the library can do."""
        ...


class Crew:
    """All painters; lives in the server's one loop."""

    def __init__(self, settings: Settings, foreman: Foreman) -> None:
        self._foreman, self._hidden = foreman, settings.hidden
        self.workers = [
            Worker(f"painter-{n}", setup(settings, n), self._hear) for n in range(settings.workers)
        ]
        self.trouble = ""
        """Why no painter can paint, if so."""
        self._due: dict[str, tuple[float, str]] = {}
        self._ended: dict[str, str] = {}
        """Paintings whose painter was ended for them, and the order that it did not obey."""
        self._deaths = 0
        self._swatches: list[str] = []
        self._painted = 0
        """Paintings handed out since the last swatch."""
        self._is_open = True

    def start(self) -> None:
        """Start every painter."""
        for worker in self.workers:
            worker.start()

    async def close(self) -> None:
        """Let the painters keep what they have, and go."""
        self._is_open = False
        await asyncio.gather(*(worker.close() for worker in self.workers))

    def hand_out(self) -> None:
        """Give every painter that is free what is next."""
        for worker in self.workers:
            if worker.is_ready and self._is_swatch_due():
                brush = self._swatches.pop()
                path = swatch_file(self._hidden, brush)
                worker.order(do="swatch", brush=brush, path=str(path))
            elif worker.is_ready and (tasks := self._foreman.next_work()):
                self._painted += 1
                worker.paintings = {task["id"] for task in tasks}
                worker.order(do="paint", paintings=tasks)

    def _is_swatch_due(self) -> bool:
        """Whether a brush's little picture is next: one between two paintings, or nobody waits."""
        is_due = bool(self._swatches) and (self._painted > 0 or not self._foreman.has_work())
        self._painted = 0 if is_due else self._painted
        return is_due

    def order(self, id: str, what: str) -> None:
        """Tell the painter of a painting to pause or stop it; it is ended if it does not."""
        for worker in self.workers:
            if id in worker.paintings:
                worker.order(do=what, id=id)
                self._due[id] = (time.monotonic() + OBEYED_WITHIN_S, what)

    def enforce(self) -> None:
        """End painters that have not obeyed in time."""
        for id, (due, what) in list(self._due.items()):
            if time.monotonic() > due:
                del self._due[id]
                for worker in self.workers:
                    if id in worker.paintings:
                        self._ended[id] = what
                        worker.kill()

    def _hear(self, worker: Worker, news: dict[str, Any] | bytes) -> None:
        if isinstance(news, bytes):
            self._foreman.seen(news[:12].decode(), news)
        elif news["kind"] in _HEARD:
            _HEARD[news["kind"]](self, worker, news)
        else:
            if news["kind"] in ENDS:
                worker.paintings.discard(news["id"])
            if news["kind"] in (*ENDS, "finishing"):
                self._due.pop(news["id"], None)
            self._foreman.heard(news)

    def _is_ready(self, worker: Worker, news: dict[str, Any]) -> None:
        from diavlex import weights

        self._deaths, self.trouble = 0, ""
        brushes = weights.known("brush")
        self._swatches = [b for b in brushes if not swatch_file(self._hidden, b).exists()]
        self._foreman.able({"guides": news["guides"]})
        self.hand_out()

    def _is_idle(self, worker: Worker, news: dict[str, Any]) -> None:
        worker.paintings.clear()
        self.hand_out()

    def _is_unfit(self, worker: Worker, news: dict[str, Any]) -> None:
        self.trouble = news["error"]
        _log.error("no painter can paint: %s", self.trouble)

    def _is_gone(self, worker: Worker, news: dict[str, Any]) -> None:
        """Give back what a painter had in hand that has ended, and start another one."""
        code, hands = news["code"], sorted(worker.paintings)
        was_ended = any(id in self._ended for id in hands)
        cause = "" if was_ended else f"the painter ended by itself (exit code {code})"
        worker.paintings.clear()
        for id in hands:
            self._due.pop(id, None)
            self._foreman.lost(id, self._ended.pop(id, ""), cause)
        self._deaths += not was_ended
        if self._deaths > 2:
            self.trouble = self.trouble or f"the painter cannot start (exit code {code})"
        if not was_ended:
            _log.error("a painter ended with exit code %s, holding %s", code, hands or "nothing")
        patience = 0.0 if was_ended else _PATIENCE_S[min(self._deaths, len(_PATIENCE_S)) - 1]
        asyncio.get_running_loop().call_later(patience, self._start_anew, worker)

    def _start_anew(self, worker: Worker) -> None:
        if self._is_open and not worker.is_alive:
            worker.start()


def setup(settings: Settings, number: int, *, is_warm: bool = True) -> dict[str, Any]:
    """What a painter's process is told when it starts."""
    return {
        "hidden": str(settings.hidden),
        "device": settings.device_of(number),
        "threads": settings.threads,
        "is_warm": is_warm,
    }


def swatch_file(hidden: Path, brush: str) -> Path:
    """Where a brush's little picture is, once it was drawn."""
    return hidden / "swatches" / f"{brush}.png"


ENDS = ("paused", "stopped", "failed", "done")
"""With these a painter lets go of a painting."""
_HEARD: dict[str, Callable[[Crew, Worker, dict[str, Any]], None]] = {
    "ready": Crew._is_ready, "idle": Crew._is_idle, "unfit": Crew._is_unfit, "gone": Crew._is_gone,
    "swatch": lambda crew, worker, news: None,
}  # fmt: skip
