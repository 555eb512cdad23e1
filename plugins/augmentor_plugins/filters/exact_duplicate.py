"""The same conversation twice."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict
from augmentor.texts import normalised


@dataclass(frozen=True)
class ExactDuplicate:
    """Keep one of the conversations that say the same, source examples before variants, then the smallest id.

    Attributes:
        on: what has to be the same: the whole conversation with its tool calls, or only what users say.
        match: `raw` compares letter by letter, `normalised` folds case, spaces and compatibility forms, `words` punctuation too.
    """

    on: Literal["conversation", "questions"] = "conversation"
    match: Literal["raw", "normalised", "words"] = "normalised"

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return [
            (candidate.example.id, int(candidate.example.parent is not None), candidate.example.label, self._digest(candidate.example))
            for candidate in candidates
        ]

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  the test set is leakage's business
        first: dict[bytes, int] = {}
        for index, (id, rank, _, digest) in enumerate(sketches):
            known = first.get(digest)
            if known is None or (rank, id) < (sketches[known][1], sketches[known][0]):
                first[digest] = index
        return [
            Verdict(keep=True, score=0.0) if first[digest] == index else Verdict(keep=False, score=1.0, reason=self._reason(label, sketches[first[digest]]), other=sketches[first[digest]][0])
            for index, (_, _, label, digest) in enumerate(sketches)
        ]

    def _reason(self, label: str | None, kept: Any) -> str:
        what = "the same conversation as" if self.on == "conversation" else "the same question as"
        other = f"; labelled {label!r} here, {kept[2]!r} there" if label != kept[2] else ""
        return f"{what} {kept[0]}, which is kept{other}"

    def _digest(self, example: Example) -> bytes:
        folds: dict[str, Callable[[str], str]] = {"raw": str, "normalised": normalised, "words": _words}
        fold = folds[self.match]
        said: list[Any] = [
            (message.role, fold(message.text), message.tool_calls, [part for part in message.content if not isinstance(part.get("text"), str)] if isinstance(message.content, list) else None)
            for message in (*example.messages, *example.rejected)
            if self.on == "conversation" or message.role == "user"
        ]
        said.append(len(example.rejected) if self.on == "conversation" else 0)
        return hashlib.blake2b(msgspec.json.encode(said, order="deterministic"), digest_size=12).digest()


def _words(text: str) -> str:
    """A text as `normalised`, without punctuation; what is nothing but punctuation stays as it is."""
    folded = normalised(text)
    kept = "".join(" " if unicodedata.category(letter)[0] == "P" else letter for letter in folded) if not folded.isalnum() else folded
    return " ".join(kept.split()) or folded
