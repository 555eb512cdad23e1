"""ChatML: conversations that were already rendered as one text with `<|im_start|>` and `<|im_end|>` marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from ..examples import Example
from ..protocols import Columns, Problem
from .first_row import first_row
from .json_row import Row, RowError
from .json_rows import read_rows
from .keys import ANY, SUFFIXES, TAKES, beside, line
from .turns import build, conversation

_START, _END = "<|im_start|>", "<|im_end|>"
_TURN = re.compile(r"\s*<\|im_start\|>(\w+)\n(.*?)(?:<\|im_end\|>|\Z)", re.DOTALL)
_KEYS = ("text", "conversation", "content")


@dataclass(frozen=True)
class ChatML:
    """Rows whose text is a whole conversation in ChatML marks, as it was rendered for a trainer; the marks are taken off."""

    name = "chatml"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return 0.7 if any(isinstance(row.get(key), str) and row[key].lstrip().startswith(_START) for key in _KEYS) else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is."""
        key = next((key for key in _KEYS if isinstance(row.get(key), str)), None)
        if key is None:
            raise RowError(f"it has no text under {', '.join(map(repr, _KEYS))}")
        turns: list[dict[str, str]] = []
        place = 0
        while row[key][place:].strip():
            turn = _TURN.match(row[key], place)
            if turn is None:
                raise RowError(f"the text has something outside {_START} and {_END}, after turn {len(turns)}")
            turns.append({"role": turn[1], "content": turn[2]})
            place = turn.end()
        if turns and not turns[-1]["content"]:
            turns.pop()  # the mark that asks a model to go on
        return build(conversation(turns), **beside(row, (key,), columns))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            plain = all(isinstance(message.content, str) and not message.tool_calls for message in example.messages)
            if not plain or example.rejected or _START in example.text or _END in example.text:
                raise DataError(
                    f"example {example.id} is not plain text without marks of its own, which is all that ChatML can hold. Use --to openai."
                )
            yield line({"text": "".join(f"{_START}{message.role}\n{message.text}{_END}\n" for message in example.messages)})
