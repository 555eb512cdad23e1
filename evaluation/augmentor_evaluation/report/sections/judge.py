"""What judges say, and whether they can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import JudgeResult
from .. import charts, figures
from ..runview import RunView
from ..templating import render
from .arms import tally


@dataclass(frozen=True)
class JudgeHealth:
    """Each judge's verdicts on the arms, and its own record: does the order move it, does length, does it agree with people?"""

    name: ClassVar[str] = "judge"
    order: ClassVar[int] = 40

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where no judge was asked."""
        results = run.results
        if results is None or not results.judges:
            return None
        html = render("sections/judge.html", judges=[_judge(one) for one in results.judges], level=f"{100 * results.confidence:g} %")
        return SectionContent("Judges", str(html), "What does a language model prefer, and can it be believed?")


def _judge(one: JudgeResult) -> dict[str, Any]:
    """What the template needs for one judge."""
    values = [value for pair in one.comparisons for value in (pair.difference.mean, pair.difference.low, pair.difference.high)]
    scale = charts.Scale.over([*values, 0.0])
    health = one.health
    rates = [
        ("verdicts that changed with the order", health.flip_rate, "0 is best; they count as ties"),
        ("verdicts for the answer shown first", health.first_rate, "0.5 is fair"),
        ("decisions for the longer answer", health.longer_rate, "0.5 unless longer answers are better"),
    ]
    return {
        "one": one,
        "digits": figures.digits_for(values),
        "axis": charts.axis(scale, "wins less losses" if one.kind == "pairs" else "difference of ratings"),
        "rows": [{"one": pair, "picture": charts.interval(scale, pair.difference, pair.verdict), "tally": tally(pair)} for pair in one.comparisons],
        "rates": [(what, rate, note) for what, rate, note in rates if rate is not None],
    }
