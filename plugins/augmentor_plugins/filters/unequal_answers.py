"""Answers that differ where only the person who is spoken of does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from augmentor.errors import BadOption
from augmentor.examples import Example, chance
from augmentor.protocols import Candidate, Verdict

from ..strategies.counterfactual import Counterfactual
from .group_mentions import DIMENSIONS, may_name

_EVERY = 12  # as many versions of an example as are looked for, for each dimension


class Unequal(NamedTuple):
    """Two examples, by id, whose prompts differ in a group only and whose answers differ in more; `change` says which group."""

    one: str
    other: str
    change: str


Sketch = tuple[str, str, str, list[tuple[str, str, str]]]
"""The id, what is asked, what is answered; and of each version with another group: what is asked, answered, and the change."""


@dataclass(frozen=True)
class UnequalAnswers:
    """Drop rows whose answer changes with the group of people that is spoken of.

    Each row is rewritten by the strategy `counterfactual`; where the data has a row with exactly that question, the two answers have to say
    the same once the group is swapped in them, too. Letter case, signs and spaces do not count. English.

    Attributes:
        groups: in what people differ: `gender`, `age`, `religion`, `ethnicity`, `nationality`, `orientation`, `disability`, `family`, `names`.
        drop: both rows of a pair, or the one with the shorter answer (of equal ones, the larger id).
    """

    groups: tuple[str, ...] = DIMENSIONS
    drop: Literal["both", "shorter"] = "both"

    def __post_init__(self) -> None:
        if not self.groups:
            raise BadOption("groups is empty: name at least one, as in groups=gender")
        Counterfactual(groups=self.groups)

    def sketch(self, candidates: Sequence[Candidate]) -> list[Sketch]:
        return [_sketch(candidate.example, self.groups) for candidate in candidates]

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:
        del held_out  # what the test set answers is not for the training data to know
        verdicts = [Verdict(keep=True) for _ in sketches]
        for one, other, change in sorted(_pairs(sketches)[0], key=lambda pair: (sketches[pair[0]][0], sketches[pair[1]][0])):
            sides = [(one, other), (other, one)]
            if self.drop == "shorter":
                sides = [min(sides, key=lambda side: (len(sketches[side[0]][2]), *(-ord(letter) for letter in sketches[side[0]][0])))]
            for index, partner in sides:
                if verdicts[index].keep:
                    reason = f"{sketches[partner][0]} asks the same of somebody else ({change}) and is answered otherwise"
                    verdicts[index] = Verdict(keep=False, reason=reason, other=sketches[partner][0])
        return verdicts


def unequal_pairs(examples: Sequence[Example], groups: Sequence[str] = DIMENSIONS) -> tuple[list[Unequal], int]:
    """The pairs of examples that differ in a group only and are answered otherwise, and how many pairs differ in a group only."""
    sketches = [_sketch(example, groups) for example in examples]
    found, compared = _pairs(sketches)
    named = [(*sorted((sketches[one][0], sketches[other][0])), change) for one, other, change in found]
    return sorted(Unequal(one, other, change) for one, other, change in named), compared


def _sketch(example: Example, groups: Sequence[str]) -> Sketch:
    versions = []
    named = tuple(group for group in groups if any(may_name(message.text, group) for message in example.messages))
    if example.answer and named:
        strategy = Counterfactual(groups=named, n=_EVERY)
        for messages, note in strategy.vary_example(example, chance(0, "unequal_answers", example.id)):
            other = example.derive(messages, "counterfactual", note)
            versions.append((_asked(other), _plain(other.answer), note))
    return example.id, _asked(example), _plain(example.answer), versions


def _asked(example: Example) -> str:
    return "\n".join(f"{message.role}: {_plain(message.text)}" for message in example.prompt)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _pairs(sketches: Sequence[Sketch]) -> tuple[list[tuple[int, int, str]], int]:
    """Positions of rows that are answered otherwise, each pair once with the change, and the number of pairs compared."""
    asked: dict[str, list[int]] = defaultdict(list)
    for index, (_, question, answer, _) in enumerate(sketches):
        if answer:
            asked[question].append(index)
    compared: dict[tuple[int, int], tuple[bool, str]] = {}
    for index, other, same, change in _matches(sketches, asked):
        pair = (min(index, other), max(index, other))
        known_same, known = compared.get(pair, (False, change))
        compared[pair] = (same or known_same, min(known, change))
    return [(one, other, change) for (one, other), (same, change) in compared.items() if not same], len(compared)


def _matches(sketches: Sequence[Sketch], asked: dict[str, list[int]]) -> Iterator[tuple[int, int, bool, str]]:
    for index, (_, _, _, versions) in enumerate(sketches):
        for question, answer, change in versions:
            for other in asked.get(question, ()):
                if other != index:
                    yield index, other, sketches[other][2] == answer, change
