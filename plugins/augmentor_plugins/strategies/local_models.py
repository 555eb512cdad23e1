"""Local transformers models that strategies use, loaded once a process."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from ..models.loading import _loading, _source, choose_device, require


@cache
def load(reference: str, kind: Literal["Seq2SeqLM", "MaskedLM"]) -> tuple[Any, Any]:
    """The tokenizer and the model of a directory or a name, ready to be asked. Weights are read from safetensors only.

    Raises:
        MissingExtra: transformers is not installed.
        GenerationError: there is no such model, or it is of another kind.
    """
    require("torch", "transformers")
    import transformers

    source = _source(reference)
    with _loading(reference):
        tokenizer = transformers.AutoTokenizer.from_pretrained(**source)
        model = getattr(transformers, f"AutoModelFor{kind}").from_pretrained(**source, use_safetensors=True)
    return tokenizer, model.eval().to(choose_device(None))


@cache
def marks_spaces(reference: str) -> bool:
    """Whether a masked language model's tokens carry the space before a word (byte-level and SentencePiece vocabularies)."""
    return any(token[:1] in {"\u0120", "\u2581"} for token in load(reference, "MaskedLM")[0].get_vocab())
