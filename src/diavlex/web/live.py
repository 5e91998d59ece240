"""Paintings watched live: strokes and states over a web socket, states as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from diavlex.web import form
from diavlex.web.ledger import ACTIVE
from diavlex.web.studio import Studio
from diavlex.web.viewers import Viewer

_MOST_WATCHED = 16
_MOST_LETTERS = 10_000


def socket(studio: Studio) -> Callable[[WebSocket], Awaitable[None]]:
    """A web socket to a page, which says by `{"watch": [ids]}` whose strokes it sees."""

    async def live(socket: WebSocket) -> None:
        viewer = studio.viewers.join()
        if viewer is None:
            await socket.close(1013, "too many watch; come back later.")
            return
        await socket.accept()
        telling = asyncio.create_task(_tell(socket, viewer.news()))
        try:
            async for asked in socket.iter_text():
                viewer.watched.clear()
                for id in _watched(asked):
                    await _show_first(studio, viewer, id)
        except WebSocketDisconnect:
            pass
        finally:
            telling.cancel()
            studio.viewers.leave(viewer)

    return live


async def events(studio: Studio, id: str) -> AsyncIterator[str]:
    """How a painting stands, each time that changes, until nobody works on it any more."""
    viewer, entry = studio.viewers.join(), studio.ledger.get(id)
    if viewer is None or entry is None:
        return
    viewer.watched.add(id)
    try:
        yield _event(first := studio.foreman.state(entry))
        if first["state"] not in ACTIVE:
            return
        async for news in viewer.news():
            if isinstance(news, dict) and news.get("id") == id:
                yield _event(news)
                if news["kind"] == "removed" or news.get("state", ACTIVE[0]) not in ACTIVE:
                    return
    finally:
        studio.viewers.leave(viewer)


async def _show_first(studio: Studio, viewer: Viewer, id: str) -> None:
    """Begin to show a painting's strokes, with those that are there."""
    entry = studio.ledger.get(id)
    if entry is None:
        return
    viewer.watched.add(id)
    viewer.tell(studio.foreman.state(entry))
    if (frame := await studio.strokes(entry)) is not None:
        viewer.show(id, frame)


async def _tell(socket: WebSocket, news: AsyncIterator[dict[str, Any] | bytes]) -> None:
    try:
        async for one in news:
            if isinstance(one, bytes):
                await socket.send_bytes(one)
            else:
                await socket.send_text(json.dumps(one))
    except (WebSocketDisconnect, RuntimeError, OSError):  # nobody is there any more
        return


def _watched(text: str) -> list[str]:
    """The ids of `{"watch": [...]}`; of anything else none."""
    try:
        asked = json.loads(text[:_MOST_LETTERS])
    except (ValueError, RecursionError):
        return []
    ids = asked.get("watch") if isinstance(asked, dict) else None
    ids = ids if isinstance(ids, list) else []
    return [id for id in ids[:_MOST_WATCHED] if isinstance(id, str) and form.ID.fullmatch(id)]


def _event(news: dict[str, Any]) -> str:
    return f"event: {news['kind']}\ndata: {json.dumps(news)}\n\n"
