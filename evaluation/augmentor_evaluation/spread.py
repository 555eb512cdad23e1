"""How far the mean over test questions may be off, when questions come in clusters and training was repeated under seeds.

Values are arrays of shape (seeds, questions) with NaN where there is none; `clusters` gives each question's cluster as a whole
number. The estimate is the mean over questions, seeds averaged within each. Questions of a cluster share what makes them easy or
hard, and seeds are a sample of all trainings that might have been: both are random effects, so that what is said holds for new
questions *and* for training again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Spread:
    """How far an estimate may be off.

    Attributes:
        mean: the estimate.
        error: its standard error, seeds included.
        freedom: degrees of freedom of that error (Satterthwaite).
        fixed_error: the standard error were these seeds the only ones there are.
        clusters: clusters with a value.
        questions: questions with a value.
    """

    mean: float
    error: float
    freedom: float
    fixed_error: float
    clusters: int
    questions: int


def spread(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> Spread | None:
    """Mean and standard error by clusters and seeds; None where there is no value.

    Clusters: the sandwich estimator with the CR2 correction of Bell and McCaffrey (2002), which for a mean has a closed form.
    Seeds: variance between the seeds' means, added to what their common clusters make them share (Obuchowski and Rockette 1995, who
    wrote it for readers and cases). The error is NaN where there is one cluster only.
    """
    import numpy as np

    values, clusters = present(values, clusters)
    if not values.size:
        return None
    questions = values.shape[1]
    averages = mean_of_present(values, axis=0)
    _, codes = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(codes).astype(float)
    if len(sizes) < 2:
        return Spread(float(averages.mean()), math.nan, 0.0, math.nan, len(sizes), questions)
    leverage = 1 / np.sqrt(1 - sizes / questions)
    pulls = _influences(averages[None], codes, len(sizes))[0] * leverage
    fixed = float(pulls @ pulls)
    freedom = _effective(sizes) - 1
    error = fixed
    means = mean_of_present(values, axis=1)
    if len(means) > 1:
        influences = _influences(values, codes, len(sizes)) * leverage
        together = influences @ influences.T
        shared = max((float(together.sum()) - float(np.trace(together))) / (len(means) * (len(means) - 1)), 0.0)
        between = float(means.var(ddof=1)) / len(means)
        if between + shared > fixed:
            error = between + shared
            freedom = error**2 / (between**2 / (len(means) - 1) + shared**2 / freedom)
    return Spread(float(averages.mean()), math.sqrt(error), max(freedom, 1.0), math.sqrt(fixed), len(sizes), questions)


def present(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Without questions and seeds that have no value at all."""
    import numpy as np

    values = np.atleast_2d(np.asarray(values, dtype=float))
    there = ~np.isnan(values)
    questions = there.any(axis=0)
    return values[there.any(axis=1)][:, questions], np.asarray(clusters)[questions]


def mean_of_present(values: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
    """The mean along an axis of what is there; NaN where nothing is."""
    import numpy as np

    count = (~np.isnan(values)).sum(axis=axis)
    return np.where(count > 0, np.nansum(values, axis=axis) / np.maximum(count, 1), np.nan)


def cluster_sums(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Sum and number of the questions' seed averages, a cluster each."""
    import numpy as np

    values, clusters = present(values, clusters)
    if not values.size:
        return np.empty(0), np.empty(0)
    _, codes = np.unique(clusters, return_inverse=True)
    return np.bincount(codes, mean_of_present(values, axis=0)), np.bincount(codes).astype(float)


def _influences(values: np.ndarray[Any, Any], codes: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """What each cluster pulls each seed's mean by, shape (seeds, clusters)."""
    import numpy as np

    apart = np.nan_to_num(values - mean_of_present(values, axis=1)[:, None]) / (~np.isnan(values)).sum(axis=1)[:, None]
    return np.stack([np.bincount(codes, row, count) for row in apart])


def _effective(sizes: np.ndarray[Any, Any]) -> float:
    """How many clusters of equal size these are worth for knowing a variance.

    Where the questions of a cluster are nothing alike it is the first value, where they are all alike the second. Which of them
    holds is not known; their geometric mean kept its promise in every simulated case (`benchmarks/statistics_coverage.py`).
    """
    squares = sizes**2
    apart = float(sizes.sum() ** 2 / squares.sum())
    alike = float(squares.sum() ** 2 / (squares**2).sum())
    return math.sqrt(apart * alike)
