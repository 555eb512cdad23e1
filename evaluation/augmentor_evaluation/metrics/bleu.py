"""BLEU of single answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Bleu:
    """Sentence BLEU by sacrebleu, from 0 to 100: sequences of up to four tokens in common, with a penalty for short answers.

    Exponential smoothing and effective order, as sacrebleu advises for single sentences. `tokenize` is one of its tokenizers:
    `char` for text in scripts without spaces, `zh` for Chinese.
    """

    tokenize: Literal["13a", "intl", "char", "zh", "none"] = "13a"
    name: ClassVar[str] = "bleu"
    title: ClassVar[str] = "BLEU"
    unit: ClassVar[str] = "0-100"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        from sacrebleu.metrics import BLEU

        measure = BLEU(effective_order=True, tokenize=self.tokenize)
        return [float(measure.sentence_score(prediction, [reference]).score) for prediction, reference in zip(predictions, references, strict=True)]
