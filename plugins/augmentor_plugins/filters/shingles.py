"""Word shingles and MinHash bands: the sketch that near-duplicates and leaks are found by.

A shingle is a run of words, here its 64-bit hash; two texts resemble each other by the Jaccard index of their shingle sets.
MinHash (Broder 1997) puts texts that may resemble each other into the same bucket of at least one band; every pair
is then verified on the shingles themselves, so that a bucket shared by chance costs time and never a row.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from augmentor.examples import Example
from augmentor.protocols import Candidate
from augmentor.texts import WORD_OR_SIGN

PERMUTATIONS = 128
_RECALL = 0.98
_AT_ONCE = 1 << 19
"""Letters that are made into shingles together: enough for numpy, few enough for a processor's cache."""
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
    found: list[tuple[Any, ...]] = []
    batch: list[tuple[Example, str, str]] = []
    letters = 0
    for candidate in candidates:
        example = candidate.example
        asked, answered = _side(example, "user"), _side(example, "assistant") if answers else ""
        batch.append((example, asked, answered))
        letters += len(asked) + len(answered)
        if letters > _AT_ONCE:
            found += _sketched(batch, size, threshold)
            batch, letters = [], 0
    return found + _sketched(batch, size, threshold)


def _sketched(batch: Sequence[tuple[Example, str, str]], size: int, threshold: float) -> list[tuple[Any, ...]]:
    import numpy as np

    if not batch:
        return []
    examples, questions, replies = zip(*batch, strict=True)
    asked, answered = shingled(questions, size), shingled(replies, size)
    rows = rows_a_band(threshold)
    number = PERMUTATIONS // rows
    of_answer = rows // 2
    both = (asked.lengths > 0) & (answered.lengths > 0) if of_answer else np.zeros(len(examples), dtype=bool)
    alone = (asked.lengths > 0) & ~both
    keys = np.zeros((len(examples), number), dtype=np.uint64)
    keys[alone] = _bands(asked, alone, number, rows, 42)
    keys[both] = _bands(asked, both, number, rows - of_answer, 42) + _bands(answered, both, number, of_answer, 43)
    width = 8 * number
    bands = keys.tobytes()
    return [
        (example.id, example.root, int(example.parent is not None), example.label, one, other, bands[width * row : width * (row + 1)] if one else b"")
        for row, (example, one, other) in enumerate(zip(examples, asked.pieces(), answered.pieces(), strict=True))
    ]


