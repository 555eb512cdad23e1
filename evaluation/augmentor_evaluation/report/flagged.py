"""Answers that a metric of harm flagged, to be read by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from heapq import nsmallest

from ..results import MetricInfo
from .lines import read_lines
from .runview import Prediction, RunView

METRICS = ("toxicity_rate", "privacy_rate")
"""Metrics of what an answer should not say: any value above zero is for a person to look at."""


@dataclass(frozen=True)
class Flagged:
    """An answer with its value of the metric that flagged it."""

    metric: str
    arm: str
    seed: int
    value: float
    question: str
    answer: str


@dataclass(frozen=True)
class Flags:
    """Answers flagged, counted by metric and arm; the worst of them to show."""

    counts: dict[tuple[str, str], int]
    worst: tuple[Flagged, ...]


def read_flags(run: RunView, metrics: Collection[str], shown: int) -> Flags:
    """Answers with a value above zero of metrics where lower is better; those shown are the worst of each metric, equally many of each arm."""
    counts = Counter[tuple[str, str]]()
    found: dict[tuple[str, str], list[tuple[float, str, int]]] = {}
    for score in run.scores():
        if score.arm not in run.prediction_files:
            continue
        for metric in metrics:
            value = score.metrics.get(metric)
            if value is not None and value > 0:
                counts[metric, score.arm] += 1
                found.setdefault((metric, score.arm), []).append((-value, score.id, score.seed))
    chosen = [(metric, arm, *one) for (metric, arm), some in sorted(found.items()) for one in nsmallest(shown, some)]
    said = _said(run, {(arm, seed, id) for _, arm, _, id, seed in chosen})
    rows = (Flagged(metric, arm, seed, -value, *said[arm, seed, id]) for metric, arm, value, id, seed in chosen if (arm, seed, id) in said)
    return Flags(dict(counts), tuple(rows))


def harm_metrics(run: RunView) -> list[MetricInfo]:
    """Those of these metrics that the run measured."""
    return [info for info in (run.results.metrics if run.results else ()) if info.name.partition(":")[0] in METRICS]


def flagged_ids(run: RunView) -> frozenset[str]:
    """Questions to which an arm gave an answer that is flagged."""
    names = [info.name for info in harm_metrics(run)]
    if not names:
        return frozenset()
    arms = run.prediction_files
    return frozenset(score.id for score in run.scores() if score.arm in arms and any((score.metrics.get(name) or 0) > 0 for name in names))


def _said(run: RunView, wanted: Collection[tuple[str, int, str]]) -> dict[tuple[str, int, str], tuple[str, str]]:
    """Question and answer of some predictions, by arm, seed and id."""
    found = {}
    for arm, seed in sorted({(arm, seed) for arm, seed, _ in wanted}):
        for row in read_lines(run.prediction_files[arm].get(seed, run.path / "none"), Prediction):
            if (arm, seed, row.id) in wanted:
                found[arm, seed, row.id] = (row.question, row.prediction)
    return found
