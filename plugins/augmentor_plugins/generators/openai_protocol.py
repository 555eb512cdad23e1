"""Replies from any endpoint that speaks the OpenAI protocol: OpenAI, Azure, vLLM, Ollama, llama.cpp, Augmentor's own `serve`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from augmentor.errors import BadOption, GenerationError, MissingExtra
from augmentor.protocols import Reply, Request

from .gate import Gate

_OPENAI = "https://api.openai.com/v1"


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
        timeout: seconds until an answer has to be there.
        limit: what the endpoint calls the most tokens to write; OpenAI's newer models want `max_completion_tokens`.
    """

    model: str
    base_url: str = _OPENAI
    key_env: str = "OPENAI_API_KEY"
    concurrency: int = 8
    retries: int = 5
    timeout: float = 120.0
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise BadOption(f"base_url={self.base_url!r}: it has to be an http or https address, such as http://localhost:8000/v1")
        if address.username or address.password:
            raise BadOption("base_url: an address must not hold a user or password; put the key into the variable that key_env names")
        if self.concurrency < 1 or self.retries < 0 or self.timeout <= 0:
            raise BadOption("concurrency has to be at least 1, retries at least 0, timeout more than 0")

    @property
    def identity(self) -> str:
        """The endpoint's address and the model's name."""
        return f"openai {self.base_url.rstrip('/')} {self.model}"

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
        with (
            openai.OpenAI(base_url=self.base_url, api_key=self._key(), timeout=self.timeout, max_retries=0) as client,
            ThreadPoolExecutor(self.concurrency, thread_name_prefix="augmentor-openai") as pool,
        ):
            waiting = {pool.submit(self._ask, client, request, gate, Random(index)): index for index, request in enumerate(requests)}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
            finally:
                # The caller may stop early (a budget): what has not begun never does, what waits stops waiting.
                gate.close()
                pool.shutdown(wait=False, cancel_futures=True)

    def _key(self) -> str:
        key = os.environ.get(self.key_env, "")
        if not key and self.base_url.startswith(_OPENAI):
            raise GenerationError(f"OpenAI's endpoint needs an API key: set the environment variable {self.key_env}.")
        return key or "none"

    def _ask(self, client: Any, request: Request, gate: Gate, rng: Random) -> Reply:
        import openai

        problem = ""
        for attempt in range(self.retries + 1):
            if not gate.enter():
                return Reply(error="not asked: the caller stopped")
            try:
                reply = _reply(client.chat.completions.create(**self._body(request)))
            except openai.RateLimitError as error:
                problem = self._told(error)
                gate.leave(held=_retry_after(error) or _backoff(attempt, rng))
                if error.code == "insufficient_quota":
                    return Reply(error=problem)
            except (openai.APIConnectionError, openai.InternalServerError, openai.APIResponseValidationError, ValueError) as error:
                problem = self._told(error)
                gate.leave()
                if attempt < self.retries:
                    gate.wait(_retry_after(error) or _backoff(attempt, rng))
            except openai.OpenAIError as error:
                gate.leave()
                return Reply(error=self._told(error))
            else:
                gate.leave(answered=True)
                return reply
        return Reply(error=f"{problem} (tried {self.retries + 1} times)")

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

    def _told(self, error: Exception) -> str:
        """The error in one line, without the key."""
        text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        key = os.environ.get(self.key_env, "")
        return text.replace(key, "(key)") if key else text


def _reply(completion: Any) -> Reply:
    if not getattr(completion, "choices", None):
        raise ValueError("the endpoint's answer holds no choices")
    choice, usage = completion.choices[0], completion.usage
    if choice.message.content is None and getattr(choice.message, "refusal", None):
        return Reply(error=f"refused: {choice.message.refusal}")
    return Reply(
        (choice.message.content or "").strip(),
        prompt_tokens=usage.prompt_tokens if usage else 0,
        completion_tokens=usage.completion_tokens if usage else 0,
        finish=choice.finish_reason or "stop",
    )


def _retry_after(error: Exception) -> float:
    """Seconds the endpoint asks to wait, at most ten minutes; 0 where it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return min(max(float(headers.get("retry-after", 0)), 0.0), 600.0)
    except ValueError:
        return 0.0  # a date: rare, and our own waiting does


def _backoff(attempt: int, rng: Random) -> float:
    """Half a second, doubled each time up to half a minute, and up to as much again, so that clients do not come back together."""
    return float(min(0.5 * 2**attempt, 30.0)) * rng.uniform(1.0, 2.0)
