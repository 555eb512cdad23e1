"""A model in another form: safetensors to train on, gguf for llama.cpp."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from augmentor.errors import UsageError
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.protocols import Conversion

from .conversion_check import compare
from .conversion_gguf import write_gguf
from .loading import convert_gguf, load_model, load_tokenizer, quiet


def convert(conversion: Conversion) -> list[str]:
    """Do a conversion; sentences about what was written and how it was checked. The result is whole or not there.

    Raises:
        UsageError: there is something at `out` already, or the model is not of a kind that can be written so.
        MissingExtra: what local models need is not installed.
    """
    if conversion.out.exists():
        raise UsageError(f"{conversion.out} is there already: name another with -o, or remove it.")
    if conversion.to == "safetensors":
        return _safetensors(conversion)
    with _appearing(conversion.out) as partial:
        size = write_gguf(conversion.model, partial, conversion.numbers)
    return [f"{conversion.out}: {size / 1e6:.0f} MB, {conversion.numbers}", compare(conversion.model, conversion.out)]


def _safetensors(conversion: Conversion) -> list[str]:
    found = resolve(conversion.model, plugins()["model"].names())
    with _appearing(conversion.out) as partial:
        if isinstance(found, Path) and found.is_file():
            convert_gguf(found, partial)
        else:
            model, tokenizer = load_model(conversion.model, "cpu"), load_tokenizer(conversion.model)
            with quiet():
                model.save_pretrained(partial)
                tokenizer.save_pretrained(partial)
    return [f"{conversion.out}: safetensors in float32, tokenizer and chat template"]


@contextmanager
def _appearing(out: Path) -> Iterator[Path]:
    """A place to write that becomes `out` when all is written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    _remove(partial)
    try:
        yield partial
        partial.rename(out)
    finally:
        _remove(partial)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
