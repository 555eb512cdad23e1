"""Which rows each training step sees: settled before the first step, from the seed alone.

So a resumed run needs no random state to see the same rows, every step has a full batch, and two arms with the same number of steps do the
same number of passes. Rows of like length share a batch: less padding, which costs as much as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_POOL = 8
"""Batches that are drawn together and then sorted by length: few enough that a batch stays a random mixture."""


def batches(lengths: Sequence[int], size: int, count: int, seed: int) -> list[list[int]]:
    """Row numbers of `count` batches of `size`; each row is seen once before any is seen again.

    >>> batches([3, 9, 3, 9], size=2, count=2, seed=1)
    [[3, 1], [2, 0]]
    """
    rng = Random(seed)
    stream: list[int] = []
    while len(stream) < size * count:
        stream += rng.sample(range(len(lengths)), len(lengths))
    found: list[list[int]] = []
    while len(found) < count:
        pooled = min(_POOL, count - len(found))
        start = len(found) * size
        pool = sorted(stream[start : start + pooled * size], key=lambda row: -lengths[row])
        drawn = [pool[index : index + size] for index in range(0, len(pool), size)]
        rng.shuffle(drawn)
        found += drawn
    return found
