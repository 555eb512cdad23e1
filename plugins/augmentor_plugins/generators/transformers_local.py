"""Replies from a local Hugging Face model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from augmentor.errors import BadOption, DataError
from augmentor.files import digest
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.protocols import Reply, Request
from augmentor_plugins.models.chat import as_chat, end_tokens
from augmentor_plugins.models.loading import choose_device, load_model, load_tokenizer

from .decoding import Prompt, decode


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

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        device = choose_device(self.device)
        return load_tokenizer(self.model), load_model(self.model, device, "bfloat16" if device == "cuda" else "float32")

    def _prompt(self, index: int, request: Request) -> Prompt | Reply:
        from jinja2 import TemplateError

        tokenizer, model = self._loaded
        try:
            text = tokenizer.apply_chat_template(as_chat(request.messages), add_generation_prompt=True, tokenize=False)
        except (DataError, TemplateError) as error:
            return Reply(error=f"the chat template of '{self.model}' refuses these messages: {error}")
        tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
        room = int(model.config.max_position_embeddings) - len(tokens)
        if room < 1:
            return Reply(error=f"the prompt has {len(tokens)} tokens; '{self.model}' reads {model.config.max_position_embeddings}")
        return Prompt(index, request, tuple(tokens), min(request.max_tokens, room))
