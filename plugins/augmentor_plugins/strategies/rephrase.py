"""Questions and requests in other words and situations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from augmentor.protocols import Variation
from augmentor.texts import normalised

if TYPE_CHECKING:
    from ..lexicon.matching import Lexicon, Match

_SITUATIONS_PER_GOAL = 3
_FORMS_PER_TEXT = 2
_LEAST_LIKENESS = 0.3


@dataclass(frozen=True)
class Rephrase:
    """Ask the same in other words: the situation behind a question, the symptom, the wish, the everyday name.

    Looks the question up in a lexicon of topics, each one need that people have with many ways of putting it, and says
    nothing that the lexicon does not hold for exactly this need; where it holds nothing, other sentence forms of the same
    words are all it offers. Works on English, without a model.

    Attributes:
        n: the most variants to make of a question.
        forms: how many of them may be mere sentence forms of the same words ("Is there a way to ...?").
        sentences: how many wordings of the need a message may have: with 2 or more some tell the situation first and ask
            last, as people do who explain themselves. A model learns more words from as many training steps.
        lexicon: files of your own, asked before the shipped ones (docs/lexicon.md).
    """

    n: int = 8
    forms: int = _FORMS_PER_TEXT
    sentences: int = 1
    lexicon: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if self.n < 1 or self.sentences < 1:
            raise ValueError("n and sentences are at least 1")

    def vary(self, text: str, rng: Random) -> Iterator[Variation]:
        seen = {normalised(text)}
        made = 0
        for variation in self._candidates(text, rng):
            if made == self.n:
                return
            if normalised(variation.text) not in seen:
                seen.add(normalised(variation.text))
                made += 1
                yield variation

    def _candidates(self, text: str, rng: Random) -> Iterator[Variation]:
        matches = _best(_lexicon(self.lexicon).match(text))
        forms = list(_forms(text, rng))
        said = _said(matches, rng) if self.sentences == 1 else _told(matches, self.sentences, rng)
        first = list(islice(said, max(self.n - min(self.forms, len(forms)), 0)))
        yield from first
        yield from forms[: self.forms]
        yield from said
        if not first:
            yield from forms


def _said(matches: list[Match], rng: Random) -> Iterator[Variation]:
    """Utterances and goals of the topics, mixed: some situations, then a goal in a sentence form of its own."""
    from ..lexicon import rendering

    situations = [(line, match) for match in matches for line in rendering.lines(match)]
    wishes = [(rng.choice(forms), match) for match in matches for forms in rendering.goals(match)]
    rng.shuffle(situations)
    rng.shuffle(wishes)
    while situations or wishes:
        said = situations[:_SITUATIONS_PER_GOAL] + wishes[-1:]
        del situations[:_SITUATIONS_PER_GOAL], wishes[-1:]
        for line, match in said:
            yield Variation(rendering.rendered(line, match), f"topic={match.topic.title}")


def _told(matches: list[Match], most: int, rng: Random) -> Iterator[Variation]:
    """Messages of one to `most` wordings of a topic, what is stated before what is asked; every wording once, the topics in turn."""
    tellers = [_tell(match, most, rng) for match in matches]
    while tellers:
        for teller in list(tellers):
            if (variation := next(teller, None)) is None:
                tellers.remove(teller)
            else:
                yield variation


def _tell(match: Match, most: int, rng: Random) -> Iterator[Variation]:
    from ..lexicon import rendering

    said = [rendering.rendered(line, match) for line in (*rendering.lines(match), *(rng.choice(forms) for forms in rendering.goals(match)))]
    rng.shuffle(said)
    stated = [text for text in said if not text.endswith("?")]
    asked = [text for text in said if text.endswith("?")]
    while stated or asked:
        number = rng.choice((1, most, most))
        parts = [stated.pop() for _ in range(min(number - (number > 1), len(stated)))]
        if (number > 1 or not parts) and asked:
            parts.append(asked.pop())
        yield Variation(" ".join(text if text[-1] in ".?!" or len(parts) == 1 else f"{text}." for text in parts), f"topic={match.topic.title}")


def _forms(text: str, rng: Random) -> Iterator[Variation]:
    """The same words in other sentence forms."""
    from ..lexicon import forms

    if phrase := forms.verb_phrase(text):
        templates = [form.replace("{vp}", phrase) for form in forms.DO_FORMS]
    elif clause := forms.indirect_clause(text):
        templates = [form.replace("{clause}", clause) for form in forms.INDIRECT_FORMS]
    else:
        plain = text.strip()
        lower = plain if re.match(r"(?:I\b|[A-Z]{2})", plain) else plain[:1].lower() + plain[1:]
        templates = [form.replace("{q}", lower).replace("{Q}", plain) for form in forms.ASK_FORMS]
    rng.shuffle(templates)
    for template in templates:
        yield Variation(template, "form")


def _best(matches: list[Match]) -> list[Match]:
    """The topics that account for the question best, of those that are known by questions at all like it and have something to say."""
    from ..lexicon import rendering

    able = [match for match in matches if match.likeness >= _LEAST_LIKENESS and (rendering.lines(match) or any(rendering.goals(match)))]
    return [match for match in able if match.fit == able[0].fit]


@cache
def _lexicon(own: tuple[Path, ...]) -> Lexicon:
    from ..lexicon.matching import read_lexicon

    return read_lexicon(*own)
