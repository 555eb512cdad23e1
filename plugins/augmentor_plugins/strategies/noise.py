"""Slips of the fingers, of the scanner and of autocorrection, on whole batches."""

from __future__ import annotations

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
            (your / you're), `autocorrect` (from / form), `ocr` (l read as 1). A word gets one of those that are possible in it.
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
        found: list[list[str]] = [[] for _ in texts]
        # Texts that are all ASCII go together, because one other letter makes the whole page four times as wide.
        plain = [index for index, text in enumerate(texts) if text.isascii()]
        other = [index for index, text in enumerate(texts) if not text.isascii()] if len(plain) < len(texts) else []
        for indices in (plain, other):
            for first in range(0, len(indices), _CHUNK):
                chunk = indices[first : first + _CHUNK]
                page = [texts[index] for index in chunk]
                for variant in self._variants(page, [rngs[index].getrandbits(64) for index in chunk]):
                    for index, text, noisy in zip(chunk, page, variant, strict=True):
                        if noisy != text:
                            found[index].append(noisy)
        return found

    def _variants(self, texts: Sequence[str], seeds: list[int]) -> Iterator[list[str]]:
        import numpy as np

        from .noise_page import lay_out
        from .noise_slips import Slips

        page = lay_out(texts)
        for variant in range(self.n):
            chance = np.array(seeds, np.uint64) ^ np.uint64(variant * 0xD1B54A32D192ED03 % 2**64)
            yield Slips(page, chance, self.kinds, self.rate, self.within).texts()
