"""Who may come in: a token, the name of the host, small requests, and nothing from elsewhere."""

import hashlib
import secrets
from collections.abc import Collection
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
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
        # A cookie cannot hold every character that a token may have.
        self._pass = hashlib.sha256(token.encode()).hexdigest()

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
            if not _is_same(given, self._token):
                await self._refuse(scope, receive, guarded)
                return
            response = RedirectResponse("/", 303)
            response.set_cookie(
                self._cookie, self._pass, httponly=True, samesite="lax", max_age=30 * 86400
            )
            await response(scope, receive, guarded)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        if not _is_same(cookies.get(self._cookie, ""), self._pass):
            await self._refuse(scope, receive, guarded)
            return
        if scope["method"] == "POST" and not _is_of_this_page(headers):
            await PlainTextResponse("not asked by this page", 403)(scope, receive, guarded)
            return
        if scope["method"] == "POST" and not _is_json(headers):
            await PlainTextResponse("not JSON", 415)(scope, receive, guarded)
            return
        if int(headers.get("content-length", "0") or 0) > MOST_BYTES:
            await PlainTextResponse("too large", 413)(scope, receive, guarded)
            return
        await self._app(scope, _limited(receive), guarded)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = (
            "This page needs the link that `bordersim app` printed when it started.\n"
            "If the server has been started again, open its new link; what was pinned is kept."
        )
        await PlainTextResponse(text, 403)(scope, receive, send)


def _is_same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


def _is_of_this_page(headers: Headers) -> bool:
    """Tell whether a request comes from our page, or from a program that is no browser."""
    origin = headers.get("origin")
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none") and (
        origin is None or origin.partition("://")[2] == headers.get("host")
    )


def _is_json(headers: Headers) -> bool:
    """Tell whether a request says that it is JSON, which no form of another page can say."""
    return headers.get("content-type", "").partition(";")[0].strip() == "application/json"


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
