"""The same thing said in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from augmentor.protocols import Candidate, Threshold, Verdict

from .faithful.details import lost_details
from .faithful.meaning import turned
from .vectors import Row, cosine, encoded, nearest, stacked

_BLOCK = 256


@dataclass(frozen=True)
class SemanticDuplicate:
    """Keep one of the conversations that an encoder finds to mean the same, source examples before variants, then the smallest id.

    Like `near_duplicate` it compares families with other families, never rows of different labels, and names the kept row. All
    pairs are measured, none is guessed. Since encoders hardly see a negation, another number or another speaker, a pair that
    differs in one of those is no duplicate, however alike (English).

    Attributes:
        threshold: cosine from which two texts mean the same, 0 to 1.
        on: `both` wants what is asked *and* what is answered to be alike, `questions` looks at what users say only.
        encoder: which encoder to ask.
    """

    threshold: float = 0.95
    on: Literal["both", "questions"] = "both"
    encoder: str = "static"

    decides: ClassVar[Threshold] = Threshold("threshold", "from", downwards=False)

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ValueError(f"threshold is a cosine above 0 and up to 1, not {self.threshold:g}")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return encoded(candidates, self.encoder, answers=self.on == "both")

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  the test set is leakage's business
        rows = [Row(*sketch) for sketch in sketches]
        verdicts = [Verdict(keep=True, score=0.0) for _ in rows]
        by_label: dict[str | None, list[int]] = {}
        for index in sorted((index for index, row in enumerate(rows) if row.asked), key=lambda index: (rows[index].variant, rows[index].id, rows[index].text)):
            by_label.setdefault(rows[index].label, []).append(index)
        for order in by_label.values():
            self._judge(rows, order, verdicts)
        return verdicts

    def _judge(self, rows: Sequence[Row], order: Sequence[int], verdicts: list[Verdict]) -> None:
        """Compare each row with the kept ones before it, block by block."""
        vectors = stacked([rows[index].asked for index in order])
        kept: list[int] = []  # positions in `order`
        for start in range(0, len(order), _BLOCK):
            block = range(start, min(start + _BLOCK, len(order)))
            against = [*kept, *block]
            for place, near in nearest(vectors[block.start : block.stop], vectors[against], self.threshold):
                mine = start + place
                earlier = [against[other] for other in near if against[other] < mine]
                self._compare(rows, order, mine, [other for other in earlier if verdicts[order[other]].keep], verdicts)
            kept += [place for place in block if verdicts[order[place]].keep]

    def _compare(self, rows: Sequence[Row], order: Sequence[int], mine: int, others: Sequence[int], verdicts: list[Verdict]) -> None:
        row = rows[order[mine]]
        alike = [(-self._likeness(row, rows[order[other]]), other) for other in others if rows[order[other]].root != row.root]
        for negative, other in sorted(alike):
            likeness, twin = -negative, rows[order[other]]
            if likeness < self.threshold:
                return
            if not _differ(twin.text, row.text):
                what = "it says" if self.on == "both" else "its question says"
                reason = f"{what} in other words what {twin.id} says, which is kept (cosine {likeness:.3f}, limit {self.threshold:g})"
                verdicts[order[mine]] = Verdict(keep=False, score=likeness, reason=reason, other=twin.id)
                return

    def _likeness(self, one: Row, other: Row) -> float:
        asked = cosine(one.asked, other.asked)
        return min(asked, cosine(one.answered, other.answered)) if self.on == "both" and asked >= self.threshold else asked


def _differ(one: str, other: str) -> bool:
    """Whether the texts differ in what an encoder does not see: negation, speaker, must and may, numbers, names, codes."""
    lost = any(filter(None, lost_details(one, other))) or any(filter(None, lost_details(other, one)))
    # Either way round the guard may take another word for a lost one; what is truly turned looks turned from both sides.
    return lost or (any(turned(one, other)) and any(turned(other, one)))
