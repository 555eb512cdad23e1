"""Answers that stop in the middle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

from .turns import Side, spoken

# Words that an English sentence does not end with, those that end a question ("where is it from", "what the rates are") aside.
_OPEN_ENDS = frozenset("the a an and or but nor because although though while whereas if unless until which whose my our your their its every each of into onto upon than".split())
_LAST_WORD = re.compile(r"[A-Za-z']+\Z")
_ENDED = re.compile(r"[.!?…。！？:;)\]}>\"'”’*_`|~]|[^\w\s,(\-]")
_FINE = Verdict(keep=True, score=0.0)
_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z0-9]")


@dataclass(frozen=True)
class Truncated:
    """Drop conversations in which an answer stops in the middle of a sentence, a bracket or a block of code.

    The score says how sure that is: 1 for an open code block, comma or bracket at the end, 0.9 for a last word that ends no
    sentence ("the", "because"), 0.6 for a long text of whole sentences whose last one has no end.

    Attributes:
        at: the score from which a conversation is dropped.
        side: whose turns are judged.
    """

    at: float = 0.9
    side: Side = "answers"

    decides: ClassVar[Threshold] = Threshold("at", "from")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, reason = 0.0, ""
        for place, text in spoken(candidate.example, self.side):
            score, why = _broken_off(text.rstrip())
            if score > worst:
                worst, reason = score, f"the {place} stops in the middle: {why}"
        if not worst:
            return _FINE
        return Verdict(keep=worst < self.at, score=worst, reason=reason if worst >= self.at else "")


def _broken_off(text: str) -> tuple[float, str]:
    """How sure it is that a text without white space at its end breaks off, and why."""
    tail = text[-40:]
    if text.count("```") % 2:
        return 1.0, "its code block has no end"
    if text.endswith((",", "(", "[", " -", "\u2013")):
        return 1.0, f"it ends with {tail!r}"
    if _ENDED.match(text[-1:]):
        return 0.0, ""
    if text.count("(") > text.count(")") and text.rfind("(") > text.rfind(")"):
        return 1.0, f"a bracket is open at its end: {tail!r}"
    last = _LAST_WORD.search(tail)
    if last and last.group().lower() in _OPEN_ENDS and len(text.split()) >= 5:
        return 0.9, f"it ends with {tail!r}"
    if len(text.split()) >= 30 and len(_SENTENCE_END.findall(text)) >= 2 and "\n" not in text[-200:]:
        return 0.6, f"its last sentence has no end: {tail!r}"
    return 0.0, ""
