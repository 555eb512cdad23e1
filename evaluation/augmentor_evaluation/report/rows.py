"""Test questions with every arm's answer: all are counted, those worth a person's time are chosen to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

import msgspec

from .embed import Texts
from .flagged import flagged_ids
from .lines import read_lines
from .runview import Prediction, RunView, Score

CAP = 5000
BYTES = 4_000_000
LIMIT = 4000
EVEN = 1e-9

Outcome = Literal["worse", "better", "same", "failed", "unscored"]


@dataclass(frozen=True)
class Answer:
    """What an arm said (under its first seed that answered), or its error; its headline score, the mean over seeds."""

    text: str
    error: str | None
    score: float | None


@dataclass(frozen=True)
class Row:
    """A test question. `answers` are in the order of `Rows.arms`; `change` is subject minus baseline, positive for better; `flagged` says that an
    answer holds what it should not (`flagged.METRICS`).
    """

    id: str
    label: str | None
    question: str
    reference: str
    answers: tuple[Answer | None, ...]
    change: float | None
    outcome: Outcome
    flagged: bool = False


@dataclass(frozen=True)
class Rows:
    """The questions of a run: `total` and `counts` are of all, `chosen` holds worst regressions first."""

    arms: tuple[str, ...]
    subject: str | None
    baseline: str | None
    total: int
    counts: Mapping[Outcome, int]
    chosen: tuple[Row, ...]

    def answer(self, row: Row, arm: str | None) -> Answer | None:
        """What an arm answered, None where it was not asked."""
        return row.answers[self.arms.index(arm)] if arm in self.arms else None

    def worst(self, count: int) -> list[Row]:
        """The worst regressions."""
        return [row for row in self.chosen if row.outcome == "worse"][:count]

    def best(self, count: int) -> list[Row]:
        """The best gains."""
        gains = [row for row in self.chosen if row.outcome == "better"]
        return sorted(gains, key=lambda row: (-(row.change or 0.0), row.id))[:count]


class _Glimpse(msgspec.Struct, frozen=True):
    id: str
    error: str | None = None


def read_rows(run: RunView, cap: int = CAP) -> Rows:
    """The questions of a run; of more than `cap`, all regressions (worst first), all that failed or are flagged, the best gains and a
    sample.
    """
    files = run.prediction_files
    head = run.results.headline if run.results else None
    failed: set[str] = set()
    order: dict[str, None] = {}
    for seeds in files.values():
        for path in seeds.values():
            for glimpse in read_lines(path, _Glimpse):
                order[glimpse.id] = None
                if glimpse.error is not None:
                    failed.add(glimpse.id)
    means = mean_scores(run.scores(), head.metric) if head else {}
    sign = 1.0 if head is None or run.metric(head.metric).higher_is_better else -1.0
    changes: dict[str, float] = {}
    if head:
        mine, theirs = means.get(head.subject, {}), means.get(head.baseline, {})
        changes = {id: sign * (mine[id] - theirs[id]) for id in order if id in mine and id in theirs}
    outcomes = {id: _outcome(changes.get(id), id in failed) for id in order}
    flagged = flagged_ids(run)
    ids = _choose(outcomes, changes, failed, flagged, cap)
    arms = tuple(files)
    answers = {arm: _answers(seeds.values(), set(ids)) for arm, seeds in files.items()}
    chosen: list[Row] = []
    texts = Texts(LIMIT)
    for id in ids:
        row = _row(id, arms, answers, means, changes.get(id), outcomes[id], flagged=id in flagged)
        for text in (row.question, row.reference, *(answer.text for answer in row.answers if answer)):
            texts.number(text)
        if texts.size > BYTES and chosen:
            break
        chosen.append(row)
    return Rows(
        arms, head.subject if head else None, head.baseline if head else None, len(order), Counter(outcomes.values()), tuple(chosen)
    )


def mean_scores(scores: Iterable[Score], metric: str) -> dict[str, dict[str, float]]:
    """Each question's value of a metric, the mean over seeds, by arm and id."""
    sums: dict[str, dict[str, list[float]]] = {}
    for score in scores:
        value = score.metrics.get(metric)
        if value is not None:
            sums.setdefault(score.arm, {}).setdefault(score.id, []).append(value)
    return {arm: {id: sum(values) / len(values) for id, values in some.items()} for arm, some in sums.items()}


def _outcome(change: float | None, failed: bool) -> Outcome:
    if change is None:
        return "failed" if failed else "unscored"
    return "worse" if change < -EVEN else "better" if change > EVEN else "same"


def _choose(outcomes: Mapping[str, Outcome], changes: Mapping[str, float], failed: set[str], flagged: frozenset[str], cap: int) -> list[str]:
    """Ids to show, in order of importance."""
    worst = sorted((id for id, outcome in outcomes.items() if outcome == "worse"), key=lambda id: (changes[id], id))
    best = sorted((id for id, outcome in outcomes.items() if outcome == "better"), key=lambda id: (-changes[id], id))
    first = dict.fromkeys([*worst, *sorted(failed), *sorted(flagged & outcomes.keys()), *best[:100]])
    rest = sorted(id for id in outcomes if id not in first)
    Random(0).shuffle(rest)
    return [*first, *rest][:cap]


def _answers(paths: Iterable[Path], wanted: set[str]) -> dict[str, Prediction]:
    """The answer of the first seed that gave one; the error where every seed failed."""
    found: dict[str, Prediction] = {}
    for path in paths:
        for row in read_lines(path, Prediction):
            if row.id in wanted and (row.id not in found or (found[row.id].error is not None and row.error is None)):
                found[row.id] = row
    return found


def _row(
    id: str,
    arms: tuple[str, ...],
    answers: Mapping[str, Mapping[str, Prediction]],
    means: Mapping[str, Mapping[str, float]],
    change: float | None,
    outcome: Outcome,
    *,
    flagged: bool,
) -> Row:
    said = [answers[arm].get(id) for arm in arms]
    first = next(one for one in said if one is not None)
    shown = tuple(
        Answer(one.prediction, one.error, means.get(arm, {}).get(id)) if one is not None else None
        for arm, one in zip(arms, said, strict=True)
    )
    return Row(id, first.label, first.question, first.reference, shown, change, outcome, flagged)
