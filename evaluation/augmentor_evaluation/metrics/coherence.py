"""Coherence: whether an answer keeps to what the conversation was about before its last question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import Answered

from .vectors import cosines, encode


@dataclass(frozen=True)
class Coherence:
    """In conversations of several turns, the cosine of the answer's vector and that of the turns before the last question: 0 for another topic, towards 1 for the same.

    Not defined where the answer is the first, or the turns are not at hand. The system message does not count.

    Attributes:
        encoder: which encoder.
    """

    encoder: str = "static"
    name: ClassVar[str] = "coherence"
    title: ClassVar[str] = "Coherence across turns"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        earlier = [before(row) for row in rows]
        places = [place for place, text in enumerate(earlier) if text]
        values = [float("nan")] * len(rows)
        if places:
            vectors = encode(self.encoder, [*(rows[place].prediction for place in places), *(earlier[place] for place in places)])
            for place, value in zip(places, cosines(vectors[: len(places)], vectors[len(places) :]).tolist(), strict=True):
                values[place] = value
        return values


def before(row: Answered) -> str:
    """What was said before the last user turn; empty where nothing was."""
    turns = [message for message in row.messages if message.role in {"user", "assistant"}]
    last = max((place for place, turn in enumerate(turns) if turn.role == "user"), default=0)
    return "\n".join(turn.text for turn in turns[:last]).strip()
