"""What is counted as examples pass, each exactly and in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

import msgspec

from ..examples import Example
from ..formats.identities import Identities
from ..formats.quarantine import located
from ..protocols import Problem
from ..texts import normalised
from .result import Spread

LABELS = 10_000
"""How many labels are counted by name; a file with more has ids for labels."""

_FIRST = 20
_KINDS = 50
_BINS = 24


@dataclass
class Counts:
    """All that is counted of a file."""

    rows: int = 0
    examples: int = 0
    variants: int = 0
    unanswered: int = 0
    preferences: int = 0
    duplicates: int = 0
    unlabelled: int = 0
    other_labels: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first_problems: list[str] = field(default_factory=list)
    roles: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    words: Counter[int] = field(default_factory=Counter)
    tokens: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    _seen: Identities = field(default_factory=Identities, repr=False)

    def problem(self, item: Problem) -> None:
        """Count a row that could not be read."""
        self.rows += 1
        kind = reason_kind(item.reason)
        self.reasons[kind if kind in self.reasons or len(self.reasons) < _KINDS else "other reasons"] += 1
        if len(self.first_problems) < _FIRST:
            self.first_problems.append(located(item))

    def example(self, item: Example) -> tuple[int, str | None]:
        """Count an example: its words, and what it says as far as duplicates are concerned where an earlier one says the same."""
        text = item.text
        words = len(text.split())
        self.rows += 1
        self.examples += 1
        self.variants += item.parent is not None
        self.preferences += bool(item.rejected)
        self.roles.update(message.role for message in item.messages)
        self.turns[len(item.messages)] += 1
        self.words[words] += 1
        self.tokens[approximate_tokens(text)] += 1
        self.asked[len(item.question.split())] += 1
        if any(message.role == "assistant" for message in item.messages):
            self.answered[len(item.answer.split())] += 1
        else:
            self.unanswered += 1
        if item.label is None:
            self.unlabelled += 1
        elif item.label in self.labels or len(self.labels) < LABELS:
            self.labels[item.label] += 1
        else:
            self.other_labels += 1
        says = _fingerprint(item)
        if self._seen.is_new(says):
            return words, None
        self.duplicates += 1
        return words, says


def approximate_tokens(text: str) -> int:
    """About how many tokens a model makes of a text: a quarter of its bytes in UTF-8, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def spread(values: Counter[int]) -> Spread:
    """The spread of numbers that are counted by value.

    >>> spread(Counter({1: 50, 2: 45, 9: 5}))
    Spread(total=185, median=1, p95=2, max=9, bins=((1, 1, 50), (2, 2, 45), (3, 3, 0), (4, 4, 0), (5, 5, 0), (6, 6, 0), (7, 7, 0), (8, 8, 0), (9, 9, 5)))
    """
    order = sorted(values)
    most = order[-1] if order else 0
    return Spread(sum(value * count for value, count in values.items()), _at(values, order, 0.5), _at(values, order, 0.95), most, _bins(values, order))


def _at(values: Counter[int], order: list[int], share: float) -> int:
    """The smallest value that so large a share of the numbers does not pass."""
    left = share * values.total()
    for value in order:
        left -= values[value]
        if left <= 1e-9:
            return value
    return 0


def _bins(values: Counter[int], order: list[int]) -> tuple[tuple[int, int, int], ...]:
    """Bins of a whole width up to the 98th percentile, so that one giant does not flatten the rest; the last holds what is larger."""
    if not order:
        return ()
    first, last, most = order[0], max(order[0], _at(values, order, 0.98)), order[-1]
    width = -(-(last - first + 1) // _BINS)
    number = -(-(last - first + 1) // width) + (most > first + width * -(-(last - first + 1) // width) - 1)
    tally = [0] * number
    for value in order:
        tally[min(number - 1, (value - first) // width)] += values[value]
    return tuple(
        (first + place * width, most if place == number - 1 and most > first + place * width else first + (place + 1) * width - 1, count)
        for place, count in enumerate(tally)
    )


def balance(counts: Iterable[int]) -> float | None:
    """How evenly examples are spread over labels, 0 to 1; None with fewer than two labels."""
    found = [count for count in counts if count]
    if len(found) < 2:
        return None
    total = sum(found)
    return round(-sum(count / total * log(count / total) for count in found) / log(len(found)), 4)


def reason_kind(reason: str) -> str:
    """A reason without the place in its row, so that like ones can be counted together.

    >>> reason_kind("row 7: turn 2 (user) has no content")
    'turn (user) has no content'
    """
    return re.sub(r"^row \d+: | \(column \d+\)|(?<=turn) \d+", "", reason)


def _fingerprint(example: Example) -> str:
    said = "\0".join(f"{message.role}\0{normalised(message.text)}" for message in (*example.messages, *example.rejected))
    calls = [message.tool_calls for message in example.messages if message.tool_calls]
    return f"{said}\0{msgspec.json.encode(calls).decode()}"
