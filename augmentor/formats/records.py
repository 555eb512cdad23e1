"""JSON rows with named fields of any name: prompt and completion, question and answer, text and label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import DataError
from ..examples import Example
from ..protocols import Columns, Problem
from .first_row import first_row
from .guessing import SAMPLE, guess
from .json_row import Row, RowError, parse
from .json_rows import located, read_rows
from .keys import SUFFIXES, line
from .named import HEADER, named_example, named_row


@dataclass(frozen=True)
class Records:
    """JSON rows with named fields, such as prompt and completion, question and answer, text and label; guessed, or by --columns."""

    name = "records"
    suffixes = SUFFIXES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1: any row will do, where no other format knows it."""
        return 0.3 if row else 0.0

    def explain(self, path: Path, columns: Columns) -> list[str]:
        """What was guessed about a file."""
        return self._guess(path, columns)[1]

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        found = self._guess(path, columns)[0]
        return read_rows(path, lambda row: named_example(row, found))

    def _guess(self, path: Path, columns: Columns) -> tuple[Columns, list[str]]:
        rows = [row for row in islice(_parsed(path), SAMPLE) if row is not None]
        names = list(dict.fromkeys(key for row in rows for key in row))
        if not names:
            raise DataError(f"{path}: its rows are no JSON objects with named fields. Give one object a line, or an array of objects.")
        return guess(names, [{key: value for key, value in row.items() if isinstance(value, str)} for row in rows], columns, str(path))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            yield line({key: value for key, value in zip(HEADER, named_row(example), strict=True) if value})


def _parsed(path: Path) -> Iterator[Row | None]:
    for item in located(path):
        try:
            yield parse(item.raw) if item.raw is not None else None
        except RowError:
            yield None
