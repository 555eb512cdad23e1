"""One arm against another on one metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.protocols import Metric

from .results import Comparison, Estimate, VerdictWord
from .scoring import Scores, Table
from .spread import mean_of_present, spread
from .statistics import benjamini_hochberg, detectable, interval, share_interval, sign_flip, wilson
from .wording import comparison_sentence, unit_of

if TYPE_CHECKING:
    import numpy as np

RANGES = {"0-1": 1.0, "0-100": 100.0}
"""Units whose values cannot leave the range from 0 to this."""


@dataclass(frozen=True)
class Settings:
    """How sure to be, and the seed of resampling."""

    confidence: float
    seed: int


def mean_estimate(scores: Scores, clusters: np.ndarray[Any, Any], metric: Metric, settings: Settings) -> Estimate:
    """An arm's mean with its interval, which stays within the metric's range; Wilson's where values are 0 and 1."""
    import numpy as np

    found = spread(scores.values, clusters)
    if found is None:
        return Estimate(None)
    present = scores.values[~np.isnan(scores.values)]
    if bool(np.isin(present, (0.0, 1.0)).all()) and unit_of(metric) == "0-1" and (len(scores.seeds) == 1 or bool((present == present[0]).all())):
        bounds = share_interval(scores.values, clusters, confidence=settings.confidence) if found.clusters > 1 else None
    else:
        bounds = interval(scores.values, clusters, confidence=settings.confidence, seed=settings.seed)
    if bounds is None:
        return Estimate(found.mean)
    limit = RANGES.get(unit_of(metric))
    low, high = bounds if limit is None else (max(bounds[0], 0.0), min(bounds[1], limit))
    return Estimate(found.mean, low, high)


def difference_estimate(difference: Scores, clusters: np.ndarray[Any, Any], metric: Metric, settings: Settings) -> Estimate:
    """The mean difference with its interval.

    Where all differences are equal, resampling sees no uncertainty. Then the interval says how far clusters that were not drawn could
    move the mean: as many of them as Wilson's bound for none in C allows, differing by the metric's whole range.
    """
    found = spread(difference.values, clusters)
    bounds = interval(difference.values, clusters, confidence=settings.confidence, seed=settings.seed)
    if found is None or bounds is None:
        return Estimate(found.mean if found else None)
    if found.error < 1e-12:
        limit, unseen = RANGES.get(unit_of(metric)), wilson(0, found.clusters, confidence=settings.confidence)
        if limit is None or unseen is None:
            return Estimate(found.mean)
        share = unseen[1]
        bounds = max((1 - share) * found.mean - share * limit, -limit), min((1 - share) * found.mean + share * limit, limit)
    return Estimate(found.mean, *bounds)


def decide(low: float | None, high: float | None, q: float | None, *, higher_is_better: bool, confidence: float) -> VerdictWord:
    """Better or worse only where the interval leaves out 0 *and* the test, adjusted for how many were made, says so."""
    if low is None or high is None or q is None or q > 1 - confidence or low <= 0 <= high:
        return "can't tell"
    return "better" if (low > 0) == higher_is_better else "worse"


def compare_pair(table: Table, arm: str, baseline: str, name: str, settings: Settings) -> Comparison:
    """`arm` minus `baseline` on the metric `name`; verdict and q are for `judge_all` to fill in."""
    import numpy as np

    metric = table.metrics[name]
    scores, others = table.arms[arm].scores[name], table.arms[baseline].scores[name]
    difference = scores.minus(others)
    found = spread(difference.values, table.clusters)
    averages = mean_of_present(difference.values, axis=0)
    there = ~np.isnan(averages)
    signs = np.sign(np.where(np.abs(averages[there]) < 1e-12, 0.0, averages[there])) * (1 if metric.higher_is_better else -1)
    return Comparison(
        arm=arm,
        baseline=baseline,
        metric=name,
        difference=difference_estimate(difference, table.clusters, metric, settings),
        p=sign_flip(difference.values, table.clusters, seed=settings.seed),
        q=None,
        questions=int(there.sum()),
        clusters=found.clusters if found else 0,
        wins=int((signs > 0).sum()),
        ties=int((signs == 0).sum()),
        losses=int((signs < 0).sum()),
        win_share=_win_share(signs, table.clusters[there], settings),
        detectable=detectable(found, confidence=settings.confidence) if found and found.error > 1e-12 else None,
        verdict="can't tell",
        sentence="",
    )


def judge_all(table: Table, comparisons: Sequence[Comparison], settings: Settings) -> list[Comparison]:
    """The comparisons with their q (Benjamini-Hochberg over all of them), verdicts and sentences."""
    adjusted = iter(benjamini_hochberg([one.p for one in comparisons if one.p is not None]))
    judged = []
    for found in comparisons:
        metric = table.metrics[found.metric]
        q = next(adjusted) if found.p is not None else None
        verdict = decide(found.difference.low, found.difference.high, q, higher_is_better=metric.higher_is_better, confidence=settings.confidence)
        one = msgspec.structs.replace(found, q=q, verdict=verdict)
        sentence = comparison_sentence(one, metric.title, unit_of(metric), means=_means(table, one), cluster_by=table.cluster_by, confidence=settings.confidence)
        judged.append(msgspec.structs.replace(one, sentence=sentence))
    return judged


def _means(table: Table, one: Comparison) -> tuple[float, float] | None:
    """Both arms' means on the questions that both answered."""
    import numpy as np

    ours, theirs = (mean_of_present(table.arms[name].scores[one.metric].values, axis=0) for name in (one.arm, one.baseline))
    there = ~np.isnan(ours - theirs)
    return (float(ours[there].mean()), float(theirs[there].mean())) if there.any() else None


def _win_share(signs: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], settings: Settings) -> Estimate:
    decided = signs != 0
    if not decided.any():
        return Estimate(None)
    won = (signs[decided] > 0).astype(float)
    bounds = share_interval(won, clusters[decided], confidence=settings.confidence)
    return Estimate(float(won.mean()), *(bounds or (None, None)))
