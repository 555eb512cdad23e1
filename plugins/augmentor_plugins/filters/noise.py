"""Text that is hardly text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .statistics import Statistics, statistics
from .turns import Side, spoken

_FEW = 10
_MANY = 20
_WORDLESS = 0.75
_SIGNS = 0.3
_LENGTH = 15.0
_HASHES = 0.1
_TRAILING = 0.3
_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class Noise:
    """Drop conversations in which a turn is rather numbers, signs and scraps than words: tables torn apart, logs, menus, tag lists.

    Measures of Gopher (Rae et al. 2021) with limits that fit a chat, where sums and short lists are answers too: three words in
    four without a letter, three characters in ten neither letters, digits nor ordinary punctuation, words of 15 letters on
    average, a number sign or an ellipsis for every tenth word, three lines in ten that trail off. Turns of fewer than ten words
    are not judged. The score is how far the worst measure reaches towards its limit: 1 is the limit, 2 twice as much.

    Attributes:
        max_noise: the highest score to keep.
        side: whose turns are judged.
    """

    max_noise: float = 1.0
    side: Side = "both"

    decides: ClassVar[Threshold] = Threshold("max_noise", "above")

    def __post_init__(self) -> None:
        if self.max_noise < 0:
            raise ValueError(f"max_noise is a score from 0 on, not {self.max_noise:g}")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, reason = 0.0, ""
        for place, text in spoken(candidate.example, self.side):
            found = statistics(text)
            if found.words < _FEW:
                continue
            score = max(found.wordless / _WORDLESS, found.signs / _SIGNS, found.length / _LENGTH)
            if found.words >= _MANY and found.hashes:
                score = max(score, found.hashes / _HASHES)
            if found.lines >= 4:
                score = max(score, found.trailing / _TRAILING)
            if score > worst:
                worst = score
                if score > self.max_noise:
                    reason = f"the {place} is hardly text: " + ", ".join(_complaints(found, self.max_noise))
        if not worst:
            return _FINE
        score = round(worst, 4)
        return Verdict(keep=score <= self.max_noise, score=score, reason=reason if score > self.max_noise else "")


def _complaints(found: Statistics, at: float) -> Iterator[str]:
    """Which measures pass their limits."""
    if found.wordless > _WORDLESS * at:
        yield f"{found.wordless:.0%} of its words hold no letter (limit {_WORDLESS * at:.0%})"
    if found.signs > _SIGNS * at:
        yield f"{found.signs:.0%} of it are signs (limit {_SIGNS * at:.0%})"
    if found.length > _LENGTH * at:
        yield f"its words have {found.length:.0f} characters on average (limit {_LENGTH * at:.0f})"
    if found.words >= _MANY and found.hashes > _HASHES * at:
        yield f"{found.hashes:.2f} number signs and ellipses a word (limit {_HASHES * at:.2f})"
    if found.lines >= 4 and found.trailing > _TRAILING * at:
        yield f"{found.trailing:.0%} of its lines trail off (limit {_TRAILING * at:.0%})"
