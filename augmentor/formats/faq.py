"""FAQ pages as text: Markdown headings that ask, with the answer below, or lines that begin with Q: and A:."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ..errors import DataError
from ..examples import Example
from ..protocols import Columns, Problem
from .encodings import open_text, text_encoding, unicode_encoding
from .json_row import RowError, problem
from .turns import build, conversation

_SUFFIXES: tuple[str, ...] = (".md", ".markdown", ".txt")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_Q = re.compile(r"(?:\*\*)?Q(?:uestion)?\s*\d*\s*[:.](?:\*\*)?\s*(.+)", re.IGNORECASE)
_A = re.compile(r"(?:\*\*)?A(?:nswer)?\s*\d*\s*[:.](?:\*\*)?\s*(.*)", re.IGNORECASE)
_ASKS = ("?", "？", "؟")
_FENCE = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True)
class FAQ:
    """FAQ pages: Markdown headings that end with a question mark, or Q: and A: lines; a heading above becomes the label."""

    name = "faq"
    suffixes = _SUFFIXES
    takes: ClassVar[frozenset[str]] = frozenset()

    def detect(self, head: bytes, path: Path) -> float:
        if path.suffix.lower() not in self.suffixes:
            return 0.0
        lines = head.decode(unicode_encoding(head), "replace").splitlines()
        return 0.7 if sum(_question(line) is not None for line in lines) > 0 else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:  # noqa: ARG002
        for entry in _entries(path):
            try:
                if not entry.answer.strip():
                    raise RowError("no answer stands below the question")
                turns = [{"role": "user", "content": entry.question}, {"role": "assistant", "content": entry.answer.strip()}]
                yield build(conversation(turns), label=entry.label)
            except RowError as reason:
                yield problem(path, entry.line, str(reason), entry.question)

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            single = [message.role for message in example.messages] == ["user", "assistant"]
            question = example.question.strip()
            if (
                not single
                or not question.endswith(_ASKS)
                or "\n" in question
                or any(_is_mark(line) for line in example.answer.splitlines())
            ):
                raise DataError(
                    f"example {example.id} is not one question (on one line, with its mark) and a plain answer, as a FAQ page must be. Use --to csv."
                )
            yield f"## {question}\n\n{example.answer.strip()}\n\n".encode()


@dataclass
class _Entry:
    line: int
    question: str
    label: str | None
    answer: str = ""


def _question(line: str) -> str | None:
    heading = _HEADING.match(line.strip())
    if heading:
        return heading[2] if heading[2].endswith(_ASKS) else None
    asked = _Q.match(line.strip())
    return asked[1].strip("* ") if asked else None


def _is_mark(line: str) -> bool:
    return bool(_HEADING.match(line.strip()) or _Q.match(line.strip()) or _A.match(line.strip()) or _FENCE.match(line))


def _entries(path: Path) -> Iterator[_Entry]:
    """Questions with what stands below them, up to the next heading or question. Text before the first is no entry."""
    entry: _Entry | None = None
    label = None
    fenced = False
    with open_text(path, text_encoding(path)[0]) as lines:
        for number, line in enumerate(lines, 1):
            text = re.sub("[\ud800-\udfff]", "\ufffd", line.rstrip("\r\n"))
            if _FENCE.match(text):
                fenced = not fenced
            question = None if fenced else _question(text)
            heading = None if fenced else _HEADING.match(text.strip())
            if entry and (question is not None or heading):
                yield entry
                entry = None
            if question is not None:
                entry = _Entry(number, question, label)
            elif heading:
                label = heading[2] if len(heading[1]) > 1 else None
            elif entry:
                answered = _A.match(text.strip()) if not entry.answer.strip() else None
                entry.answer += (answered[1] if answered else text) + "\n"
    if entry:
        yield entry
