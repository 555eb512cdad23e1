"""What was run on what, and what this evidence cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from augmentor.protocols import SectionContent

from ..embed import embedded
from ..runview import RunView
from ..templating import render

FILES = (
    "metrics.json", "scores.jsonl", "funnel.json", "manifest.json", "recipe.resolved.yaml", "data/train.jsonl", "data/validation.jsonl", "data/test.jsonl",
    "data/dropped.jsonl", "data/quarantine.jsonl",
)  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """Limits of the evidence, data with hashes, seeds, versions, prompts, the recipe with all defaults, the command that repeats it, and all numbers as JSON."""

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
            prompts=prompts(run),
            numbers=embedded("results-data", msgspec.to_builtins(run.results)) if run.results else None,
        )
        return SectionContent("Limits and provenance", str(html), "What this evidence cannot show, and how to repeat it.")


@dataclass(frozen=True)
class Prompt:
    """What a model was told: whose prompt it is, how many worked examples went before the question, and the words."""

    whose: str
    shots: int
    text: str


def prompts(run: RunView) -> list[Prompt]:
    """The system prompts of the arms, from the recipe, and the first that each strategy and judge asked, from the manifest."""
    try:
        recipe: Any = msgspec.yaml.decode((run.recipe or "").encode("utf-8", "replace"))
    except msgspec.DecodeError:
        recipe = None
    arms = recipe.get("arms") if isinstance(recipe, dict) else None
    found = [
        Prompt(f"arm {name}", int(arm.get("shots") or 0), str(arm.get("prompt") or ""))
        for name, arm in (arms.items() if isinstance(arms, dict) else ())
        if isinstance(arm, dict) and (arm.get("prompt") or arm.get("shots"))
    ]
    return found + [Prompt(str(one["whose"]), 0, str(one["text"])) for one in run.manifest.get("prompts") or ()]
