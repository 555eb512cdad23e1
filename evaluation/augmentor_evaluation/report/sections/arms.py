"""All arms side by side: is the difference real?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import Comparison, Results
from .. import charts, figures
from ..runview import RunView
from ..templating import render
from .verdict import cluster_word


@dataclass(frozen=True)
class Arms:
    """Every arm's scores, and a forest plot of the differences with p and q values and what could have been seen."""

    name: ClassVar[str] = "arms"
    order: ClassVar[int] = 20

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where nothing was compared."""
        results = run.results
        if results is None or not results.arms:
            return None
        arms = [arm for arm in results.arms if arm.name not in run.added]
        digits = {
            metric.name: figures.digits_for([arm.metrics[metric.name].mean for arm in arms if metric.name in arm.metrics])
            for metric in results.metrics
        }
        names = sorted({one.metric for one in results.comparisons}, key=lambda name: (not _is_head(results, name), name))
        html = render(
            "sections/arms.html",
            results=results,
            arms=arms,
            digits=digits,
            forests=[forest(run, name) for name in names],
            head=results.headline,
            cluster=cluster_word(results),
            level=f"{100 * results.confidence:g} %",
        )
        return SectionContent("Arms side by side", str(html), "Is the difference real, and could this test have seen it?")


def _is_head(results: Results, metric: str) -> bool:
    return results.headline is not None and results.headline.metric == metric


def forest(run: RunView, metric: str) -> dict[str, Any]:
    """What the template needs for the comparisons on one metric, all on one axis."""
    assert run.results is not None
    some = [one for one in run.results.comparisons if one.metric == metric]
    values = [value for one in some for value in (one.difference.mean, one.difference.low, one.difference.high)]
    scale = charts.Scale.over(values)
    digits = figures.digits_for(values)
    info = run.metric(metric)
    return {
        "metric": info,
        "digits": digits,
        "open": _is_head(run.results, metric),
        "axis": charts.axis(scale, f"difference in {info.title}"),
        "rows": [{"one": one, "picture": charts.interval(scale, one.difference, one.verdict), "tally": tally(one)} for one in some],
    }


def tally(one: Comparison) -> Any:
    """Wins, ties and losses as shares of one bar."""
    return charts.stack([("better", one.wins), ("same", one.ties), ("worse", one.losses)])
