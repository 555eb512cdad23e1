"""The verdict on parts of the test: where is data missing?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import Estimate, Slice
from .. import charts, figures
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Slices:
    """Subject against baseline by label, length and the like, worst first; slices with few questions are grey."""

    name: ClassVar[str] = "slices"
    order: ClassVar[int] = 60

    shown: int = 14
    """Slices of a group that are shown at once; more are folded away."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where the results hold no slices."""
        results = run.results
        if results is None or results.headline is None or not results.slices:
            return None
        head = results.headline
        sign = 1.0 if run.metric(head.metric).higher_is_better else -1.0
        large = [one for one in results.slices if not one.small] or results.slices
        values = [value for one in large for value in (one.difference.mean, one.difference.low, one.difference.high)]
        scale, digits = charts.Scale.over(values), figures.digits_for(values)
        groups: dict[str, list[Slice]] = {}
        for one in results.slices:
            groups.setdefault(one.group, []).append(one)
        html = render(
            "sections/slices.html",
            groups=[(group, self._rows(some, scale, sign)) for group, some in groups.items()],
            shown=self.shown,
            head=head,
            digits=digits,
            metric=run.metric(head.metric),
            axis=charts.axis(scale, f"difference in {run.metric(head.metric).title}"),
            small=sum(one.small for one in results.slices),
        )
        return SectionContent("Slices", str(html), "Where does it help, where does it hurt, and where is data missing?")

    def _rows(self, some: list[Slice], scale: charts.Scale, sign: float) -> list[dict[str, Any]]:
        """Slices large enough to read first, worst first."""
        order = sorted(some, key=lambda one: (one.small, sign * (one.difference.mean or 0.0), one.value))
        return [{"one": one, "picture": charts.interval(scale, one.difference, reading(one.difference, sign), height=22)} for one in order]


def reading(difference: Estimate, sign: float) -> str:
    """What an interval by itself says; with many slices some will say it by chance."""
    if difference.low is None or difference.high is None or difference.low <= 0 <= difference.high:
        return "can't tell"
    return "better" if sign * difference.low > 0 else "worse"
