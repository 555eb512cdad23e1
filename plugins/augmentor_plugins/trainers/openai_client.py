"""An endpoint that speaks the OpenAI protocol, and patience with it."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from augmentor.errors import MissingExtra, TrainingError

if TYPE_CHECKING:
    import openai

OPENAI = "https://api.openai.com/v1"
T = TypeVar("T")


class Lost(Exception):
    """A request that may have been acted on: no answer came, or none that could be read."""


class Refused(Exception):
    """A request that was not acted on; `wait` is how many seconds to wait before asking again, None where asking again is of no use."""

    def __init__(self, told: str, wait: float | None) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(frozen=True)
class Endpoint:
    """Where jobs are sent. The key itself is read from the environment when it is needed, and is nowhere else."""

    base_url: str
    api_version: str | None = None
    key_env: str = "OPENAI_API_KEY"
    timeout: float = 120.0
    patience: float = 3600.0

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return urlsplit(self.base_url).hostname in {"localhost", "127.0.0.1", "::1"}

    def client(self) -> openai.OpenAI:
        """The official client, which tries nothing again by itself.

        Raises:
            MissingExtra: it is not installed.
            TrainingError: OpenAI's or Azure's own endpoint is asked without a key.
        """
        if importlib.util.find_spec("openai") is None:
            raise MissingExtra("The openai trainer", "openai")
        import openai

        key = os.environ.get(self.key_env, "")
        if not key and (self.base_url.startswith(OPENAI) or self.api_version):
            raise TrainingError(f"{self.base_url} needs an API key: set the environment variable {self.key_env}.")
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=key or "none",
            timeout=self.timeout,
            max_retries=0,
            default_query={"api-version": self.api_version} if self.api_version else None,
            default_headers={"api-key": key} if self.api_version else None,
        )

    def once(self, ask: Callable[[], T], *, has: str = "id") -> T:
        """Ask once; the answer must have the attribute `has`.

        Raises:
            Refused: the endpoint said no.
            Lost: nobody can know whether it acted.
        """
        import openai

        try:
            answer = ask()
        except openai.APIStatusError as error:
            if error.status_code >= 500 or error.status_code in {408, 409}:
                raise Lost(self._told(error)) from None
            busy = error.status_code == 429 and error.code != "insufficient_quota"
            raise Refused(self._told(error), _retry_after(error) if busy else None) from None
        except (openai.APIError, ValueError, OSError, AttributeError) as error:
            # An AttributeError is how the client stumbles over a list that is no JSON.
            raise Lost(self._told(error)) from None
        if getattr(answer, has, None) is None:
            raise Lost(f"the answer has no '{has}': is {self.base_url} an endpoint of the OpenAI protocol?")
        return answer

    def patiently(self, ask: Callable[[], T], *, has: str = "id") -> T:
        """Ask something that may be asked twice, again and again until there is an answer.

        Raises:
            TrainingError: the endpoint said no, or there was no answer for `patience` seconds.
        """
        waiting = Waiting(self.patience)
        while True:
            try:
                return self.once(ask, has=has)
            except Refused as error:
                if error.wait is None:
                    raise TrainingError(f"{self.base_url} refused: {error}") from None
                waiting.after(error, error.wait)
            except Lost as error:
                waiting.after(error)

    def listed(self, ask: Callable[[], Iterable[T]]) -> list[T]:
        """All that a list holds, its pages asked for patiently."""

        def everything() -> list[T]:
            items = list(ask())
            if any(not hasattr(item, "id") for item in items):
                raise ValueError("the answer is no list")
            return items

        return self.patiently(everything, has="__len__")

    def _told(self, error: Exception) -> str:
        """The error in one line, without the key."""
        text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        key = os.environ.get(self.key_env, "")
        return text.replace(key, "(key)") if key else text


class Waiting:
    """Longer and longer waits between attempts, for `patience` seconds in all."""

    def __init__(self, patience: float) -> None:
        self._until = time.monotonic() + patience
        self._patience = patience
        self._attempt = 0
        self._rng = Random()

    def after(self, error: Exception, asked: float = 0.0) -> None:
        """Wait as long as the endpoint asked for, or half a second, doubled each time up to a minute, and up to as much again.

        Raises:
            TrainingError: there is no patience left; it says what happened last.
        """
        if self._attempt == 3:
            click.echo(f"No answer yet: {error}. Trying again for {self._patience:.0f} seconds.", err=True)
        pause = asked or min(0.5 * 2**self._attempt, 60.0) * self._rng.uniform(1.0, 2.0)
        self._attempt += 1
        if time.monotonic() + pause > self._until:
            raise TrainingError(
                f"No answer for {self._patience:.0f} seconds, the last time because of {error}. The same command goes on."
            ) from None
        time.sleep(pause)


def _retry_after(error: Any) -> float:
    """Seconds that the endpoint asks to wait, at most ten minutes; 0 where it does not say."""
    try:
        return min(max(float(error.response.headers.get("retry-after", 0)), 0.0), 600.0)
    except ValueError:
        return 0.0  # a date: rare, and our own waiting does
