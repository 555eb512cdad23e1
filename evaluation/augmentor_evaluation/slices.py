"""Subject against baseline on parts of the test questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .comparing import Settings, difference_estimate, question_means
from .results import Estimate, Slice
from .scoring import Scores, Table, codes
from .words import words

if TYPE_CHECKING:
    import numpy as np

SMALL = 10
"""Fewer questions than this, or fewer than five clusters, are an anecdote."""


def slice_up(table: Table, name: str, subject: str, baseline: str, settings: Settings) -> list[Slice]:
    """By label (where questions carry labels) and by length of the question, in thirds.

    Within a label, roots are the clusters, as the label itself is one only.
    """
    return [_slice(table, name, subject, baseline, settings, *part) for part in _parts(table)]


def _parts(table: Table) -> Iterator[tuple[str, str, np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Group, value, which questions, and the clusters of all questions to use there."""
    import numpy as np

    labels = np.array([question.label or "" for question in table.questions])
    roots = codes([question.root for question in table.questions])
    found = sorted(set(labels.tolist()) - {""})
    for label in found if len(found) > 1 else []:
        yield "label", label, labels == label, roots
    lengths = np.array([len(words(question.question)) for question in table.questions])
    first, second = (int(np.quantile(lengths, share, method="inverted_cdf")) for share in (1 / 3, 2 / 3))
    if first < second:
        yield "question length", f"up to {first} words", lengths <= first, table.clusters
        yield "question length", f"{first + 1} to {second} words", (lengths > first) & (lengths <= second), table.clusters
        if (lengths > second).any():
            yield "question length", f"over {second} words", lengths > second, table.clusters


def _slice(
    table: Table, name: str, subject: str, baseline: str, settings: Settings, group: str, value: str, chosen: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]
) -> Slice:
    import numpy as np

    scores, others = table.arms[subject].scores[name], table.arms[baseline].scores[name]
    difference = scores.minus(others)
    there = chosen & ~np.isnan(question_means(difference.values))
    questions, distinct = int(there.sum()), len(np.unique(clusters[there]))
    if not questions:
        return Slice(group, value, 0, 0, None, None, Estimate(None), small=True)
    estimate = difference_estimate(Scores(difference.seeds, difference.values[:, there]), clusters[there], table.metrics[name], settings)
    ours, theirs = (float(question_means(one.values)[there].mean()) for one in (scores, others))
    return Slice(group, value, questions, distinct, ours, theirs, estimate, small=questions < SMALL or distinct < 5)
