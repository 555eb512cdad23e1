"""ROUGE: how many words, pairs of words, and words in order an answer shares with its reference.

Lin, *ROUGE: A Package for Automatic Evaluation of Summaries* (2004). F-measure, no stemming. On ASCII text the values are those of
the package `rouge-score`; other scripts are cut into words by `augmentor_evaluation.words`, where that package finds none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from augmentor_evaluation.words import words


@dataclass(frozen=True)
class Rouge1:
    """ROUGE-1: words in common, from 0 (none) to 1 (the same words). F-measure; any script; no stemming."""

    name: ClassVar[str] = "rouge_1"
    title: ClassVar[str] = "ROUGE-1"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return _score(predictions, references, shared)


@dataclass(frozen=True)
class Rouge2:
    """ROUGE-2: neighbouring words in common, from 0 to 1. F-measure; any script; no stemming. A text of one word has no pair and gets 0."""

    name: ClassVar[str] = "rouge_2"
    title: ClassVar[str] = "ROUGE-2"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return _score(predictions, references, shared_pairs, 2)


@dataclass(frozen=True)
class RougeL:
    """ROUGE-L: the longest run of words that both texts have in the same order, gaps allowed, from 0 to 1. F-measure; any script; no stemming."""

    name: ClassVar[str] = "rouge_l"
    title: ClassVar[str] = "ROUGE-L"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        return _score(predictions, references, longest_common_subsequence)


def f_measure(common: int, predicted: int, expected: int) -> float:
    """The harmonic mean of precision and recall from the sizes of both sides and of what they share; 0 when nothing is shared."""
    return 2 * common / (predicted + expected) if common else 0.0


def shared(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """How many items both have, each counted as often as in the side where it is rarer."""
    counts: dict[Hashable, int] = {}
    for item in left:
        counts[item] = counts.get(item, 0) + 1
    if len(counts) == len(left):  # nothing returns: sets do, and do it faster
        return len(counts.keys() & right)
    common = 0
    for item in filter(counts.__contains__, right):
        left_over = counts[item]
        if left_over:
            counts[item] = left_over - 1
            common += 1
    return common


def shared_pairs(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """The same for pairs of neighbours."""
    pairs = set(pairwise(left))
    if len(pairs) == len(left) - 1:  # as a rule no pair returns
        return len(pairs.intersection(pairwise(right)))
    return shared(list(pairwise(left)), list(pairwise(right)))


def longest_common_subsequence(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """Length of the longest sequence that both contain in order, gaps allowed.

    A whole row of the dynamic programme is one integer, a bit an item of `left` (Hyyro, *Bit-Parallel LCS-length Computation
    Revisited*, 2004), so an item of `right` costs a few operations on that integer.
    """
    places: dict[Hashable, int] = {}
    bit = 1
    for item in left:
        places[item] = places.get(item, 0) | bit
        bit += bit
    full = row = bit - 1
    for place in filter(None, map(places.get, right)):
        matches = row & place
        row = row + matches | row - matches
    return len(left) - (row & full).bit_count()


def _score(
    predictions: Sequence[str], references: Sequence[str], common: Callable[[Sequence[Hashable], Sequence[Hashable]], int], n: int = 1
) -> list[float]:
    """The F-measure of each pair over runs of `n` words. References return (an intent has one answer), so the last ones stay cut."""
    expected = lru_cache(maxsize=256)(words)
    values = []
    for prediction, reference in zip(predictions, references, strict=True):
        ours, theirs = words(prediction), expected(reference)
        values.append(f_measure(common(theirs, ours), len(ours) - n + 1, len(theirs) - n + 1))
    return values
