"""One JSON row: parsed, or refused with a reason that a person understands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from ..protocols import Problem

MAX_DEPTH = 100
RAW = 2_000
"""How many characters of a row that is no example are kept with the reason."""

Row = dict[str, Any]
_ANY: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number", type(None): "null"}


class RowError(ValueError):
    """Why one row is no example. Reading goes on; the row becomes a `Problem`."""


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    return _KINDS.get(type(value), type(value).__name__)


def problem(path: Path, line: int | None, reason: str, raw: bytes | str = "") -> Problem:
    """A located problem with as much of the row as is kept."""
    text = raw[: RAW * 4].decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return Problem(str(path), line, reason, text.rstrip("\r\n")[:RAW])


def parse(raw: bytes) -> Row:
    """The object that a row is.

    Raises:
        RowError: it is none, or one that could not be written again as it is.
    """
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and depth(raw) > MAX_DEPTH:
        raise RowError(f"nested more than {MAX_DEPTH} levels deep")
    try:
        value = _ANY.decode(raw)
    except UnicodeDecodeError as error:
        raise RowError(f"it has bytes that are not UTF-8 (0x{error.object[error.start]:02x}); save it as UTF-8") from None
    except msgspec.MsgspecError as error:
        raise RowError(why(error, raw)) from None
    if not isinstance(value, dict):
        raise RowError(f"{kind_of(value)} where an object was expected")
    if raw.count(b":") > msgspec.json.encode(value).count(b":") and (twice := repeated_key(raw)):
        raise RowError(f"the key {twice!r} is there twice")
    return value


def depth(raw: bytes) -> int:
    """How deep brackets nest in JSON text, strings left out."""
    level = deepest = 0
    for bracket in re.findall(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', raw, re.DOTALL):
        if bracket in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif bracket in b"]}":
            level -= 1
    return deepest


def repeated_key(raw: bytes) -> str | None:
    """A key that one object of some JSON text has twice. Decoders keep the last value and say nothing."""
    found: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in items:
            if key in seen:
                found.append(key)
            seen.add(key)

    json.loads(raw, object_pairs_hook=pairs)
    return found[0] if found else None


def why(error: Exception, raw: bytes) -> str:
    """What a decoder says of JSON text that is none, in words."""
    text = str(error)
    if "surrogate" in text or re.search(rb'\\u[dD][89a-fA-F][0-9a-fA-F]{2}"', raw):
        return "it has half of a surrogate pair (\\ud800-\\udfff), which is no character"
    if "truncated" in text:
        return "not JSON: it is cut off before its end"
    text = re.sub(r"\(byte (\d+)\)", lambda byte: f"(column {int(byte[1]) + 1})", text)
    return "not JSON: " + text.removeprefix("JSON is malformed: ")
