"""Relevance: whether an answer is about the question, and about the team's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import Answered

from .vectors import cosines, encode


@dataclass(frozen=True)
class PromptRelevance:
    """The cosine of an encoder's vectors of question and answer: 0 for another topic, towards 1 for the same. An echo of the question scores 1: read it beside others.

    Attributes:
        encoder: which encoder.
    """

    encoder: str = "static"
    name: ClassVar[str] = "prompt_relevance"
    title: ClassVar[str] = "Relevance to the question"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        if not rows:
            return []
        vectors = encode(self.encoder, [*(row.prediction for row in rows), *(row.question for row in rows)])
        return cosines(vectors[: len(rows)], vectors[len(rows) :]).tolist()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class DomainRelevance:
    """The cosine of an answer's vector and the centre of the team's own answers (the training originals): whether the model speaks of this business.

    Not defined where the training data is not at hand.

    Attributes:
        encoder: which encoder.
    """

    encoder: str = "static"
    name: ClassVar[str] = "domain_relevance"
    title: ClassVar[str] = "Relevance to the domain"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:
        import numpy as np

        answers = sorted({example.answer for example in training} - {""})  # each once: a data set's favourite answer is not its domain
        if not rows or not answers:
            return [float("nan")] * len(rows)
        centre = encode(self.encoder, answers).mean(axis=0, dtype=np.float64)
        length = float(np.sqrt((centre * centre).sum())) or 1.0
        vectors = encode(self.encoder, [row.prediction for row in rows])
        return cosines(vectors, np.broadcast_to(centre / length, vectors.shape)).tolist()  # type: ignore[no-any-return]
