"""A studio at work: its book, its foreman, its viewers, all that the server's answers need."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from diavlex.errors import BadFolder, BadValue
from diavlex.web import form, frames, shelf, telling, uploads
from diavlex.web.exports import Exporter
from diavlex.web.foreman import Foreman
from diavlex.web.form import Request
from diavlex.web.ledger import ACTIVE, Entry, Ledger
from diavlex.web.settings import Settings
from diavlex.web.viewers import Viewers

_LOOKS_EVERY_S = 2.0


class Studio:
    """Everything that is shared by the answers of a server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ledger = Ledger(settings.hidden)
        self.viewers = Viewers()
        self.foreman = Foreman(settings, self.ledger, self.viewers)
        self.exporter = Exporter(settings)
        self._looked = -_LOOKS_EVERY_S
        self._looking = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Within it, paintings are painted."""
        self.foreman.start()
        try:
            yield
        finally:
            await asyncio.gather(self.foreman.close(), self.exporter.close())
            self.ledger.close()

    @property
    def facts(self) -> dict[str, Any]:
        """What the library can do."""
        return self.foreman.facts

    def check(self, body: Any) -> Request:
        """A request, checked, its pictures and paintings among the studio's own.

        Raises:
            BadValue: something in it cannot be.
        """
        request = form.read(body, self.facts)
        for name, id in request.wishes.items():
            if isinstance(id, str) and not self.foreman.wishes.file_of(name, id).is_file():
                raise BadValue(
                    f"{name} is '{id}': there is nothing of this id here; send it again."
                )
        id = request.wishes.get("start")
        return request if id is None else request.after(shelf.record(self.folder_of(id)))

    def folder_of(self, id: str) -> Any:
        """The folder of a painting by its id."""
        entry = self.ledger.get(id)
        assert entry is not None, "its record was found"
        return self.folder(entry)

    @property
    def pictures(self) -> Any:
        """Where pictures from people are."""
        return self.settings.hidden / "pictures"

    async def look_around(self) -> None:
        """Enter paintings that others have put into the folder."""
        async with self._looking:
            if time.monotonic() - self._looked < _LOOKS_EVERY_S:
                return
            known, root = self.ledger.folders(), self.settings.folder
            entries = await asyncio.to_thread(lambda: list(shelf.found(root, known)))
            for entry in entries:
                self.ledger.add(entry)
            self._looked = time.monotonic()

    def detail(self, entry: Entry) -> dict[str, Any]:
        """All that is told of a painting."""
        progress = self.foreman.progress.get(entry.id)
        wished = self.foreman.wishes.told(entry)
        told = telling.detail(self.foreman.state(entry), entry, progress, wished)
        family = [one.id for one in self.ledger.of_family(entry.family)]
        return told | {"side_by_side": family}

    async def strokes(self, entry: Entry) -> bytes | None:
        """The strokes of a painting as they are now; None where there are none yet."""
        progress = self.foreman.progress.get(entry.id)
        if progress and progress.frame:
            return progress.frame
        if entry.state in ACTIVE or not self.foreman.has_picture(entry):
            return self.ledger.frame(entry.id)
        plain = await asyncio.to_thread(shelf.record, self.folder(entry))
        return frames.from_record(entry.id, plain) if plain else self.ledger.frame(entry.id)

    def folder(self, entry: Entry) -> Any:
        """A painting's folder, within the studio's own.

        Raises:
            BadFolder: it leads somewhere else by now.
        """
        folder = shelf.inside(self.settings.folder, entry.folder)
        if folder is None:
            raise BadFolder("this painting's folder is no folder of the studio; take it away.")
        return folder

    async def picture(self, entry: Entry, *, is_small: bool) -> Any:
        """The file of a painting's picture; None where there is none.

        Raises:
            BadValue: it cannot be read.
        """
        path = self.folder(entry) / shelf.PICTURE
        if not shelf.is_own(path):
            return None
        if not is_small:
            return path
        small = self.settings.hidden / "thumbs" / f"{entry.id}.jpg"
        return await asyncio.to_thread(uploads.thumb, path, small)

    async def keep_picture(self, data: bytes) -> dict[str, Any]:
        """Keep a picture that somebody sent.

        Raises:
            BadValue: it is none, or too large.
        """
        id, height, width = await asyncio.to_thread(uploads.keep, data, self.pictures)
        used = self.ledger.wishes()
        await asyncio.to_thread(uploads.tidy, self.pictures, used.__contains__)
        return {"id": id, "height_px": height, "width_px": width}
