"""Which format a file has: every format says how sure it is, the surest wins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import DataError
from ..protocols import Format
from . import encodings

_MAGIC = (
    (b"\x1f\x8b", "gzip", "Unpack it first: gunzip --keep FILE"),
    (b"BZh", "bzip2", "Unpack it first: bunzip2 --keep FILE"),
    (b"\x28\xb5\x2f\xfd", "zstd", "Unpack it first: unzstd FILE"),
    (b"\xfd7zXZ", "xz", "Unpack it first: unxz --keep FILE"),
    (b"PK\x03\x04", "a zip archive (or an Excel or Word file)", "Unpack it; save a workbook as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save it as CSV UTF-8"),
    (b"%PDF", "a PDF", "Copy its text into a table with a question and an answer column"),
    (b"\x89PNG", "a picture", "Give a text file"),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV"),
    (b"ARROW1", "an Arrow file", "Save it as Parquet"),
)
KNOWN = "JSON Lines, JSON, CSV, TSV, Parquet and FAQ pages in Markdown are read"


def detect(path: Path, formats: Mapping[str, Format]) -> str:
    """The name of the format that a file has.

    Raises:
        DataError: it is empty or binary, or no format knows it.
    """
    start = encodings.head(path)
    if not start:
        raise DataError(f"{path} is empty (0 bytes). Give a file with examples; {KNOWN}.")
    sure = {name: format.detect(start, path) for name, format in formats.items()}
    best = max(sure, key=lambda name: sure[name], default=None)
    if best is None or sure[best] < 1:
        refuse_binary(path, start)
    if not encodings.as_utf8(start).strip():
        raise DataError(
            f"{path} holds nothing but white space{' in its first 64 KiB' if len(start) == encodings.HEAD else ''}. Give a file with examples; {KNOWN}."
        )
    if best is None or sure[best] <= 0:
        raise DataError(
            f"{path} holds no rows that any format knows. {KNOWN}; each row needs turns, or a question and its answer. {_seen(start)}"
        )
    return best


def refuse_binary(path: Path, start: bytes) -> None:
    """Raise `DataError` for a file that is no text, naming what it is and what to do with it."""
    for magic, kind, advice in _MAGIC:
        if start.startswith(magic):
            raise DataError(f"{path} is {'packed with ' if kind.isalnum() else ''}{kind}. {advice.replace('FILE', str(path))}.")
    text = encodings.as_utf8(start)
    odd = sum(text.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if odd > len(text) / 10:
        raise DataError(f"{path} is binary, not text: {odd:,} of its first {len(text):,} bytes are control characters. {KNOWN}.")


def _seen(start: bytes) -> str:
    first = next((line.strip() for line in encodings.as_utf8(start).splitlines() if line.strip()), b"")
    kind = "a JSON list or object without rows" if first[:1] in (b"[", b"{") else "running text"
    return f"It begins like {kind}."
