"""Files of finished paintings, made when somebody asks for them, in a process of its own."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

from diavlex.config import knobs
from diavlex.errors import BadValue, DiavlexError
from diavlex.gallery import exports
from diavlex.gallery.exports import Export
from diavlex.web import crew, shelf
from diavlex.web.ledger import Entry, fresh_id
from diavlex.web.settings import Settings
from diavlex.web.worker import Worker

MOST_KEPT = 200
"""Files that are kept in case they are asked for again."""
LEAVES_AFTER_S = 120.0
_MOST_SIDE_PX = 8192


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
        self, entry: Entry, folder: Path, export: Export, choices: dict[str, Any]
    ) -> Path:
        """A file of a painting; made anew unless it was made before.

        Args:
            entry: from the book.
            folder: of the painting.
            export: what it shall become.
            choices: of the export, as their types or as text.

        Raises:
            BadValue: a choice that cannot be, or the painting has no record yet.
            DiavlexError: the library cannot make it.
        """
        check(export, choices)
        record = folder / shelf.RECORD
        if not shelf.is_own(record):
            raise BadValue("this painting is not there yet: stop it, or wait until it is finished.")
        key = json.dumps([record.stat().st_mtime_ns, export.name, choices], sort_keys=True)
        name = f"{entry.id}-{hashlib.sha256(key.encode()).hexdigest()[:24]}{ending(export)}"
        path = self._folder / name
        async with self._turn:
            if not path.is_file():
                await self._make(folder, path, export.name, choices)
                self._tidy(path)
        return path

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()

    async def _make(self, folder: Path, path: Path, name: str, choices: dict[str, Any]) -> None:
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
            self._worker.order(do="export", **order, name=name, choices=choices)
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


def ending(export: Export) -> str:
    """The ending of what is handed out; several files are handed out together."""
    return ".zip" if export.beside or not export.suffix else export.suffix


def read(export: Export, asked: dict[str, str]) -> dict[str, Any]:
    """The choices of an export from an address, where everything is text.

    Raises:
        BadValue: a number that is none.
    """
    known, found = knobs(export.options), dict[str, Any](asked)
    for name, text in asked.items():
        kind = type(known[name][0].default) if name in known and not known[name][1].typed else str
        try:
            found[name] = kind(text)
        except ValueError:
            raise BadValue(f"{name} is '{text[:40]}': it must be a number.") from None
    return found


def check(export: Export, choices: dict[str, Any]) -> None:
    """Check the choices of an export.

    Raises:
        BadValue: one that it does not take, or that cannot be.
    """
    options = exports.choose(export, choices, exports.known().values())
    size = vars(options).get("size")
    if size and (size if isinstance(size, int) else max(size)) > _MOST_SIDE_PX:
        raise BadValue(f"size is {size}: here at most {_MOST_SIDE_PX} pixels a side are made.")
