"""Parquet: columns of text, or of whole conversations."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import msgspec

from ..errors import DataError, MissingExtra
from ..examples import Example
from ..protocols import Columns, Problem
from .alpaca import Alpaca
from .chat import Chat
from .guessing import SAMPLE, guess
from .json_row import Row, RowError, problem
from .named import HEADER, named_example, named_row
from .preference import Marked, OpenAIPreference, Preference
from .sharegpt import ShareGPT

_SUFFIXES: tuple[str, ...] = (".parquet", ".pq")


class _Shape(Protocol):
    """A format whose rows are objects, wherever they come from."""

    name: str

    def fits(self, row: Row) -> float: ...

    def example(self, row: Row, columns: Columns) -> Example: ...


_SHAPES: tuple[_Shape, ...] = (Chat(), ShareGPT(), Alpaca(), OpenAIPreference(), Preference(), Marked())
_BATCH = 1_000


@dataclass(frozen=True)
class Parquet:
    """Parquet files with named columns, or with rows in any of the chat formats. Needs the extra `parquet`."""

    name = "parquet"
    suffixes = _SUFFIXES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return 1.0 if head.startswith(b"PAR1") else 0.0

    def explain(self, path: Path, columns: Columns) -> list[str]:
        """What was guessed about a file."""
        return _reader(path, columns)[1]

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        example = _reader(path, columns)[0]
        for number, row in enumerate(_rows(path), 1):
            try:
                yield example(row)
            except RowError as reason:
                yield problem(path, number, str(reason), msgspec.json.encode(row))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        pa, pq = _pyarrow()
        schema = pa.schema([(name, pa.string()) for name in HEADER])
        out = io.BytesIO()
        rows = map(named_row, examples)
        with pq.ParquetWriter(out, schema) as writer:
            while batch := list(islice(rows, _BATCH)):
                writer.write_table(pa.table([pa.array(column, pa.string()) for column in zip(*batch, strict=True)], schema=schema))
        yield out.getvalue()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("Parquet", "parquet") from None
    return pa, pq


def _rows(path: Path) -> Iterator[Row]:
    pa, pq = _pyarrow()
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    yield {key: value for key, value in msgspec.to_builtins(row).items() if value is not None}
    except (pa.ArrowException, OSError, UnicodeDecodeError, TypeError) as error:
        raise DataError(f"{path} cannot be read as Parquet: {error}. Is it whole?") from None


def _reader(path: Path, columns: Columns) -> tuple[Callable[[Row], Example], list[str]]:
    sample = list(islice(_rows(path), SAMPLE))
    if not sample:
        raise DataError(f"{path} has no rows.")
    names = list(dict.fromkeys(key for row in sample for key in row))
    shape = max(_SHAPES, key=lambda shape: shape.fits(sample[0]))
    if shape.fits(sample[0]) > 0 and not (columns.question or columns.answer or columns.system):
        return lambda row: shape.example(row, columns), [f"rows are in the format {shape.name}"]
    texts = [{key: value for key, value in row.items() if isinstance(value, str)} for row in sample]
    found, said = guess(names, texts, columns, str(path))
    return lambda row: named_example(row, found), said
