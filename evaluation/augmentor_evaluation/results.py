"""What `metrics.json` holds: the scores of every arm, and what can be said of their differences.

All intervals are two-sided at `Results.confidence`. A *cluster* is what is resampled together: all questions of one label
where the test set has labels, of one root otherwise. Calls that failed are left out and counted, never scored 0.
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA = 1

VerdictWord = Literal["better", "worse", "can't tell"]
WorthWord = Literal["worth it", "not worth it", "can't tell", "changed no row"]


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
        leaked: questions that its training data holds; its answers to them are left out.
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
    leaked: int = 0


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
    """Subject against baseline on a part of the test questions (headline metric).

    q is adjusted over all slices that are not `small`; small ones are not tested.
    """

    group: str
    value: str
    questions: int
    clusters: int
    subject: float | None
    baseline: float | None
    difference: Estimate
    small: bool
    p: float | None = None
    q: float | None = None
    verdict: VerdictWord = "can't tell"


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


class LeakedPair(msgspec.Struct, frozen=True):
    """A test question (its id and words), the training row that is most like it, how alike they are, and the arms trained on such a row."""

    id: str
    question: str
    row: str
    text: str
    likeness: float
    arms: list[str]


class Leaks(msgspec.Struct, frozen=True):
    """Test questions that arms were trained on.

    Attributes:
        count: questions that at least one arm was trained on; `by_arm` counts them for each.
        pairs: the first of them with their training rows.
        headline: the answer as it would be with them; `Results.headline` is without.
    """

    count: int
    by_arm: dict[str, int]
    pairs: list[LeakedPair]
    headline: Headline | None


class Worth(msgspec.Struct, frozen=True):
    """What a part of the recipe is worth: `arm` minus `against` on the headline metric (see `augmentor.protocols.Ablation`).

    Attributes:
        rows: rows that `arm` trains on.
        changed: rows that only one of the two trains on; with none both are one training and nothing is compared.
        q: adjusted over the rows of this table alone.
        verdict: `worth it` where `arm` is better, `not worth it` where the interval holds no gain as large as `Results.least`.
        sentence: the same in words, with numbers.
    """

    part: str
    kind: Literal["left out", "alone", "filter off", "share"]
    arm: str
    against: str
    share: float
    rows: int
    changed: int
    metric: str
    difference: Estimate
    p: float | None
    q: float | None
    questions: int
    clusters: int
    detectable: float | None
    verdict: WorthWord
    sentence: str


class Agreement(msgspec.Struct, frozen=True):
    """How far a judge agrees with people.

    Attributes:
        ratings: of people, on pairs that the judge judged; `questions` that they are of.
        agreed: the share of ratings that say what the judge says (win, tie or loss).
        kappa: Cohen's: agreement beyond what chance would bring; 1 is full, 0 none. The interval is by bootstrap over questions.
    """

    ratings: int
    questions: int
    agreed: float | None
    kappa: Estimate


class JudgeHealth(msgspec.Struct, frozen=True):
    """Whether a judge can be believed.

    Attributes:
        judgements: pairs, or answers, that it was to judge.
        asked: those that it was asked about: the same words twice are a tie unasked.
        unread: judgements without a verdict that could be read, calls that failed among them (`failed`); they are left out.
        flip_rate: the share of pairs whose verdict changed with the order.
        first_rate: of the verdicts for one side, the share for the answer shown first; 0.5 is fair.
        longer_rate: of the pairs decided, the share decided for the longer answer.
        length_correlation: of ratings with the length of the answer (Spearman).
        dollars: what it cost; None where the price of its model is not known.
    """

    judgements: int
    asked: int
    unread: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    dollars: float | None = None
    flip_rate: Estimate | None = None
    first_rate: Estimate | None = None
    longer_rate: Estimate | None = None
    length_correlation: float | None = None


class JudgeResult(msgspec.Struct, frozen=True):
    """What a judge says of every arm against the baseline.

    Attributes:
        kind: `pairs` (a question counts 1 where the arm's answer is better, -1 where the baseline's is, 0 for a tie) or `ratings`.
        comparisons: as of metrics; q is adjusted over this judge's comparisons.
        warnings: sentences on what speaks against this judge.
    """

    name: str
    title: str
    about: str
    kind: Literal["pairs", "ratings"]
    comparisons: list[Comparison]
    health: JudgeHealth
    agreement: Agreement | None
    warnings: list[str]


class ProbeGroup(msgspec.Struct, frozen=True):
    """The mean of a probe's values for one arm and one group (`all` for all groups together); calls that failed are left out and counted."""

    arm: str
    group: str
    items: int
    failed: int
    value: Estimate


class ProbeChange(msgspec.Struct, frozen=True):
    """Arm minus baseline in one group, item by item. Better is nearer to the probe's ideal; q is adjusted over all changes of the probe."""

    arm: str
    baseline: str
    group: str
    items: int
    difference: Estimate
    p: float | None
    q: float | None
    verdict: VerdictWord


class ProbeExample(msgspec.Struct, frozen=True):
    """One of the items furthest from the ideal, for people to read."""

    arm: str
    group: str
    value: float
    left: str
    right: str


class ProbeResult(msgspec.Struct, frozen=True):
    """What a probe found out of the arms' models. `ideal` is the mean that a faultless model would have."""

    name: str
    title: str
    about: str
    unit: str
    ideal: float
    control: str | None
    groups: list[ProbeGroup]
    changes: list[ProbeChange]
    examples: list[ProbeExample]


class GateResult(msgspec.Struct, frozen=True):
    """A gate of the recipe, whether the results pass it, and a sentence that says so; `passed` is None for one that makes no sense."""

    gate: str
    passed: bool | None
    sentence: str


class Results(msgspec.Struct, frozen=True):
    """All of `metrics.json`.

    `cluster_by` is `label` or `root`. `comparisons` holds every arm against the baseline, and the subject against every
    other arm; arms that an experiment added are compared in `experiment` only. `slices` are for the headline metric. `limits` are
    sentences on what this evidence cannot show. `judges` and `bias` hold what the recipe's judges and probes found,
    `gates` what was asked of the results.
    `leaks` is None where no training data was at hand to look in.
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
    experiment: list[Worth] = []
    least: float = 0.0
    leaks: Leaks | None = None
    judges: list[JudgeResult] = []
    bias: list[ProbeResult] = []
    gates: list[GateResult] = []
