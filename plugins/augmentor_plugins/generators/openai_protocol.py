"""Replies from any endpoint that speaks the OpenAI protocol: OpenAI, Azure, vLLM, Ollama, llama.cpp, Augmentor's own `serve`."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from random import Random
from threading import Semaphore
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from augmentor.errors import BadOption, GenerationError, MissingExtra
from augmentor.prices import Price, price_of
from augmentor.protocols import Reply, Request

from .gate import Gate

_OPENAI = "https://api.openai.com/v1"
_PASSING = {200, 408, 409, 425}  # statuses below 500 that another attempt may not meet; 200 is an answer that made no sense


@dataclass(frozen=True)
class OpenAI:
    """Ask a chat model behind an OpenAI-compatible endpoint.

    As many requests are under way as the endpoint takes: a 429 halves them and is waited out for as long as the endpoint says, each answer
    lets them grow again. Overload, server errors, lost connections and time-outs are tried again, waiting longer each time; what is still
    not answered then becomes that request's error.

    Attributes:
        model: the name the endpoint knows the model by.
        base_url: where the endpoint is, with its `/v1`.
        key_env: the environment variable that holds the API key. Endpoints other than OpenAI's may need none.
        concurrency: most requests under way at once.
        retries: how often a request is tried again.
        wait: seconds before it is tried again, where the endpoint does not say; doubled each time, up to half a minute.
        timeout: seconds that the endpoint may be silent.
        limit: what the endpoint calls the most tokens to write; OpenAI's newer models want `max_completion_tokens`.
    """

    model: str
    base_url: str = _OPENAI
    key_env: str = "OPENAI_API_KEY"
    concurrency: int = 8
    retries: int = 6
    wait: float = 0.5
    timeout: float = 120.0
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise BadOption(f"base_url={self.base_url!r}: it has to be an http or https address, such as http://localhost:8000/v1")
        if address.username or address.password:
            raise BadOption("base_url: an address must not hold a user or password; put the key into the variable that key_env names")
        if self.concurrency < 1 or self.retries < 0 or self.wait < 0 or self.timeout <= 0:
            raise BadOption("concurrency has to be at least 1, retries and wait at least 0, timeout more than 0")

    @property
    def identity(self) -> str:
        """The endpoint's address and the model's name."""
        return f"openai {self.base_url.rstrip('/')} {self.model}"

    @property
    def price(self) -> Price | None:
        """What the model costs, wherever it is; None where no price is known (`augmentor.prices`)."""
        return price_of(self.model)

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """The replies, as they come.

        Raises:
            MissingExtra: the openai client is not installed.
            GenerationError: OpenAI's own endpoint is asked without a key.
        """
        if importlib.util.find_spec("openai") is None:
            raise MissingExtra("The openai generator", "openai")
        import openai

        gate = Gate(self.concurrency)
        places = Semaphore(self.concurrency)  # one is free again when the caller has taken the reply: no more are ever paid and not yet kept
        with (
            openai.OpenAI(base_url=self.base_url, api_key=self._key(), timeout=self.timeout, max_retries=0) as client,
            ThreadPoolExecutor(self.concurrency, thread_name_prefix="augmentor-openai") as pool,
        ):
            waiting = {pool.submit(self._ask, client, request, gate, places, Random(index)): index for index, request in enumerate(requests)}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
                    places.release()
            finally:
                # The caller may stop early (a budget): what has not begun never does, what waits stops waiting.
                gate.close()
                places.release(self.concurrency)
                pool.shutdown(wait=False, cancel_futures=True)

    def _key(self) -> str:
        key = os.environ.get(self.key_env, "")
        if not key and self.base_url.startswith(_OPENAI):
            raise GenerationError(f"OpenAI's endpoint needs an API key: set the environment variable {self.key_env}.")
        return key or "none"

    def _ask(self, client: Any, request: Request, gate: Gate, places: Semaphore, rng: Random) -> Reply:
        """The reply to one request. While a busy endpoint goes on answering others, being told to wait is no failed attempt."""
        import openai

        places.acquire()
        problem, attempts, lost, answers = "", 0, 0, -1
        while attempts <= self.retries:
            if not gate.enter():
                return Reply(error="not asked: the caller stopped", lost=lost)
            try:
                reply = _reply(client.chat.completions.create(**self._body(request)))
            except openai.RateLimitError as error:
                problem = self._told(error)
                attempts += gate.answers == answers or answers < 0
                answers = gate.answers
                gate.leave(held=_retry_after(error) or self._backoff(attempts, rng))
                if error.code == "insufficient_quota":
                    return Reply(error=problem, lost=lost)
            except (openai.OpenAIError, ValueError) as error:
                problem = self._told(error)
                gate.leave()
                status = getattr(error, "status_code", None)
                if status is not None and status not in _PASSING and status < 500:
                    return Reply(error=problem, lost=lost)
                attempts += 1
                lost += status in {None, 200} and not _unsent(error)
                if attempts <= self.retries:
                    gate.wait(_retry_after(error) or self._backoff(attempts, rng))
            else:
                gate.leave(answered=True)
                return replace(reply, lost=lost)
        return Reply(error=f"{problem} (tried {attempts} times)", lost=lost)

    def _body(self, request: Request) -> dict[str, Any]:
        messages = [
            {key: value for key, value in msgspec.to_builtins(message).items() if key not in {"weight", "extra"}}
            for message in request.messages
        ]
        sampled = {"seed": request.seed} if request.temperature else {}
        stops = {"stop": list(request.stop)} if request.stop else {}
        return {
            "model": self.model,
            "messages": messages,
            self.limit: request.max_tokens,
            "temperature": request.temperature,
            **sampled,
            **stops,
        }

    def _backoff(self, attempts: int, rng: Random) -> float:
        """Seconds to wait after so many attempts, and up to as much again, so that clients do not come back together."""
        return float(min(self.wait * 2 ** max(attempts - 1, 0), 30.0)) * rng.uniform(1.0, 2.0)

    def _told(self, error: Exception) -> str:
        """The error in one line, without the key."""
        text = " ".join(f"{type(error).__name__}: {error}".split())
        key = os.environ.get(self.key_env, "")
        return (text.replace(key, "(key)") if key else text)[:500]


def _reply(completion: Any) -> Reply:
    """The reply in an answer. Raises `ValueError` for an answer of another shape."""
    try:
        choice, usage = completion.choices[0], completion.usage
        if choice.message.content is None and getattr(choice.message, "refusal", None):
            return Reply(error=f"refused: {choice.message.refusal}")
        return Reply(
            (choice.message.content or "").strip(),
            prompt_tokens=(usage.prompt_tokens or 0) if usage else 0,
            completion_tokens=(usage.completion_tokens or 0) if usage else 0,
            finish=choice.finish_reason or "stop",
        )
    except (AttributeError, IndexError, TypeError):
        raise ValueError("the endpoint's answer holds no chat completion") from None


def _unsent(error: Exception) -> bool:
    """Whether the request never reached the endpoint, so that nobody can charge for it."""
    return type(error.__cause__).__name__ in {"ConnectError", "ConnectTimeout", "PoolTimeout"}  # of whichever httpx the client brings


def _retry_after(error: Exception) -> float:
    """Seconds the endpoint asks to wait, at most ten minutes; 0 where it does not say. A number of seconds, of milliseconds, or a date."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    said, precise = headers.get("retry-after", ""), headers.get("retry-after-ms", "")
    try:
        seconds = float(precise) / 1000 if precise else float(said or 0)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(max(seconds, 0.0), 600.0) if seconds == seconds else 0.0  # noqa: PLR0124 - not a number is not equal to itself
