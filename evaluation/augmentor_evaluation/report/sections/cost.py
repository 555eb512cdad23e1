"""What it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import charts, figures
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Cost:
    """Time by stage, tokens by arm, and the price of a kept row."""

    name: ClassVar[str] = "cost"
    order: ClassVar[int] = 130

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where the run kept no times."""
        stages: list[Mapping[str, Any]] = list(run.manifest.get("stages") or ())
        if not stages:
            return None
        total = sum(float(stage.get("seconds") or 0) for stage in stages)
        longest = max((float(stage.get("seconds") or 0) for stage in stages), default=0.0) or 1.0
        variants = int((run.funnel or {}).get("variants") or 0)
        making = sum(float(stage.get("seconds") or 0) for stage in stages if stage.get("name") == "augment")
        html = render(
            "sections/cost.html",
            stages=[(stage, charts.bar(float(stage.get("seconds") or 0) / longest)) for stage in stages],
            total=total,
            cpu=sum(float(stage.get("cpu_seconds") or 0) for stage in stages),
            tokens=sum(int(facts.get("tokens") or 0) for facts in run.trainings.values()),
            trainings=len(run.trainings),
            answers=[arm for arm in (run.results.arms if run.results else ()) if arm.completion_tokens is not None],
            a_row=making / variants if variants and making else None,
            variants=variants,
        )
        return SectionContent("Cost", str(html), f"{figures.duration(total)} in all.")
