"""Rows with named columns -> examples: what tables, Parquet and plain JSON records share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ..errors import DataError
from ..examples import Example
from ..protocols import Columns
from .json_row import RowError, kind_of
from .keys import is_name
from .turns import build, conversation

HEADER = ("id", "system", "question", "answer", "label")
"""The columns of a table that we write."""


def named_example(row: Mapping[str, Any], columns: Columns) -> Example:
    """The example in a row; columns that are none of `columns` are kept in `meta` where they hold anything.

    Raises:
        RowError: the question or the answer is empty, or is no text.
    """
    turns = []
    for role, part in (("system", "system"), ("user", "question"), ("assistant", "answer")):
        column = getattr(columns, part)
        if column is None:
            continue
        text = as_text(row.get(column), column)
        if text.strip():
            turns.append({"role": role, "content": text})
        elif part != "system":
            raise RowError(f"the {part} (column {column!r}) is empty")
    used = {columns.question, columns.answer, columns.label, columns.id, columns.system}
    meta = {key: value for key, value in row.items() if key not in used and value not in (None, "")}
    label = row.get(columns.label) if columns.label else None
    if isinstance(label, (float, bool)):
        label = msgspec.json.encode(label).decode()
    return build(
        conversation(turns),
        given=row.get(columns.id) if columns.id else None,
        label=str(label).strip() if is_name(label) else None,
        meta=meta,
        may_be_unanswered=True,
    )


def as_text(value: Any, column: str) -> str:
    """A cell as text: numbers as they are written, nothing as the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return msgspec.json.encode(value).decode()
    raise RowError(f"column {column!r} holds {kind_of(value)}, not text")


def named_row(example: Example) -> tuple[str, str, str, str, str]:
    """An example as a table's row, in the order of `HEADER`.

    Raises:
        DataError: a table cannot hold it: several questions, tool calls, or a pair of answers.
    """
    roles = [message.role for message in example.messages]
    system = example.messages[0].text if roles[0] in ("system", "developer") else ""
    turns = example.messages[1:] if roles[0] in ("system", "developer") else example.messages
    plain = all(isinstance(message.content, str) and not message.tool_calls for message in example.messages)
    if [turn.role for turn in turns] not in (["user", "assistant"], ["user"]) or example.rejected or not plain:
        raise DataError(
            f"example {example.id} is more than one question and its answer, which is all that a table's row can hold. Use --to openai."
        )
    return example.id, system, turns[0].text, turns[1].text if turns[1:] else "", example.label or ""
