"""Who answers a chat: what an engine is asked, what it says, and which one a model gets."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from augmentor.errors import UsageError
from augmentor.examples import Message
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.protocols import ServeSettings

from .refusals import Refusal


@dataclass(frozen=True)
class Ask:
    """A chat to answer. `temperature` 0 is greedy; `top` is how many likelier tokens to name with each, None for no log-probabilities."""

    messages: tuple[Message, ...]
    most: int
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    top: int | None = None

    @property
    def characters(self) -> int:
        """How much there is to read."""
        return sum(len(message.text) for message in self.messages)


@dataclass(frozen=True)
class Piece:
    """Some of a reply. The last piece has a `finish`; what cannot be answered is one piece with an `error`.

    `logprobs` is in the protocol's form: token, logprob, bytes, top_logprobs.
    """

    text: str = ""
    logprobs: tuple[dict[str, Any], ...] = ()
    finish: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: Refusal | None = None

    @property
    def last(self) -> bool:
        """Whether nothing comes after it."""
        return self.finish is not None or self.error is not None


@dataclass
class Ticket:
    """A chat that waits or is being answered; `tell` is given each piece, from a thread of the engine's."""

    ask: Ask
    tell: Callable[[Piece], None]
    cancelled: bool = False


class Engine(Protocol):
    """A loaded model. Chats beyond those it answers at once wait, first come, first served."""

    @property
    def context(self) -> int:
        """Most tokens of a chat and its reply together."""

    def start(self, ticket: Ticket) -> None:
        """Begin to answer, or to wait; returns at once. Cancelling a ticket ends it soon, without a last piece."""

    def close(self) -> None:
        """Stop answering, and give the memory back."""


def engine_for(reference: str, settings: ServeSettings) -> Engine:
    """Load a model: with llama.cpp where there is a gguf file, else with Transformers.

    Raises:
        UsageError: llama.cpp was asked for and there is no gguf file.
        MissingExtra, GenerationError: see the two.
    """
    from .continuous import Continuous
    from .llama import Llama

    found = resolve(reference, plugins()["model"].names())
    has_gguf = isinstance(found, Path) and (found.is_file() or len(list(found.glob("*.gguf"))) == 1)
    if settings.engine == "llamacpp" and not has_gguf and reference == settings.model:
        raise UsageError(f"The model '{reference}' comes with no gguf file. Make one with: augmentor models convert {reference} -o FILE.gguf")
    # A tuned model has no gguf file, whatever the base is answered with.
    if has_gguf and settings.engine != "transformers" and (settings.engine == "llamacpp" or importlib.util.find_spec("xllamacpp")):
        return Llama(reference, settings.parallel, settings.context)
    return Continuous(reference, settings.parallel)


def too_long(read: str, context: int) -> Refusal:
    """The answer to a chat that the model cannot read."""
    return Refusal(f"The chat has {read}; this model reads {context} tokens.", param="messages", code="context_length_exceeded")


def unloaded() -> Refusal:
    """The answer to a chat whose model goes away."""
    return Refusal("The model was deleted, or the server is stopping.", 503, code="model_not_loaded")
