"""OpenAI's chat format: `{"messages": [{"role": ..., "content": ...}]}`, with tools and weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..examples import Example, Message
from ..protocols import Columns, Problem
from .first_row import first_row
from .json_row import Row, RowError
from .json_rows import read_rows
from .keys import ANY, SUFFIXES, TAKES, beside, line, training_keys
from .turns import build, conversation


@dataclass(frozen=True)
class Chat:
    """OpenAI's chat format for fine-tuning: messages with role and content, tools, weights. Most hubs and tools read it."""

    name = "openai"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return 0.8 if "messages" in row else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is."""
        if "messages" not in row:
            raise RowError("it has no 'messages'")
        return build(conversation(row["messages"]), **beside(row, ("messages",), columns))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            if example.rejected:
                raise DataError(
                    f"example {example.id} has a preferred and a rejected answer, which chat data cannot hold. Use --to openai-dpo."
                )
            if all(message.role != "assistant" for message in example.messages):
                raise DataError(f"example {example.id} has no answer, which chat data must have. Use --to native or --to csv.")
            yield line({"messages": [turn(message) for message in example.messages], **training_keys(example)})


def turn(message: Message) -> dict[str, Any]:
    """A message with the keys that chat formats know, and those that its source had beside them."""
    fields = {"name": message.name, "tool_calls": message.tool_calls, "tool_call_id": message.tool_call_id, "weight": message.weight}
    written: dict[str, Any] = {"role": message.role}
    if message.content is not None or not message.tool_calls:
        written["content"] = message.content
    return {**written, **{key: value for key, value in fields.items() if value is not None}, **message.extra}
