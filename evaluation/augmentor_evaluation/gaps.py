"""How much of the way to a ceiling an arm has gone."""

from __future__ import annotations

from .comparing import Settings, difference_estimate
from .results import Estimate, Gap
from .scoring import Scores, Table
from .spread import mean_of_present
from .statistics import interval
from .wording import percent


def close_gap(table: Table, name: str, settings: Settings, *, baseline: str, subject: str, ceiling: str) -> Gap:
    """The share of the ceiling's lead over the baseline that the subject closes, on the questions that all three answered.

    The interval is that of the mean of `(subject - baseline) - share * (ceiling - baseline)`, question by question, divided by the
    lead: the ratio made linear (delta method), so that clusters and seeds count as in any other difference. No share is given where
    the lead itself may be 0.
    """
    import numpy as np

    metric = table.metrics[name]
    ours, theirs, best = (table.arms[arm].scores[name] for arm in (subject, baseline, ceiling))
    common = ~np.isnan(mean_of_present(ours.minus(theirs).values, axis=0) + mean_of_present(best.minus(theirs).values, axis=0))

    def only(scores: Scores) -> Scores:
        return Scores(scores.seeds, scores.values[:, common])

    ours, theirs, best, clusters = only(ours), only(theirs), only(best), table.clusters[common]
    lead = difference_estimate(best.minus(theirs), clusters, metric, settings)
    towards = 1 if metric.higher_is_better else -1
    if lead.mean is None or lead.low is None or lead.high is None or min(lead.low * towards, lead.high * towards) <= 0:
        return Gap(name, baseline, subject, ceiling, Estimate(None), f"{ceiling} does not clearly lead {baseline} on {metric.title}, so there is no gap to close.")
    gained, possible = ours.minus(theirs), best.minus(theirs)
    share = float(mean_of_present(gained.values, axis=0).mean()) / lead.mean
    rest = gained.minus(Scores(possible.seeds, share * possible.values))
    bounds = interval(rest.values / lead.mean, clusters, confidence=settings.confidence, seed=settings.seed)
    closed = Estimate(share) if bounds is None else Estimate(share, share + bounds[0], share + bounds[1])
    between = "" if closed.low is None or closed.high is None else f" ({percent(settings.confidence)} interval {percent(closed.low)} to {percent(closed.high)})"
    sentence = f"{subject} closes {percent(share)}{between} of the lead of {ceiling} over {baseline} on {metric.title}."
    return Gap(name, baseline, subject, ceiling, closed, sentence)
