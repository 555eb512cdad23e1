"""Chats answered by llama.cpp."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

from augmentor.errors import GenerationError, MissingExtra
from augmentor_plugins.generators.llamacpp import LlamaCpp
from augmentor_plugins.models.chat import as_chat

from .engines import Piece, Ticket, too_long, unloaded
from .refusals import Refusal


class Llama:
    """An engine on a gguf file: as many chats at once as llama.cpp has slots, a thread each. `key` opens llama.cpp's own port."""

    def __init__(self, model: str, parallel: int, context: int) -> None:
        self.context = context
        self.key = secrets.token_hex(16)
        self._server = _load(LlamaCpp(model=model, parallel=parallel, context=context)._file, parallel, context, self.key)
        self._closed = Event()
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="augmentor-serve-llama")

    def start(self, ticket: Ticket) -> None:
        self._pool.submit(self._answer, ticket)

    def close(self) -> None:
        self._closed.set()
        self._pool.shutdown(wait=False)

    def _answer(self, ticket: Ticket) -> None:
        if ticket.cancelled:
            return
        if self._closed.is_set():
            ticket.tell(Piece(error=unloaded()))
            return
        reader = _Reader(ticket, self.context, self._closed)
        try:
            answered = self._server.handle_chat_completions(_body(ticket), reader.hear)
        except Exception as error:  # the library raises its own kinds; the client has to hear of all
            answered = {"error": {"message": str(error)}}
        if isinstance(answered, dict):
            reader.hear(answered)
        if not reader.over and not ticket.cancelled:
            ticket.tell(Piece(error=Refusal("llama.cpp ended without an answer.", 500, code="internal_error")))


class _Reader:
    """Makes pieces of llama.cpp's chunks. Their usage comes after the finish, so the last piece waits for it."""

    def __init__(self, ticket: Ticket, context: int, closed: Event) -> None:
        self._ticket = ticket
        self._closed = closed
        self._context = context
        self._finish: str | None = None
        self.over = False

    def hear(self, chunk: Mapping[str, Any]) -> bool:
        """Take a chunk; True tells llama.cpp to stop."""
        if self._ticket.cancelled or self.over:
            return True
        if self._closed.is_set():
            self._end(Piece(error=unloaded()))
            return True
        if "error" in chunk:
            self._end(Piece(error=self._refusal(chunk["error"])))
            return True
        for choice in chunk.get("choices", ()):
            self._finish = choice.get("finish_reason") or self._finish
            delta = choice.get("delta") or choice.get("message") or {}
            told = tuple(map(_logprob, (choice.get("logprobs") or {}).get("content") or ()))
            if delta.get("content") or told:
                self._ticket.tell(Piece(delta.get("content") or "", told))
        if usage := chunk.get("usage"):
            self._end(Piece("", (), self._finish or "stop", usage["prompt_tokens"], usage["completion_tokens"]))
        return False

    def _end(self, piece: Piece) -> None:
        self.over = True
        self._ticket.tell(piece)

    def _refusal(self, error: Mapping[str, Any]) -> Refusal:
        if "n_prompt_tokens" in error or error.get("type") == "exceed_context_size_error":
            return too_long(f"{error.get('n_prompt_tokens', 'too many')} tokens", self._context)
        return Refusal(f"llama.cpp refuses these messages: {str(error.get('message', error))[:500]}", param="messages", code="invalid_messages")


def _load(file: Path, parallel: int, context: int, key: str) -> Any:
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingExtra("Answering with llama.cpp", "llamacpp")
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(file)
    settings.n_parallel = parallel
    settings.n_ctx = context * parallel
    # More threads than idle cores are far slower than fewer; PyTorch goes by the same variable.
    threads = os.environ.get("OMP_NUM_THREADS", "")
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = int(threads) if threads.isdigit() else os.cpu_count() or 1
    settings.verbosity = 1  # errors; by itself it tells the terminal of each chat
    # It also listens on a port of this machine, which nobody is told; a key keeps browsers and neighbours out.
    settings.api_keys = [key]
    try:
        return xllamacpp.Server(settings)
    except RuntimeError as error:
        raise GenerationError(f"llama.cpp cannot load {file.name}: {error}") from error


def _body(ticket: Ticket) -> dict[str, Any]:
    ask = ticket.ask
    body: dict[str, Any] = {
        "messages": as_chat(ask.messages),
        "max_tokens": ask.most,
        "temperature": ask.temperature,
        "seed": ask.seed % 2**32,
        "stream": True,
        "stream_options": {"include_usage": True},
        # Without it a reply would depend on what its slot answered before.
        "cache_prompt": False,
    }
    if ask.stop:
        body["stop"] = list(ask.stop)
    if ask.temperature > 0:
        # Plain sampling, as the protocol means it: llama.cpp's own defaults cut and penalise.
        body |= {"top_k": 0, "top_p": ask.top_p, "min_p": 0.0}
    if ask.top is not None:
        body |= {"logprobs": True, "top_logprobs": max(ask.top, 1)}
    return body


def _logprob(entry: Mapping[str, Any]) -> dict[str, Any]:
    named = {key: entry[key] for key in ("token", "logprob", "bytes")}
    likelier = [{key: other[key] for key in ("token", "logprob", "bytes")} for other in entry.get("top_logprobs", ())]
    return {**named, "top_logprobs": likelier}
