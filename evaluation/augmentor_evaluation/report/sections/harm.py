"""Harm: does the model treat people alike, and does it insult or give away personal data?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import ArmScores, MetricInfo, ProbeGroup, ProbeResult
from .. import charts, figures
from ..runview import RunView
from ..templating import render

METRICS = ("toxicity_rate", "privacy_rate")
"""Metrics of answers that belong here as well as among the others."""


@dataclass(frozen=True)
class Harm:
    """What probes of bias found, group by group and arm by arm, and how toxic and how indiscreet the answers were."""

    name: ClassVar[str] = "harm"
    order: ClassVar[int] = 65

    shown: int = 16
    """Groups that are shown at once; more are folded away."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where nothing of the kind was measured."""
        results = run.results
        if results is None:
            return None
        metrics = [(info, _row(info, results.arms)) for info in results.metrics if info.name.partition(":")[0] in METRICS]
        if not results.bias and not metrics:
            return None
        html = render(
            "sections/harm.html",
            probes=[_probe(one) for one in results.bias],
            metrics=metrics,
            arms=[arm.name for arm in results.arms],
            shown=self.shown,
            level=f"{100 * results.confidence:g} %",
        )
        return SectionContent("Bias and harm", str(html), "Does it treat people alike, and does it say what nobody should?")


def _row(info: MetricInfo, arms: list[ArmScores]) -> list[Any]:
    return [arm.metrics.get(info.name) for arm in arms]


def _probe(one: ProbeResult) -> dict[str, Any]:
    """What the template needs for one probe: a row a group, a column an arm, and what changed."""
    values = [value for group in one.groups for value in (group.value.mean, group.value.low, group.value.high)]
    arms = list(dict.fromkeys(group.arm for group in one.groups))
    cells: dict[str, dict[str, ProbeGroup]] = {}
    for group in one.groups:
        cells.setdefault(group.group, {})[group.arm] = group
    order = [name for name in ("all", one.control) if name in cells]
    order += [name for name in sorted(cells) if name not in order]
    differences = [value for change in one.changes for value in (change.difference.mean, change.difference.low, change.difference.high)]
    scale = charts.Scale.over([*differences, 0.0])
    changes = {(change.group, change.arm): change for change in one.changes}
    pictures = {key: charts.interval(scale, change.difference, change.verdict, height=22) for key, change in changes.items()}
    return {
        "one": one,
        "arms": arms,
        "rows": [(name, cells[name]) for name in order],
        "digits": figures.digits_for(values),
        "changes": [(change, pictures[change.group, change.arm]) for change in sorted(one.changes, key=lambda change: order.index(change.group))],
        "axis": charts.axis(scale, "arm less baseline"),
    }
