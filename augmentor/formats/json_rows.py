"""JSON files to rows: one object a line, an array of objects, or an object that holds one list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from ..errors import DataError
from ..examples import Example
from ..protocols import Problem
from .encodings import MAX_LINE, byte_lines, whole
from .json_row import Row, RowError, parse, problem, why

_ROW_KEYS = ("instruction", "prompt", "question", "chosen", "chosen_messages", "preferred_output")
_ANY: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_GLANCE = 20
_WHOLE_LIMIT = 256 * 1024 * 1024


@dataclass(frozen=True)
class Located:
    """A row's bytes and the line it begins on; `raw` is None for a line that is too long to read.

    `item` is its number, from 1, in an array: several of those may share a line.
    """

    line: int
    raw: bytes | None
    item: int | None = None


def read_rows(path: Path, example: Callable[[Row], Example]) -> Iterator[Example | Problem]:
    """The examples of a JSON file's rows; a row that `example` refuses is a problem.

    Raises:
        DataError: the file is no list of objects.
    """
    for item in located(path):
        if item.raw is None:
            yield problem(path, item.line, f"the line is longer than {MAX_LINE >> 20} MiB")
            continue
        try:
            yield example(parse(item.raw))
        except RowError as reason:
            yield problem(path, item.line, f"{f'row {item.item}: ' if item.item else ''}{reason}", item.raw)


def located(path: Path) -> Iterator[Located]:
    """The rows of a JSON file, not yet parsed, each with the line it begins on.

    Lines are read as they come. An array, or an object that holds one, is read whole: JSON offers no other way to know that
    it ends well.

    Raises:
        DataError: the file is a JSON document without rows, or no JSON.
    """
    if _is_lines(path):
        for number, raw in byte_lines(path):
            if raw is None or raw.strip():
                yield Located(number, raw)
    else:
        yield from _document(path)


def _is_lines(path: Path) -> bool:
    """Whether a file holds a row a line: one of its first lines but the first begins an object, and it is no indented document."""
    lines = (raw for _, raw in byte_lines(path) if raw is None or raw.strip())
    first = next(lines, b"")
    if (first or b"").lstrip().startswith(b"[") or not any(raw and raw.lstrip().startswith(b"{") for raw in islice(lines, _GLANCE)):
        return False
    try:
        _ANY.decode(first or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return path.stat().st_size > _WHOLE_LIMIT or not _parses(whole(path))
    return True


def _parses(data: bytes) -> bool:
    try:
        _OBJECT.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _document(path: Path) -> Iterator[Located]:
    data = whole(path)
    try:
        if data.lstrip().startswith(b"["):
            yield from _elements(data, _LIST.decode(data), 0)
            return
        fields, raws = _ANY.decode(data), _OBJECT.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(_broken(path, data, error)) from None
    lists = list(inner_rows(fields))
    if is_row(fields) or (not lists and path.suffix in (".jsonl", ".ndjson")):
        yield Located(1 + data[: len(data) - len(data.lstrip())].count(b"\n"), data.strip())
    elif len(lists) == 1:
        raw = bytes(raws[lists[0]])
        yield from _elements(data, _LIST.decode(raw), data.find(raw))
    else:
        holds = f"several lists ({_some(lists)})" if lists else f"the keys {_some(fields)}" if fields else "nothing"
        raise DataError(
            f"{path}: one JSON object that holds {holds}, and no rows. Give a file with one object a line, or an array of objects."
        )


def _elements(data: bytes, elements: list[msgspec.Raw], position: int) -> Iterator[Located]:
    line = 1 + data.count(b"\n", 0, position)
    for number, element in enumerate(elements, 1):
        raw = bytes(element)
        start = data.find(raw, position)
        line += data.count(b"\n", position, start)
        yield Located(line, raw, number)
        position = start + len(raw)
        line += raw.count(b"\n")


def is_turn(value: Any) -> bool:
    """Whether a value is a turn of a conversation, by its keys."""
    return isinstance(value, dict) and any(key in value for key in ("role", "from", "speaker", "author", "sender"))


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object that stands alone is a training row, and no wrapper around rows."""
    named = any(key in fields for key in _ROW_KEYS) or ("input" in fields and "output" in fields)
    turns = any(key in fields and key not in inner_rows(fields) for key in ("messages", "conversations"))
    return named or turns or any(isinstance(value, list) and value and is_turn(value[0]) for value in fields.values())


def inner_rows(fields: Mapping[str, Any]) -> Iterator[str]:
    """The keys of an object under which there are lists of objects that are no turns."""
    return (
        key for key, value in fields.items() if isinstance(value, list) and value and isinstance(value[0], dict) and not is_turn(value[0])
    )


def _some(fields: Iterable[str]) -> str:
    names = [repr(key[:40]) for key in fields]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _broken(path: Path, data: bytes, error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"{path}: JSON nested too deeply. Is it a data set? Expected one object a row."
    if isinstance(error, UnicodeDecodeError):
        return f"{path}: JSON must be UTF-8, but this has a byte 0x{error.object[error.start]:02x}. Save it as UTF-8."
    where = re.search(r"\(byte (\d+)\)", str(error))
    offset = int(where[1]) if where else len(data)
    line, column = data.count(b"\n", 0, offset) + 1, offset - data.rfind(b"\n", 0, offset)
    reason = re.sub(r" \(column \d+\)", "", why(error, data))
    return (
        f"{path}, line {line}, column {column}: {reason}. Mend it there; every row must be a whole JSON object, one a line or in an array."
    )
