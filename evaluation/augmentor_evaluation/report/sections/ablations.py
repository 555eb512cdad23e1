"""What each part of the recipe is worth: strategies, filters, more data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from ...results import Results, Worth
from .. import charts, figures
from ..runview import RunView
from ..templating import render

KINDS = {
    "left out": ("Each strategy left out", "What does it add to the others?"),
    "alone": ("Each strategy alone", "What does it add to the originals by itself?"),
    "filter off": ("Each filter off", "What does it add? A filter can also be there for safety, which this does not measure."),
    "share": ("Parts of the sources", "What does augmentation add when there are fewer of them?"),
}
MARKS = {"worth it": ("better", "▲"), "not worth it": ("worse", "▼")}


@dataclass(frozen=True)
class Ablations:
    """A table of each kind of part, most worth first, and the learning curve of both arms of the verdict."""

    name: ClassVar[str] = "ablations"
    order: ClassVar[int] = 30

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None for a run without an experiment."""
        results = run.results
        if results is None or not results.experiment:
            return None
        metric = run.metric(results.experiment[0].metric)
        values = [value for one in results.experiment for value in (one.difference.mean, one.difference.low, one.difference.high)]
        scale, digits = charts.Scale.over(values), figures.digits_for(values)
        sign = 1.0 if metric.higher_is_better else -1.0
        blocks = [
            {"title": title, "asks": asks, "kind": kind, "rows": [_row(one, scale) for one in ordered(results.experiment, kind, sign)]}
            for kind, (title, asks) in KINDS.items()
            if any(one.kind == kind for one in results.experiment)
        ]
        html = render(
            "sections/ablations.html",
            blocks=blocks,
            digits=digits,
            metric=metric,
            least=results.least,
            level=f"{100 * results.confidence:g} %",
            axis=charts.axis(scale, f"difference in {metric.title}"),
            curve=curve(run, results),
            keep=keep(results.experiment),
        )
        return SectionContent("What it is worth", str(html), "Which strategies, which filters, and would more data help?")


def ordered(experiment: Sequence[Worth], kind: str, sign: float) -> list[Worth]:
    """The parts of a kind, most worth first, unchanged ones last; shares in their own order."""
    some = [one for one in experiment if one.kind == kind]
    if kind == "share":
        return some
    return sorted(some, key=lambda one: (one.difference.mean is None, -sign * (one.difference.mean or 0.0), one.part))


def keep(experiment: Sequence[Worth]) -> list[tuple[str, str, list[str]]]:
    """What to do with which strategies and filters: a verdict, the advice that follows, and the parts, those that add to the others only."""
    advice = {
        "worth it": "Keep",
        "not worth it": "Could go",
        "can't tell": "Not known",
        "changed no row": "Did nothing here",
    }
    found = []
    for verdict, words in advice.items():
        parts = [one.part for one in experiment if one.kind in {"left out", "filter off"} and one.verdict == verdict]
        if parts:
            found.append((verdict, words, parts))
    return found


def _row(one: Worth, scale: charts.Scale) -> dict[str, Any]:
    kind, mark = MARKS.get(one.verdict, ("unsure", "○"))
    return {"one": one, "kind": kind, "mark": mark, "picture": charts.interval(scale, one.difference, kind, height=24)}


def curve(run: RunView, results: Results) -> dict[str, Any] | None:
    """The learning curve: means and intervals of both arms by share of the sources; None for fewer than two shares."""
    shares = [one for one in results.experiment if one.kind == "share"]
    if len(shares) < 2:
        return None
    metric = run.metric(shares[0].metric)
    whole = results.headline
    names = (whole.subject, whole.baseline) if whole else ("augmented", "original")
    drawn = []
    for style, role in enumerate(("arm", "against")):
        points = [
            (100 * one.share, arm.metrics[one.metric]) for one in shares if (arm := run.arm(getattr(one, role))) is not None and one.metric in arm.metrics
        ]
        means = [(x, estimate.mean) for x, estimate in points if estimate.mean is not None]
        bounds = [(x, estimate.low, estimate.high) for x, estimate in points if estimate.low is not None and estimate.high is not None]
        drawn += [
            charts.Series(names[style], means, style),
            charts.Series(f"{names[style]}, low", [(x, low) for x, low, _ in bounds], style, quiet=True),
            charts.Series(f"{names[style]}, high", [(x, high) for x, _, high in bounds], style, quiet=True),
        ]
    picture = charts.lines(
        drawn,
        label=f"{metric.title} by share of the sources, for {names[0]} and {names[1]}; the tables have the numbers",
        x_title="share of the sources (%)",
        y_title=metric.title,
        height=260,
    )
    subject = drawn[0].points
    return {"picture": picture, "arms": names, "metric": metric, "last": subject[-2:] if len(subject) > 1 else None}
