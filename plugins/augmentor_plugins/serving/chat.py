"""`/v1/chat/completions`: a chat in, a reply out, at once or as it is written."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.errors import DataError
from augmentor.examples import Message
from augmentor_plugins.models.chat import as_chat

from .bodies import Chat, Turn, read_json, within
from .catalogue import Catalogue
from .conversations import Conversations
from .engines import Ask, Piece, Ticket
from .refusals import Refusal, answer
from .state import now

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MOST = 1024
"""Tokens of a reply where the request does not say."""
WAITING = 512
"""Chats under way or waiting; more are told to come back."""

_UNSUPPORTED = ("presence_penalty", "frequency_penalty", "logit_bias", "tools", "tool_choice", "functions")


class Chats:
    """The endpoint `/v1/chat/completions`."""

    def __init__(self, catalogue: Catalogue, kept: Conversations | None) -> None:
        self._catalogue = catalogue
        self._kept = kept
        self._open = 0

    async def create(self, request: Request) -> Response:
        """Answer a chat."""
        from starlette.responses import StreamingResponse

        asked = await read_json(request, Chat)
        ask = _ask(asked)
        if self._open >= WAITING:
            raise Refusal(f"{WAITING} chats are waiting already.", 429, code="too_many_requests", headers={"retry-after": "5"})
        reply = _Reply(asked, ask, self._kept)
        self._open += 1
        self._catalogue.use(asked.model, 1)
        pieces = self._pieces(asked.model, ask)
        try:
            first = await _unless_gone(request, anext(pieces))
            if first.error:
                raise first.error
            if not asked.stream:
                whole = await _unless_gone(request, reply.whole(first, pieces))
        except BaseException:
            await self._done(asked.model, pieces)
            raise
        if asked.stream:
            return StreamingResponse(self._until_done(asked.model, reply.stream(first, pieces), pieces), media_type="text/event-stream")
        await self._done(asked.model, pieces)
        return answer(whole)

    async def _pieces(self, model: str, ask: Ask) -> AsyncIterator[Piece]:
        """What the engine says; closing the iterator cancels the rest."""
        engine = await self._catalogue.engine(model)
        loop, told = asyncio.get_running_loop(), asyncio.Queue[Piece]()

        def tell(piece: Piece) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(told.put_nowait, piece)

        ticket = Ticket(ask, tell)
        engine.start(ticket)
        try:
            while True:
                piece = await told.get()
                yield piece
                if piece.last:
                    return
        finally:
            ticket.cancelled = True

    async def _until_done(self, model: str, lines: AsyncIterator[bytes], pieces: Any) -> AsyncIterator[bytes]:
        try:
            async for line in lines:
                yield line
        finally:
            await self._done(model, pieces)

    async def _done(self, model: str, pieces: Any) -> None:
        self._open -= 1
        self._catalogue.use(model, -1)
        await pieces.aclose()


class _Reply:
    """One reply in the protocol's words."""

    def __init__(self, asked: Chat, ask: Ask, kept: Conversations | None) -> None:
        self._asked = asked
        self._ask = ask
        self._kept = kept if asked.store else None
        self._head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": now(), "model": asked.model}

    async def whole(self, first: Piece, pieces: AsyncIterator[Piece]) -> dict[str, Any]:
        """All of it."""
        text, logprobs, last = "", list[dict[str, Any]](), first
        async for piece in _all(first, pieces):
            if piece.error:
                raise piece.error
            text += piece.text
            logprobs += piece.logprobs
            last = piece
        await self._keep(text)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text, "refusal": None},
            "logprobs": self._logprobs(logprobs),
            "finish_reason": last.finish,
        }
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": _usage(last)}

    async def stream(self, first: Piece, pieces: AsyncIterator[Piece]) -> AsyncIterator[bytes]:
        """Server-sent events, one a piece."""
        said = ""
        yield self._event({"role": "assistant", "content": ""})
        async for piece in _all(first, pieces):
            if piece.error:
                yield _line(piece.error.body)
                return
            said += piece.text
            if piece.text or piece.logprobs:
                yield self._event({"content": piece.text}, logprobs=piece.logprobs)
            if piece.finish:
                await self._keep(said)
                yield self._event({}, finish=piece.finish)
                if self._wants_usage:
                    yield _line({**self._head, "object": "chat.completion.chunk", "choices": [], "usage": _usage(piece)})
        yield b"data: [DONE]\n\n"

    @property
    def _wants_usage(self) -> bool:
        return bool(self._asked.stream_options and self._asked.stream_options.include_usage)

    def _event(self, delta: dict[str, Any], *, logprobs: tuple[dict[str, Any], ...] = (), finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": self._logprobs(list(logprobs)) if logprobs else None, "finish_reason": finish}
        usage = {"usage": None} if self._wants_usage else {}
        return _line({**self._head, "object": "chat.completion.chunk", "choices": [choice], **usage})

    def _logprobs(self, entries: list[dict[str, Any]]) -> dict[str, Any] | None:
        top = self._ask.top
        if top is None:
            return None
        return {"content": [{**entry, "top_logprobs": entry["top_logprobs"][:top]} for entry in entries], "refusal": None}

    async def _keep(self, text: str) -> None:
        from starlette.concurrency import run_in_threadpool

        if self._kept:
            await run_in_threadpool(self._kept.add, self._ask.messages, text, self._asked.model)


def _ask(asked: Chat) -> Ask:
    """What the engine is asked.

    Raises:
        Refusal: a value is out of its range, or asks for what is not done here.
    """
    for param in _UNSUPPORTED:
        if getattr(asked, param) not in (None, 0, {}, [], "none", "auto"):
            raise Refusal(f"{param} is not supported by this server.", param=param, code="unsupported_parameter")
    if asked.response_format and asked.response_format.type != "text":
        raise Refusal("response_format: only text is written here.", param="response_format", code="unsupported_parameter")
    if asked.n not in (None, 1):
        raise Refusal("n: one reply a request is written here.", param="n", code="unsupported_parameter")
    within(asked.temperature, 0, 2, "temperature")
    within(asked.top_p, 0, 1, "top_p")
    within(asked.seed, -(2**63), 2**63 - 1, "seed")
    within(asked.top_logprobs, 0, 20, "top_logprobs")
    if asked.top_logprobs is not None and not asked.logprobs:
        raise Refusal("top_logprobs needs logprobs to be true.", param="top_logprobs", code="invalid_value")
    limit = "max_tokens" if asked.max_completion_tokens is None else "max_completion_tokens"
    within(getattr(asked, limit), 1, 2**31 - 1, limit)
    stops = (asked.stop,) if isinstance(asked.stop, str) else tuple(asked.stop or ())
    if len(stops) > 4 or any(not 1 <= len(stop) <= 1000 for stop in stops):
        raise Refusal("stop: up to 4 texts that are not empty.", param="stop", code="invalid_value")
    return Ask(
        _messages(asked.messages),
        getattr(asked, limit) or MOST,
        1.0 if asked.temperature is None else asked.temperature,
        1.0 if asked.top_p is None else asked.top_p,
        secrets.randbits(31) if asked.seed is None else asked.seed,
        stops,
        (asked.top_logprobs or 0) if asked.logprobs else None,
    )


def _messages(turns: list[Turn]) -> tuple[Message, ...]:
    if not turns:
        raise Refusal("messages: there has to be at least one.", param="messages", code="invalid_value")
    messages = []
    for number, turn in enumerate(turns):
        if turn.content is None and not (turn.role == "assistant" and turn.tool_calls):
            raise Refusal("A message without content.", param=f"messages[{number}].content", code="invalid_value")
        fields = {**msgspec.structs.asdict(turn), "role": "system" if turn.role == "developer" else turn.role}
        message = Message(**fields)
        try:
            as_chat([message])
        except DataError as error:
            raise Refusal(f"{error}.", param=f"messages[{number}].content", code="invalid_value") from None
        messages.append(message)
    return tuple(messages)


def _usage(last: Piece) -> dict[str, int]:
    return {
        "prompt_tokens": last.prompt_tokens,
        "completion_tokens": last.completion_tokens,
        "total_tokens": last.prompt_tokens + last.completion_tokens,
    }


def _line(value: Any) -> bytes:
    return b"data: " + msgspec.json.encode(value) + b"\n\n"


async def _all(first: Piece, rest: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
    yield first
    async for piece in rest:
        yield piece


async def _unless_gone(request: Request, work: Any) -> Any:
    """What `work` gives, unless the client goes away first: then nobody is left to answer.

    Raises:
        Refusal: it went.
    """
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Refusal("The client went away.", 408, code="client_gone")
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
