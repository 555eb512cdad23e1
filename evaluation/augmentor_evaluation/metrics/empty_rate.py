"""Empty rate: how often there is no answer at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class EmptyRate:
    """1 when the answer holds no letter, digit or symbol (white space and punctuation are no answer), else 0. Lower is better."""

    name: ClassVar[str] = "empty_rate"
    title: ClassVar[str] = "Empty answers"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [float(is_empty(prediction) and not is_empty(reference)) for prediction, reference in zip(predictions, references, strict=True)]


def is_empty(text: str) -> bool:
    """Whether a text says nothing."""
    return all(unicodedata.category(letter)[0] in "PZC" for letter in text)
