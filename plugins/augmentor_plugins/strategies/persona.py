"""Questions as different people would type them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from augmentor.protocols import Variation
from augmentor.texts import normalised

if TYPE_CHECKING:
    from .persona_files import Persona as Card

_ASKED = 16  # wordings asked for, enough to see whether topics compete
_LONGEST = 400  # characters; what is longer is a letter, which has a style of its own


@dataclass(frozen=True)
class Persona:
    """Ask as somebody else would: a terse expert, an anxious newcomer, somebody on a telephone, somebody new to English.

    A persona is a small TOML file that says who they are and how they type. What is dressed is first put in other words by
    the lexicon of `rephrase`; where that holds nothing, the question's own words are dressed. Works on English, without a model.

    Attributes:
        n: the most variants to make of a question, each by another persona.
        personas: names of shipped personas or paths of your own `.toml` files; all shipped ones when empty.
        wording: whether to put the question in other words first.
        lexicon: files of your own, asked before the shipped ones (docs/lexicon.md).
    """

    n: int = 2
    personas: tuple[str, ...] = ()
    wording: bool = True
    lexicon: tuple[Path, ...] = ()

    def vary(self, text: str, rng: Random) -> Iterator[Variation]:
        from .dressing import dress

        cards = _cards(self.personas)
        if not _is_english(text) or len(text) > _LONGEST:
            return
        seen = {_bare(text)}
        wordings = self._wordings(text, rng)
        for name, card in rng.sample(cards, len(cards)):
            if len(seen) > self.n:
                return
            said = wordings.pop() if wordings else text
            dressed = dress(said, card, rng)
            if _bare(dressed) not in seen:
                seen.add(_bare(dressed))
                yield Variation(dressed, f"persona={name}")

    def _wordings(self, text: str, rng: Random) -> list[str]:
        """What the lexicon says for this question: other words only, no mere sentence forms, and nothing where topics compete."""
        from .rephrase import Rephrase

        if not self.wording:
            return []
        variations = [item for item in Rephrase(n=_ASKED, forms=0, lexicon=self.lexicon).vary(text, rng) if (item.note or "").startswith("topic=")]
        if len({variation.note for variation in variations}) > 1:
            return []
        said = [variation.text for variation in variations]
        rng.shuffle(said)
        return said


def _is_english(text: str) -> bool:
    """Whether there are words, and English ones: openings in English suit nothing else."""
    from ..lexicon.words import FUNCTION_WORDS

    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) > 1 and (len(words) < 4 or any(word in FUNCTION_WORDS for word in words))


def _bare(text: str) -> str:
    """What is left of a text when marks count for nothing: a persona must change more than those."""
    return " ".join(re.findall(r"\w+", normalised(text)))


@cache
def _cards(personas: tuple[str, ...]) -> list[tuple[str, Card]]:
    from .persona_files import names, read_persona

    return [read_persona(name) for name in personas or names()]
