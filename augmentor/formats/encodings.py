"""Bytes to text: which encoding a file has, and its lines as UTF-8, a line at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

HEAD = 65_536
"""How many bytes of a file are looked at to tell what it is."""

MAX_LINE = 64 * 1024 * 1024
"""A longer line is a problem, not a row: reading stays within bounded memory."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
_CODE_PAGES = (
    "cp1252",
    "cp1254",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "koi8_r",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
    "euc_jp",
)
_SIGN_IN_WORD = re.compile(r"[^\W\d_](?:[¹²³]|[^\w\s'’&@/.,:;!?\-–—()\"“”„])+[^\W\d_]")
"""A sign inside a word, such as the ³ of `s³owo`: text that was decoded by the wrong code page."""


def head(path: Path) -> bytes:
    """The first 64 KiB of a file."""
    with path.open("rb") as file:
        return file.read(HEAD)


def unicode_encoding(start: bytes) -> str:
    """The Unicode encoding of a file that begins with `start`: by its byte-order mark, by where its zero bytes are, or UTF-8."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    start = start[: len(start) // 4 * 4]
    if not start:
        return "utf-8"
    zeros = [start[place::4].count(0) / (len(start) // 4) for place in range(4)]
    many, few = 0.4, 0.05
    for name, wide in (("utf-32-le", (1, 2, 3)), ("utf-32-be", (0, 1, 2)), ("utf-16-le", (1, 3)), ("utf-16-be", (0, 2))):
        if all(zeros[place] > many if place in wide else zeros[place] < few for place in range(4)):
            return name
    return "utf-8"


def as_utf8(start: bytes) -> bytes:
    """The first bytes of a file in UTF-8, without a byte-order mark; what cannot be decoded is replaced."""
    encoding = unicode_encoding(start)
    if encoding == "utf-8":
        return start
    return start.decode(encoding, "replace").encode()


def byte_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    r"""The lines of a Unicode file with their numbers, from 1, in UTF-8; None for a line longer than `MAX_LINE`.

    Only `\n` ends a line: U+2028, U+0085 and a lone `\r` may stand inside a JSON string.
    """
    encoding = unicode_encoding(head(path))
    if encoding in ("utf-8", "utf-8-sig"):
        with path.open("rb") as file:
            if encoding == "utf-8-sig":
                file.seek(len(codecs.BOM_UTF8))
            yield from _numbered(file)
    else:
        with path.open(encoding=encoding, errors="replace", newline="\n") as text:
            for number, line in enumerate(text, 1):
                yield number, line.encode()


def _numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) <= MAX_LINE:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)
        yield number, None


def whole(path: Path) -> bytes:
    """All of a Unicode file in UTF-8, without a byte-order mark."""
    data = path.read_bytes()
    encoding = unicode_encoding(data[:HEAD])
    if encoding == "utf-8":
        return data
    if encoding == "utf-8-sig":
        return data[len(codecs.BOM_UTF8) :]
    return data.decode(encoding, "replace").encode()


def text_encoding(path: Path) -> tuple[str, bool]:
    """The encoding of a plain-text file, and whether it is a guess: such files are also written in code pages (Excel's cp1252).

    A file that is UTF-8 but for a few bytes counts as UTF-8: its bad rows are then problems of their own.
    """
    encoding = unicode_encoding(head(path))
    if encoding != "utf-8":
        return encoding, False
    right = wrong = 0
    sample = bytearray()
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            if line.isascii():
                continue
            try:
                line.decode()
                right += 1
            except UnicodeDecodeError:
                wrong += 1
                sample += line[: _SAMPLE - len(sample)]
    if right >= wrong:
        return "utf-8", False
    return legacy(bytes(sample)), True


def legacy(sample: bytes) -> str:
    """The likeliest code page of text that is not UTF-8.

    Code pages of neighbouring languages are hard to tell apart in a few words; where nothing speaks for another it is Windows-1252.
    """
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(_CODE_PAGES))
    best = matches.best()
    if best is None:
        return "cp1252"
    near = {
        name: match for match in matches if match.chaos <= best.chaos + 0.05 for name in match.could_be_from_charset if name in _CODE_PAGES
    }

    def unlikely(name: str) -> tuple[int, float, int]:
        signs = len(_SIGN_IN_WORD.findall(sample.decode(name, "replace")))
        return signs, -near[name].coherence, _CODE_PAGES.index(name)

    return min(near, key=unlikely, default="cp1252")


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    r"""A file as text with its line ends kept. Bytes that are not UTF-8 become lone surrogates, for the reader to find and name."""
    errors = "surrogateescape" if encoding in ("utf-8", "utf-8-sig") else "replace"
    return path.open(encoding=encoding, errors=errors, newline="")
