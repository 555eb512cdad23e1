"""What the keys beside the turns of a row mean, the same in every JSON format."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from ..examples import Example
from ..protocols import Columns
from .json_row import Row

TRAINING_KEYS = ("tools", "functions", "parallel_tool_calls")
"""Top-level keys that are part of the training data."""

ANY = Columns()
"""Nothing said about columns."""

SUFFIXES: tuple[str, ...] = (".jsonl", ".json", ".ndjson")


TAKES = frozenset({"id", "label"})
"""What `Columns` can say about a row whose turns have their own keys: a format names it as `takes`."""


def beside(row: Row, used: Collection[str], columns: Columns = ANY) -> dict[str, Any]:
    """What a row says beside the keys `used` for its turns: arguments for `turns.build`.

    Id, label and `meta` are taken as such, tool definitions are training data, and any other key is kept in `meta`.
    """
    id_key, label_key = columns.id or "id", columns.label or "label"
    meta: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    given = label = None
    for key, value in row.items():
        if key in used:
            continue
        if key == id_key and is_name(value):
            given = value
        elif key == label_key and is_name(value):
            label = str(value)
        elif key == "meta" and isinstance(value, dict):
            meta.update(value)
        elif key in TRAINING_KEYS:
            extra[key] = definitions(value)
        else:
            meta[key] = value
    return {
        "given": given,
        "label": label,
        "meta": meta,
        "extra": {key: value for key, value in extra.items() if value not in (None, [], "")},
    }


def is_name(value: Any) -> bool:
    """Whether a value can be an id or a label: text with something in it, or a whole number."""
    return (isinstance(value, str) and bool(value.strip())) or (isinstance(value, int) and not isinstance(value, bool))


def definitions(value: Any) -> Any:
    """Tool definitions as a list; some formats write the list as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return value


def training_keys(example: Example) -> Row:
    """The top-level keys of an example that a provider trains on."""
    return {key: example.extra[key] for key in TRAINING_KEYS if key in example.extra}


def line(value: Any) -> bytes:
    """One line of a JSON Lines file."""
    return msgspec.json.encode(value) + b"\n"
