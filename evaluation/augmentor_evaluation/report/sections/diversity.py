"""Are the variants really new?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import SectionContent

from .. import charts
from ..families import strategy
from ..runview import RunView
from ..templating import render

MOST = 4000


@dataclass(frozen=True)
class Measured:
    """A set of questions: how many were measured of how many, their words, and the share of word pairs that are distinct."""

    name: str
    total: int
    measured: int
    words: float
    vocabulary: int
    distinct: float


@dataclass(frozen=True)
class Diversity:
    """Lengths and distinct word pairs of the originals, the variants and each strategy's own."""

    name: ClassVar[str] = "diversity"
    order: ClassVar[int] = 100

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where no variants were kept."""
        groups: dict[str, Reservoir] = {"originals": Reservoir(), "all variants": Reservoir()}
        for example in run.examples("train"):
            if example.parent is None:
                groups["originals"].add(example)
            else:
                groups["all variants"].add(example)
                groups.setdefault(strategy(example.made_by), Reservoir()).add(example)
        if not groups["all variants"].total:
            return None
        # rates fall with the number of words looked at, so all groups are measured on equally many questions
        alike = max(1, min((group.total for group in groups.values() if group.total >= 20), default=MOST))
        measured = [measure(name, group, min(alike, MOST)) for name, group in groups.items()]
        lengths = [(name, [float(len(text.split())) for text in groups[name].texts]) for name in ("originals", "all variants")]
        html = render(
            "sections/diversity.html",
            measured=measured,
            alike=min(alike, MOST),
            lengths=[(name, groups[name].total) for name, _ in lengths],
            histogram=charts.histogram(
                lengths, label="Lengths of originals and variants in words; the table has the means", x_title="words in the question"
            ),
        )
        return SectionContent("Diversity", str(html), "Is what was made really new?")


class Reservoir:
    """Up to 4,000 questions of a stream, every one with the same chance."""

    def __init__(self) -> None:
        self.total = 0
        self.texts: list[str] = []
        self._rng = Random(0)

    def add(self, example: Example) -> None:
        """Count an example, and keep its question if chance will have it."""
        self.total += 1
        if len(self.texts) < MOST:
            self.texts.append(example.question)
        elif (place := self._rng.randrange(self.total)) < MOST:
            self.texts[place] = example.question


def measure(name: str, group: Reservoir, count: int) -> Measured:
    """The measures of `count` of a group's questions, drawn by chance."""
    texts = group.texts if len(group.texts) <= count else Random(0).sample(group.texts, count)
    split = [text.casefold().split() for text in texts]
    pairs = [pair for words in split for pair in _pairs(words)]
    return Measured(
        name,
        group.total,
        len(texts),
        sum(map(len, split)) / max(1, len(split)),
        len({word for words in split for word in words}),
        len(set(pairs)) / max(1, len(pairs)),
    )


def _pairs(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    return pairwise(words)
