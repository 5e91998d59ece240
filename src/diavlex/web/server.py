"""The server: page, API and door put together, and run until somebody ends it."""

import contextlib
import logging
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import uvicorn
from filelock import FileLock, Timeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from diavlex import __version__
from diavlex.errors import BadFolder, BadValue
from diavlex.web import api, openapi, password
from diavlex.web.guard import COOKIE, Guard, token_of
from diavlex.web.settings import PORT, Settings
from diavlex.web.studio import Studio

PAGE = Path(__file__).parent / "page"
_REPLAY = PAGE.parents[1] / "gallery" / "replay"
REPLAY = tuple(_REPLAY / f"{name}.js" for name in ("ribbons", "strokes", "replay"))
"""How strokes are drawn on any page: files of the gallery, which is not imported for them."""
_CHECKED = {"Cache-Control": "no-cache"}
VISIT_S = 30 * 24 * 3600.0
_NEAR = 20
"""Ports after the usual one that are tried when it is taken."""
_log = logging.getLogger(__name__)


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve a studio until it is ended.

    Args:
        settings: where, and for whom.
        announce: is called once with the page's address, when it can be visited.

    Raises:
        BadFolder: the folder cannot be written, or has a studio already.
        BadValue: the address is taken, or is none of this machine.
    """
    with only_studio(settings.hidden), listening(settings) as listener:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        shown = socket.gethostname() if host in ("0.0.0.0", "::") else shown
        config = uvicorn.Config(
            application(settings), ws="websockets-sansio", ws_per_message_deflate=False,
            ws_max_size=1 << 16, http="h11", loop="asyncio", lifespan="on", access_log=False,
            log_config=None, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = _Server(config, lambda: announce(f"http://{shown}:{port}"))
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it can be visited."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


@contextlib.contextmanager
def only_studio(hidden: Path) -> Any:
    """Within it, no other studio works in a folder.

    Raises:
        BadFolder: one does, or the folder cannot be written.
    """
    lock = FileLock(hidden / "studio.lock", blocking=False)
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        held = lock.acquire()
    except Timeout:
        raise BadFolder(
            f"another studio is open in {hidden.parent}; use that one, or give another --out."
        ) from None
    except OSError as error:
        raise BadFolder(f"cannot write {hidden} ({error.strerror}); give another --out.") from error
    with held:
        yield


@contextlib.contextmanager
def listening(settings: Settings) -> Any:
    """A socket at the address that was asked for; near it, if none was.

    Raises:
        BadValue: it cannot be had.
    """
    ports, why = [settings.port], OSError()
    if settings.port == PORT:
        ports += range(PORT + 1, PORT + _NEAR)
    for port in ports:
        try:
            info = socket.getaddrinfo(settings.host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(info[0], socket.SOCK_STREAM)
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.closing(listener):
                listener.bind(info[4])
                yield listener
                return
        except OSError as error:
            why = error
    raise BadValue(
        f"cannot be visited at {settings.host} port {settings.port} ({why.strerror}); give another "
        "--port or --host."
    )


def application(settings: Settings) -> Starlette:
    """The studio as an ASGI application."""
    studio = Studio(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with studio.open():
            yield

    is_in = studio.ledger.is_in if settings.is_open else None
    return Starlette(
        routes=[*_pages(), *_door(studio), *api.routes(studio)],
        middleware=[Middleware(Guard, is_open=settings.is_open, names=settings.names, is_in=is_in)],
        exception_handlers={HTTPException: _told, Exception: _surprise},
        lifespan=lifespan,
    )


def _pages() -> list[Any]:
    def page(path: Path) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            return FileResponse(path, headers=_CHECKED)

        return answer

    async def described(request: Request) -> Response:
        return JSONResponse(openapi.description())

    async def health(request: Request) -> Response:
        return JSONResponse({"is_well": True, "version": __version__})

    return [
        Route("/", page(PAGE / "index.html")),
        Route("/login", page(PAGE / "login.html"), methods=["GET"]),
        Route("/docs", page(PAGE / "docs.html")),
        Route("/openapi.json", described),
        Route("/health", health),
        *(Route(f"/page/{path.name}", page(path)) for path in REPLAY),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]


def _door(studio: Studio) -> list[Route]:
    """Coming in with the password, and going."""
    patience = password.Patience()

    async def come_in(request: Request) -> Response:
        if not studio.settings.is_open:
            return JSONResponse({"is_in": True})
        address = request.client.host if request.client else ""
        wait_s = patience.wait_s(address)
        if wait_s > 0:
            why = f"too many wrong passwords: wait {wait_s:.0f} seconds, then try again."
            return JSONResponse({"error": why}, 429, {"Retry-After": f"{wait_s + 1:.0f}"})
        patience.note(address)
        body = await api.json_of(request)
        given = body.get("password") if isinstance(body, dict) else None
        hidden = studio.settings.hidden
        if not isinstance(given, str) or not await run_in_threadpool(
            password.is_right, given[:1000], hidden
        ):
            return JSONResponse({"error": "this is not the password."}, 401)
        patience.forget(address)
        token = secrets.token_urlsafe(32)
        studio.ledger.let_in(token, time.time() + VISIT_S)
        answer = JSONResponse({"is_in": True})
        answer.set_cookie(
            COOKIE, token, max_age=int(VISIT_S), httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def go(request: Request) -> Response:
        studio.ledger.see_out(token_of(request.headers))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return [
        Route("/login", api.answering(come_in), methods=["POST"]),
        Route("/logout", go, methods=["POST"]),
    ]


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here.", 405: "this cannot be done here."}
    is_bare = error.detail in ("Not Found", "Method Not Allowed")
    why = words[error.status_code] if is_bare else error.detail
    return JSONResponse({"error": why}, error.status_code, error.headers)


async def _surprise(request: Request, error: Exception) -> Response:
    _log.error("an answer went wrong", exc_info=error)
    return JSONResponse({"error": "something that should not happen did; it was logged."}, 500)
