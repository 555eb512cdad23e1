"""Sentence vectors from a table of token vectors: no network, no model to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING, Any

from augmentor.errors import MissingExtra

if TYPE_CHECKING:
    import numpy as np

_TABLE = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"


@dataclass(frozen=True)
class Static:
    """Embed texts as the mean of static token vectors: 256 numbers, about 10,000 texts a second on one core, offline.

    The vectors are those that the package wordllama carries (MIT); only its two data files are read. Good for finding what is
    about the same topic; blind to word order and negation.

    Attributes:
        max_tokens: how much of a text is read.
    """

    max_tokens: int = 512

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, not {self.max_tokens}")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np

        tokenizer, table = _files()
        vectors = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
        # Lone surrogates are no text to the tokenizer.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        for row, encoding in enumerate(tokenizer.encode_batch(clean, add_special_tokens=False)):
            tokens = encoding.ids[: self.max_tokens]
            if tokens and clean[row].strip():
                mean = table[tokens].mean(axis=0)
                length = float(np.sqrt((mean * mean).sum()))
                if length:
                    vectors[row] = mean / length
        return vectors


@cache
def _files() -> tuple[Any, np.ndarray]:
    """The tokenizer and the table, read once a process."""
    import numpy as np

    try:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        package = distribution("wordllama")
    except (ImportError, PackageNotFoundError):
        raise MissingExtra("the encoder 'static'", "encoder") from None
    table = load_file(str(package.locate_file(_TABLE)))
    (weights,) = table.values()
    return Tokenizer.from_file(str(package.locate_file(_TOKENIZER))), weights.astype(np.float32)
