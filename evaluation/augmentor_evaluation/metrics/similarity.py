"""Similarity: whether the answer is about what the reference is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .vectors import cosines, encode


@dataclass(frozen=True)
class Similarity:
    """The cosine of an encoder's vectors of answer and reference: 0 for nothing alike, 1 for the same meaning to that encoder.

    It forgives other words where overlap metrics do not. It is blind to negation: "I can" and "I can't" are much alike.

    Attributes:
        encoder: which encoder; the default needs the extra `encoder` and no network.
    """

    encoder: str = "static"
    name: ClassVar[str] = "similarity"
    title: ClassVar[str] = "Similarity"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = list(zip(predictions, references, strict=True))
        if not pairs:
            return []
        vectors = encode(self.encoder, [*predictions, *references])
        similar = cosines(vectors[: len(pairs)], vectors[len(pairs) :]).tolist()
        return [1.0 if left == right else value for (left, right), value in zip(pairs, similar, strict=True)]
