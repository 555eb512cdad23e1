"""The first row of a JSON file, from its first bytes alone: enough to tell which format it is."""

from __future__ import annotations

import json
import re
from typing import Any

from .encodings import as_utf8
from .json_row import Row
from .json_rows import inner_rows, is_row, is_turn

_DECODER = json.JSONDecoder()
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*:\s*(?=(.)))?|[\[\]{}]', re.DOTALL)
_WRAPPED = re.compile(r'"[^"\\]{1,100}"\s*:\s*\[\s*(?=\{)')


def first_row(start: bytes) -> Row | None:
    """The first object among the rows of a JSON file that begins with `start`; None where there is none to see.

    Of a row that goes on beyond `start` the keys are there, with empty values of the right kind.
    """
    text = as_utf8(start).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        opened = text.find("{")
        return None if opened < 0 else _object_at(text, opened) or visible(text[opened:])
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if 2 * sum(line.startswith("{") for line in lines) < len(lines) and not text.startswith("{"):
        return None
    row = next((row for line in lines if line.startswith("{") and (row := _object_at(line, 0)) is not None), None)
    if row is not None and (len(lines) > 1 or is_row(row)):
        return row
    return _document_row(text) if text.startswith("{") else row


def _document_row(text: str) -> Row:
    if complete := _object_at(text, 0):
        inner = None if is_row(complete) else next(inner_rows(complete), None)
        return complete if inner is None else complete[inner][0]
    seen = visible(text)
    opened = _WRAPPED.search(text)
    if opened is None:
        return seen
    inner_row = _object_at(text, opened.end()) or visible(text[opened.end() :])
    return seen if is_turn(inner_row) else inner_row


def visible(text: str) -> Row:
    """The keys of the object that `text` begins with and may not end, with empty values: a list, an object or a text."""
    row: Row = {}
    level = 0
    for token in _TOKEN.finditer(text):
        if token[0].startswith('"'):
            if level == 1 and token[2]:
                row[token[1]] = [] if token[3] == "[" else {} if token[3] == "{" else ""
        else:
            level += 1 if token[0] in "[{" else -1
            if level == 0:
                break
    return row


def _object_at(text: str, start: int) -> Row | None:
    value: Any
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
