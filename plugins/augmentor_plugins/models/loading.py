"""Load a local causal language model and its tokenizer, whatever the reference is; never code from a repository, never a pickle."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from augmentor.errors import GenerationError, MissingExtra
from augmentor.models import resolve
from augmentor.plugins import plugins

from .linear import accelerate


def require(*packages: str) -> None:
    """Insist that what local models need is installed.

    Raises:
        MissingExtra: one of the packages is not there.
    """
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(f"A local model ({package})", "local")


def choose_device(device: str | None) -> str:
    """The device named, or the best there is: `cuda`, then `mps`, then `cpu`."""
    import torch

    if device:
        return device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def load_tokenizer(reference: str) -> Any:
    """The tokenizer of a model, with a padding token.

    Raises:
        MissingExtra: transformers is not installed.
        GenerationError: there is no tokenizer, or it knows no chat template.
    """
    require("torch", "transformers")
    from transformers import AutoTokenizer

    source = _source(reference)
    with _loading(reference):
        tokenizer = AutoTokenizer.from_pretrained(**source)
    if not tokenizer.chat_template:
        raise GenerationError(
            f"The model '{reference}' has no chat template, so it cannot be given a chat. Choose an instruction-tuned model."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(reference: str, device: str, dtype: str = "float32") -> Any:
    """The weights of a model, in evaluation mode on `device`.

    Raises:
        MissingExtra: transformers is not installed.
        GenerationError: there is no model of that name, or its weights cannot be read.
    """
    require("torch", "transformers")
    import torch
    from transformers import AutoModelForCausalLM, GgufConfig

    source = _source(reference)
    if "gguf_file" in source:
        require("gguf")
        source["quantization_config"] = GgufConfig(dequantize=True)
    else:
        source["use_safetensors"] = True
    with _loading(reference):
        model = AutoModelForCausalLM.from_pretrained(**source, dtype=getattr(torch, dtype))
    model = model.to(device).eval()
    accelerate(model)
    return model


def context_length(reference: str) -> int | None:
    """How many tokens a model reads, by its configuration; None where that does not say.

    Raises:
        MissingExtra: transformers is not installed.
        GenerationError: there is no model of that name.
    """
    require("torch", "transformers")
    from transformers import AutoConfig

    with _loading(reference):
        config = AutoConfig.from_pretrained(**_source(reference))
    length = getattr(config, "max_position_embeddings", None)
    return int(length) if length else None


def convert_gguf(gguf: Path, into: Path) -> None:
    """Write a gguf file's weights as a Hugging Face directory: 32-bit safetensors, tokenizer, chat template."""
    tokenizer = load_tokenizer(str(gguf))
    model = load_model(str(gguf), "cpu")
    model.config._name_or_path = gguf.stem
    with quiet():
        model.save_pretrained(into)
        tokenizer.save_pretrained(into)


def _source(reference: str) -> dict[str, Any]:
    found = resolve(reference, plugins()["model"].names())
    safe: dict[str, Any] = {"trust_remote_code": False}
    if isinstance(found, Path) and found.is_file():
        return {"pretrained_model_name_or_path": str(found.parent), "gguf_file": found.name, **safe}
    return {"pretrained_model_name_or_path": str(found), **safe}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the progress bars of Transformers off the screen."""
    from transformers.utils import logging as chatter

    had_bars = chatter.is_progress_bar_enabled()
    chatter.disable_progress_bar()
    try:
        yield
    finally:
        if had_bars:
            chatter.enable_progress_bar()


@contextmanager
def _loading(reference: str) -> Iterator[None]:
    """Say in our words what kept a model from loading."""
    try:
        with quiet():
            yield
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise GenerationError(
            f"The model '{reference}' cannot be loaded: {reason} "
            "Name a directory with config.json and *.safetensors, a .gguf file, a fetched model (`augmentor models list`), "
            "or a Hugging Face model that this machine can reach."
        ) from error
