"""JSON: whether an answer can be read by a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec


@dataclass(frozen=True)
class JsonFormat:
    """1 when the answer is one JSON object or list and nothing else, else 0.

    Attributes:
        keys: keys that the object must have.
        fenced: also take JSON inside a Markdown code fence.
    """

    keys: tuple[str, ...] = ()
    fenced: bool = False
    name: ClassVar[str] = "json_format"
    title: ClassVar[str] = "Valid JSON"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return [float(self._valid(prediction)) for prediction, _ in zip(predictions, references, strict=True)]

    def _valid(self, text: str) -> bool:
        try:
            found = msgspec.json.decode(unfenced(text) if self.fenced else text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        return isinstance(found, dict | list) and (not self.keys or (isinstance(found, dict) and found.keys() >= set(self.keys)))


def unfenced(text: str) -> str:
    """What stands inside a code fence that is the whole text; the text where it is none."""
    lines = text.strip().splitlines()
    if len(lines) > 2 and lines[0].strip().lower() in {"```", "```json"} and lines[-1].strip() == "```":
        return "\n".join(lines[1:-1])
    return text
