"""Calibration: whether a model is as sure as it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import Answered

from .normal import normal
from .reference_likelihood import nats


@dataclass(frozen=True)
class Calibration:
    """The Brier score: the squared distance of how sure the model was (0 to 1) and whether it was right (0 or 1). Lower is better; saying 0.5 to everything gives 0.25.

    How sure: the geometric mean probability of the tokens of its own answer. Right: the answer is, but for case and punctuation,
    the reference of a test question of the same label. Not defined for questions without label. Needs a generator that reads
    likelihoods (`transformers`). Brier, *Verification of Forecasts Expressed in Terms of Probability* (1950).
    """

    name: ClassVar[str] = "calibration"
    title: ClassVar[str] = "Brier score"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False
    likelihoods: ClassVar[bool] = True

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        right: dict[str, set[str]] = {}
        for row in rows:
            if row.label:
                right.setdefault(row.label, set()).add(normal(row.reference))
        return [brier(row, right[row.label]) if row.label else math.nan for row in rows]


def brier(row: Answered, right: set[str]) -> float:
    """The squared distance; NaN where the likelihood of the answer is not known."""
    sure = math.exp(min(nats(row.prediction_likelihood, row.prediction), 0.0))
    return (sure - (normal(row.prediction) in right)) ** 2
