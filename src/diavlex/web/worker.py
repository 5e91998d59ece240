"""The server's end of a painter's process: started, spoken to, heard, ended."""

import asyncio
import json
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from diavlex.web.painter import JSON, work

_GRACE_S = 3.0


class Worker:
    """A painter's process. What it tells arrives in the server's loop, by `hear`.

    Beside what the painter tells, it says `gone` with an exit code when the process has ended.
    """

    def __init__(
        self,
        name: str,
        setup: dict[str, Any],
        hear: Callable[["Worker", dict[str, Any] | bytes], None],
    ) -> None:
        self.name, self._setup, self._hear = name, setup | {"name": name}, hear
        self.is_ready = False
        """Whether it can be handed work."""
        self.paintings: set[str] = set()
        """Those it has in hand."""
        self._process: BaseProcess | None = None
        self._pipe: Any = None

    @property
    def is_alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Of its process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process; it says `ready` when it is."""
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe()
        process = context.Process(
            target=work, args=(its, self._setup), daemon=True, name=f"diavlex {self.name}"
        )
        process.start()
        its.close()
        self._process, self._pipe, self.is_ready = process, mine, False
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(mine, process, loop), daemon=True).start()

    def _read(self, pipe: Any, process: Any, loop: asyncio.AbstractEventLoop) -> None:
        """Pass on what the painter tells, until its process has ended; in a thread of its own."""
        try:
            while True:
                data = pipe.recv_bytes()
                news = json.loads(data[1:]) if data[:1] == JSON else data[1:]
                loop.call_soon_threadsafe(self._take, process, news)
        except (EOFError, OSError, ValueError):
            process.kill()  # what cannot speak cannot be ordered either
            process.join()
            pipe.close()
            news = {"kind": "gone", "code": process.exitcode}
        try:
            loop.call_soon_threadsafe(self._take, process, news)
        except RuntimeError:  # the server has ended
            pass

    def _take(self, process: Any, news: dict[str, Any] | bytes) -> None:
        if process is not self._process:
            return  # of one that was replaced
        if isinstance(news, dict):
            if news["kind"] == "gone":
                self._process, self.is_ready = None, False
            elif news["kind"] in ("ready", "idle"):
                self.is_ready = True
        self._hear(self, news)

    def order(self, **facts: Any) -> None:
        """Give an order; a process that has just ended is heard of otherwise."""
        if facts["do"] not in ("pause", "stop"):
            self.is_ready = False
        try:
            self._pipe.send_bytes(json.dumps(facts).encode())
        except OSError:
            pass

    def kill(self) -> None:
        """End the process at once; `gone` is heard next."""
        if self._process is not None:
            self._process.kill()

    async def close(self) -> None:
        """Let the process keep what it has, and end; for good."""
        process, self._process = self._process, None
        if process is None:
            return
        self.order(do="quit")
        await asyncio.to_thread(process.join, _GRACE_S)
        if process.is_alive():
            process.kill()
            await asyncio.to_thread(process.join)
