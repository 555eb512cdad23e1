"""Words misspelt or run together so that no list has them: two letters swapped, one left out, a space left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from ..wordlists import sections

_LISTS = ("hating", "negative", "violence", "violated", "profanity", "insult", "slur", "scornful", "vermin")
_PLAIN = ("should", "people", "deserve", "country", "women", "muslims", "immigrants", "disabled")
_BEFORE = ("are", "be", "is", "so")
_SHORTEST = 4


@cache
def slips() -> Mapping[str, str]:
    """What each slip of a listed word stands for. Slips that are words themselves are in the section `ordinary`."""
    lists = sections("abuse")
    words = [word.rstrip("*") for name in _LISTS for word in lists[name] if " " not in word]
    ordinary = {*lists["ordinary"], *words}
    meant: dict[str, str] = {}
    for word in (*words, *_PLAIN):
        if len(word) >= _SHORTEST:
            for slip in _of(word):
                if slip not in ordinary:
                    meant.setdefault(slip, word)
    for word in (word for name in ("negative", "violated", "hating") for word in lists[name] if " " not in word):
        for before in _BEFORE:
            if before + word.rstrip("*") not in ordinary:
                meant.setdefault(before + word.rstrip("*"), f"{before} {word.rstrip('*')}")
    return meant


def _of(word: str) -> Iterator[str]:
    """A word with two neighbouring letters swapped or one letter left out; the first letter stays."""
    for place in range(1, len(word)):
        swapped = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
        if place < len(word) - 1 and swapped != word:
            yield swapped
        if len(word) > _SHORTEST or (place == 2 and len(word) == _SHORTEST) or place == 1:
            yield word[:place] + word[place + 1 :]
