"""Labels that the rest of the data contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .classifying import opinions
from .vectors import Row, encoded


@dataclass(frozen=True)
class LabelError:
    """Drop examples whose label a classifier that has not seen their family finds wrong, with confidence.

    Confident learning (Northcutt, Jiang and Chuang 2021): another label counts only where it fits the question at least as well
    as it fits its own examples on average, so that a label that is hard to tell from all others accuses nobody. The classifier
    is ridge regression on an encoder's vectors; each family (a source and its variants) is judged by what the others taught.
    The score is by how much the other label fits better than the given one, 0 to 1; 0 where none does with confidence.

    Attributes:
        margin: the score from which an example is dropped.
        encoder: which encoder to ask.
    """

    margin: float = 0.15
    encoder: str = "static"

    decides: ClassVar[Threshold] = Threshold("margin", "from")

    def __post_init__(self) -> None:
        if not 0 < self.margin <= 1:
            raise ValueError(f"margin is a difference above 0 and up to 1, not {self.margin:g}")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return encoded(candidates, self.encoder)

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  training data judges itself
        rows = [Row(*sketch) for sketch in sketches]
        verdicts = [Verdict(keep=True) for _ in rows]
        labelled = [index for index, row in enumerate(rows) if row.label and row.asked]
        if len({rows[index].label for index in labelled}) < 2:
            return verdicts
        found = opinions(rows, labelled)
        columns = {label: column for column, label in enumerate(found.labels)}
        given = [columns[rows[index].label or ""] for index in labelled]
        fit = found.fit[labelled]
        usual = [_mean(sorted(fit[place, column] for place, label in enumerate(given) if label == column)) for column in range(len(found.labels))]
        for index, row, label in zip(labelled, fit, given, strict=True):
            sure = [(float(row[column] - row[label]), -column) for column in range(len(usual)) if column != label and row[column] >= usual[column]]
            lead, other = max(sure, default=(0.0, 0))
            score = round(max(lead, 0.0), 6)
            keep = score < self.margin
            reason = "" if keep else f"it is labelled {found.labels[label]!r}, but the other examples speak for {found.labels[-other]!r} (by {score:.2f}, limit {self.margin:g})"
            verdicts[index] = Verdict(keep=keep, score=score, reason=reason)
        return verdicts


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values)) if len(values) else 1.0
