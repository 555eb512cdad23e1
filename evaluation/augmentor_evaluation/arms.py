"""The comparison of a run's arms: what `metrics.json` holds."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from augmentor.errors import UsageError
from augmentor.protocols import CompareRequest, Metric

from .bias.outcome import probe_results
from .comparing import Settings, compare_pair, judge_all, mean_estimate
from .gaps import close_gap
from .judges.outcome import judge_results
from .leaks import Leak, find_leaks, leaked_pairs, without
from .limits import leak_limits, limits
from .results import ArmScores, Comparison, Headline, Leaks, MetricInfo, Results, Slice
from .scoring import ArmTable, Table, score
from .slices import contrary, slice_up
from .wording import leak_reservation, slice_reservation
from .worth import judge_worth

LISTED = 200
"""Leaked questions that the results list; all are counted."""


def compare_arms(request: CompareRequest) -> Results:
    """Score all predictions and compare every arm with the baseline, and the subject with every other arm.

    Raises:
        UsageError: the request names an arm or a metric that is not there.
        DataError: predictions cannot be read or do not fit together.
    """
    _check(request)
    scored = score(request)
    leaks = find_leaks(scored.questions, request.trained_on)
    table = without(scored, leaks)
    settings = Settings(request.confidence, request.seed)
    comparisons = _compared(table, request, settings)
    compared = request.subject != request.baseline
    between = request.ceiling not in {None, request.subject, request.baseline} and compared
    slices = slice_up(table, request.headline, settings, subject=request.subject, baseline=request.baseline) if compared else []
    found = _leaks(scored, leaks, request, settings)
    return Results(
        headline=_headline(request, table, comparisons, slices, found),
        arms=[msgspec.structs.replace(_arm_scores(arm, table, settings), leaked=len(leaks.get(arm.name, ()))) for arm in table.arms.values()],
        comparisons=comparisons,
        gaps=[close_gap(table, name, settings, baseline=request.baseline, subject=request.subject, ceiling=request.ceiling) for name in table.metrics] if between and request.ceiling else [],
        slices=slices,
        metrics=[MetricInfo(name, metric.title, metric.higher_is_better, _about(metric)) for name, metric in table.metrics.items()],
        cluster_by=table.cluster_by,
        confidence=request.confidence,
        limits=[*leak_limits(found, len(table.questions)), *limits(table, comparisons, settings)],
        experiment=judge_worth(table, request.ablations, request.headline, settings, request.least),
        least=request.least,
        leaks=found,
        judges=judge_results(request, scored, leaks, settings),
        bias=probe_results(request, settings),
    )


def _compared(table: Table, request: CompareRequest, settings: Settings) -> list[Comparison]:
    """Every arm against the baseline and the subject against every arm, but for arms that an experiment added, on every metric."""
    added = {arm for one in request.ablations for arm in (one.arm, one.against)} - {request.subject, request.baseline}
    pairs = list(_pairs([arm for arm in table.arms if arm not in added], request.baseline, request.subject))
    return judge_all(table, [compare_pair(table, arm, baseline, name, settings) for name in table.metrics for arm, baseline in pairs], settings)


def _leaks(scored: Table, leaks: Mapping[str, Sequence[Leak]], request: CompareRequest, settings: Settings) -> Leaks | None:
    """What was found of leaks, with the verdict as it would be with them; None where there was nothing to look in."""
    if not request.trained_on:
        return None
    found = list(leaked_pairs(scored.questions, leaks))
    headline = _headline(request, scored, _compared(scored, request, settings), [], None) if found else None
    return Leaks(len(found), {arm: len(some) for arm, some in leaks.items() if some}, found[:LISTED], headline)


def _check(request: CompareRequest) -> None:
    arms = list(dict.fromkeys(one.arm for one in request.predictions))
    for role in ("baseline", "subject", "ceiling"):
        arm = getattr(request, role)
        if arm is not None and arm not in arms:
            raise UsageError(f"the {role} {arm!r} has no predictions.{nearest(arm, arms)}")
    if request.headline not in request.metrics:
        raise UsageError(f"the headline metric {request.headline!r} is not measured.{nearest(request.headline, list(request.metrics))}")
    if not 0.5 <= request.confidence < 1:
        raise UsageError(f"the confidence must be from 0.5 to below 1, such as 0.95, not {request.confidence}")


def nearest(word: str, known: Sequence[str]) -> str:
    """The end of an error message: what was meant, perhaps, and what there is."""
    close = difflib.get_close_matches(word, known, n=1)
    return (f" Did you mean {close[0]!r}?" if close else "") + f" Known: {', '.join(known) or '(none)'}."


def _pairs(arms: Sequence[str], baseline: str, subject: str) -> Iterator[tuple[str, str]]:
    """Arm and what it is held against, each pair once: the answer first, then the other arms against the baseline, then the subject against them."""
    if subject != baseline:
        yield subject, baseline
    others = [arm for arm in arms if arm not in {baseline, subject}]
    yield from ((arm, baseline) for arm in others)
    if subject != baseline:
        yield from ((subject, arm) for arm in others)


def _arm_scores(arm: ArmTable, table: Table, settings: Settings) -> ArmScores:
    import numpy as np

    answered = {name: ~np.isnan(scores.values).all(axis=0) for name, scores in arm.scores.items()}
    there = np.logical_or.reduce([*answered.values()]) if answered else np.zeros(len(table.questions), dtype=bool)
    by_seed = {
        name: {str(seed): float(np.nanmean(row)) for seed, row in zip(scores.seeds, scores.values, strict=True) if not np.isnan(row).all()} for name, scores in arm.scores.items()
    }
    return ArmScores(
        name=arm.name,
        seeds=list(arm.seeds),
        questions=arm.answered,
        clusters=len(set(table.clusters[there].tolist())),
        failed=arm.failed,
        metrics={name: mean_estimate(scores, table.clusters, table.metrics[name], settings) for name, scores in arm.scores.items()},
        by_seed=by_seed,
        completion_tokens=arm.completion_tokens,
    )


def _headline(request: CompareRequest, table: Table, comparisons: Sequence[Comparison], slices: Sequence[Slice], leaks: Leaks | None) -> Headline | None:
    for one in comparisons:
        if (one.arm, one.baseline, one.metric) == (request.subject, request.baseline, request.headline):
            seeds = sorted({*table.arms[one.arm].seeds, *table.arms[one.baseline].seeds})
            reservations = [*leak_reservation(one, leaks), *slice_reservation(contrary(slices, one.verdict), table.metrics[one.metric], one)]
            sentence = " ".join([one.sentence, *reservations])
            return Headline(one.metric, one.arm, one.baseline, one.verdict, one.difference, one.questions, one.clusters, seeds, sentence)
    return None


def _about(metric: Metric) -> str:
    """The first paragraph of the metric's help."""
    return " ".join((inspect.getdoc(type(metric)) or "").partition("\n\n")[0].split())
