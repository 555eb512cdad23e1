"""Replies from a gguf model through llama.cpp: quantised, and on a CPU several times faster than float32."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from augmentor.errors import BadOption, DataError, GenerationError, MissingExtra
from augmentor.files import digest
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.prices import FREE, Price
from augmentor.protocols import Reply, Request
from augmentor_plugins.models.chat import as_chat


@dataclass(frozen=True)
class LlamaCpp:
    """Ask a gguf model through llama.cpp.

    Attributes:
        model: a .gguf file, a directory that holds one, or a fetched model that comes with one.
        parallel: requests answered at once.
        context: most tokens of a prompt and its reply together.
        threads: None for one a core; more than there are idle cores is much slower.
    """

    price: ClassVar[Price] = FREE

    model: str = "smollm2-135m-instruct"
    parallel: int = 8
    context: int = 1024
    threads: int | None = None

    def __post_init__(self) -> None:
        if min(self.parallel, self.context, self.threads or 1) < 1:
            raise BadOption("parallel, context and threads have to be at least 1")

    @cached_property
    def identity(self) -> str:
        """The file's name and the hash of its bytes."""
        return f"llama.cpp {self._file.name}@{digest(self._file)[:16]}"

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """The replies, as they come.

        Raises:
            MissingExtra: xllamacpp is not installed.
            GenerationError: there is no gguf file, or llama.cpp cannot read it.
        """
        server = self._server
        with ThreadPoolExecutor(self.parallel, thread_name_prefix="augmentor-llamacpp") as pool:
            waiting = {pool.submit(_ask, server, request): index for index, request in enumerate(requests)}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    @cached_property
    def _file(self) -> Path:
        found = resolve(self.model, plugins()["model"].names())
        files = [found] if isinstance(found, Path) and found.is_file() else sorted(Path(found).glob("*.gguf"))
        if len(files) != 1:
            raise GenerationError(f"The model '{self.model}' comes with {len(files)} gguf files where llama.cpp needs one: name the file.")
        return files[0]

    @cached_property
    def _server(self) -> Any:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingExtra("The llamacpp generator", "llamacpp")
        import xllamacpp

        settings = xllamacpp.CommonParams()
        settings.verbosity = 1  # errors; by itself it tells the terminal of each request
        settings.model.path = str(self._file)
        settings.n_parallel = self.parallel
        settings.n_ctx = self.context * self.parallel
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = self.threads or os.cpu_count() or 1
        # It also listens on a port of this machine, which nobody is told; a key keeps browsers and neighbours out.
        settings.api_keys = [secrets.token_hex(16)]
        try:
            return xllamacpp.Server(settings)
        except RuntimeError as error:
            raise GenerationError(f"llama.cpp cannot load {self._file.name}: {error}") from error


def _ask(server: Any, request: Request) -> Reply:
    try:
        chat = as_chat(request.messages)
    except DataError as error:
        return Reply(error=str(error))
    body: dict[str, Any] = {
        "messages": chat,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed % 2**32,
        # Without it a reply would depend on what its slot answered before.
        "cache_prompt": False,
    }
    if request.stop:
        body["stop"] = list(request.stop)
    if request.temperature > 0:
        # Plain sampling, as the other generators do: llama.cpp's own defaults cut and penalise.
        body |= {"top_k": 0, "top_p": 1.0, "min_p": 0.0}
    answer = server.handle_chat_completions(body)
    if "error" in answer:
        return Reply(error=f"llama.cpp: {answer['error'].get('message', answer['error'])}")
    choice, usage = answer["choices"][0], answer["usage"]
    return Reply(
        (choice["message"].get("content") or "").strip(),
        prompt_tokens=usage["prompt_tokens"],
        completion_tokens=usage["completion_tokens"],
        finish=choice["finish_reason"],
    )
