"""Text that goes round in circles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from augmentor.protocols import Candidate, Verdict

from .turns import Side, spoken

_RUN = re.compile(r"([^\W\d])\1{9,}|(\b\w+\b)(?:\W+\2\b){4,}|([^\w\s])\3{24,}", re.IGNORECASE)
_FEW = 12


@dataclass(frozen=True)
class Repetition:
    """Drop conversations in which a turn repeats itself, as models do when they get stuck.

    The score is the largest share of a turn's words that stand in a phrase of four words, or a line, that was there before; a
    word five times in a row or a letter ten times in a row counts as 1.

    Attributes:
        max_share: the largest share to keep.
        side: whose turns are judged.
    """

    max_share: float = 0.3
    side: Side = "both"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, reason = 0.0, ""
        for place, text in spoken(candidate.example, self.side):
            share, what = _repeated(text)
            if share > worst:
                worst, reason = share, f"the {place} repeats {what!r} ({share:.0%} of it is said again, limit {self.max_share:.0%})"
        return Verdict(keep=worst <= self.max_share, score=round(worst, 4), reason=reason if worst > self.max_share else "")


def _repeated(text: str) -> tuple[float, str]:
    """The share of words that were said before, and what is said most often."""
    run = _RUN.search(text)
    if run:
        return 1.0, run.group()[:40]
    words = text.lower().split()
    if len(words) < _FEW:
        return 0.0, ""
    phrases = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    if len(set(phrases)) == len(phrases):
        return 0.0, ""
    seen: set[tuple[str, ...]] = set()
    again = bytearray(len(words))
    for place, phrase in enumerate(phrases):
        if phrase in seen:
            again[place : place + 4] = b"\1\1\1\1"
        seen.add(phrase)
    most = Counter(phrases).most_common(1)[0][0]
    return sum(again) / len(words), " ".join(most)
