"""Refusal rate: how often a model declines to answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

_REFUSALS = re.compile(
    r"""
    \bas\ an?\ (?:ai|artificial\ intelligence|(?:large\ )?language\ model|(?:ai|virtual)\ (?:assistant|model))\b
    | \bi(?:\ am|'m)\ (?:just\ |only\ )?an?\ (?:ai|artificial\ intelligence|(?:large\ )?language\ model)\b
    | \bi(?:\ am|'m)\ (?:not\ able|unable)\ to\ (?:help|assist|answer|provide|respond|discuss|give|comply)\b
    | \bi\ (?:can\ ?not|can't|could\ ?n't|won't|will\ not|do\ not|don't|must)\ (?:help|assist\ (?:you\ )?with|answer\ (?:that|this|your)|comply|discuss|decline|fulfil+)\b
    | \bi\ (?:can\ ?not|can't)\ provide\b
    | \bi\ (?:do\ not|don't)\ have\ (?:access\ to|(?:any|enough|the)\ information|the\ ability)\b
    | \bi\ (?:do\ not|don't)\ know\b
    | \b(?:against|violates?)\ (?:my|our)\ (?:programming|guidelines|policy|policies)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class RefusalRate:
    """1 when the answer declines in a usual English phrase (`As an AI ...`, `I can't help with ...`) and the reference does not, else 0. Lower is better."""

    name: ClassVar[str] = "refusal_rate"
    title: ClassVar[str] = "Refusals"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [float(is_refusal(prediction) and not is_refusal(reference)) for prediction, reference in zip(predictions, references, strict=True)]


def is_refusal(text: str) -> bool:
    """Whether a text declines to answer."""
    return _REFUSALS.search(text.replace("\u2019", "'")) is not None
