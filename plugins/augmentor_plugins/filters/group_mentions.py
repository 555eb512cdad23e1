"""Which groups of people a text names, and the sentences in which it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ..strategies.swap_files import NAMES, SEXES, read_groups
from ..strategies.swap_finding import Finder, Hit

DIMENSIONS = ("gender", "age", "religion", "ethnicity", "nationality", "orientation", "disability")
"""In what groups differ: the files of the strategy `counterfactual`, whose columns are the groups."""

_SENTENCE = re.compile(r"[^.!?\n]+")
_PIECE = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


class Mention(NamedTuple):
    """A sentence that names groups of one dimension: which, and its words without those that name them, in lower case."""

    groups: frozenset[str]
    words: tuple[str, ...]
    sentence: str


def groups_of(dimension: str) -> tuple[str, ...]:
    """The groups of a dimension."""
    return read_groups()[dimension].columns


def mentions(text: str, dimension: str) -> Iterator[Mention]:
    """The sentences of a text that name a group; English."""
    if not may_name(text, dimension):
        return
    hits = _finder(dimension).hits(text)
    if not hits:
        return
    for match in _SENTENCE.finditer(text):
        inside = [hit for hit in hits if match.start() <= hit.start < match.end()]
        groups = frozenset(group for hit in inside for group in _groups(hit, dimension))
        if groups:
            words = [word for word in _WORD.finditer(text, match.start(), match.end()) if not any(hit.start <= word.start() < hit.end for hit in inside)]
            yield Mention(groups, tuple(word.group().lower() for word in words), match.group().strip())


def may_name(text: str, dimension: str) -> bool:
    """Whether a text has a word that a term or a name of the dimension begins with: one cheap look that most texts fail."""
    return not _first_words(dimension).isdisjoint(map(str.lower, _PIECE.findall(text)))


@cache
def _first_words(dimension: str) -> frozenset[str]:
    groups = read_groups()
    terms = [term for row in groups[dimension].rows for cell in row.cells for term in cell]
    terms += [name.text for name in groups[NAMES].names] if dimension in {"gender", NAMES} else []
    return frozenset(piece.lower() for term in terms for piece in _PIECE.findall(term)[:1])


@cache
def _finder(dimension: str) -> Finder:
    groups = read_groups()
    return Finder(groups[dimension], groups[NAMES])


def _groups(hit: Hit, dimension: str) -> frozenset[str]:
    """What a hit says; nothing where it may be one or the other (a name that both sexes have)."""
    if dimension == "gender" and hit.names:
        sexes = {name.sort for name in hit.names}
        return frozenset(sexes) if len(sexes) == 1 and sexes <= set(SEXES) else frozenset()
    columns = groups_of(dimension)
    said = frozenset(columns[column] for _, column in hit.ways)
    return said if len(said) == 1 else frozenset()
