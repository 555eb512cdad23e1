"""Subject against baseline on parts of the test questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from augmentor.protocols import Metric

from .comparing import Settings, difference_estimate
from .results import Estimate, Slice
from .scoring import Scores, Table, codes
from .spread import mean_of_present
from .words import words

if TYPE_CHECKING:
    import numpy as np

SMALL = 10
"""Fewer questions than this, or fewer than five clusters, are an anecdote."""


def slice_up(table: Table, name: str, settings: Settings, *, subject: str, baseline: str) -> list[Slice]:
    """By label (where questions carry labels) and by length of the question, in thirds.

    Within a label, roots are the clusters, as the label itself is one only.
    """
    scores, others = table.arms[subject].scores[name], table.arms[baseline].scores[name]
    return [_slice(part, scores, others, table.metrics[name], settings) for part in _parts(table)]


@dataclass(frozen=True)
class Part:
    """Some of the questions, and the clusters of all questions to use there."""

    group: str
    value: str
    chosen: np.ndarray[Any, Any]
    clusters: np.ndarray[Any, Any]


def _parts(table: Table) -> Iterator[Part]:
    import numpy as np

    labels = np.array([question.label or "" for question in table.questions])
    roots = codes([question.root for question in table.questions])
    found = sorted(set(labels.tolist()) - {""})
    for label in found if len(found) > 1 else []:
        yield Part("label", label, labels == label, roots)
    lengths = np.array([len(words(question.question)) for question in table.questions])
    first, second = (int(np.quantile(lengths, share, method="inverted_cdf")) for share in (1 / 3, 2 / 3))
    if first < second:
        yield Part("question length", f"up to {first} words", lengths <= first, table.clusters)
        yield Part("question length", f"{first + 1} to {second} words", (lengths > first) & (lengths <= second), table.clusters)
        if (lengths > second).any():
            yield Part("question length", f"over {second} words", lengths > second, table.clusters)


def _slice(part: Part, scores: Scores, others: Scores, metric: Metric, settings: Settings) -> Slice:
    import numpy as np

    difference = scores.minus(others)
    there = part.chosen & ~np.isnan(mean_of_present(difference.values, axis=0))
    questions, distinct = int(there.sum()), len(np.unique(part.clusters[there]))
    if not questions:
        return Slice(part.group, part.value, 0, 0, None, None, Estimate(None), small=True)
    estimate = difference_estimate(Scores(difference.seeds, difference.values[:, there]), part.clusters[there], metric, settings)
    ours, theirs = (float(mean_of_present(one.values, axis=0)[there].mean()) for one in (scores, others))
    return Slice(part.group, part.value, questions, distinct, ours, theirs, estimate, small=questions < SMALL or distinct < 5)
