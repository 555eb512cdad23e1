"""Text that went through the wrong encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict

from .turns import rewritten

_LOST = "\ufffd"
_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class Mojibake:
    """Repair text that was decoded with the wrong encoding ("donâ€™t" for "don’t"), or drop what holds it.

    Letters that were lost on the way (shown as \ufffd) cannot be repaired: such conversations are dropped either way. The
    score is the number of texts concerned.

    Attributes:
        action: `repair` or `drop`.
    """

    action: Literal["repair", "drop"] = "repair"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate.example) for candidate in candidates]

    def _verdict(self, example: Example) -> Verdict:
        if all(isinstance(message.content, str) and message.content.isascii() and not message.tool_calls for message in (*example.messages, *example.rejected)):
            return _FINE
        from ftfy import fix_encoding

        damaged: list[str] = []

        def repaired(text: str) -> str:
            if text.isascii():
                return text
            fixed: str = fix_encoding(text)
            if fixed != text:
                damaged.append(text)
            return fixed

        whole = rewritten(example, repaired)
        if _LOST in whole.text or any(_LOST in message.text for message in whole.rejected):
            return Verdict(keep=False, score=float(len(damaged) + 1), reason="letters were lost in a wrong encoding (\ufffd); they cannot be brought back")
        if not damaged:
            return _FINE
        sample = _sample(damaged[0])
        if self.action == "drop":
            return Verdict(keep=False, score=float(len(damaged)), reason=f"text in a wrong encoding: {sample!r}")
        return Verdict(keep=True, score=float(len(damaged)), reason=f"repaired text in a wrong encoding: {sample!r}", replacement=whole)


def _sample(text: str) -> str:
    """A few words around the first letter that is not ASCII."""
    first = next(index for index, letter in enumerate(text) if not letter.isascii())
    return text[max(0, first - 16) : first + 16].strip()
