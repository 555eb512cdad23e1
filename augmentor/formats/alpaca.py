"""Alpaca's format: instruction, input and output, with the earlier turns in history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..examples import Example, Message
from ..protocols import Columns, Problem
from .first_row import first_row
from .json_row import Row, RowError, kind_of
from .json_rows import read_rows
from .keys import ANY, SUFFIXES, TAKES, beside, line
from .turns import build, conversation

_KEYS = ("instruction", "input", "output", "history", "system")


@dataclass(frozen=True)
class Alpaca:
    """Alpaca rows: instruction, input and output; system and history where there are any."""

    name = "alpaca"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return 0.85 if "output" in row and ("instruction" in row or "input" in row) else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is. Instruction and input, where both are there, make one user turn of two paragraphs."""
        asked = "\n".join(part for part in (_text(row, "instruction"), _text(row, "input")) if part)
        answer = _text(row, "output")
        if not answer.strip():
            raise RowError("'output' is empty")
        system = _text(row, "system")
        turns: list[dict[str, Any]] = [{"role": "system", "content": system}] if system.strip() else []
        for earlier in row.get("history") or ():
            if not isinstance(earlier, Sequence) or len(earlier) != 2 or isinstance(earlier, str):
                raise RowError("'history' must be a list of [question, answer] pairs")
            turns += [{"role": "user", "content": earlier[0]}, {"role": "assistant", "content": earlier[1]}]
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
        return build(conversation(turns), **beside(row, _KEYS, columns))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            system, pairs = _pairs(example)
            row = {"instruction": pairs[-1][0], "input": "", "output": pairs[-1][1]}
            yield line({**row, **({"system": system} if system else {}), **({"history": pairs[:-1]} if pairs[1:] else {})})


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(f"'{key}' is {kind_of(value)}, not text")
    return value


def _pairs(example: Example) -> tuple[str, list[tuple[str, str]]]:
    messages = example.messages
    system = messages[0].text if messages[0].role in ("system", "developer") else ""
    turns = messages[1:] if messages[0].role in ("system", "developer") else messages
    expected = ["user", "assistant"] * (len(turns) // 2)
    if not turns or [turn.role for turn in turns] != expected or example.rejected or not all(map(_is_plain, messages)):
        raise DataError(
            f"example {example.id} is not plain questions and answers in turn, which is all that Alpaca can hold. Use --to openai."
        )
    return system, [(turns[place].text, turns[place + 1].text) for place in range(0, len(turns), 2)]


def _is_plain(message: Message) -> bool:
    return isinstance(message.content, str) and not message.tool_calls
