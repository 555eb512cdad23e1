"""Manuals and product pages -> passages, for `from_documents` to ask about: Markdown, HTML and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

from ..errors import DataError
from ..examples import Example, Message, content_id
from ..protocols import Columns, Problem
from .encodings import open_text, text_encoding

_SUFFIXES: tuple[str, ...] = (".md", ".markdown", ".txt", ".html", ".htm")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_UNSEEN = frozenset("script style nav footer template noscript svg head select button".split())
_BLOCKS = frozenset(
    "p div section article li ul ol dl dt dd table tr br hr pre blockquote main header aside figure figcaption details summary".split()
)
_NO_END = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True)
class Document:
    """A manual, a product page or a help page, cut into passages at its headings; say `--format document`.

    Each passage is an example without question or answer: its text is the system message, `meta` says the document, the headings
    above it, where in the document's text it begins (`offset`, in characters) and the text itself. HTML is read as the text that people see.

    Attributes:
        most: characters of a passage; longer sections are cut between paragraphs.
        least: shorter passages are left out: a heading, a caption.
    """

    most: int = 1500
    least: int = 40

    name = "document"
    suffixes = _SUFFIXES
    takes: ClassVar[frozenset[str]] = frozenset()

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return 0.0  # running text is only a document to ask about where the user says so

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:  # noqa: ARG002
        with open_text(path, text_encoding(path)[0]) as file:
            text = re.sub("[\ud800-\udfff]", "\ufffd", file.read().replace("\r\n", "\n").replace("\r", "\n"))
        page = path.suffix.lower() in {".html", ".htm"}
        for headings, offset, passage in passages(html_text(text) if page else text, self.most, marked=path.suffix.lower() != ".txt"):
            if len(passage) >= self.least:
                messages = (Message(role="system", content=passage),)
                where = {"document": path.name, "heading": " > ".join(headings), "offset": offset, "passage": passage}
                yield Example(id=content_id(messages, path.name, str(offset)), messages=messages, meta=where)

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            raise DataError(f"example {example.id}: documents are only read. Use --to openai.")
        yield b""


def passages(text: str, most: int, *, marked: bool) -> Iterator[tuple[list[str], int, str]]:
    """The passages of a document: the headings above each, its offset, its text. Headings are Markdown's, where `marked`."""
    headings: list[tuple[int, str]] = []
    start = place = 0
    fenced = False
    for line in text.splitlines(keepends=True):
        fenced ^= bool(_FENCE.match(line))
        heading = _HEADING.match(line.rstrip("\n")) if marked and not fenced else None
        if heading:
            yield from _cut(text, start, place, most, [title for _, title in headings])
            depth = len(heading[1])
            headings = [(level, title) for level, title in headings if level < depth] + [(depth, heading[2])]
            start = place + len(line)
        place += len(line)
    yield from _cut(text, start, len(text), most, [title for _, title in headings])


def _cut(text: str, start: int, end: int, most: int, headings: list[str]) -> Iterator[tuple[list[str], int, str]]:
    """A section in pieces of at most `most` characters: cut between paragraphs, else lines, else words, else anywhere."""
    while start < end:
        stop = end
        if end - start > most:
            window = text[start : start + most]
            cuts = (window.rfind(mark) for mark in ("\n\n", "\n", ". ", " "))
            stop = start + next((cut + 1 for cut in cuts if cut > most // 3), most)
        piece = text[start:stop]
        body = piece.strip()
        if body:
            yield headings, start + piece.index(body), body
        start = stop


def html_text(source: str) -> str:
    """The text of a page as people see it: headings as Markdown writes them, a paragraph a block."""
    page = _Page()
    page.feed(source)
    page.close()
    text = re.sub(r"[ \t\xa0]+", " ", "".join(page.pieces))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


class _Page(HTMLParser):
    """Collects what is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "body":
            self._unseen.clear()  # a head need not be closed
        elif tag in _UNSEEN or (self._unseen and tag not in _NO_END and tag == self._unseen[-1]):
            self._unseen.append(tag)
        elif re.fullmatch("h[1-6]", tag):
            self.pieces.append("\n\n" + "#" * int(tag[1]) + " ")
        elif tag in {"td", "th"}:
            self.pieces.append(" | ")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n" if tag in {"br", "tr"} else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif re.fullmatch("h[1-6]", tag) or tag in _BLOCKS - {"li", "tr"}:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))
