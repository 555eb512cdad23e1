"""Whether a judge can be believed: does the place decide, does the length, and can its replies be read?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from augmentor_evaluation.results import Agreement, Estimate, JudgeHealth
from augmentor_evaluation.statistics import share_interval
from augmentor_evaluation.wording import count, percent

from .judgement import PairJudgement, RubricJudgement

NO_VERDICT = ("a reply held no verdict", "the reply held no score")
"""How the reason begins where a reply came, but could not be read."""


def pair_health(rows: Sequence[PairJudgement], clusters: Mapping[str, int], confidence: float) -> JudgeHealth:
    """The health of a judge of pairs; intervals are Wilson's, by cluster (of each question's id)."""
    asked = [row for row in rows if row.asked]
    both = [(row, row.first != row.second) for row in asked if row.outcome is not None]
    # The arm's answer stands first in the first question to the judge, the baseline's in the second.
    placed = [(row, choice == shown) for row in asked for choice, shown in ((row.first, "arm"), (row.second, "baseline")) if choice not in {None, "tie"}]
    decided = [(row, (row.lengths[0] > row.lengths[1]) == (row.outcome == 1)) for row in asked if row.outcome and row.lengths[0] != row.lengths[1]]
    flips, first, longer = (_share([flag for _, flag in flags], [clusters[row.id] for row, _ in flags], confidence) for flags in (both, placed, decided))
    return msgspec.structs.replace(_counted(asked), judgements=len(rows), flip_rate=flips, first_rate=first, longer_rate=longer)


def rubric_health(rows: Sequence[RubricJudgement]) -> JudgeHealth:
    """The health of a judge of single answers."""
    from scipy import stats

    read = [(row.score, row.length) for row in rows if row.score is not None]
    correlation = None
    if len({score for score, _ in read}) > 1 and len({length for _, length in read}) > 1:
        correlation = float(stats.spearmanr(*zip(*read, strict=True)).statistic)
    return msgspec.structs.replace(_counted(rows), length_correlation=correlation)


def warnings(health: JudgeHealth, agreed: Agreement | None, confidence: float) -> Iterator[str]:
    """What speaks against the judge, in sentences."""
    if health.asked and health.unread / health.asked > 0.1:
        yield f"Of {count(health.asked, 'judgement')}, {health.unread} could not be read and are left out: the rest may not speak for them."
    flips, first, longer = health.flip_rate, health.first_rate, health.longer_rate
    if flips is not None and (flips.low or 0.0) > 0.3:
        yield f"It changed its verdict with the order in {percent(flips.mean or 0.0)} of pairs: these count as ties, and little is left that it decides."
    if first is not None and first.low is not None and first.high is not None and not first.low <= 0.5 <= first.high:
        yield f"It chose the answer shown first in {percent(first.mean or 0.0)} of its verdicts: the place moves it."
    if longer is not None and longer.low is not None and longer.low > 0.6:
        yield f"It chose the longer answer in {percent(longer.mean or 0.0)} of the pairs that it decided: read whether the longer ones are better."
    if health.length_correlation is not None and abs(health.length_correlation) > 0.5:
        yield f"Its ratings go with the length of the answer (rank correlation {health.length_correlation:.2f})."
    if agreed is None:
        yield "No ratings of people were given, so nobody knows how far it agrees with them."
    elif agreed.kappa.low is None or agreed.kappa.low < 0.4:
        yield f"Its agreement with people is not shown to be even moderate (the lower end of kappa's {percent(confidence)} interval is below 0.4)."


def _counted(rows: Sequence[PairJudgement] | Sequence[RubricJudgement]) -> JudgeHealth:
    """Counts of judgements that were asked for."""
    errors = [row.error for row in rows if row.error is not None]
    failed = sum(not error.startswith(NO_VERDICT) for error in errors)
    prompts, completions = sum(row.prompt_tokens for row in rows), sum(row.completion_tokens for row in rows)
    return JudgeHealth(len(rows), len(rows), len(errors), failed, prompts, completions)


def _share(flags: Sequence[bool], clusters: Sequence[int], confidence: float) -> Estimate | None:
    import numpy as np

    if not flags:
        return None
    values = np.array(flags, dtype=float)
    bounds = share_interval(values, np.array(clusters), confidence=confidence) if len(set(clusters)) > 1 else None
    share = float(values.mean())
    return Estimate(share, *(bounds or (None, None))) if math.isfinite(share) else None
