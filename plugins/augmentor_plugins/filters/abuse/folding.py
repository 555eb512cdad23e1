"""Undoing disguise: look-alike letters, leetspeak, stars, spaced-out and stretched words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Letters of other scripts that are drawn like Latin ones (Unicode Technical Standard 39 lists many more).
_LOOKALIKES = {
    "a": "аɑαᴀ",
    "b": "ƅьв",
    "c": "сϲᴄ",
    "d": "ԁɗ",
    "e": "еҽєɛε℮",
    "f": "ƒ",
    "g": "ɡց",
    "h": "һнհ",
    "i": "іɩιїıɪ",
    "j": "јϳ",
    "k": "κкᴋ",
    "l": "ӏⅼʟ",
    "m": "мᴍ",
    "n": "ոпηɴ",
    "o": "оοσօøᴏ",
    "p": "рρ",
    "q": "ԛ",
    "r": "гʀ",
    "s": "ѕꜱ",
    "t": "тτᴛ",
    "u": "υսᴜцµ",
    "v": "νѵᴠ",
    "w": "ωшԝᴡ",
    "x": "хχ×",
    "y": "уγүʏ",
    "z": "ᴢ",
    "'": "’‘`´",
    '"': "“”«»„",
    "-": "–—‑",
}
_PLAIN = {ord(other): letter for letter, others in _LOOKALIKES.items() for other in others}
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "9": "g", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "i", "+": "t", "€": "e"})
_LEET_L = str.maketrans({"1": "l", "|": "l", "!": "l"})

# One look that most texts fail: signs or digits inside a word, a letter three times over, letters standing alone in a row.
_DISGUISED = re.compile(r"[a-z][0-9@$!|+€*#_.\-]+[a-z]|[0-9@$!|+€*][a-z]|\b[a-z]+[$@*|+€0-9]|([a-z])\1\1|\b[a-z](?:[\s.\-_*]+[a-z]\b){2}|[a-z]{13}|ihate|kill(?:all|you)|hate(?:all|you|the)|fuck(?:all|you|the)")
_SPACED = re.compile(r"(?<![\w'’])[a-z0-9@$!](?:[\s.\-_*]{1,3}[a-z0-9@$!](?![\w'’])){2,}")
_WORDLIKE = re.compile(r"[a-z0-9@$!|+€*#_.\-]*[a-z][a-z0-9@$!|+€*#_.\-]*")
_LONE = re.compile(r"(?<!\S)1(?= [a-z]*[0-9@$!][a-z])")  # "1 h4te"
_STRETCH = re.compile(r"(.)\1{2,}")


def plain(text: str) -> str:
    """A text in lower case, without accents, invisible signs and letters of other scripts that look like Latin ones."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    return "".join(letter for letter in folded if unicodedata.category(letter) not in {"Mn", "Cf"})


def undisguised(text: str, known: Callable[[str], bool], masked: Callable[[str], str | None], cut: Callable[[str, int], str | None]) -> str:
    """A plain text with its disguised words written out.

    Args:
        text: as `plain` gives it.
        known: whether a word is one to look for, so that other words with digits in them stay.
        masked: the word that stars stand in (`f**k`), if there is one.
        cut: words that were written as one, apart, when they are at least so many; None when it is no such word.
    """
    if not _DISGUISED.search(text):
        return text

    def word(match: re.Match[str]) -> str:
        raw = match.group()
        body = raw.rstrip("!.-_+|")
        tail = raw[len(body) :]
        if body.isalpha() and not (len(body) > 7 and _DISGUISED.search(body)) and not _STRETCH.search(body):
            return raw
        return (_written_out(body, known, masked, cut) or body) + tail

    text = _LONE.sub("i", text)
    joined = _SPACED.sub(lambda match: _joined(match.group(), known, cut), text)
    return _WORDLIKE.sub(word, joined)


def _joined(spaced: str, known: Callable[[str], bool], cut: Callable[[str, int], str | None]) -> str:
    letters = re.sub(r"[\s.\-_*]", "", spaced)
    for reading in (letters, letters.translate(_LEET)):
        if known(reading):
            return reading
        apart = cut(reading, 2)
        if apart:
            return apart
    return spaced


@lru_cache(maxsize=1 << 14)
def _written_out(body: str, known: Callable[[str], bool], masked: Callable[[str], str | None], cut: Callable[[str, int], str | None]) -> str | None:
    bare = re.sub(r"[_.\-*]", "", body)
    apart = cut(bare.translate(_LEET), 3) if len(bare) >= 10 and bare.isalnum() else None
    if apart:
        return apart
    for reading in (bare, bare.translate(_LEET), bare.translate(_LEET_L).translate(_LEET)):
        for stretched in (reading, _STRETCH.sub(r"\1\1", reading), _STRETCH.sub(r"\1", reading)):
            if known(stretched):
                return stretched
    if "*" in body or "#" in body:
        return masked(body)
    if len(bare) >= 8 and bare.isalnum():
        return cut(bare.translate(_LEET), 3)
    return None
