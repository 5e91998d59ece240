"""A painter: a process of its own that paints what it is handed, and tells how it comes along.

It speaks with the server over a pipe, in JSON and in frames of strokes, never in pickles. It holds
up to four paintings at once and moves their strokes in turn. If the server goes away it keeps what
it has and ends.
"""

import json
import logging
import signal
import threading
import time
from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from diavlex.errors import DiavlexError
from diavlex.threads import wait_quietly
from diavlex.web import frames
from diavlex.web.shelf import is_finished

JSON, FRAME = b"j", b"f"
"""What the first byte of a message says that it is."""
LEAST_PAUSE_S = 0.08
"""Between two frames of a painting."""
MOST_BYTES_S = 3_000_000
"""Of frames a second."""
_log = logging.getLogger(__name__)


class Desk:
    """A painter's end of the pipe: tells the server, and holds the orders that came."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, threading.Lock()
        self._orders: dict[str, str] = {}
        self._work: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self.is_over = False
        """Whether the server has gone, or wants the painter to go."""

    def listen(self) -> None:
        """Take in orders until the pipe is closed; runs in a thread of its own."""
        try:
            while True:
                self._take(json.loads(self._pipe.recv_bytes()))
        except (EOFError, OSError):
            self._take({"do": "quit"})

    def _take(self, order: dict[str, Any]) -> None:
        with self._news:
            if order["do"] == "quit":
                self.is_over = True
            elif "id" in order and order["do"] != "export":
                self._orders[order["id"]] = order["do"]
            else:
                for painting in order.get("paintings", ()):
                    self._orders.pop(painting["id"], None)  # of an earlier turn, come too late
                self._work.append(order)
            self._news.notify_all()

    def wait(self) -> dict[str, Any] | None:
        """The next piece of work; None when there will be no more."""
        with self._news:
            self._news.wait_for(lambda: self._work or self.is_over)
            return None if self.is_over else self._work.pop(0)

    @property
    def has_work(self) -> bool:
        """Whether somebody waits."""
        return bool(self._work) or self.is_over

    def order_for(self, id: str) -> str:
        """What was last ordered of a painting: pause, stop, or nothing."""
        return self._orders.pop(id, "")

    def tell(self, kind: str, **facts: Any) -> None:
        """Tell the server; a server that has gone is noticed."""
        self._send(JSON + json.dumps({"kind": kind} | facts).encode())

    def show(self, frame: bytes) -> None:
        """Show the server strokes."""
        self._send(FRAME + frame)

    def _send(self, data: bytes) -> None:
        try:
            with self._lock:
                self._pipe.send_bytes(data)
        except OSError:
            self.is_over = True


def work(pipe: Connection, setup: dict[str, Any]) -> None:
    """Paint what comes until there is no more: the process's whole life.

    Args:
        pipe: to the server.
        setup: device, threads (0: as torch likes), the studio's folder, whether to warm up.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when to go
    wait_quietly()
    desk = Desk(pipe)
    threading.Thread(target=desk.listen, daemon=True).start()
    from diavlex.web import craft

    try:
        with craft.only_painter(Path(setup["hidden"]), setup["name"]):
            desk.tell("ready", **craft.prepare(setup))
            while (task := desk.wait()) is not None:
                _do(desk, task, setup)
                desk.tell("idle")
    except DiavlexError as error:
        desk.tell("unfit", error=str(error))


def _do(desk: Desk, task: dict[str, Any], setup: dict[str, Any]) -> None:
    from diavlex.web import craft

    if task["do"] == "paint":
        _paint(desk, [Easel(desk, order, setup["device"]) for order in task["paintings"]])
    elif task["do"] == "swatch":
        craft.swatch(task["brush"], Path(task["path"]))
        desk.tell("swatch", brush=task["brush"])
    else:
        _export(desk, task)


def _export(desk: Desk, task: dict[str, Any]) -> None:
    from diavlex.web import craft

    try:
        craft.export(Path(task["folder"]), Path(task["path"]), task["name"], task["choices"])
        desk.tell("exported", id=task["id"])
    except DiavlexError as error:
        desk.tell("exported", id=task["id"], error=str(error))
    except Exception as error:
        _log.exception("a file could not be made")
        desk.tell("exported", id=task["id"], error=_surprise(error))


