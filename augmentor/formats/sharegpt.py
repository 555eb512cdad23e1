"""ShareGPT's format: `{"conversations": [{"from": "human", "value": ...}]}`, and transcripts that look like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ..errors import DataError
from ..examples import Example, Message
from ..protocols import Columns, Problem
from .first_row import first_row
from .json_row import Row, RowError
from .json_rows import read_rows
from .keys import ANY, SUFFIXES, TAKES, beside, line, training_keys
from .turns import build, conversation

_LISTS = ("conversations", "conversation", "turns", "dialogue", "dialog", "chat")
_FROM = {"user": "human", "assistant": "gpt", "developer": "system", "tool": "observation", "function": "observation"}


@dataclass(frozen=True)
class ShareGPT:
    """ShareGPT and its kin: conversations of from and value (human, gpt, function_call, observation), or speaker and utterance."""

    name = "sharegpt"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return next((0.8 if key == "conversations" else 0.6 for key in _LISTS if isinstance(row.get(key), list)), 0.0)

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is."""
        key = next((key for key in _LISTS if key in row), None)
        if key is None:
            raise RowError("it has no 'conversations'")
        system = row.get("system")
        before = [{"role": "system", "content": system}] if isinstance(system, str) and system.strip() else []
        return build(conversation(before) + conversation(row[key]), **beside(row, (key, "system"), columns))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            turns = [turn for message in example.messages for turn in _written(message, example)]
            row: Row = {"conversations": turns}
            if example.rejected:
                row = {"conversations": turns[:-1], "chosen": turns[-1], "rejected": _written(example.rejected[-1], example)[0]}
            keys = training_keys(example)
            if "tools" in keys:
                keys["tools"] = msgspec.json.encode(keys["tools"]).decode()
            yield line({**row, **keys})


def _written(message: Message, example: Example) -> list[dict[str, Any]]:
    if isinstance(message.content, list) and any("text" not in part for part in message.content):
        raise DataError(f"example {example.id} has content that is not text, which ShareGPT cannot hold. Use --to openai.")
    turns = []
    if message.text or not message.tool_calls:
        turns.append({"from": _FROM.get(message.role, message.role), "value": message.text})
    if message.tool_calls:
        calls = [_call(call, example) for call in message.tool_calls]
        turns.append({"from": "function_call", "value": msgspec.json.encode(calls[0] if len(calls) == 1 else calls).decode()})
    return turns


def _call(call: dict[str, Any], example: Example) -> dict[str, Any]:
    function = call.get("function")
    if not isinstance(function, dict):
        raise DataError(f"example {example.id} has a tool call that is no function, which ShareGPT cannot hold. Use --to openai.")
    arguments = function.get("arguments", "{}")
    try:
        return {"name": function.get("name"), "arguments": msgspec.json.decode(arguments) if isinstance(arguments, str) else arguments}
    except (msgspec.DecodeError, RecursionError):
        return {"name": function.get("name"), "arguments": arguments}
