"""The web application: which address leads where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from augmentor.protocols import ServeSettings

from . import page
from .catalogue import Catalogue
from .chat import Chats
from .conversations import Conversations
from .files import Files
from .guard import FILE_BYTES, LOOPBACK, Guard
from .jobs import Jobs
from .refusals import Refusal, refuse, refuse_fault, refuse_http
from .state import State
from .trainings import Trainings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@dataclass(frozen=True)
class Parts:
    """What a running server is made of."""

    app: Guard
    catalogue: Catalogue
    trainings: Trainings
    state: State

    def close(self) -> None:
        """Stop answering and training, and let go of the folder."""
        self.trainings.stop()
        self.catalogue.close()
        self.state.close()


def build(settings: ServeSettings, file_bytes: int = FILE_BYTES) -> Parts:
    """Put a server together; nothing is loaded and no job runs yet.

    Raises:
        UsageError: another server uses the state folder.
    """
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.routing import Route

    state = State(settings.state)
    catalogue = Catalogue(settings, state)
    files = Files(state, file_bytes)
    trainings = Trainings(state, files, settings.trainer, catalogue.reference, catalogue.add)
    jobs = Jobs(state, settings.trainer, lambda identity: catalogue.reference(identity) is not None, trainings.wake)
    chats = Chats(catalogue, Conversations(settings.log, settings.consent) if settings.log else None)
    at_jobs = "/v1/fine_tuning/jobs"
    table: list[tuple[str, str, Callable[[Request], Awaitable[Response] | Response]]] = [
        ("POST", "/v1/chat/completions", chats.create),
        ("GET", "/v1/models", catalogue.listing),
        ("GET", "/v1/models/{model:path}", catalogue.retrieve),
        ("DELETE", "/v1/models/{model:path}", catalogue.delete),
        ("GET", "/v1/files", files.listing),
        ("POST", "/v1/files", files.upload),
        ("GET", "/v1/files/{file}", files.retrieve),
        ("DELETE", "/v1/files/{file}", files.delete),
        ("GET", "/v1/files/{file}/content", files.content),
        ("GET", at_jobs, jobs.listing),
        ("POST", at_jobs, jobs.create),
        ("GET", at_jobs + "/{job}", jobs.retrieve),
        ("GET", at_jobs + "/{job}/events", jobs.events),
        ("GET", at_jobs + "/{job}/checkpoints", jobs.checkpoints),
        ("POST", at_jobs + "/{job}/cancel", jobs.cancel),
        ("POST", at_jobs + "/{job}/pause", jobs.pause),
        ("POST", at_jobs + "/{job}/resume", jobs.resume),
    ]
    addresses = dict.fromkeys(address for _, address, _ in table)
    routes = [_route(address, {method: end for method, at, end in table if at == address}) for address in addresses]
    pages: list[Route] = page.routes(settings, catalogue.base["id"]) if settings.page else []
    handlers: Any = {Refusal: refuse, HTTPException: refuse_http, Exception: refuse_fault}
    app = Starlette(routes=[*routes, *pages], exception_handlers=handlers)
    app.router.redirect_slashes = False
    hosts = frozenset() if settings.allow_remote else LOOPBACK
    guard = Guard(app, hosts, settings.key, page.ADDRESSES if settings.page else frozenset(), file_bytes)
    return Parts(guard, catalogue, trainings, state)


def _route(address: str, ends: dict[str, Callable[[Request], Any]]) -> Any:
    """One address for all its methods, so that a wrong method is told which there are."""
    from inspect import iscoroutinefunction

    from starlette.concurrency import run_in_threadpool
    from starlette.routing import Route

    async def end(request: Request) -> Response:
        chosen = ends["GET" if request.method == "HEAD" else request.method]
        response: Response = await chosen(request) if iscoroutinefunction(chosen) else await run_in_threadpool(chosen, request)
        return response

    return Route(address, end, methods=list(ends))
