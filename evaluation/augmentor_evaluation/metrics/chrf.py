"""chrF of single answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Chrf:
    """Sentence chrF by sacrebleu, from 0 to 100: sequences of up to six characters in common, recall counted twice. For any script, and kind to inflection.

    `word_order` 2 adds words and pairs of words, which makes it chrF++.
    """

    word_order: int = 0
    name: ClassVar[str] = "chrf"
    title: ClassVar[str] = "chrF"
    unit: ClassVar[str] = "0-100"
    higher_is_better: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.word_order < 0:
            raise ValueError(f"word_order counts words and cannot be {self.word_order}")

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        from sacrebleu.metrics import CHRF

        measure = CHRF(word_order=self.word_order)
        return [float(measure.sentence_score(prediction, [reference]).score) for prediction, reference in zip(predictions, references, strict=True)]
