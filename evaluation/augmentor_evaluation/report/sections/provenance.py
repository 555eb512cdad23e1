"""What was run on what, and what this evidence cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import SectionContent

from ..runview import RunView
from ..templating import render

FILES = (
    "metrics.json", "scores.jsonl", "funnel.json", "manifest.json", "recipe.resolved.yaml", "data/train.jsonl", "data/validation.jsonl", "data/test.jsonl",
    "data/dropped.jsonl", "data/quarantine.jsonl",
)  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """Limits of the evidence, data with hashes, seeds, versions, the recipe with all defaults, and the command that repeats it."""

    name: ClassVar[str] = "provenance"
    order: ClassVar[int] = 140

    def render(self, run: RunView) -> SectionContent:
        """The section; it says so where the run kept no manifest."""
        html = render(
            "sections/provenance.html",
            manifest=run.manifest,
            recipe=run.recipe,
            limits=run.results.limits if run.results else [],
            files=[name for name in FILES if run.has(name)],
            beside=run.beside,
            folder=str(run.path),
        )
        return SectionContent("Limits and provenance", str(html), "What this evidence cannot show, and how to repeat it.")
