"""Compression ratio: how much of an answer is said again."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CompressionRatio:
    """The size of an answer over its size compressed (DEFLATE): about 1 for a plain sentence, far above for one that runs in circles. Lower is more varied.

    A text's length matters to it, so compare arms whose answers are of like length. After Shaib and others, *Standardizing the
    Measurement of Text Diversity* (2024), for each answer by itself. Not defined for empty answers.
    """

    name: ClassVar[str] = "compression_ratio"
    title: ClassVar[str] = "Compression ratio"
    unit: ClassVar[str] = "size over compressed size"
    higher_is_better: ClassVar[bool] = False

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [compression_ratio(prediction) for prediction, _ in zip(predictions, references, strict=True)]


def compression_ratio(text: str) -> float:
    """Bytes over compressed bytes; NaN for an empty text."""
    plain = text.encode("utf-8", "replace")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)  # without header and checksum, which would rule short texts
    return len(plain) / len(packer.compress(plain) + packer.flush()) if plain else float("nan")
