"""Spaces, line ends and letters that look alike and are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from augmentor.protocols import Candidate, Verdict

from .repairs import Repair, judge_repairs
from .turns import Side

_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")
"""Soft hyphens, zero-width spaces (not the joiners that emoji and some scripts need), byte-order marks, control characters."""
_SPACE = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_LINE = re.compile(" *\n *")
_MANY_LINES = re.compile("\n{3,}")
_FENCE = "```"


@dataclass(frozen=True)
class Whitespace:
    """Tidy white space and Unicode: one space between words, at most one empty line, no invisible characters, composed letters (NFC).

    Text between ``` fences keeps its spaces. The score is the number of texts that were changed; nothing is dropped.

    Attributes:
        side: whose texts: `both`, `questions` or `answers`.
    """

    side: Side = "both"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return judge_repairs(candidates, self.side, [Repair("tidied white space and Unicode", tidy)])


def tidy(text: str) -> str:
    r"""The text with tidy white space.

    >>> tidy("Hello\u200b  there \r\n\r\n\r\n\r\nyou")
    'Hello there\n\nyou'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    pieces = text.split(_FENCE)
    for index in range(0, len(pieces), 2):
        piece = _SPACE.sub(" ", _UNSEEN.sub("", pieces[index]))
        pieces[index] = _MANY_LINES.sub("\n\n", _AROUND_LINE.sub("\n", piece))
    return _FENCE.join(pieces).strip()