def _paint(desk: Desk, easels: list["Easel"]) -> None:
    """Move the strokes of each painting once, in turn, until all are done or held."""
    turns = [(easel, easel.turns()) for easel in easels]
    while turns and not desk.is_over:
        turns = [(easel, turn) for easel, turn in turns if _is_on(turn)]
    for easel, turn in turns:
        easel.leave()
        turn.close()


def _is_on(turn: Iterator[None]) -> bool:
    return next(turn, turn) is not turn


class Easel:
    """One painting in the hands of a painter."""

    def __init__(self, desk: Desk, order: dict[str, Any], device: str) -> None:
        self.id: str = order["id"]
        self._desk, self._order, self._device = desk, order, device
        self._shown, self._step_s, self._since = 0.0, 0.0, 0.0
        self._session: Any = None

    def turns(self) -> Generator[None, None, None]:
        """Paint, one step a turn; whatever goes wrong is told and is the end."""
        try:
            yield from self._turns()
        except DiavlexError as error:
            self._desk.tell("failed", id=self.id, error=str(error))
        except MemoryError:
            line = "there is not enough memory for it: ask for fewer strokes or a smaller size."
            self._desk.tell("failed", id=self.id, error=line)
        except Exception as error:
            _log.exception("a painting went wrong")
            self._desk.tell("failed", id=self.id, error=_surprise(error))

    def leave(self) -> None:
        """Keep what there is, if there is any: the server has gone."""
        if self._session is not None and self._session.snapshots:
            self._session.keep()

    def _turns(self) -> Iterator[None]:
        from diavlex.web import craft

        if self._is_called_off() or self._is_done():
            return
        self._session, marks = craft.take_up(self._order, self._device)
        self._desk.tell("begun", id=self.id, remarks=self._session.remarks)
        if self._order["is_to_finish"]:
            self._stop()
            return
        yield
        painting, self._since = self._session.paint(), time.monotonic()
        for step in painting:
            self._tell(step, marks)
            order = self._desk.order_for(self.id)
            is_held = self._order["hold_at"] and step.index >= self._order["hold_at"]
            if order or (is_held and step.index < step.steps):
                self._hold(order or "pause", step, marks, painting)
                return
            yield
        self._desk.tell("finishing", id=self.id)
        self._session.finish()
        self._desk.tell("done", id=self.id)

    def _is_called_off(self) -> bool:
        order = self._desk.order_for(self.id)
        if order:
            self._desk.tell(_PAST[order], id=self.id)
        return bool(order)

    def _is_done(self) -> bool:
        """Whether all is there: its painter had gone on to the end when its server was ended."""
        is_done = is_finished(Path(self._order["folder"]))
        if is_done:
            self._desk.tell("done", id=self.id)
        return is_done

    def _hold(self, order: str, step: Any, marks: Any, painting: Any) -> None:
        """Pause or stop a painting between two steps."""
        from diavlex.web import craft

        self._desk.show(craft.frame(self.id, step, marks))
        self._session.keep()
        painting.close()
        if order == "stop":
            self._stop()
        else:
            self._desk.tell("paused", id=self.id)

    def _stop(self) -> None:
        """Make the picture of what there is; the painting can still be gone on with."""
        from diavlex.web import craft

        self._desk.tell("finishing", id=self.id)
        craft.keep_picture(self._session)
        self._desk.tell("stopped", id=self.id)

    def _tell(self, step: Any, marks: Any) -> None:
        """Tell of a step, and show the strokes if the last time is long enough ago."""
        from diavlex.web import craft

        now = time.monotonic()
        took, self._since = now - self._since, now
        self._step_s = took if not self._step_s else self._step_s + 0.1 * (took - self._step_s)
        left_s = self._step_s * (step.steps - step.index)
        facts = {"index": step.index, "steps": step.steps, "scores": craft.scores(step)}
        self._desk.tell("step", id=self.id, left_s=round(left_s, 1), **facts)
        size = len(marks) * frames.COLUMNS * 2
        if now - self._shown >= max(LEAST_PAUSE_S, size / MOST_BYTES_S) or step.index == step.steps:
            self._shown = now
            self._desk.show(craft.frame(self.id, step, marks))


_PAST = {"pause": "paused", "stop": "stopped"}


def _surprise(error: Exception) -> str:
    return f"something that should not happen did: {type(error).__name__}: {str(error)[:300]}"
