"""HTML that got into plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from augmentor.protocols import Candidate, Verdict

from .repairs import Repair, judge_repairs
from .turns import Side
from .whitespace import tidy

_BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_SILENT = frozenset("script style head title template noscript svg iframe object".split())
_INLINE = frozenset("a abbr b big br caption center cite code col del em font html body i img input ins kbd label mark q s samp small span strike strong sub summary sup td th time tt u var wbr".split())
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{2,6}|#x[0-9a-fA-F]{2,6}|[a-z]{2,6}(?:acute|grave|uml|circ|tilde|slash|cedil|ring)|euro|pound|copy|reg|hellip|ndash|mdash|[lr]squo|[lr]dquo|bull);")
_FENCE = "```"


@dataclass(frozen=True)
class Markup:
    """Turn HTML in texts into plain text: paragraphs and list items become lines, scripts and styles go, entities become letters.

    A text is taken for HTML when it holds a pair of known tags, or one that stands alone (`<br>`, `<img>`); entities
    (`&nbsp;`) are resolved in any text. What is between ``` fences, in `backticks`, or no HTML tag (`<your name>`) stays.
    A link keeps its words, and its address in brackets where that says more. The score is the number of texts changed.

    Attributes:
        side: whose texts: `both`, `questions` or `answers`.
    """

    side: Side = "both"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return judge_repairs(candidates, self.side, [Repair("turned HTML into text", plain)])


def plain(text: str) -> str:
    """The text without HTML.

    >>> plain("<p>See <a href='https://example.org/help'>our help</a> &amp; FAQ.</p><ul><li>One</li></ul>")
    'See our help (https://example.org/help) & FAQ.\\n\\n- One'
    """
    pieces = re.split(r"(```.*?(?:```|\Z)|`[^`\n]+`)", text, flags=re.DOTALL)
    return "".join(piece if number % 2 else _plain(piece) for number, piece in enumerate(pieces))


def _plain(text: str) -> str:
    if _is_html(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        return tidy(reader.text())
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text).replace("\u00a0", " ") if "&" in text else text


def _is_html(text: str) -> bool:
    if "<" not in text:
        return False
    opened: set[str] = set()
    for tag in _TAG.finditer(text):
        name = tag[1].lower()
        if name in {"br", "hr", "img"} or (tag[0].startswith("</") and name in opened):
            return True
        if name in _BLOCKS or name in _INLINE or name in _SILENT:
            opened.add(name)
    return False


class _Reader(HTMLParser):
    """Collects the text of a page as its lines would stand on the screen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._open = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        self._open += tag in _BLOCKS
        if tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        elif tag in _BLOCKS:
            self._parts.append("\n" if tag == "tr" else "\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._parts)))
        elif tag == "img" and (described := dict(attrs).get("alt")):
            self._parts.append(described)
        elif tag not in _INLINE and tag not in _SILENT:
            self._parts.append(self.get_starttag_text() or "")  # <your name> is what somebody wrote

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        self._open = max(0, self._open - (tag in _BLOCKS))
        if tag == "a" and self._links:
            address, start = self._links.pop()
            words = "".join(self._parts[start:]).strip()
            if address.startswith(("http://", "https://", "mailto:")) and address.removeprefix("mailto:") not in words:
                self._parts.append(f" ({address.removeprefix('mailto:')})")
        elif tag in _BLOCKS and tag != "li":
            self._parts.append("\n" if tag == "tr" else "\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:  # a line break between blocks is the writer's, within a block it is white space
            self._parts.append(re.sub(r"\s+", " ", data) if self._open else data)

    def text(self) -> str:
        return "".join(self._parts)
