"""Distinct-n: how varied an answer's words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor_evaluation.words import words


@dataclass(frozen=True)
class DistinctN:
    """The share of an answer's sequences of `n` words that are different from one another: 1 when nothing returns. Not defined for answers of fewer words.

    Li and others, *A Diversity-Promoting Objective Function for Neural Conversation Models* (2016), for each answer by itself.
    """

    n: int = 2
    name: ClassVar[str] = "distinct_n"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"n counts words and must be at least 1, not {self.n}")

    @property
    def title(self) -> str:
        return f"Distinct-{self.n}"

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [distinct_n(words(prediction), self.n) for prediction, _ in zip(predictions, references, strict=True)]


def distinct_n(tokens: Sequence[str], n: int) -> float:
    """Distinct over all runs of `n` tokens; NaN where there is no run."""
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return len(set(runs)) / len(runs) if runs else float("nan")
