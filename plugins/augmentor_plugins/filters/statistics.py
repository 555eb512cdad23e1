"""What can be counted in a text, in one pass, once: for `noise` and `repetition`.

The measures are those of Gopher (Rae et al. 2021, table A1), fitted to turns of a chat, which are short, instead of web pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import eq
from typing import NamedTuple

_ORDINARY = ".,;:!?'\"()-/%&$"
_ASCII = [chr(code) for code in range(128)]
# Bytes are translated and cut several times as fast as strings; most texts are ASCII.
_SPACES = bytes(32 if chr(code).isspace() and code < 128 else code for code in range(256))
_NO_LETTERS = "".join(sign for sign in _ASCII if not sign.isalpha() and not sign.isspace()).encode()
_NO_SIGNS = "".join(sign for sign in _ASCII if sign.isalnum() or sign.isspace() or sign in _ORDINARY).encode()
_PARTS = bytes(code if code > 127 or chr(code).isalnum() or code == ord("_") else 32 for code in range(256))
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SPOKEN = frozenset("LNPZM")
_WORD_RUN = re.compile(r"(\b\w+\b)(?:\W+\1\b){4,}", re.IGNORECASE)
_SIGN_RUN = re.compile(r"([^\W\d])\1{9,}|([^\w\s])\2{24,}", re.IGNORECASE)
_FEW = 12
_KEPT_LETTERS = 8_000_000


class Statistics(NamedTuple):
    """The counts of one text.

    Attributes:
        words: how many there are, as white space parts them.
        wordless: share of the words that hold no letter.
        signs: share of the characters, white space aside, that are neither letters, digits nor ordinary punctuation.
        length: mean characters a word; 0 where the script puts no spaces between words.
        hashes: number signs and ellipses a word.
        lines: how many there are that are not blank.
        trailing: share of the lines that end in an ellipsis.
        again: share of the words that stand in a phrase of four words that was there before; 1 for a word five times in a row
            or a letter ten times in a row.
        phrase: what is said most often.
    """

    words: int
    wordless: float
    signs: float
    length: float
    hashes: float
    lines: int
    trailing: float
    again: float
    phrase: str


class _Known(dict[str, Statistics]):
    """Texts that were counted, as one filter after the other asks for the same ones. Forgotten when they get many."""

    letters = 0

    def __missing__(self, text: str) -> Statistics:
        if self.letters > _KEPT_LETTERS:
            self.clear()
            self.letters = 0
        self.letters += len(text)
        self[text] = found = _counted(text)
        return found


_KNOWN = _Known()


def statistics(text: str) -> Statistics:
    """The counts of a text; asked again for the same text, they are at hand."""
    return _KNOWN[text]


def _counted(text: str) -> Statistics:
    words = text.lower().split()
    sizes = list(map(len, words))
    number = len(words) or 1
    visible = sum(sizes)
    if text.isascii():
        raw = text.encode()
        lettered = len(raw.translate(_SPACES, _NO_LETTERS).split())
        signs = len(raw.translate(None, _NO_SIGNS))
        spaced = True
        stutter = _stutters(raw)
    else:
        lettered = sum(any(map(str.isalpha, word)) for word in words)
        signs = sum(not sign.isspace() and sign not in _ORDINARY and _odd(sign) for sign in text)
        spaced = not _UNSPACED.search(text)
        stutter = True
    lines, trailing, hashes = 1, 0.0, text.count("#")
    if "..." in text or "\u2026" in text:
        hashes += text.count("...") + text.count("\u2026")
        ends = [line.rstrip() for line in text.splitlines() if line and not line.isspace()]
        lines = len(ends) or 1
        trailing = sum(line.endswith(("...", "\u2026")) for line in ends) / lines
    run = None
    if max(sizes, default=0) > 9 and any(size > 9 and size - len(set(word)) > 8 for word, size in zip(words, sizes, strict=True)):
        run = _SIGN_RUN.search(text)
    if run is None and stutter:
        run = _WORD_RUN.search(text)
    again, phrase = (1.0, run.group()[:40]) if run else _repeated(words)
    return Statistics(len(words), 1 - lettered / number, signs / (visible or 1), visible / number if spaced else 0.0, hashes / number, lines, trailing, again, phrase)


def _odd(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] not in _SPOKEN and category not in {"Sc", "Cf"} and (not sign.isascii() or not sign.isalnum())


def _repeated(words: Sequence[str]) -> tuple[float, str]:
    """The share of words, in lower case, in phrases that were said before, and the phrase said most often.

    Most texts are told by cheap signs: a phrase of four words said twice needs four words that were there before, in three pairs
    that were there before.
    """
    if len(words) < _FEW or len(words) - len(set(words)) < 4 or len(words) - 1 - len(set(pairwise(words))) < 3:
        return 0.0, ""
    phrases = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    if len(set(phrases)) == len(phrases):
        return 0.0, ""
    seen: set[tuple[str, ...]] = set()
    again = bytearray(len(words))
    for place, phrase in enumerate(phrases):
        if phrase in seen:
            again[place : place + 4] = b"\1\1\1\1"
        seen.add(phrase)
    most = Counter(phrases).most_common(1)[0][0]
    return sum(again) / len(words), " ".join(most)


def _stutters(raw: bytes) -> bool:
    """Whether some word of an ASCII text may stand five times in a row: at least four have an equal neighbour before them."""
    words = raw.lower().translate(_PARTS).split()
    equal: int = sum(map(eq, words, words[1:]))
    return equal >= 4
