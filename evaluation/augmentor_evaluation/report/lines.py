"""JSON files of a run folder, read so that even odd text comes through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from augmentor.errors import DataError

Kind = TypeVar("Kind")


def read_lines(path: Path, kind: type[Kind]) -> Iterator[Kind]:
    """The rows of a JSONL file, one at a time; nothing where there is no file.

    Raises:
        DataError: a line is no such row; says which.
    """
    if not path.is_file():
        return
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isspace():
                continue
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield _mended(line, kind, f"{path.name}, line {number}")


def read_json(path: Path, kind: type[Kind]) -> Kind | None:
    """What a JSON file holds; None where there is no file.

    Raises:
        DataError: it holds something else.
    """
    if not path.is_file():
        return None
    data = path.read_bytes()
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _mended(data, kind, path.name)


def _mended(data: bytes, kind: type[Kind], where: str) -> Kind:
    """Read with Python's own reader, which lets lone surrogates pass and bad UTF-8 be replaced."""
    try:
        return msgspec.convert(json.loads(data.decode("utf-8", "replace")), kind)
    except (ValueError, msgspec.ValidationError) as error:
        raise DataError(f"{where} cannot be read: {error}. Make the file anew by running the recipe again.") from None
