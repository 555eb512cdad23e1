"""Augmentor's own file: an `Example` a line, with its lineage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from ..examples import Example, content_id, encode
from ..protocols import Columns, Problem
from .first_row import first_row
from .json_row import Row, RowError
from .json_rows import read_rows
from .keys import SUFFIXES, TRAINING_KEYS, is_name
from .turns import build, conversation

_FIELDS = frozenset(Example.__struct_fields__)
_LINEAGE = ("root", "parent", "made_by", "variation", "scores", "extra")


@dataclass(frozen=True)
class Native:
    """Augmentor's own JSONL: messages with id, root, parent, made_by, label, meta and scores. Loses nothing."""

    name = "native"
    suffixes = SUFFIXES
    takes: ClassVar[frozenset[str]] = frozenset()

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        if not isinstance(row.get("messages"), list) or not set(row) <= _FIELDS or isinstance(row.get("label"), bool):
            return 0.0
        return 0.95 if any(key in row for key in _LINEAGE) else 0.9 if isinstance(row.get("id"), str) else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:  # noqa: ARG002
        return read_rows(path, self.example)

    def example(self, row: Row) -> Example:
        """The example that a row is; keys that are none of ours are kept in `meta`, or `extra` where models are trained on them."""
        messages = conversation(row.get("messages", ()))
        rejected = conversation(row.get("rejected") or ())
        build(messages, may_be_unanswered=True)
        known = {key: value for key, value in row.items() if key in _FIELDS and value is not None}
        for place in ("meta", "extra"):
            unknown = {key: value for key, value in row.items() if key not in _FIELDS and (key in TRAINING_KEYS) == (place == "extra")}
            if unknown and isinstance(known.setdefault(place, {}), dict):
                known[place] = unknown | known[place]
        if not is_name(known.get("id")):
            known["id"] = content_id(messages, row.get("label"), "")
        try:
            return msgspec.convert({**known, "id": str(known["id"]), "messages": messages, "rejected": rejected}, Example)
        except msgspec.ValidationError as error:
            raise RowError(str(error)) from None

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        return map(encode, examples)
