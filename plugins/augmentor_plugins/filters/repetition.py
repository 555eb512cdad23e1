"""Text that goes round in circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .statistics import statistics
from .turns import Side, spoken

_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class Repetition:
    """Drop conversations in which a turn repeats itself, as models do when they get stuck.

    The score is the largest share of a turn's words that stand in a phrase of four words that was there before; a word five
    times in a row or a letter ten times in a row counts as 1.

    Attributes:
        max_share: the largest share to keep.
        side: whose turns are judged.
    """

    max_share: float = 0.3
    side: Side = "both"

    decides: ClassVar[Threshold] = Threshold("max_share", "above")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, where, what = 0.0, "", ""
        for place, text in spoken(candidate.example, self.side):
            found = statistics(text)
            if found.again > worst:
                worst, where, what = found.again, place, found.phrase
        if not worst:
            return _FINE if self.max_share >= 0 else Verdict(keep=False, score=0.0, reason=f"no share is as low as the limit {self.max_share:.0%}")
        score = round(worst, 4)
        if score <= self.max_share:
            return Verdict(keep=True, score=score)
        return Verdict(keep=False, score=score, reason=f"the {where} repeats {what!r} ({worst:.0%} of it is said again, limit {self.max_share:.0%})")
