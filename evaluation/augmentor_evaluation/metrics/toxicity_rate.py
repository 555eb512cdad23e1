"""Toxicity of answers, as the filter of that name sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .filtered import filter_scores


@dataclass(frozen=True)
class ToxicityRate:
    """How abusive an answer is by the filter `toxicity`: 0 not at all, 0.33 swears, 0.67 insults, 1 threatens, uses slurs or attacks a group. English. Lower is better.

    Attributes:
        filter: another filter that scores so may be named, with its options.
    """

    filter: str = "toxicity"
    name: ClassVar[str] = "toxicity_rate"
    title: ClassVar[str] = "Toxicity of answers"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [score for score, _ in zip(filter_scores(self.filter, predictions), references, strict=True)]
