"""Repetition rate: how often a model runs in circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor_evaluation.words import words


@dataclass(frozen=True)
class RepetitionRate:
    """1 when the answer says the same words `times` over, one after the other, or the same sequence of `n` words that often anywhere, else 0. Lower is better.

    A reference that does the same excuses it.
    """

    n: int = 4
    times: int = 3
    name: ClassVar[str] = "repetition_rate"
    title: ClassVar[str] = "Repetitive answers"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.n < 1 or self.times < 2:
            raise ValueError(f"n must be at least 1 and times at least 2, not {self.n} and {self.times}")

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            float(repeats(words(prediction), self.n, self.times) and not repeats(words(reference), self.n, self.times))
            for prediction, reference in zip(predictions, references, strict=True)
        ]


def repeats(tokens: Sequence[str], n: int, times: int) -> bool:
    """Whether a run of 1 to `n` tokens stands `times` in a row, or a run of `n` occurs that often."""
    for length in range(1, n + 1):
        same = 0
        for left, right in zip(tokens, tokens[length:], strict=False):
            same = same + 1 if left == right else 0
            if same >= length * (times - 1):
                return True
    counts: dict[tuple[str, ...], int] = {}
    for start in range(len(tokens) - n + 1):
        run = tuple(tokens[start : start + n])
        counts[run] = counts.get(run, 0) + 1
    return max(counts.values(), default=0) >= times
