"""What a sample of test questions allows to say: intervals, tests, and what they could have found.

Values and clusters are those of `augmentor_evaluation.spread`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .spread import Spread, cluster_sums, present, spread

if TYPE_CHECKING:
    import numpy as np

RESAMPLES = 4999
PERMUTATIONS = 9999


def interval(
    values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], *, confidence: float = 0.95, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """Two-sided interval for the mean over questions; None where there are less than two clusters.

    On each side the wider of two: Student's t with the standard error and degrees of freedom of `spread`, and the BCa bootstrap over
    clusters (Efron 1987; percentile where BCa is not defined), which follows skew, stretched by as much as t is wider than the normal.
    The bootstrap alone is too narrow for few or unequal clusters, and cannot say how far three seeds are from all seeds.
    """
    from scipy import stats

    found = spread(values, clusters)
    if found is None or found.clusters < 2:
        return None
    sums, sizes = cluster_sums(values, clusters)
    plain = math.sqrt(float((((sums - found.mean * sizes) / found.questions) ** 2).sum()))
    if plain < 1e-12 and found.error < 1e-12:
        return found.mean, found.mean
    tail = (1 + confidence) / 2
    half = float(stats.t.ppf(tail, found.freedom)) * found.error
    if plain < 1e-12:
        return found.mean - half, found.mean + half
    low, high = _bootstrap(sums, sizes, confidence, seed, resamples)
    stretch = max(half / (float(stats.norm.ppf(tail)) * plain), 1.0)
    return found.mean - max(half, stretch * (found.mean - low)), found.mean + max(half, stretch * (high - found.mean))


def sign_flip(values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], *, seed: int = 0, permutations: int = PERMUTATIONS) -> float | None:
    """Two-sided p that paired differences have mean 0, by flipping the signs of whole clusters; None where there is no value.

    Exact where there are at most `permutations` ways to flip, which is up to 13 clusters. With C clusters p cannot be below 2 / 2^C.
    """
    import numpy as np
    from scipy import stats

    sums, _ = cluster_sums(values, clusters)
    sums = sums[np.abs(sums) > 1e-12]
    if not len(sums):
        return 1.0 if present(values, clusters)[0].size else None
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
