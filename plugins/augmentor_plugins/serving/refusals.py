"""How the server says no: always in the protocol's shape, `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 408: "timeout_error", 429: "rate_limit_error"}
_PHRASES = {
    404: "There is nothing at this address. The endpoints are under /v1, such as /v1/chat/completions.",
    405: "This address does not take this method.",
}


class Refusal(Exception):
    """A request that is answered with an error: the status, and what the client is told.

    `param` is the part of the request that is wrong, `code` a word that programs can tell it by.
    """

    def __init__(
        self, message: str, status: int = 400, *, param: str | None = None, code: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.param, self.code, self.headers = message, status, param, code, headers

    @property
    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        kind = _TYPES.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> Response:
        return answer(self.body, self.status, self.headers)


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    from starlette.responses import Response

    return Response(msgspec.json.encode(value), status, headers, "application/json")


def not_found(what: str, identity: str, param: str) -> Refusal:
    """There is no such file, job or model."""
    return Refusal(f"There is no {what} {identity[:120]!r} here.", 404, param=param, code=f"{what.replace(' ', '_')}_not_found")


async def refuse(_request: Request, error: Exception) -> Response:
    """The response to a `Refusal`."""
    assert isinstance(error, Refusal)
    return error.response()


async def refuse_http(_request: Request, error: Exception) -> Response:
    """The response to what the framework refuses by itself: unknown addresses and methods, broken forms."""
    from starlette.exceptions import HTTPException

    assert isinstance(error, HTTPException)
    message = _PHRASES.get(error.status_code, str(error.detail))
    return Refusal(message, error.status_code, headers=error.headers).response()


async def refuse_fault(_request: Request, _error: Exception) -> Response:
    """The response to a fault of our own: it says nothing of the inside, the log does."""
    return Refusal("The server failed to answer this request; its log says why.", 500, code="internal_error").response()
