"""Words of a text in any script: what overlap metrics count."""

from __future__ import annotations

import unicodedata

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark and zero
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class _Spacing(dict[int, str]):
    """For `str.translate`: letters, digits and marks stay, letters of scripts without spaces stand alone, all else is a space."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if not letter.isalnum() and unicodedata.category(letter)[0] != "M":
            spaced = " "
        elif any(first <= code <= last for first, last in _UNSPACED):
            spaced = f" {letter} "
        else:
            spaced = letter
        self[code] = spaced
        return spaced


_SPACING = _Spacing()


def words(text: str) -> list[str]:
    """The words of a text, in lower case and without punctuation.

    ASCII text is cut as `rouge-score` cuts it. In other text, compatibility forms are unified (NFKC), case is folded, combining
    marks stay with their letter, and in scripts that put no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese)
    each character is a word.

    >>> words("Don't panic, it's the 2nd time.")
    ['don', 't', 'panic', 'it', 's', 'the', '2nd', 'time']
    >>> words("Straße, 你好")
    ['strasse', '你', '好']
    """
    if text.isascii():
        return text.translate(_ASCII).split()
    return folded(text).translate(_SPACING).split()


def folded(text: str) -> str:
    """The text in compatibility form (NFKC) and with its case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
