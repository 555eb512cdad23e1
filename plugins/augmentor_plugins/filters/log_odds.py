"""Which words are said more of some than of others: log-odds with an informative prior."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt
from statistics import NormalDist
from typing import NamedTuple

_PRIOR = 200.0
_PRIOR_SHARE = 0.1
_SURE = 0.95


class Odds(NamedTuple):
    """How much more often something is said of some than of others: log-odds ratio, its interval, and whether 0 is outside of it.

    `clear` means outside of the interval that is widened for all the words compared (Bonferroni), `low` and `high` are of 95 %.
    """

    what: str
    here: int
    elsewhere: int
    ratio: float
    low: float
    high: float
    clear: bool


def log_odds(here: Mapping[str, int], elsewhere: Mapping[str, int], *, others: int = 0, size: tuple[int, int] | None = None) -> list[Odds]:
    """Every word's log-odds ratio between two sets of texts, the surest first.

    The model of Monroe, Colaresi and Quinn, *Fightin' Words* (2008), equations 16 to 22: counts are multinomial under a Dirichlet prior that
    says of each word what both sets together say, worth a tenth of them and 200 words at most; so a rare word has to be said often
    before it counts.

    Args:
        here: how often each word is said in one set.
        elsewhere: the same in the other.
        others: how many more comparisons are made along with these.
        size: the words of both sets, where the counts are not of all words.
    """
    words = sorted({*here, *elsewhere})
    mine, theirs = size or (sum(here.values()), sum(elsewhere.values()))
    if not mine or not theirs:
        return []
    wide = NormalDist().inv_cdf(1 - (1 - _SURE) / 2 / max(1, len(words) + others))
    usual = NormalDist().inv_cdf((1 + _SURE) / 2)
    weight = min(_PRIOR, _PRIOR_SHARE * (mine + theirs))
    found = []
    for word in words:
        one, other = here.get(word, 0), elsewhere.get(word, 0)
        prior = weight * (one + other) / (mine + theirs)
        ratio = _log_odd(one + prior, mine + weight) - _log_odd(other + prior, theirs + weight)
        error = sqrt(1 / (one + prior) + 1 / (other + prior))
        found.append(Odds(word, one, other, round(ratio, 4), round(ratio - usual * error, 4), round(ratio + usual * error, 4), abs(ratio) > wide * error))
    return sorted(found, key=lambda odds: (-abs(odds.ratio) / (odds.high - odds.low), odds.what))


def _log_odd(count: float, size: float) -> float:
    return log(count / max(size - count, 0.5))


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): of 0 out of 0 nothing is known."""
    if not total:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + _SURE) / 2)
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)
