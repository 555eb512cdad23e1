"""What every request passes first: is it meant for this server, may it ask, is it too large or too slow?

A server on loopback can be reached by any page in a browser on the same machine. Requests with another `Host` (a name that a stranger's DNS
points at 127.0.0.1) and requests that another site's page sends are refused.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .refusals import Refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
JSON_BYTES = 8 * 2**20
FILE_BYTES = 512 * 2**20
SECONDS = 60.0
"""How long a client may take to send the next piece of its request."""
_FORM_BYTES = 2**20
_HEADERS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")]


@dataclass(frozen=True)
class Guard:
    """ASGI middleware that lets good requests through.

    Attributes:
        app: who answers them.
        hosts: names this server goes by; empty: any, for one that asks for a key and listens to other machines.
        key: what clients have to send as bearer token; empty: nothing.
        public: addresses that need no key (the chat page).
        file_bytes: the largest upload.
    """

    app: App
    hosts: frozenset[str] = LOOPBACK
    key: str = ""
    public: frozenset[str] = frozenset()
    file_bytes: int = FILE_BYTES

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.file_bytes + _FORM_BYTES if scope["path"] == "/v1/files" else JSON_BYTES
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        try:
            self._check(headers, scope["path"], limit)
        except Refusal as refusal:
            await _drain(receive)
            await refusal.response()(scope, receive, send_safely)
            return
        await self.app(scope, _limited(receive, limit), send_safely)

    def _check(self, headers: dict[str, str], path: str, limit: int) -> None:
        host = _name(f"//{headers.get('host', '')}")
        if self.hosts and host not in self.hosts:
            raise Refusal(f"This server does not go by the name {host[:100]!r}.", 403, code="wrong_host")
        if "origin" in headers and urlsplit(headers["origin"]).netloc != headers.get("host"):
            raise Refusal("Pages of other sites may not use this server.", 403, code="wrong_origin")
        if self.key and path not in self.public:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self.key.encode()):
                told = {"www-authenticate": "Bearer"}
                raise Refusal("Send the server's key as a bearer token.", 401, code="invalid_api_key", headers=told)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > limit:
            raise too_large(limit)


def too_large(limit: int) -> Refusal:
    """The answer to a body that is larger than is taken."""
    return Refusal(f"The request is too large: at most {limit >> 20} MiB are taken.", 413, code="request_too_large")


def _limited(receive: Receive, limit: int) -> Receive:
    """`receive` that raises a `Refusal` once the body is too large, or stops coming."""
    seen, done = 0, False

    async def counted() -> Message:
        nonlocal seen, done
        if done:  # what comes now is the end of the connection, which may take as long as it likes
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), SECONDS)
        except TimeoutError:
            raise Refusal(f"The request stopped coming for {SECONDS:.0f} seconds.", 408, code="request_timeout") from None
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            done = not message.get("more_body", False)
            if seen > limit:
                done = True
                await _drain(receive, message)
                raise too_large(limit)
        return message

    return counted


async def _drain(receive: Receive, message: Message | None = None) -> None:
    """Read on for a while, so that a client that is still sending gets to read the answer instead of a reset."""
    message, seen, end = message or {"type": "http.request", "more_body": True}, 0, time.monotonic() + 5
    while message.get("more_body") and seen < 4 * JSON_BYTES and (left := end - time.monotonic()) > 0:
        try:
            message = await asyncio.wait_for(receive(), left)
        except TimeoutError:
            return
        seen += len(message.get("body", b""))


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
