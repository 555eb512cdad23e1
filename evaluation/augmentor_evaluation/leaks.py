"""Test questions that an arm was trained on, and what is left without them.

An answer to a question that stands in the training data says nothing of questions that do not. Such answers are left out, as failed
calls are, and counted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from augmentor.examples import decode
from augmentor.texts import normalised

from .predictions import Prediction
from .results import LeakedPair
from .scoring import Scores, Table
from .words import words

THRESHOLD = 0.6
"""Jaccard index of words and pairs of neighbouring words from which two texts are the same but for a word or two."""


@dataclass(frozen=True)
class Leak:
    """A test question (its place in the table), the training row that gives it away, and how alike the questions are (1: the same)."""

    place: int
    row: str
    text: str
    likeness: float


def find_leaks(questions: Sequence[Prediction], trained_on: Mapping[str, Path]) -> dict[str, list[Leak]]:
    """For each arm the test questions that its training data holds, or nearly holds, with nearly the same answer.

    A question that training answers in another way is no leak: it teaches the arm to be wrong.
    """
    index = Index([question.question for question in questions])
    known: dict[tuple[str, str], list[tuple[int, float]]] = {}
    found = {}
    for arm, path in trained_on.items():
        best: dict[int, Leak] = {}
        for line in path.read_bytes().split(b"\n"):
            if not line:
                continue
            row = decode(line)
            key = row.question, row.answer
            if key not in known:
                known[key] = [(place, likeness) for place, likeness in index.near(row.question) if alike(questions[place].reference, row.answer)]
            for place, likeness in known[key]:
                if place not in best or likeness > best[place].likeness:
                    best[place] = Leak(place, row.id, row.question, likeness)
        found[arm] = [best[place] for place in sorted(best)]
    return found


def without(table: Table, leaks: Mapping[str, Sequence[Leak]]) -> Table:
    """The table without the answers that an arm was trained on."""
    import numpy as np

    arms = dict(table.arms)
    for name, some in leaks.items():
        if some and name in arms:
            places = [leak.place for leak in some]
            scores = {}
            for metric, one in arms[name].scores.items():
                values = one.values.copy()
                values[:, places] = np.nan
                scores[metric] = Scores(one.seeds, values)
            arms[name] = replace(arms[name], scores=scores)
    return replace(table, arms=arms)


def leaked_pairs(questions: Sequence[Prediction], leaks: Mapping[str, Sequence[Leak]]) -> Iterator[LeakedPair]:
    """Each leaked question once with its nearest training row and all arms that were trained on it."""
    found: dict[int, list[tuple[str, Leak]]] = {}
    for arm, some in leaks.items():
        for leak in some:
            found.setdefault(leak.place, []).append((arm, leak))
    for place, held in sorted(found.items()):
        nearest = max((leak for _, leak in held), key=lambda leak: leak.likeness)
        question = questions[place]
        yield LeakedPair(question.id, question.question, nearest.row, nearest.text, round(nearest.likeness, 4), [arm for arm, _ in held])


class Index:
    """Texts to be found again by texts like them.

    Only the rarest shingles of a text are looked up, as many as two texts of that likeness cannot all miss (prefix filtering; Chaudhuri,
    Ganti and Kaushik 2006), so the result is that of comparing every pair.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.sets = [shingles(text) for text in texts]
        self.frequency = Counter(shingle for some in self.sets for shingle in some)
        self.places: dict[str, list[int]] = {}
        for place, some in enumerate(self.sets):
            for shingle in self._rarest(some):
                self.places.setdefault(shingle, []).append(place)

    def near(self, text: str) -> list[tuple[int, float]]:
        """Places of the texts that are like this one, with their likeness."""
        ours = shingles(text)
        candidates = {place for shingle in self._rarest(ours) for place in self.places.get(shingle, ())}
        likenesses = ((place, jaccard(ours, self.sets[place])) for place in sorted(candidates))
        return [(place, likeness) for place, likeness in likenesses if likeness >= THRESHOLD]

    def _rarest(self, some: frozenset[str]) -> list[str]:
        order = sorted(some, key=lambda shingle: (self.frequency[shingle], shingle))
        return order[: len(order) - math.ceil(THRESHOLD * len(order)) + 1]


def shingles(text: str) -> frozenset[str]:
    """The words of a text and its pairs of neighbouring words; the text itself where it has no words."""
    said = words(text)
    return frozenset([*said, *(f"{one} {other}" for one, other in pairwise(said))] or [normalised(text)])


def jaccard(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """What two sets share of what either holds."""
    shared = len(ours & theirs)
    return shared / (len(ours) + len(theirs) - shared)


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same, or the same but for a word or two."""
    return one == other or jaccard(shingles(one), shingles(other)) >= THRESHOLD
