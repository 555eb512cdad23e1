"""Exact match: whether the answer is the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .normal import normal


@dataclass(frozen=True)
class ExactMatch:
    """1 when the answer says exactly what the reference says, else 0. Case, punctuation and white space do not count, unless `strict`."""

    strict: bool = False
    name: ClassVar[str] = "exact_match"
    title: ClassVar[str] = "Exact match"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [exact_match(prediction, reference, strict=self.strict) for prediction, reference in zip(predictions, references, strict=True)]


def exact_match(prediction: str, reference: str, *, strict: bool = False) -> float:
    """1.0 or 0.0."""
    return float(prediction == reference or (not strict and normal(prediction) == normal(reference)))
