"""The door: who may come in, from where, and what a browser may do with what it is given."""

import ipaddress
import socket
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "diavlex_visit"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FREE = ("/login", "/health")
_FREE_BELOW = "/page/"
_SAFE = ("GET", "HEAD")


class Guard:
    """Middleware around everything.

    Args:
        app: what is guarded.
        is_open: whether other machines can come in.
        names: under which this machine is visited, beside its addresses.
        is_in: whether a visitor's token is good; None where no password is asked.
    """

    def __init__(
        self,
        app: ASGIApp,
        is_open: bool,
        names: tuple[str, ...],
        is_in: Callable[[str], bool] | None,
    ) -> None:
        self._app, self._is_open, self._is_in = app, is_open, is_in
        own = (socket.gethostname(), socket.getfqdn()) if is_open else ()
        self._names = {name.lower() for name in ("localhost", *names, *own)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        app = refusal or self._app
        is_code = scope["path"].startswith(_FREE_BELOW)
        await app(scope, receive, _with_headers(send, "no-cache" if is_code else "no-store"))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self.is_own(host):
            return _no(
                421, f"this studio is not called '{host[:80]}': visit it by its address, or start "
                "it with --name."
            )  # fmt: skip
        if not _is_same_origin(scope, headers, host):
            return _no(
                403, "another site sent this request: the studio answers only to its own page."
            )
        if self._is_in is None or scope["path"] in _FREE or scope["path"].startswith(_FREE_BELOW):
            return None
        if self._is_in(token_of(headers)):
            return None
        if scope["path"] == "/" and scope["type"] == "http":
            return RedirectResponse("/login", 303)
        return _no(401, "give the password first: POST /login.")

    def is_own(self, host: str) -> bool:
        """Whether a Host header names this machine; a name can be made to lie, an address not."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
        except ValueError:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return self._is_open or address.is_loopback


def token_of(headers: Headers) -> str:
    """The visit's token of a request; empty if it has none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_same_origin(scope: Scope, headers: Headers, host: str) -> bool:
    """Whether a request does not come from another site's page.

    A browser names the page's origin with everything that could change something, and says of the
    rest from where it comes; a program says neither.
    """
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == host.lower() and origin.startswith("http")
    site = headers.get("sec-fetch-site", "none")
    if site in ("none", "same-origin"):
        return True
    is_visit = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") in _SAFE
    return is_visit and headers.get("sec-fetch-dest") == "document"


def _with_headers(send: Send, keeps: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", keeps)
        await send(message)

    return sent


def _no(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
