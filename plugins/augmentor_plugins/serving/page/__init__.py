"""The chat page: three static files, and the settings it asks for."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from augmentor.protocols import ServeSettings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES = {"/": ("page.html", "text/html"), "/page.css": ("page.css", "text/css"), "/page.js": ("page.js", "text/javascript")}
SETTINGS = "/page.json"
ADDRESSES = frozenset({*_FILES, SETTINGS})
"""What is shown without a key; the page asks for it."""


def routes(settings: ServeSettings, model: str) -> list[Route]:
    """The addresses of the page."""
    from starlette.responses import Response
    from starlette.routing import Route

    from ..refusals import answer

    contents = {address: files(__name__).joinpath(name).read_bytes() for address, (name, _) in _FILES.items()}

    async def show(request: Request) -> Response:
        address = request.url.path
        return Response(contents[address], media_type=_FILES[address][1], headers={"content-security-policy": _POLICY})

    async def tell(_request: Request) -> Response:
        return answer({"model": model, "key": bool(settings.key), "consent": settings.consent if settings.log else None})

    return [*(Route(address, show) for address in _FILES), Route(SETTINGS, tell)]
