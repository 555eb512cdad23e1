"""Tables as text: CSV, TSV and what spreadsheets call CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import DataError
from ..examples import Example
from ..protocols import Columns, Problem
from .encodings import MAX_LINE, open_text, text_encoding, unicode_encoding
from .guessing import SAMPLE, guess
from .json_row import RowError, problem
from .named import HEADER, named_example, named_row

_SUFFIXES: tuple[str, ...] = (".csv", ".tsv", ".tab")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


@dataclass(frozen=True)
class Table:
    """CSV or TSV with a line of column names; which column is what is guessed and said, or given by --columns.

    Attributes:
        delimiter: what stands between cells: comma, semicolon, tab, pipe, or auto to find out (comma when writing).
        encoding: such as cp1252; auto finds out.
    """

    delimiter: str = "auto"
    encoding: str = "auto"

    name = "csv"
    suffixes = _SUFFIXES

    def __post_init__(self) -> None:
        if self.delimiter != "auto" and self.delimiter not in _DELIMITERS and len(self.delimiter) != 1:
            raise ValueError(f"delimiter must be auto, {', '.join(_DELIMITERS)} or one character, not {self.delimiter!r}")
        if self.encoding != "auto":
            try:
                "".encode(self.encoding)
            except LookupError:
                raise ValueError(f"there is no encoding {self.encoding!r}; such as utf-8 or cp1252") from None

    def detect(self, head: bytes, path: Path) -> float:
        text = head.decode(unicode_encoding(head), "replace").lstrip("\ufeff \r\n\t")
        if path.suffix.lower() in self.suffixes:
            return 0.2 if text[:1] in ("{", "[") else 0.9
        if text[:1] in ("{", "[", "<", ""):
            return 0.0
        lines = text.splitlines()[:-1] or text.splitlines()
        delimiter = _likeliest(lines[:20])
        widths = {line.count(delimiter) for line in lines[:20]}
        return 0.4 if len(lines) > 1 and len(widths) == 1 and widths != {0} and '"' not in text else 0.0

    def explain(self, path: Path, columns: Columns) -> list[str]:
        """What was guessed about a file."""
        said = []
        encoding, guessed = self._encoding(path)
        if guessed:
            said.append(f"encoding = {encoding}, guessed as it is not UTF-8 (if letters look wrong: --format csv:encoding=NAME)")
        return [*self._columns(path, columns, encoding)[1], *said]

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        encoding, _ = self._encoding(path)
        found, _ = self._columns(path, columns, encoding)
        rows = self._rows(path, encoding)
        names = next(rows)
        assert isinstance(names, _Cells)
        for row in rows:
            if isinstance(row, Problem):
                yield row
                continue
            try:
                yield named_example(_named(names.cells, row), found)
            except RowError as reason:
                yield problem(path, row.line, str(reason), _raw(row.cells))

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        out = io.StringIO()
        delimiter = _DELIMITERS.get(self.delimiter, "," if self.delimiter == "auto" else self.delimiter)
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
        encoding = "utf-8" if self.encoding == "auto" else self.encoding
        writer.writerow(HEADER)
        for example in examples:
            writer.writerow([guarded(cell) for cell in named_row(example)])
            yield _encoded(out, encoding, example.id)
        if out.tell():
            yield out.getvalue().encode(encoding)

    def _encoding(self, path: Path) -> tuple[str, bool]:
        return text_encoding(path) if self.encoding == "auto" else (self.encoding, False)

    def _columns(self, path: Path, columns: Columns, encoding: str) -> tuple[Columns, list[str]]:
        rows = self._rows(path, encoding)
        first = next(rows, None)
        if not isinstance(first, _Cells):
            reason = f"line {first.line}: {first.reason}" if first else "it has no line of column names"
            raise DataError(f"{path} is no table: {reason}. Give a CSV file whose first line names the columns.")
        names = first.cells
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DataError(f"{path}: two columns are called {', '.join(map(repr, twice))}. Give each column a name of its own.")
        if len(names) == 1 and len(names[0]) > 200:
            raise DataError(f"{path} is no table: its first line is one long text, not column names.")
        whole = (row for row in islice(rows, SAMPLE) if isinstance(row, _Cells) and len(row.cells) == len(names))
        sample = [_named(names, row) for row in whole]
        return guess(names, sample, columns, str(path))

    def _rows(self, path: Path, encoding: str) -> Iterator[_Cells | Problem]:
        """The header, then the rows, each with the line it begins on. A row that is not as wide as the header is a problem."""
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
        with open_text(path, encoding) as text:
            start = text.read(65_536)
            text.seek(0)
            delimiter = _likeliest(start.splitlines()[:20]) if self.delimiter == "auto" else _DELIMITERS.get(self.delimiter, self.delimiter)
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            width = 0
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield problem(path, line, _why(error, line, reader.line_num))
                    continue
                if not any(cell.strip() for cell in cells):
                    continue
                while width and len(cells) > width and not cells[-1].strip():
                    cells.pop()
                if broken := _undecodable(cells, encoding):
                    yield problem(path, line, broken, _raw(cells))
                elif width and len(cells) != width:
                    yield problem(
                        path,
                        line,
                        f"{len(cells)} cell{'s' if len(cells) > 1 else ''} where the first line names {width} columns",
                        _raw(cells),
                    )
                else:
                    cells = [cell.strip() for cell in cells] if not width else [unguarded(cell) for cell in cells]
                    while not width and cells and not cells[-1]:
                        cells.pop()
                    width = width or len(cells)
                    yield _Cells(line, cells)


@dataclass(frozen=True)
class _Cells:
    line: int
    cells: list[str]


def _named(names: Sequence[str], row: _Cells) -> dict[str, str]:
    return dict(zip(names, row.cells, strict=True))


def _raw(cells: Sequence[str]) -> str:
    return ",".join(cells).encode("utf-8", "replace").decode()


def _why(error: csv.Error, line: int, end: int) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return f"a quote opened here is never closed, so everything up to the last line ({end}) is one cell"
    if "field larger" in text:
        return f"a cell is longer than {MAX_LINE >> 20} MiB: is a quote never closed?"
    return f"not CSV: {text}" + (f" (up to line {end})" if end > line else "")


def _undecodable(cells: Sequence[str], encoding: str) -> str | None:
    for cell in cells:
        if not cell.isascii():
            if re.search("[\ud800-\udfff]", cell):
                return "it has bytes that are not UTF-8"
            if "\ufffd" in cell and not encoding.startswith("utf-8"):
                return f"it has bytes that are not {encoding}"
    return None


def _likeliest(lines: Sequence[str]) -> str:
    """The delimiter that cuts the first line, and cuts the most lines into as many cells as it."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)] if lines else []
        first = widths[0] if widths else 0
        return (sum(width == first for width in widths) / len(widths) if first > 1 else 0.0, first)

    return max(_DELIMITERS.values(), key=score)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote before what begins with = + - @, a tab or a carriage return."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _encoded(out: io.StringIO, encoding: str, which: str) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise DataError(f"example {which} has {error.object[error.start]!r}, which {encoding} cannot hold. Write UTF-8 instead.") from None
