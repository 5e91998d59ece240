"""The HTTP API: one short function a verb; what each takes and gives is told in `openapi`."""

import asyncio
import json
import mimetypes
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from diavlex import weights
from diavlex.errors import BadFolder, BadValue, DiavlexError, UnknownName
from diavlex.gallery import exports
from diavlex.web import exports as files
from diavlex.web import form, ledger, live, uploads
from diavlex.web.crew import swatch_file
from diavlex.web.ledger import Entry
from diavlex.web.studio import Studio
from diavlex.web.telling import CannotNow

MOST_JSON_BYTES = 1 << 20
_DRAINED_BYTES = 128 << 20
"""What is too much is read to its end up to here, so that the answer is heard."""
_MOST_LISTED = 200


def routes(studio: Studio) -> list[Any]:
    """All that the API answers."""
    api = _Api(studio)
    return [
        *(Route(path, answering(verb.__get__(api)), methods=[way]) for path, verb, way in VERBS),
        WebSocketRoute("/live", live.socket(studio)),
    ]


def answering(verb: Callable[[Request], Awaitable[Response]]) -> Callable[..., Any]:
    """A verb whose errors become answers in clear words."""

    async def answer(request: Request) -> Response:
        try:
            return await verb(request)
        except CannotNow as error:
            return _no(409, str(error))
        except (BadValue, UnknownName) as error:
            return _no(422, _plain(str(error)))
        except BadFolder as error:
            return _no(507, str(error))
        except DiavlexError as error:
            return _no(422, _plain(str(error)))
        except ClientDisconnect:
            return _no(400, "the request broke off.")

    return answer


