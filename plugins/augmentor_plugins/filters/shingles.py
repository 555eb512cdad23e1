"""Word shingles and MinHash bands: the sketch that near-duplicates and leaks are found by.

A shingle is a run of words, here its 64-bit hash; two texts resemble each other by the Jaccard index of their shingle sets.
MinHash (Broder 1997, by rensa) puts texts that may resemble each other into the same bucket of at least one band; every pair
is then verified on the shingles themselves, so that a bucket shared by chance costs time and never a row.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from augmentor.examples import Example
from augmentor.protocols import Candidate

PERMUTATIONS = 128
_RECALL = 0.98
_WORD = re.compile(r"\w+")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD_OR_SIGN = re.compile(f"[{_CJK}]|[^\\W{_CJK}]+")
_EDGE = 0x9E3779B97F4A7C15


class Sketch(NamedTuple):
    """What has to be known of a conversation: made of plain values (`tuple`), so that it can travel and be stored.

    `asked` and `answered` are the shingles (64-bit hashes, native byte order) of all user and of all assistant turns,
    `bands` the bucket in each band; all empty for a conversation without words.
    """

    id: str
    root: str
    variant: int
    label: str | None
    asked: bytes
    answered: bytes
    bands: bytes


def sketches(candidates: Sequence[Candidate], size: int, threshold: float, *, answers: bool) -> list[tuple[Any, ...]]:
    """A `Sketch` each, as plain tuples; with `answers` a pair has to resemble each other in what is answered, too.

    A band then holds minima of the question and of the answer, half and half. Rows that share a canned answer and no question
    seldom share a bucket, and neither do those that share a greeting and no answer.
    """
    import numpy as np

    examples = [candidate.example for candidate in candidates]
    if not examples:
        return []
    asked = _shingles([_side(example, "user") for example in examples], size)
    answered = _shingles([_side(example, "assistant") if answers else "" for example in examples], size)
    rows = rows_a_band(threshold)
    number = PERMUTATIONS // rows
    of_answer = rows // 2
    questions = _minima(asked, PERMUTATIONS, 42)
    alone = _bands(questions[:, : number * rows].reshape(-1, number, rows))
    paired = alone
    if answers and of_answer:
        halves = questions[:, : number * (rows - of_answer)].reshape(-1, number, rows - of_answer), _minima(answered, number * of_answer, 43).reshape(-1, number, of_answer)
        paired = _bands(np.concatenate(halves, axis=2))
    found = []
    for index, (example, one, other) in enumerate(zip(examples, asked, answered, strict=True)):
        band = b"" if not len(one) else (paired if len(other) else alone)[index].tobytes()
        found.append(tuple(Sketch(example.id, example.root, int(example.parent is not None), example.label, one.tobytes(), other.tobytes(), band)))
    return found


def _minima(rows: Sequence[NDArray[np.uint64]], permutations: int, seed: int) -> NDArray[np.uint64]:
    """The MinHash of each row of shingles: shape (rows, permutations)."""
    import numpy as np
    from rensa import RMinHash

    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(rows), offsets, permutations, seed)
    return np.array(matrix.to_rows(), dtype=np.uint64)


def rows_a_band(threshold: float) -> int:
    """How many minima make a band: the most that still find 98 % of the pairs that are just as alike as `threshold`."""
    return next((rows for rows in range(8, 1, -1) if 1 - (1 - threshold**rows) ** (PERMUTATIONS // rows) >= _RECALL), 1)


def resemblance(one: Sketch, other: Sketch) -> float:
    """The Jaccard index of the shingles, 0 to 1: the lower one of what is asked and of what is answered."""
    return alike(shingle_sets(one), shingle_sets(other))


Sets = tuple[frozenset[int], bytes]


def shingle_sets(row: Sketch) -> Sets:
    """What is asked, as a set of shingles, and what is answered, as it came: most pairs are told apart by their questions."""
    return frozenset(memoryview(row.asked).cast("Q")), row.answered


def alike(one: Sets, other: Sets, floor: float = 0.0) -> float:
    """`resemblance` of two rows whose sets are at hand; 0 for what is certain to be below `floor`."""
    asked = _jaccard(one[0], other[0], floor)
    if not asked or asked < floor or one[1] == other[1]:
        return asked
    return min(asked, _jaccard(frozenset(memoryview(one[1]).cast("Q")), frozenset(memoryview(other[1]).cast("Q")), floor))


def _jaccard(one: frozenset[int], other: frozenset[int], floor: float) -> float:
    fewer, more = sorted((len(one), len(other)))
    if not fewer or fewer < floor * more:
        return 1.0 if not more else 0.0
    shared = len(one & other)
    return shared / (fewer + more - shared)


def buckets(rows: Sequence[Sketch], order: Sequence[int]) -> Iterator[list[int]]:
    """One band at a time, the rows that share a bucket of it: positions in `rows`, as `order` has them; only buckets of two and more."""
    import numpy as np

    able = [index for index in order if rows[index].bands]
    if len(able) < 2:
        return
    positions = np.array(able)
    bands = np.frombuffer(b"".join(rows[index].bands for index in able), dtype=np.uint64).reshape(len(able), -1)
    for band in range(bands.shape[1]):
        keys = bands[:, band]
        by_key = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.concatenate(([True], keys[by_key][1:] != keys[by_key][:-1], [True])))
        for run in np.flatnonzero(np.diff(starts) > 1):
            yield positions[by_key[starts[run] : starts[run + 1]]].tolist()


def _side(example: Example, role: str) -> str:
    return "\n".join(message.text for message in example.messages if message.role == role)


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD_OR_SIGN.findall(unicodedata.normalize("NFKC", text).casefold())


class _Hashes(dict[str, int]):
    """Words to 64 bits, the same on any machine; each word is hashed once a batch."""

    def __missing__(self, word: str) -> int:
        number = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        self[word] = number
        return number


def _shingles(texts: Sequence[str], size: int) -> list[NDArray[np.uint64]]:
    """The shingles of each text, in order; a text of n words has n + size - 1, those that begin before it and end after it among them."""
    import numpy as np

    words = [_words(text) for text in texts]
    known = _Hashes()
    pad = [_EDGE] * (size - 1)
    numbers: list[int] = []
    for row in words:
        if row:
            numbers += pad
            numbers += map(known.__getitem__, row)
            numbers += pad
    flat = np.array(numbers, dtype=np.uint64)
    if not len(flat):
        return [flat for _ in words]
    mixed = flat[: len(flat) - size + 1].copy()
    for step in range(1, size):  # a polynomial in an odd base: position counts, and overflow is what is wanted
        mixed = mixed * np.uint64(0x100000001B3) ^ flat[step : len(flat) - size + 1 + step]
    # Products keep low bits low: fold the high half in, as MinHash takes these numbers for random ones.
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    found, start = [], 0
    for row in words:
        length = len(row) + 2 * (size - 1) if row else 0
        found.append(mixed[start : start + length - size + 1] if row else mixed[:0])
        start += length
    return found


def _bands(minima: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bucket number for each band: of shape (texts, bands, minima a band), shape (texts, bands)."""
    import numpy as np

    keys = np.zeros(minima.shape[:2], dtype=np.uint64)
    for row in range(minima.shape[2]):
        keys = (keys ^ minima[:, :, row]) * np.uint64(_EDGE)
        keys ^= keys >> np.uint64(31)
    return keys


def check_options(threshold: float, shingle: int) -> None:
    """Raise `ValueError` where a threshold is no Jaccard index, or a shingle no sensible number of words."""
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is a Jaccard index above 0 and up to 1, not {threshold:g}")
    if not 1 <= shingle <= 10:
        raise ValueError(f"shingle is a number of words from 1 to 10, not {shingle}")
