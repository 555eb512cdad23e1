"""What it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import charts, figures
from ..bills import bills
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Cost:
    """Time by stage, tokens and money by what they were for, and the price of a variant that was kept."""

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
        some = list(bills(run))
        known = [one.dollars for one in some if one.dollars is not None]
        made = next((one for one in some if one.what == "making variants"), None)
        html = render(
            "sections/cost.html",
            stages=[(stage, charts.bar(float(stage.get("seconds") or 0) / longest)) for stage in stages],
            total=total,
            cpu=sum(float(stage.get("cpu_seconds") or 0) for stage in stages),
            bills=some,
            dollars=sum(known),
            unknown=[one.what for one in some if one.dollars is None],
            made=made,
            a_row=making / variants if variants and making else None,
            variants=variants,
            answers=[arm for arm in (run.results.arms if run.results else ()) if arm.completion_tokens is not None and arm.name not in run.added],
        )
        return SectionContent("Cost", str(html), f"{figures.duration(total)} in all.")
