"""Is the test a test? Questions that training and test share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from augmentor.protocols import SectionContent
from augmentor.texts import normalised

from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Leakage:
    """Test questions that training holds word for word, roots on both sides, and what the leakage filter took out."""

    name: ClassVar[str] = "leakage"
    order: ClassVar[int] = 110

    shown: int = 10
    """Pairs that are listed."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where there is not both training and test data."""
        if not (run.has("data/test.jsonl") and run.has("data/train.jsonl")):
            return None
        test: dict[str, str] = {}
        test_roots: set[str] = set()
        questions = 0
        for example in run.examples("test"):
            questions += 1
            test.setdefault(normalised(example.question), example.question)
            test_roots.add(example.root)
        rows, shared_roots = 0, set()
        pairs: dict[str, tuple[str, str, str]] = {}
        for example in run.examples("train"):
            rows += 1
            if example.root in test_roots:
                shared_roots.add(example.root)
            key = normalised(example.question)
            if key in test and key not in pairs:
                pairs[key] = (test[key], example.question, example.made_by or "an original")
        funnel = run.funnel or {}
        html = render(
            "sections/leakage.html",
            questions=questions,
            rows=rows,
            pairs=list(pairs.values())[: self.shown],
            count=len(pairs),
            roots=len(shared_roots),
            filtered=(funnel.get("dropped") or {}).get("leakage", 0),
        )
        return SectionContent("Leakage", str(html), "Is the test a test, or was the model trained on it?")
