"""Too short, too long, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from augmentor.examples import Message
from augmentor.protocols import Candidate, Verdict

# Scripts that put no spaces between words: a letter is about a word there.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Length:
    """Drop conversations whose questions or answers are empty, too short or too long.

    Every user and assistant turn is measured. A conversation that has no assistant turn yet is not blamed for it; an empty
    assistant turn without a tool call is. The score is the length of the turn that decided: the offending one, else the longest.

    Attributes:
        min_question: the shortest question to keep.
        max_question: the longest question to keep.
        min_answer: the shortest answer to keep.
        max_answer: the longest answer to keep.
        unit: what is counted; a letter of Chinese, Japanese or Thai counts as a word.
    """

    min_question: int = 1
    max_question: int = 1000
    min_answer: int = 1
    max_answer: int = 2000
    unit: Literal["words", "characters"] = "words"

    def __post_init__(self) -> None:
        for side, low, high in (("question", self.min_question, self.max_question), ("answer", self.min_answer, self.max_answer)):
            if low > high:
                raise ValueError(f"min_{side}={low} is more than max_{side}={high}")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        longest = 0
        asked = False
        for message in (*candidate.example.messages, *candidate.example.rejected):
            if message.role == "user":
                asked, side, low, high = True, "question", self.min_question, self.max_question
            elif message.role == "assistant" and not message.tool_calls:
                side, low, high = "answer", self.min_answer, self.max_answer
            else:
                continue
            size = self._size(message)
            if not low <= size <= high:
                return Verdict(keep=False, score=size, reason=self._reason(side, size, low, high))
            longest = max(longest, size)
        if not asked and self.min_question > 0:
            return Verdict(keep=False, score=0, reason="it has no question: no turn is a user's")
        return Verdict(keep=True, score=longest)

    def _size(self, message: Message) -> int:
        text = message.text
        if not text and message.content:
            return 1  # a picture or a sound says something too
        if self.unit == "characters":
            return len(text.strip())
        size = len(text.split())
        return size if text.isascii() else max(size, len(_UNSPACED.findall(text)))

    def _reason(self, side: str, size: int, low: int, high: int) -> str:
        if size == 0:
            return f"the {side} is empty"
        unit = self.unit[:-1] if size == 1 else self.unit
        return f"the {side} has {size} {unit}, " + (f"fewer than {low}" if size < low else f"more than {high}")
