"""How unlike English a word is spelt: the surprise of each letter after the two before it.

The table beside this file holds a line for each pair of letters and on it a sign for each letter that may come next: the
surprise (-log p) in tenths of a nat, counted from `!`. `python -m augmentor_plugins.filters.letters` makes it from the lexicon.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz "
"""What the table knows; the space stands for where a word begins and ends."""

TABLE = Path(__file__).with_name("english.txt")
_SMOOTHING = 0.3
_TRUST = 3.0
_MOST = 90


def learnt(words: Mapping[str, int]) -> Iterable[str]:
    """The lines of the table, from words and how often each was seen; common words count less than their number (square root)."""
    seen: Counter[str] = Counter()
    for word, count in sorted(words.items()):
        padded = f"  {word} "
        for place in range(len(word) + 1):
            seen[padded[place : place + 3]] += round(100 * math.sqrt(count))
    pairs: Counter[str] = Counter()
    for triple, count in seen.items():
        pairs[triple[1:]] += count
    for first in LETTERS:
        for second in LETTERS:
            after_one = [pairs[second + third] / 100 + _SMOOTHING for third in LETTERS]
            after_two = [seen[first + second + third] / 100 for third in LETTERS]
            # What was seldom seen after two letters is guessed from what follows the second.
            chances = [(count + _TRUST * guess / sum(after_one)) / (sum(after_two) + _TRUST) for count, guess in zip(after_two, after_one, strict=True)]
            yield "".join(chr(33 + min(_MOST, round(-10 * math.log(chance)))) for chance in chances)


@cache
def _surprises() -> Mapping[str, float]:
    lines = iter(TABLE.read_text("ascii").splitlines())
    return {
        first + second + third: (ord(sign) - 33) / 10
        for first in LETTERS
        for second in LETTERS
        for third, sign in zip(LETTERS, next(lines), strict=True)
    }


def surprise(word: str) -> float:
    """The mean surprise of a word's letters and its end, in nats: about 2 for English words, 5 and more for a mashed keyboard.

    Args:
        word: of the letters a to z.

    >>> surprise("delivery") < 2.5 < 5 < surprise("xkqjzv")
    True
    """
    known = _surprises()
    padded = f"  {word} "
    return sum(known[padded[place : place + 3]] for place in range(len(word) + 1)) / (len(word) + 1)
