"""ROUGE-Lsum: ROUGE-L line by line, for answers of several lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from augmentor_evaluation.words import words

from .rouge import f_measure, longest_common_subsequence


@dataclass(frozen=True)
class RougeLsum:
    """ROUGE-Lsum: for each line of the reference, the words that it has in order in common with any line of the answer, from 0 to 1. F-measure; any script; no stemming.

    Texts of one line have their ROUGE-L. Lin (2004), as the package `rouge-score` counts: a word of either side is counted once.
    """

    name: ClassVar[str] = "rouge_lsum"
    title: ClassVar[str] = "ROUGE-Lsum"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        expected = lru_cache(maxsize=256)(lines)
        return [_value(lines(prediction), expected(reference)) for prediction, reference in zip(predictions, references, strict=True)]


def lines(text: str) -> list[list[str]]:
    """The words of each line that is not empty."""
    return [words(line) for line in text.split("\n") if line]


def _value(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> float:
    sizes = sum(map(len, ours)), sum(map(len, theirs))
    if len(ours) == len(theirs) == 1:
        return f_measure(longest_common_subsequence(theirs[0], ours[0]), *sizes)
    left = [Counter(word for line in side for word in line) for side in (ours, theirs)]
    common = 0
    for line in theirs:
        matched = {place for other in ours for place in matched_places(line, other)}
        for word in (line[place] for place in sorted(matched)):
            if left[0][word] > 0 and left[1][word] > 0:
                common += 1
                left[0][word] -= 1
                left[1][word] -= 1
    return f_measure(common, *sizes)


def matched_places(reference: Sequence[Hashable], answer: Sequence[Hashable]) -> list[int]:
    """Which places of `reference` a longest common subsequence takes; of several, the one that the textbook's walk back finds, ties towards its start.

    The rows of the bit-parallel programme (see `rouge`) hold the whole table: its value for the first i and j items is the number of zeros
    among the first i bits of row j.
    """
    places: dict[Hashable, int] = {}
    bit = 1
    for item in reference:
        places[item] = places.get(item, 0) | bit
        bit += bit
    row = bit - 1
    rows = [row]
    for item in answer:
        matches = row & places.get(item, 0)
        row = (row + matches | row - matches) & (bit - 1)
        rows.append(row)

    def length(i: int, j: int) -> int:
        return i - (rows[j] & ((1 << i) - 1)).bit_count()

    found = []
    i, j = len(reference), len(answer)
    while i and j:
        if reference[i - 1] == answer[j - 1]:
            i, j = i - 1, j - 1
            found.append(i)
        elif length(i, j - 1) > length(i - 1, j):
            j -= 1
        else:
            i -= 1
    return found
