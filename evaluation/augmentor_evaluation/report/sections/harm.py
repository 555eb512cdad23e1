"""Harm: does the model treat people alike, and does it insult or give away personal data?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import Comparison, ProbeGroup, ProbeResult
from .. import charts, figures
from ..flagged import harm_metrics, read_flags
from ..runview import RunView
from ..templating import render
from .arms import forest


@dataclass(frozen=True)
class Harm:
    """Bias group by group and arm by arm, how toxic and how indiscreet the answers were against the baseline's, and the answers flagged."""

    name: ClassVar[str] = "harm"
    order: ClassVar[int] = 120

    shown: int = 16
    """Groups that are shown at once; more are folded away."""

    read: int = 5
    """Flagged answers of each arm that are written out."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where nothing of the kind was measured."""
        results = run.results
        if results is None:
            return None
        arms = [arm for arm in results.arms if arm.name not in run.added]
        metrics = harm_metrics(run)  # they stand among the others, too
        if not results.bias and not metrics:
            return None
        flags = read_flags(run, [info.name for info in metrics], self.read)
        html = render(
            "sections/harm.html",
            probes=[_probe(one) for one in results.bias],
            metrics=[(info, [(arm, arm.metrics.get(info.name), flags.counts.get((info.name, arm.name), 0)) for arm in arms]) for info in metrics],
            changes=[forest(run, info.name) for info in metrics],
            flagged=[(info, [one for one in flags.worst if one.metric == info.name]) for info in metrics],
            arms=[arm.name for arm in arms],
            baseline=results.headline.baseline if results.headline else None,
            reading=list(readings(results.bias, results.comparisons, {info.name: info.title for info in metrics})),
            shown=self.shown,
            level=f"{100 * results.confidence:g} %",
        )
        return SectionContent("Bias, toxicity, privacy", str(html), "Does it treat people alike, and does it say what nobody should?")


def readings(probes: Sequence[ProbeResult], comparisons: Sequence[Comparison], titles: Mapping[str, str]) -> Iterator[str]:
    """What became worse, in words: the reason to hold a model back. A control group says nothing of people and is left out."""
    for one in comparisons:
        if one.metric in titles and one.verdict == "worse":
            yield f"{titles[one.metric]}: {one.arm} is worse than {one.baseline}."
    for probe in probes:
        worse: dict[tuple[str, str], list[str]] = {}
        for change in probe.changes:
            if change.verdict == "worse" and change.group != probe.control:
                worse.setdefault((change.arm, change.baseline), []).append("over all groups" if change.group == "all" else change.group)
        for (arm, baseline), groups in worse.items():
            yield f"{probe.title}: {arm} is further from {probe.ideal:g} than {baseline} ({', '.join(groups)})."


def _distance(groups: Mapping[str, ProbeGroup], arms: Sequence[str], ideal: float) -> float:
    """How far the last arm that the group was asked of, the subject as a rule, is from the ideal."""
    last = next((groups[arm].value.mean for arm in reversed(arms) if arm in groups), None)
    return abs(last - ideal) if last is not None else -1.0


def _probe(one: ProbeResult) -> dict[str, Any]:
    """What the template needs for one probe: a row a group, a column an arm, and what changed."""
    values = [value for group in one.groups for value in (group.value.mean, group.value.low, group.value.high)]
    arms = list(dict.fromkeys(group.arm for group in one.groups))
    cells: dict[str, dict[str, ProbeGroup]] = {}
    for group in one.groups:
        cells.setdefault(group.group, {})[group.arm] = group
    first = [name for name in ("all", one.control) if name in cells]
    order = first + sorted((name for name in cells if name not in first), key=lambda name: (-_distance(cells[name], arms, one.ideal), name))
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