class _Api:
    """The verbs."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._foreman, self._ledger = studio, studio.foreman, studio.ledger

    async def choices(self, request: Request) -> Response:
        hidden = self._studio.settings.hidden
        return JSONResponse(
            form.form(self._studio.facts, lambda brush: swatch_file(hidden, brush).is_file())
        )

    async def find(self, request: Request) -> Response:
        await self._studio.look_around()
        asked = request.query_params
        states = tuple(s for s in asked.get("state", "").split(",") if s) or ledger.STATES
        for state in states:
            if state not in ledger.STATES:
                raise UnknownName("state", state[:40], ledger.STATES)
        before, limit = _number(asked, "before", 0.0), int(_number(asked, "limit", 60))
        found = self._ledger.search(
            asked.get("words", "")[:500], states, before, min(max(limit, 1), _MOST_LISTED)
        )
        line = self._foreman.line()
        return JSONResponse({"paintings": [self._foreman.state(one, line) for one in found]})

    async def paint(self, request: Request) -> Response:
        asked = self._studio.check(await json_of(request))
        added = self._foreman.add(asked)
        told = [self._foreman.state(self._found(one.id)) for one in added]
        return JSONResponse({"paintings": told}, 201)

    async def show(self, request: Request) -> Response:
        return JSONResponse(self._studio.detail(self._entry(request)))

    async def remove(self, request: Request) -> Response:
        self._foreman.remove(self._entry(request))
        return Response(status_code=204)

    async def pause(self, request: Request) -> Response:
        return self._done(request, self._foreman.pause)

    async def stop(self, request: Request) -> Response:
        return self._done(request, self._foreman.stop)

    async def go_on(self, request: Request) -> Response:
        return self._done(request, self._foreman.go_on)

    async def again(self, request: Request) -> Response:
        entry, seed = self._entry(request), None
        body = await json_of(request, {})
        if not isinstance(body, dict) or set(body) - {"seed"}:
            raise BadValue('give {"seed": 7}, or nothing for any other seed.')
        if body:
            seed = form.read({"prompt": entry.prompt, "choices": body}, {}).choices["seed"]
        added = self._foreman.again(entry, seed)
        return JSONResponse({"paintings": [self._foreman.state(self._found(added.id))]}, 201)

    async def events(self, request: Request) -> Response:
        id, kind = self._entry(request).id, "text/event-stream"
        return StreamingResponse(live.events(self._studio, id), media_type=kind)

    async def strokes(self, request: Request) -> Response:
        frame = await self._studio.strokes(self._entry(request))
        if frame is None:
            return _no(404, "this painting has no strokes yet.")
        return Response(frame, media_type="application/octet-stream")

    async def picture(self, request: Request) -> Response:
        is_small = "small" in request.query_params
        path = await self._studio.picture(self._entry(request), is_small=is_small)
        if path is None:
            return _no(404, "this painting has no picture yet.")
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def file(self, request: Request) -> Response:
        entry, export = self._entry(request), exports.find(request.path_params["export"][:40])
        choices = files.read(export, dict(request.query_params))
        path = await self._studio.exporter.file(entry, self._studio.folder(entry), export, choices)
        stem = entry.folder.removesuffix(f"-{entry.id}")
        extra = "" if export.suffix == f".{export.name}" else f"-{export.name}"
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return FileResponse(
            path, media_type=kind, filename=f"{stem}{extra}{path.suffix}",
            headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
        )  # fmt: skip

    async def send_picture(self, request: Request) -> Response:
        data = await _body(request, uploads.MOST_BYTES, "picture")
        return JSONResponse(await self._studio.keep_picture(data), 201)

    async def sent_picture(self, request: Request) -> Response:
        id = request.path_params["id"]
        path = self._studio.pictures / f"{id}.png"
        if not form.ID.fullmatch(id) or not path.is_file():
            return _no(404, "there is no picture of this id.")
        return FileResponse(path)

    async def swatch(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = swatch_file(self._studio.settings.hidden, name)
        if name not in weights.known("brush") or not path.is_file():
            return _no(404, "there is no swatch of this brush yet.")
        return FileResponse(path, headers={"Cache-Control": "max-age=3600"})

    def _done(self, request: Request, deed: Callable[[Entry], None]) -> Response:
        entry = self._entry(request)
        deed(entry)
        return JSONResponse(self._foreman.state(self._found(entry.id)))

    def _entry(self, request: Request) -> Entry:
        id = request.path_params["id"]
        if not form.ID.fullmatch(id):
            raise HTTPException(404, "that is no id of a painting.")
        return self._found(id)

    def _found(self, id: str) -> Entry:
        entry = self._ledger.get(id)
        if entry is None:
            raise HTTPException(404, "there is no painting of this id.")
        return entry


VERBS = [
    ("/choices", _Api.choices, "GET"),
    ("/paintings", _Api.find, "GET"),
    ("/paintings", _Api.paint, "POST"),
    ("/paintings/{id}", _Api.show, "GET"),
    ("/paintings/{id}", _Api.remove, "DELETE"),
    ("/paintings/{id}/pause", _Api.pause, "POST"),
    ("/paintings/{id}/stop", _Api.stop, "POST"),
    ("/paintings/{id}/continue", _Api.go_on, "POST"),
    ("/paintings/{id}/again", _Api.again, "POST"),
    ("/paintings/{id}/events", _Api.events, "GET"),
    ("/paintings/{id}/strokes", _Api.strokes, "GET"),
    ("/paintings/{id}/picture", _Api.picture, "GET"),
    ("/paintings/{id}/files/{export}", _Api.file, "GET"),
    ("/pictures", _Api.send_picture, "POST"),
    ("/pictures/{id}", _Api.sent_picture, "GET"),
    ("/brushes/{name}", _Api.swatch, "GET"),
]
"""Path, verb and method of all that the API answers."""


async def json_of(request: Request, default: Any = None) -> Any:
    """The JSON of a request's body.

    Raises:
        BadValue: it is none, or is not said to be JSON.
    """
    data = await _body(request, MOST_JSON_BYTES, "request")
    if not data and default is not None:
        return default
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if kind != "application/json":
        raise HTTPException(415, "send JSON, with Content-Type: application/json.")
    try:
        return json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadValue(f"the request is not JSON: {error}.") from error


def _refuse(name: str) -> float:
    raise ValueError(f"it holds {name} where a number should be")


async def _body(request: Request, most: int, what: str) -> bytes:
    """A request's body, up to so many bytes.

    Raises:
        HTTPException: it is larger; all of it was read and let go, so that the answer is heard.
    """
    parts, size = [], 0
    async with asyncio.timeout(120):
        async for part in request.stream():
            size += len(part)
            if size <= most:
                parts.append(part)
            elif size > _DRAINED_BYTES:
                break
    if size > most:
        raise HTTPException(413, f"the {what} is too large: at most {most >> 20} MB are taken.")
    return b"".join(parts)


def _number(asked: Any, name: str, default: float) -> float:
    text = asked.get(name, "")
    if text and not re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text):
        raise BadValue(f"{name} is '{text[:20]}': it must be a number.")
    return float(text or default)


def _plain(message: str) -> str:
    """An error of the library without the look of command-line flags."""
    return re.sub(r"--([a-z][a-z-]*)", lambda flag: flag[1].replace("-", " "), message)


def _no(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
