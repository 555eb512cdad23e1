"""Replies from a local Hugging Face model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from augmentor.errors import BadOption, DataError
from augmentor.examples import Message
from augmentor.files import digest
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.prices import FREE, Price
from augmentor.protocols import Completion, Likelihood, Reply, Request
from augmentor_plugins.models.chat import end_tokens, for_template
from augmentor_plugins.models.loading import choose_device, load_model, load_tokenizer

from .decoding import Prompt, decode
from .reading import Reading, batches, read

_TOKENS = 8192
"""Tokens, padding included, that are read at once for their likelihood: some hundreds of MB of a small model's states and logits."""


@dataclass(frozen=True)
class Transformers:
    """Ask a local Hugging Face model: a fetched one by name, a directory, a .gguf file, or a Hugging Face name.

    A greedy reply (temperature 0) is the same on every run of the same requests; a sampled one depends on its request's seed and not on
    what else is in its batch. On a CPU all is float32.

    Attributes:
        model: which model.
        batch_size: prompts that are answered at once; more need more memory, and are faster up to about 32 on a CPU.
        device: cpu, cuda or mps; None for the best there is.
    """

    price: ClassVar[Price] = FREE

    model: str = "smollm2-135m-instruct"
    batch_size: int = 32
    device: str | None = None

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise BadOption(f"batch_size={self.batch_size}: it must be at least 1")

    @cached_property
    def identity(self) -> str:
        """The model's name, and for one on this machine the hash of its files."""
        found = resolve(self.model, plugins()["model"].names())
        return f"transformers {found.name}@{digest(found)[:16]}" if isinstance(found, Path) else f"transformers {found}"

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """The replies, a batch at a time, the longest prompts first: what fits in memory is known at once."""
        prompts: list[Prompt] = []
        for index, request in enumerate(requests):
            prompt = self._prompt(index, request)
            if isinstance(prompt, Reply):
                yield index, prompt
            else:
                prompts.append(prompt)
        prompts.sort(key=lambda prompt: (-len(prompt.tokens), prompt.index))
        tokenizer, model = self._loaded
        for start in range(0, len(prompts), self.batch_size):
            yield from decode(model, tokenizer, prompts[start : start + self.batch_size], end_tokens(model, tokenizer))

    def likelihoods(self, completions: Sequence[Completion]) -> Iterator[tuple[int, Likelihood]]:
        """How likely the model finds each text: as its answer to messages, or by itself after the token that begins a text."""
        readings: list[Reading] = []
        for index, completion in enumerate(completions):
            reading = self._reading(index, completion)
            if isinstance(reading, Likelihood):
                yield index, reading
            else:
                readings.append(reading)
        _, model = self._loaded
        for batch in batches(readings, self.batch_size, _TOKENS):
            yield from read(model, batch)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        device = choose_device(self.device)
        return load_tokenizer(self.model), load_model(self.model, device, "bfloat16" if device == "cuda" else "float32")

    def _prompt(self, index: int, request: Request) -> Prompt | Reply:
        tokens = self._templated(request.messages)
        if isinstance(tokens, str):
            return Reply(error=tokens)
        room = self._length - len(tokens)
        if room < 1:
            return Reply(error=f"the prompt has {len(tokens)} tokens; '{self.model}' reads {self._length}")
        return Prompt(index, request, tokens, min(request.max_tokens, room))

    def _reading(self, index: int, completion: Completion) -> Reading | Likelihood:
        tokenizer, _ = self._loaded
        if completion.messages:
            prompt = self._templated(completion.messages)
        else:
            start = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id
            prompt = (start,) if start is not None else f"the tokenizer of '{self.model}' knows no token that begins a text"
        if isinstance(prompt, str):
            return Likelihood(error=prompt)
        tokens = tuple(tokenizer(_encodable(completion.text), add_special_tokens=False)["input_ids"])
        if not tokens:
            return Likelihood()
        if len(prompt) + len(tokens) > self._length:
            return Likelihood(error=f"prompt and text have {len(prompt) + len(tokens)} tokens; '{self.model}' reads {self._length}")
        return Reading(index, prompt, tokens)

    @property
    def _length(self) -> int:
        return int(self._loaded[1].config.max_position_embeddings)

    def _templated(self, messages: Sequence[Message]) -> tuple[int, ...] | str:
        """Messages as tokens, ready for the answer; or why that cannot be."""
        from jinja2 import TemplateError

        tokenizer, _ = self._loaded
        try:
            text = tokenizer.apply_chat_template(for_template(messages), add_generation_prompt=True, tokenize=False)
        except (DataError, TemplateError) as error:
            return f"the chat template of '{self.model}' refuses these messages: {error}"
        return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])


def _encodable(text: str) -> str:
    """Without half surrogate pairs, which are no text to a tokenizer."""
    return text.encode("utf-8", "replace").decode()
