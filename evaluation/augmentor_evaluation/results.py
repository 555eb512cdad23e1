"""What `metrics.json` holds: the scores of every arm, and what can be said of their differences.

All intervals are two-sided at `Results.confidence`. A *cluster* is what is resampled together: all questions of one label
where the test set has labels, of one root otherwise. Calls that failed are left out and counted, never scored 0.
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA = 1

VerdictWord = Literal["better", "worse", "can't tell"]


class Score(msgspec.Struct, frozen=True):
    """A line of `scores.jsonl`: an arm's answer to a question under a seed, with its value of each metric.

    A value is None where the metric is not defined for the answer; `metrics` is empty where the call failed.
    """

    id: str
    arm: str
    seed: int
    metrics: dict[str, float | None]


class Estimate(msgspec.Struct, frozen=True):
    """A mean with its interval; `low` and `high` are None where there is too little to say."""

    mean: float | None
    low: float | None = None
    high: float | None = None


class ArmScores(msgspec.Struct, frozen=True):
    """One arm, its seeds averaged within each question.

    Attributes:
        questions: test questions with at least one answer.
        failed: calls that gave an error, over all seeds.
        metrics: by metric name.
        by_seed: for each metric, the mean under each seed (seed as text).
        completion_tokens: mean length of an answer, in tokens of the model.
    """

    name: str
    seeds: list[int]
    questions: int
    clusters: int
    failed: int
    metrics: dict[str, Estimate]
    by_seed: dict[str, dict[str, float]]
    completion_tokens: float | None = None


class Comparison(msgspec.Struct, frozen=True):
    """Arm minus baseline on one metric, on the questions that both answered.

    Attributes:
        difference: mean of the paired differences, in the metric's unit, signed as measured.
        p: two-sided sign-flip permutation test over clusters; q: the same after Benjamini-Hochberg over all comparisons.
        wins, ties, losses: questions on which the arm is better, equal, worse (seeing to `higher_is_better`).
        win_share: wins among wins and losses, with its Wilson interval.
        detectable: the smallest true difference this test would find with 80 % power.
        verdict: what the interval and q together allow to say.
        sentence: the same in words, with numbers.
    """

    arm: str
    baseline: str
    metric: str
    difference: Estimate
    p: float | None
    q: float | None
    questions: int
    clusters: int
    wins: int
    ties: int
    losses: int
    win_share: Estimate
    detectable: float | None
    verdict: VerdictWord
    sentence: str


class Gap(msgspec.Struct, frozen=True):
    """The share of the lead of `ceiling` over `baseline` that `subject` closes: 1 reaches it, above 1 passes it."""

    metric: str
    baseline: str
    subject: str
    ceiling: str
    closed: Estimate
    sentence: str


class Slice(msgspec.Struct, frozen=True):
    """Subject against baseline on a part of the test questions (headline metric)."""

    group: str
    value: str
    questions: int
    clusters: int
    subject: float | None
    baseline: float | None
    difference: Estimate
    small: bool


class MetricInfo(msgspec.Struct, frozen=True):
    """What a reader has to know of a metric."""

    name: str
    title: str
    higher_is_better: bool
    about: str


class Headline(msgspec.Struct, frozen=True):
    """The answer."""

    metric: str
    subject: str
    baseline: str
    verdict: VerdictWord
    difference: Estimate
    questions: int
    clusters: int
    seeds: list[int]
    sentence: str


class Results(msgspec.Struct, frozen=True):
    """All of `metrics.json`.

    `cluster_by` is `label` or `root`. `comparisons` holds every arm against the baseline, and the subject against every
    other arm. `slices` are for the headline metric. `limits` are sentences on what this evidence cannot show.
    """

    headline: Headline | None
    arms: list[ArmScores]
    comparisons: list[Comparison]
    gaps: list[Gap]
    slices: list[Slice]
    metrics: list[MetricInfo]
    cluster_by: str
    confidence: float
    limits: list[str]
    schema: int = SCHEMA
