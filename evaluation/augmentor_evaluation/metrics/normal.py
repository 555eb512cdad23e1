"""Texts without the differences that do not matter to a reader: case, punctuation, white space."""

from __future__ import annotations

import re
import unicodedata

from augmentor_evaluation.words import folded

_NUMBER = re.compile(r"(?<!\w)[-\u2212+](?=\d)|(?<=\d)[.,:](?=\d)|[%#@&]")
"""Punctuation that carries meaning: a sign, a mark inside a number, per cent and the like."""


def normal(text: str) -> str:
    """The text with case folded, punctuation outside of numbers read as a space, and single spaces.

    `3.5` does not become `35`, nor `-5` become `5`. A text of nothing but punctuation stays as it is.

    >>> normal("  Don't  pay $3.50 -- EVER! ")
    'don t pay $3.50 ever'
    """
    text = folded(text)
    keep = {match.start() for match in _NUMBER.finditer(text)}
    letters = (" " if index not in keep and unicodedata.category(letter)[0] == "P" else letter for index, letter in enumerate(text))
    return " ".join("".join(letters).split()) or " ".join(text.split())
