"""What a sample of test questions allows to say, when questions come in clusters and training was repeated under seeds.

Values are arrays of shape (seeds, questions) with NaN where there is none; `clusters` gives each question's cluster as a whole
number. The estimate is the mean over questions, seeds averaged within each. Questions of a cluster share what makes them easy or
hard, and seeds are a sample of all trainings that might have been: both are random effects, so that an interval speaks of new
questions *and* of training again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

RESAMPLES = 4999
PERMUTATIONS = 9999


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

    values, clusters = _present(values, clusters)
    if not values.size:
        return None
    questions = values.shape[1]
    averages = _mean(values, axis=0)
    _, codes = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(codes).astype(float)
    if len(sizes) < 2:
        return Spread(float(averages.mean()), math.nan, 0.0, math.nan, len(sizes), questions)
    leverage = 1 / np.sqrt(1 - sizes / questions)
    pulls = _influences(averages[None], codes, len(sizes))[0] * leverage
    fixed = float(pulls @ pulls)
    freedom = _effective(sizes) - 1
    error = fixed
    means = _mean(values, axis=1)
    means = means[~np.isnan(means)]
    if len(means) > 1:
        influences = _influences(values, codes, len(sizes)) * leverage
        together = influences @ influences.T
        shared = max((float(together.sum()) - float(np.trace(together))) / (len(means) * (len(means) - 1)), 0.0)
        between = float(means.var(ddof=1)) / len(means)
        if between + shared > fixed:
            error = between + shared
            freedom = error**2 / (between**2 / (len(means) - 1) + shared**2 / freedom)
    return Spread(float(averages.mean()), math.sqrt(error), max(freedom, 1.0), math.sqrt(fixed), len(sizes), questions)


def interval(
    values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], *, confidence: float = 0.95, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """Two-sided interval for the mean over questions; None where there is less than two clusters.

    Its shape is that of the BCa bootstrap over clusters (Efron 1987; the percentile bootstrap where BCa is not defined), its width
    that of Student's t with the standard error and the degrees of freedom of `spread`: the bootstrap alone is too narrow for few or
    unequal clusters, and cannot say how far three seeds are from all seeds.
    """
    from scipy import stats

    found = spread(values, clusters)
    if found is None or found.clusters < 2:
        return None
    sums, sizes = _sums(values, clusters)
    low, high = _bootstrap(sums, sizes, confidence, seed, resamples)
    plain = math.sqrt(float((((sums - found.mean * sizes) / found.questions) ** 2).sum()))
    if plain < 1e-12:
        return found.mean, found.mean
    tail = (1 + confidence) / 2
    stretch = max(float(stats.t.ppf(tail, found.freedom)) * found.error / (float(stats.norm.ppf(tail)) * plain), 1.0)
    return found.mean - stretch * (found.mean - low), found.mean + stretch * (high - found.mean)


def sign_flip(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], *, seed: int = 0, permutations: int = PERMUTATIONS) -> float | None:
    """Two-sided p that paired differences have mean 0, by flipping the signs of whole clusters; None where there is no value.

    Exact where there are at most `permutations` ways to flip, which is up to 13 clusters. With C clusters p cannot be below 2 / 2^C.
    """
    import numpy as np
    from scipy import stats

    sums, _ = _sums(values, clusters)
    sums = sums[np.abs(sums) > 1e-12]
    if not len(sums):
        return 1.0 if _present(values, clusters)[0].size else None
    if len(sums) == 1:
        return 1.0
    outcome = stats.permutation_test(
        (sums,), lambda x, axis: x.sum(axis=axis), permutation_type="samples", vectorized=True, n_resamples=permutations,
        batch=_batch(len(sums)), alternative="two-sided", rng=np.random.default_rng([seed, 1]),
    )
    return min(float(outcome.pvalue), 1.0)


def detectable(found: Spread, *, confidence: float = 0.95, power: float = 0.8) -> float | None:
    """The smallest true difference that a test with this standard error finds with the given power."""
    from scipy import stats

    if math.isnan(found.error):
        return None
    return float(stats.t.ppf((1 + confidence) / 2, found.freedom) + stats.t.ppf(power, found.freedom)) * found.error


def wilson(successes: float, trials: float, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Wilson's score interval for a share; `trials` may be an effective number. None without trials."""
    from scipy import stats

    if trials <= 0:
        return None
    z = float(stats.norm.ppf((1 + confidence) / 2))
    share = successes / trials
    centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def share_interval(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Wilson's interval for values of 0 and 1, one seed, with as many trials as the clusters leave of the questions.

    Where all are equal the clusters' variance says nothing, and each cluster counts as one trial.
    """
    found = spread(values, clusters)
    if found is None:
        return None
    plain = found.mean * (1 - found.mean)
    trials = float(found.clusters)
    if plain > 0 and found.error > 0:
        trials = min(max(plain / found.error**2, 1.0), float(found.questions))
    return wilson(found.mean * trials, trials, confidence=confidence)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Each p adjusted so that of all differences called real, the expected share of false ones is at most the level."""
    from scipy import stats

    return [float(value) for value in stats.false_discovery_control(p_values, method="bh")] if p_values else []


def _present(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Without questions and seeds that have no value at all."""
    import numpy as np

    values = np.atleast_2d(np.asarray(values, dtype=float))
    there = ~np.isnan(values)
    questions = there.any(axis=0)
    return values[there.any(axis=1)][:, questions], np.asarray(clusters)[questions]


def _mean(values: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.nansum(values, axis=axis) / (~np.isnan(values)).sum(axis=axis)


def _influences(values: np.ndarray[Any, Any], codes: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """What each cluster pulls each seed's mean by, shape (seeds, clusters)."""
    import numpy as np

    apart = np.nan_to_num(values - _mean(values, axis=1)[:, None]) / (~np.isnan(values)).sum(axis=1)[:, None]
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


def _sums(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Sum and number of the questions' seed averages, a cluster each."""
    import numpy as np

    values, clusters = _present(values, clusters)
    if not values.size:
        return np.empty(0), np.empty(0)
    _, codes = np.unique(clusters, return_inverse=True)
    return np.bincount(codes, _mean(values, axis=0)), np.bincount(codes).astype(float)


def _bootstrap(sums: np.ndarray[Any, Any], sizes: np.ndarray[Any, Any], confidence: float, seed: int, resamples: int) -> tuple[float, float]:
    import warnings

    import numpy as np
    from scipy import stats

    def mean(sums: np.ndarray[Any, Any], sizes: np.ndarray[Any, Any], axis: int) -> Any:
        return sums.sum(axis=axis) / sizes.sum(axis=axis)

    for method in ("BCa", "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # BCa warns where it is not defined; what it gives then is looked at below
            found = stats.bootstrap(
                (sums, sizes), mean, paired=True, vectorized=True, method=method, confidence_level=confidence, n_resamples=resamples,
                batch=_batch(len(sums)), rng=np.random.default_rng([seed, 0]),
            ).confidence_interval
        if math.isfinite(found.low) and math.isfinite(found.high):
            break
    centre = float(sums.sum() / sizes.sum())
    return min(float(found.low), centre), max(float(found.high), centre)


def _batch(width: int) -> int:
    """Rows of resamples at once, to stay at some 30 MB."""
    return max(1, min(PERMUTATIONS, 1_000_000 // width))
