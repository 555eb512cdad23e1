"""The answer, first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import SectionContent

from ...results import GateResult, Headline, Results
from .. import charts, figures
from ..runview import RunView
from ..templating import render

WORDS = {"better": "Better", "worse": "Worse", "can't tell": "Can’t tell"}


@dataclass(frozen=True)
class Verdict:
    """Better, worse, or can't tell: the difference with its interval, what it rests on, and what to do."""

    name: ClassVar[str] = "verdict"
    order: ClassVar[int] = 10

    def render(self, run: RunView) -> SectionContent:
        """The verdict, or words on why there is none."""
        results = run.results
        if results is None:
            return SectionContent("No models were compared", str(render("sections/verdict_none.html", funnel=run.funnel)))
        head = results.headline
        if head is None:
            return SectionContent(
                "No verdict", str(render("sections/verdict_none.html", funnel=run.funnel)), "The results name no headline comparison."
            )
        comparison = run.headline_comparison()
        digits = figures.digits_for([head.difference.mean, head.difference.low, head.difference.high])
        detectable = comparison.detectable if comparison else None
        scale = charts.Scale.over(
            [head.difference.low, head.difference.high, head.difference.mean, detectable, -detectable if detectable else None], room=0.12
        )
        metric = run.metric(head.metric)
        html = render(
            "sections/verdict.html",
            head=head,
            kind=charts.interval_kind(head.verdict),
            word=WORDS[head.verdict],
            comparison=comparison,
            metric=metric,
            results=results,
            digits=digits,
            advice=advice(head, detectable, digits, cluster_word(results), results.gates),
            gates=results.gates,
            passed=sum(gate.passed is True for gate in results.gates),
            means=[
                (arm, arm.metrics[head.metric])
                for arm in results.arms
                if head.metric in arm.metrics and arm.name in {head.subject, head.baseline}
            ],
            picture=charts.interval(scale, head.difference, head.verdict, detectable=detectable, height=44),
            axis=charts.axis(scale, f"difference in {metric.title}, {head.subject} − {head.baseline}", ticks_about=6),
            cluster=cluster_word(results),
        )
        return SectionContent(_title(head), str(html))


def _title(head: Headline) -> str:
    if head.verdict == "can't tell":
        return f"Can’t tell {head.subject} from {head.baseline}"
    return f"{head.subject} is {head.verdict} than {head.baseline}"


def advice(head: Headline, detectable: float | None, digits: int, cluster: str, gates: Sequence[GateResult] = ()) -> str:
    """What a careful person would do next."""
    if head.verdict == "better" and not all(gate.passed for gate in gates):
        return f"Do not ship {head.subject} yet: it is better, and a gate that this run set itself is not passed."
    if head.verdict == "better":
        return f"On this evidence {head.subject} can take the place of {head.baseline}. Read the worst regressions below before it ships."
    if head.verdict == "worse":
        return f"Keep {head.baseline}. The worst regressions below show what broke."
    measured = abs(head.difference.mean or 0.0)
    if detectable is None or measured == 0.0 or not 1 < detectable / measured < 10:
        return f"Do not choose by this result. A larger test would tell more: more {cluster}s, not only more questions of these."
    # the error of a mean falls with the square root of what was drawn
    larger = math.ceil((detectable / measured) ** 2)
    return (
        f"Do not choose by this result. If the true difference is the {figures.signed(head.difference.mean, digits)} measured here, a test some "
        f"{larger} times as large would find it four times in five: more {cluster}s, not only more questions of these."
    )


def cluster_word(results: Results) -> str:
    """What is resampled together, in words."""
    return {"label": "label", "root": "source"}.get(results.cluster_by, results.cluster_by)
