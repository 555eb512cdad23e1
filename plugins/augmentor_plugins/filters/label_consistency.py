"""Variants that sound like another label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .classifying import opinions
from .vectors import Row, encoded


@dataclass(frozen=True)
class LabelConsistency:
    """Drop variants that a light classifier, trained on the sources, gives another label than they carry.

    Ridge regression on an encoder's vectors. What a variant's own family taught is left out, so that a variant is not right only
    because its source is known; labels that a single family has cannot be checked that way, and their variants stay. So does
    everything where there are fewer than two labels. The score is how well the label fits the question beside the label that
    fits best: 1 when the classifier agrees, 0 when it sees nothing in it.

    Attributes:
        min_fit: the least score to keep.
        encoder: which encoder to ask.
    """

    min_fit: float = 0.5
    encoder: str = "static"

    decides: ClassVar[Threshold] = Threshold("min_fit", "below")

    def __post_init__(self) -> None:
        if not 0 <= self.min_fit <= 1:
            raise ValueError(f"min_fit is a share from 0 to 1, not {self.min_fit:g}")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return encoded(candidates, self.encoder)

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  training data judges itself
        rows = [Row(*sketch) for sketch in sketches]
        verdicts = [Verdict(keep=True) for _ in rows]
        roots: dict[str | None, set[str]] = {}
        learnt = [index for index, row in enumerate(rows) if row.label and row.asked and not row.variant]
        for index in learnt:
            roots.setdefault(rows[index].label, set()).add(rows[index].root)
        able = [index for index, row in enumerate(rows) if row.variant and row.asked and len(roots.get(row.label, ())) > 1]
        if len(roots) < 2 or not able:
            return verdicts
        found = opinions(rows, learnt)
        columns = {label: column for column, label in enumerate(found.labels)}
        for index in able:
            fit = found.fit[index]
            best = int(fit.argmax())
            label = rows[index].label or ""
            score = round(float(fit[columns[label]] / fit[best]), 6)
            keep = score >= self.min_fit
            reason = "" if keep else f"it is labelled {label!r} and sounds like {found.labels[best]!r} (its label fits {score:.0%} as well, limit {self.min_fit:.0%})"
            verdicts[index] = Verdict(keep=keep, score=score, reason=reason)
        return verdicts