class Shingles(NamedTuple):
    """The shingles of many texts, one text after the other, and how many each has."""

    flat: NDArray[np.uint64]
    lengths: NDArray[np.int64]

    def pieces(self) -> list[bytes]:
        """The shingles of each text as bytes."""
        raw = self.flat.tobytes()
        ends = (8 * self.lengths.cumsum()).tolist()
        return [raw[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _bands(shingles: Shingles, chosen: NDArray[np.bool_], number: int, rows: int, seed: int) -> NDArray[np.uint64]:
    """The bucket of each chosen text in each of `number` bands of `rows` minima: shape (chosen texts, number).

    A minimum is the least value that one of many hash functions, here a*x + b in 32 bits, takes on a text's shingles.
    """
    import numpy as np

    values = (shingles.flat[np.repeat(chosen, shingles.lengths)] >> np.uint64(32)).astype(np.uint32)
    lengths = shingles.lengths[chosen]
    if not len(lengths):
        return np.zeros((0, number), dtype=np.uint64)
    starts = np.concatenate(([0], lengths.cumsum()[:-1]))
    factors, offsets = np.random.default_rng(seed).integers(0, 1 << 32, (2, number * rows), dtype=np.uint32)
    keys = np.zeros((number, len(lengths)), dtype=np.uint64)
    for place, (factor, offset) in enumerate(zip(factors | np.uint32(1), offsets, strict=True)):
        least = np.minimum.reduceat(values * factor + offset, starts)
        band = keys[place // rows]
        band ^= least
        band *= np.uint64(_EDGE)
        band ^= band >> np.uint64(31)
    return keys.T


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


def shared(rows: Sequence[Sketch], order: Sequence[int]) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """Positions in `rows` of those that share a bucket: pairs where two share one, then buckets of more; each once, as `order` has them."""
    import numpy as np

    able = [index for index in order if rows[index].bands]
    if len(able) < 2:
        return [], []
    positions = np.array(able)
    bands = np.frombuffer(b"".join([rows[index].bands for index in able]), dtype=np.uint64).reshape(len(able), -1)
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    more: dict[bytes, NDArray[np.int64]] = {}
    for band in range(bands.shape[1]):
        keys = bands[:, band]
        by_key = np.argsort(keys)  # a stable sort takes four times as long; what shares a bucket is put in order below
        keys = keys[by_key]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1], [True])))
        sizes = np.diff(starts)
        twos = starts[:-1][sizes == 2]
        pairs.append(np.sort(np.stack((by_key[twos], by_key[twos + 1]), axis=1), axis=1))
        for start, size in zip(starts[:-1][sizes > 2].tolist(), sizes[sizes > 2].tolist(), strict=True):
            bucket = np.sort(by_key[start : start + size])
            more[hashlib.blake2b(bucket.tobytes(), digest_size=16).digest()] = bucket
    numbers = np.unique(np.concatenate(pairs) @ np.array([len(able), 1]))
    twos = positions[np.stack((numbers // len(able), numbers % len(able)), axis=1)]
    return [(one, other) for one, other in twos.tolist()], [positions[bucket].tolist() for bucket in more.values()]


def _side(example: Example, role: str) -> str:
    said = [message.text for message in example.messages if message.role == role]
    return said[0] if len(said) == 1 else "\n".join(said)


def _words(text: str) -> bytes:
    """A text in which words are what bytes other than ASCII signs make: folded where it is not ASCII, signs of Chinese and Japanese apart."""
    if text.isascii():
        return text.encode()
    return " ".join(WORD_OR_SIGN.findall(unicodedata.normalize("NFKC", text).casefold())).encode("utf-8", "surrogatepass")


# Bytes of words in lower case; 0 for what stands between words.
_FOLDED = bytes(ord(chr(code).lower()) if code < 128 and (chr(code).isalnum() or chr(code) == "_") else code if code > 127 else 0 for code in range(256))


def shingled(texts: Sequence[str], size: int) -> Shingles:
    """The shingles of texts; one of n words has n + size - 1, those that begin before it and end after it among them.

    All texts at once: words are polynomials of their bytes, shingles polynomials of their words, modulo 2^64.
    """
    import numpy as np

    raw = [_words(text) for text in texts]
    letters = np.frombuffer(b"\0".join([b"", *raw, b""]).translate(_FOLDED), dtype=np.uint8)
    inside = letters != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    numbers = _hashed(letters, begins, ends)
    of_text = np.cumsum([1 + len(piece) for piece in raw])
    words = np.diff(np.searchsorted(begins, of_text), prepend=0)
    spoken = words > 0
    padded = np.where(spoken, words + 2 * (size - 1), 0)
    flat = np.full(int(padded.sum()), _EDGE, dtype=np.uint64)
    starts = np.concatenate(([0], padded.cumsum()[:-1])) + size - 1
    before = np.concatenate(([0], words.cumsum()[:-1]))
    flat[np.arange(len(numbers)) + np.repeat(starts - before, words)] = numbers
    if not len(flat):
        return Shingles(flat, padded)
    mixed = flat[: len(flat) - size + 1].copy()
    for step in range(1, size):  # a polynomial in an odd base: position counts, and overflow is what is wanted
        mixed = mixed * np.uint64(0x100000001B3) ^ flat[step : len(flat) - size + 1 + step]
    # Products keep low bits low: fold the high half in, as MinHash takes these numbers for random ones.
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    # What begins in the padding behind a text belongs to no text.
    behind = np.ones(len(flat), dtype=bool)
    if size > 1:
        ends_of = padded.cumsum()[spoken]
        behind[(ends_of[:, None] - np.arange(1, size)).ravel()] = False
    return Shingles(mixed[behind[: len(mixed)]], np.where(spoken, padded - size + 1, 0))


def _hashed(letters: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """64 bits of each word between `begins` and `ends`, the same on any machine."""
    import numpy as np

    if not len(begins):
        return np.zeros(0, dtype=np.uint64)
    longest = int((ends - begins).max())
    powers = np.cumprod(np.full(longest, 0x9E3779B97F4A7C15 | 1, dtype=np.uint64))
    lengths = ends - begins
    place = np.arange(int(lengths.sum())) - np.repeat(np.concatenate(([0], lengths.cumsum()[:-1])), lengths)
    said = letters[letters != 0].astype(np.uint64)
    total: NDArray[np.uint64] = np.add.reduceat(said * powers[place], np.concatenate(([0], lengths.cumsum()[:-1])))
    total = (total ^ (total >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(32)
    return total


def check_options(threshold: float, shingle: int) -> None:
    """Raise `ValueError` where a threshold is no Jaccard index, or a shingle no sensible number of words."""
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is a Jaccard index above 0 and up to 1, not {threshold:g}")
    if not 1 <= shingle <= 10:
        raise ValueError(f"shingle is a number of words from 1 to 10, not {shingle}")
