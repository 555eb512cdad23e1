"""Any sentence in slightly other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from augmentor.protocols import Variation
from augmentor.texts import normalised

Register = Literal["plain", "formal", "casual"]
_ATTEMPTS = 3  # drafts for each variant wanted; some say the same


@dataclass(frozen=True)
class Paraphrase:
    """Say any sentence, an answer as well, in other words: phrases that mean the same, clauses the other way round, contractions.

    Works from a curated lexicon of phrases, each with the context it needs, and says nothing where that has nothing to say.
    Numbers, names, codes, addresses, placeholders and negations stay. English; no model, no WordNet.

    Attributes:
        n: the most variants of a text.
        changes: the most phrases to exchange in a sentence of usual length; longer texts get more.
        registers: which kinds of wording may come in: `plain`, `formal`, `casual`.
        lexicon: phrase files of your own, beside the shipped ones (docs/strategies.md).
    """

    n: int = 2
    changes: int = 3
    registers: tuple[Register, ...] = ("plain", "formal", "casual")
    lexicon: tuple[Path, ...] = ()

    def vary(self, text: str, rng: Random) -> Iterator[Variation]:
        from .drafting import draft, inert, possible, reordered
        from .phrases import read_lexicon
        from .spans import mask, unmask

        hidden = mask(text)
        if hidden is None:
            return
        source, spans = hidden
        sites = read_lexicon(self.lexicon).sites(source, self.registers)
        movable = bool(reordered(source))
        still = inert(source)
        if not sites and not movable and still:
            return
        most = max(self.changes * len(source) // 120, self.changes)
        enough = min(self.n, possible(sites, most)) if still and not movable else self.n
        seen = {_bare(text)}
        for _ in range(self.n * _ATTEMPTS if sites else self.n + 1):
            if len(seen) > enough:
                return
            made, notes = draft(source, sites, most, rng, movable=movable)
            variant = unmask(made, spans)
            if variant is not None and _bare(variant) not in seen:
                seen.add(_bare(variant))
                yield Variation(variant, "+".join(notes) or None)


def _bare(text: str) -> str:
    """A text as far as its words go."""
    folded = " ".join(text.casefold().split()) if text.isascii() else normalised(text).replace("\u2019", "'")  # the same, and faster
    return folded.rstrip(" .!?")
