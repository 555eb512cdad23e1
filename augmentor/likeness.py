"""Which texts are nearly the same, exactly: no pair is missed.

The filters find near-duplicates by MinHash, where a pair missed costs a repeated row. A split that misses one leaks a test
question into training, so here every pair is found: texts as sets of word shingles, rare shingles first, and only those that
share one of the first few are compared (prefix filtering; Chaudhuri et al. 2006, Bayardo et al. 2007).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import ceil

from .texts import WORD_OR_SIGN, normalised

_SHINGLE = 2


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The pairs of neighbouring words of a text, with its two edges; empty for a text without words.

    >>> sorted(shingles("Charged twice"))
    [('', 'charged'), ('charged', 'twice'), ('twice', '')]
    """
    words = WORD_OR_SIGN.findall(normalised(text))
    if not words:
        return frozenset()
    edge = [""] * (_SHINGLE - 1)
    padded = [*edge, *words, *edge]
    return frozenset(zip(*(padded[start:] for start in range(_SHINGLE)), strict=False))


def near_pairs(texts: Sequence[str], threshold: float, skip: Callable[[int, int], bool] = lambda _one, _other: False) -> Iterator[tuple[int, int]]:
    """Every pair of texts whose shingles have a Jaccard index of at least `threshold`, as positions in `texts`.

    Args:
        texts: what to compare; texts without words are like no other.
        threshold: above 0, up to 1.
        skip: asked before a pair is compared; true leaves the pair out (it is known to belong together already).
    """
    sets = [shingles(text) for text in texts]
    frequency = Counter(shingle for one in sets for shingle in one)
    rank = {shingle: number for number, shingle in enumerate(sorted(frequency, key=lambda shingle: (frequency[shingle], shingle)))}
    rows = [frozenset(map(rank.__getitem__, one)) for one in sets]
    index: dict[int, list[int]] = defaultdict(list)
    for place in sorted(range(len(rows)), key=lambda place: (len(rows[place]), place)):
        row = rows[place]
        needed = ceil(threshold * len(row) - 1e-9)  # a text this long must share that many, so it shares one of the rarest others
        prefix = sorted(row)[: len(row) - needed + 1]
        seen: set[int] = set()
        for shingle in prefix:
            for other in index[shingle]:
                if other not in seen and len(rows[other]) >= needed and not skip(place, other):
                    seen.add(other)
                    shared = len(row & rows[other])
                    if shared >= threshold * (len(row) + len(rows[other]) - shared) - 1e-9:
                        yield other, place
            index[shingle].append(place)
