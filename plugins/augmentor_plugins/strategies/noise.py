"""Slips of the fingers, of the scanner and of autocorrection, on whole batches."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Kind = Literal["keyboard", "swap", "drop", "double", "case", "spacing", "punctuation", "homophone", "autocorrect", "ocr"]
_CHUNK = 2048  # texts worked on at once: their arrays stay in the processor's cache


@dataclass(frozen=True)
class Noise:
    """Make the slips that people, scanners and autocorrection make.

    Numbers, amounts, codes, addresses, file names, CamelCase and ALLCAPS words, names inside a sentence and placeholders in
    brackets are left exactly as they are. Any language that is written with spaces; only plain Latin letters change.

    Attributes:
        n: variants of each text.
        kinds: the slips to make: `keyboard` (a key beside the one meant), `swap`, `drop` and `double` a letter, `case`,
            `spacing` (words run together or torn apart), `punctuation` (a mark left out or repeated), `homophone`
            (your / you're), `autocorrect` (from / form), `ocr` (l read as 1). A word gets one of those that are possible in it;
            beside `case` alone a text gets another slip, too, where one is possible: variants that differ by case only count as repeats.
        rate: the share of a text's words that get a slip; at least one does.
        within: the share of a word's letters that `keyboard` and `ocr` change; at least one.
    """

    n: int = 1
    kinds: tuple[Kind, ...] = ("keyboard", "swap", "drop", "double", "case", "spacing", "punctuation", "homophone")
    rate: float = 0.12
    within: float = 0.1

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("kinds is empty; name at least one kind of slip")
        if not (0 < self.rate <= 1 and 0 < self.within <= 1):
            raise ValueError(f"rate and within are shares above 0 and up to 1, not {self.rate} and {self.within}")

    def vary_batch(self, texts: Sequence[str], rngs: Sequence[Random]) -> list[list[str]]:
        if all(map(str.isascii, texts)):
            return self._varied(texts, rngs)
        # Texts that are all ASCII go together, because one other letter makes the whole page four times as wide.
        found: list[list[str]] = [[] for _ in texts]
        for plain in (True, False):
            indices = [index for index, text in enumerate(texts) if text.isascii() is plain]
            for index, variants in zip(indices, self._varied([texts[index] for index in indices], [rngs[index] for index in indices]), strict=True):
                found[index] = variants
        return found

    def _varied(self, texts: Sequence[str], rngs: Sequence[Random]) -> list[list[str]]:
        found: list[list[str]] = []
        for first in range(0, len(texts), _CHUNK):
            page = texts[first : first + _CHUNK]
            variants = list(self._variants(page, [rng.getrandbits(64) for rng in rngs[first : first + _CHUNK]]))
            found += map(list, zip(*variants, strict=True))
            for variant in variants:
                if not all(map(operator.ne, page, variant)):  # rarely: nothing can slip in a text
                    found[first:] = [[noisy for noisy in row if noisy != text] for row, text in zip(found[first:], page, strict=True)]
                    break
        return found

    def _variants(self, texts: Sequence[str], seeds: list[int]) -> Iterator[list[str]]:
        import numpy as np

        from .noise_page import lay_out
        from .noise_slips import Slips

        page = lay_out(texts)
        for variant in range(self.n):
            chance = np.array(seeds, np.uint64) ^ np.uint64(variant * 0xD1B54A32D192ED03 % 2**64)
            yield Slips(page, chance, self.kinds, self.rate, self.within).texts()
