"""Consistency: whether the same question in other words gets the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import Answered

from .normal import normal
from .token_f1 import f1, tokens


@dataclass(frozen=True)
class Consistency:
    """Of the other phrasings of a question (same label or root, same reference), the share to which the arm gives the same answer: 0 to 1.

    Not defined for a question that is asked in one way only. Always the same wrong answer is consistent: read it beside the others.

    Attributes:
        alike: from which token F1 on two answers count as the same; 1 asks for the same words, case and punctuation aside.
    """

    alike: float = 1.0
    name: ClassVar[str] = "consistency"
    title: ClassVar[str] = "Consistency"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 < self.alike <= 1:
            raise ValueError(f"alike is a token F1 from above 0 to 1, not {self.alike}")

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        families: dict[tuple[str, str], list[int]] = {}
        for place, row in enumerate(rows):
            families.setdefault((row.label or row.root, normal(row.reference)), []).append(place)
        values = [float("nan")] * len(rows)
        for places in families.values():
            shares = agreement([rows[place].prediction for place in places], self.alike)
            for place, share in zip(places, shares, strict=True):
                values[place] = share
        return values


def agreement(answers: Sequence[str], alike: float) -> list[float]:
    """For each answer, the share of the others that are the same; NaN for one by itself."""
    others = len(answers) - 1
    if not others:
        return [float("nan")]
    groups: dict[str, int] = {}
    plain = [normal(answer) for answer in answers]
    for text in plain:
        groups[text] = groups.get(text, 0) + 1
    if alike == 1.0 or len(groups) == 1:
        return [(groups[text] - 1) / others for text in plain]
    cut = {text: tokens(text) for text in groups}
    same = {text: sum(count for other, count in groups.items() if text == other or f1(cut[text], cut[other]) >= alike) for text in groups}
    return [(same[text] - 1) / others for text in plain]
