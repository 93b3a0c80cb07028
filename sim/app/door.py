"""Who may come in: a token, the name of the host, small requests, and nothing from elsewhere."""

import secrets
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
"""Of the body of a request."""

_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Door:
    """Lets in who has the token, from the link or as a cookie.

    Args:
        app: what is behind it.
        token: of the printed link.
        hosts: names that the page may be asked for by; empty: any.
        cookie: name of the cookie.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str], cookie: str) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        headers = Headers(scope=scope)
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        if self._hosts and host not in self._hosts:
            await PlainTextResponse("unknown host", 421)(scope, receive, guarded)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["path"] == "/" and given:
            if not self._is_token(given):
                await self._refuse(scope, receive, guarded)
                return
            response = RedirectResponse("/", 303)
            response.set_cookie(
                self._cookie, self._token, httponly=True, samesite="strict", max_age=30 * 86400
            )
            await response(scope, receive, guarded)
            return
        if not self._is_token(_cookie(headers.get("cookie", ""), self._cookie)):
            await self._refuse(scope, receive, guarded)
            return
        if int(headers.get("content-length", "0") or 0) > MOST_BYTES:
            await PlainTextResponse("too large", 413)(scope, receive, guarded)
            return
        await self._app(scope, _limited(receive), guarded)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token.encode())

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = (
            "This page needs the link that `bordersim app` printed when it started.\n"
            "If the server has been started again, open its new link; what was pinned is kept."
        )
        await PlainTextResponse(text, 403)(scope, receive, send)


class TooLarge(Exception):
    """A body without a length is longer than it may be."""


def _limited(receive: Receive) -> Receive:
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            raise TooLarge
        return message

    return limited


def _cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
