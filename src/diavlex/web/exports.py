"""Files of finished paintings, made when somebody asks for them, in a process of its own."""

import asyncio
from pathlib import Path
from typing import Any

from diavlex.errors import BadValue, DiavlexError
from diavlex.web import crew, shelf
from diavlex.web.ledger import Entry, fresh_id
from diavlex.web.settings import Settings
from diavlex.web.worker import Worker

MOST_KEPT = 200
"""Files that are kept in case they are asked for again."""
LEAVES_AFTER_S = 120.0
ENGINES = ("auto", "neural", "mypaint")
SIDES_PX = (16, 8192)


class Exporter:
    """Makes one file at a time; its process comes with the first and goes when it is not needed."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.hidden / "exports"
        self._worker = Worker("exporter", crew.setup(settings, 0, is_warm=False), self._hear)
        self._turn = asyncio.Lock()
        self._ready = asyncio.Event()
        self._answer: asyncio.Future[dict[str, Any]] | None = None
        self._leave: asyncio.TimerHandle | None = None

    async def file(
        self, entry: Entry, folder: Path, ending: str, side_px: int | None, engine: str
    ) -> Path:
        """A file of a painting, by its ending; made anew unless it was made before.

        Raises:
            BadValue: a size or an engine that cannot be, or the painting has no record yet.
            DiavlexError: the library cannot make it.
        """
        _check(side_px, engine)
        record = folder / shelf.RECORD
        if not shelf.is_own(record):
            raise BadValue("this painting is not there yet: stop it, or wait until it is finished.")
        if ending == ".json":
            return record
        made_at = record.stat().st_mtime_ns
        path = self._folder / f"{entry.id}-{made_at}-{side_px or 0}-{engine}{ending}"
        async with self._turn:
            if not path.is_file():
                await self._make(folder, path, side_px, engine)
                self._tidy(path)
        return path

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()

    async def _make(self, folder: Path, path: Path, side_px: int | None, engine: str) -> None:
        if self._leave:
            self._leave.cancel()
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        if not self._worker.is_alive:
            self._ready.clear()
            self._worker.start()
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, self._answer}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        order = {"id": fresh_id(), "folder": str(folder), "path": str(path)}
        if not self._answer.done():
            self._worker.order(do="export", **order, side_px=side_px, engine=engine)
        try:
            news = await self._answer
        finally:
            self._leave = loop.call_later(LEAVES_AFTER_S, self._worker.kill)
        if news.get("error"):
            raise DiavlexError(news["error"])

    def _hear(self, worker: Worker, news: dict[str, Any] | bytes) -> None:
        if not isinstance(news, dict):
            return
        if news["kind"] == "ready":
            self._ready.set()
        waits = self._answer is not None and not self._answer.done()
        if waits and news["kind"] in ("exported", "unfit", "gone"):
            if news["kind"] == "gone":
                news = {"error": "the file could not be made: its painter ended by itself."}
            assert self._answer is not None
            self._answer.set_result(news)

    def _tidy(self, newest: Path) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in files[:-MOST_KEPT]:
            if path != newest:
                path.unlink(missing_ok=True)


def _check(side_px: int | None, engine: str) -> None:
    low, high = SIDES_PX
    if side_px is not None and not low <= side_px <= high:
        raise BadValue(f"a shorter side of {side_px} px cannot be: ask for {low} to {high}.")
    if engine not in ENGINES:
        raise BadValue(f"no engine is called '{engine[:40]}': choose from {', '.join(ENGINES)}.")
