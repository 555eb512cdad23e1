"""Length ratio: whether the answer is about as long as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor_evaluation.words import words


@dataclass(frozen=True)
class LengthRatio:
    """The shorter of answer and reference over the longer, in words: 1 when they are equally long, towards 0 for rambling and for cut-off answers alike."""

    name: ClassVar[str] = "length_ratio"
    title: ClassVar[str] = "Length ratio"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [length_ratio(len(words(prediction)), len(words(reference))) for prediction, reference in zip(predictions, references, strict=True)]


def length_ratio(left: int, right: int) -> float:
    """The smaller over the larger; 1 for two empty texts."""
    return min(left, right) / max(left, right) if left or right else 1.0
