"""Any sentence in slightly other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Literal

from augmentor.protocols import Variation
from augmentor.texts import normalised

if TYPE_CHECKING:
    from .phrases import Site

Register = Literal["plain", "formal", "casual"]
_ATTEMPTS = 3  # drafts for each variant wanted; some say the same
_REORDERED = 0.6  # how often clauses change places where they can
_CONTRACTED = 0.4
_SENTENCE = re.compile(r"(?<=[.?!]) ")
_ASKS = re.compile(r"(?:can|could|would|will|do|does|did|is|are|am|may|must|how|what|where|when|why|which|who)\b", re.IGNORECASE)
_TELLS = re.compile(r"(?:I|please(?! can| could| would)|tell|let)\b", re.IGNORECASE)


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
        from .clauses import reordered
        from .contractions import contract, expand
        from .phrases import read_lexicon
        from .spans import mask, unmask

        hidden = mask(text)
        if hidden is None:
            return
        source, spans = hidden
        sites = read_lexicon(self.lexicon).sites(source, self.registers)
        movable = bool(reordered(source))
        if not sites and not movable and expand(source) == source == contract(source):
            return
        seen = {_bare(text)}
        for _ in range(self.n * _ATTEMPTS if sites else self.n + 1):
            if len(seen) > self.n:
                return
            draft, notes = self._draft(source, sites, rng, movable=movable)
            variant = unmask(draft, spans)
            if variant is not None and _bare(variant) not in seen:
                seen.add(_bare(variant))
                yield Variation(variant, "+".join(notes) or None)

    def _draft(self, source: str, sites: list[Site], rng: Random, *, movable: bool) -> tuple[str, list[str]]:
        """A text in other words, and what was done to it."""
        from .clauses import reordered
        from .contractions import contract, expand
        from .phrases import substitute

        text, notes = source, []
        if sites:
            text = _marked(substitute(text, self._choices(text, sites, rng)), text)
            notes.append("phrases")
        if movable and rng.random() < _REORDERED and (orders := reordered(text)):
            text = rng.choice(orders)
            notes.append("clauses")
        if not notes or rng.random() < _CONTRACTED:
            other = rng.choice([expand, contract])(text)
            if other != text:
                text = other
                notes.append("contractions")
        return text, notes

    def _choices(self, text: str, sites: list[Site], rng: Random) -> list[tuple[Site, str]]:
        """Some places that do not overlap, and what to say there."""
        most = max(self.changes * len(text) // 120, self.changes)
        taken: list[tuple[Site, str]] = []
        for site in rng.sample(sites, len(sites)):
            if len(taken) == most:
                break
            if all(site.end <= other.start or site.start >= other.end for other, _ in taken):
                taken.append((site, rng.choice(site.others)))
        return taken


def _marked(text: str, source: str) -> str:
    """With the mark that a sentence needs which has become a question, or has ceased to be one."""
    new, old = _SENTENCE.split(text), _SENTENCE.split(source)
    if len(new) != len(old):
        return text
    for index, (now, before) in enumerate(zip(new, old, strict=True)):
        asks, asked = _ASKS.match(now), _ASKS.match(before)
        if asks and not asked and now.endswith("."):
            new[index] = now[:-1] + "?"
        elif asked and not asks and now.endswith("?") and _TELLS.match(now):
            new[index] = now[:-1] + "."
    return " ".join(new)


def _bare(text: str) -> str:
    """A text as far as its words go."""
    return normalised(text).replace("\u2019", "'").rstrip(" .!?")
