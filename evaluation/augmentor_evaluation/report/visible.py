"""Text as a person can trust it: what would be invisible, or would reorder its neighbours, is shown as a word."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTROLS = "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split()


def visible(text: str) -> str:
    """The text with controls, bidi marks, lone surrogates and other unseen characters as words: `‹ESC›`.

    >>> visible("pay \\x1b[31mnow")
    'pay ‹ESC›[31mnow'
    """
    return _HIDDEN.sub(_word, text.replace("\r\n", "\n"))


def shorten(text: str, limit: int = 4000) -> str:
    """The visible text, cut at `limit` characters with the number of those left out."""
    if len(text) <= limit:
        return visible(text)
    return f"{visible(text[:limit])}… ‹{len(text) - limit:,} more characters›"


def _word(match: re.Match[str]) -> str:
    letter = match.group()
    code = ord(letter)
    if code < len(_CONTROLS):
        return f"‹{_CONTROLS[code]}›"
    if 0xD800 <= code <= 0xDFFF:
        return f"‹LONE SURROGATE {code:04X}›"
    return f"‹{unicodedata.name(letter, f'U+{code:04X}')}›"
