"""Is the test a test? Questions that training and test share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent
from augmentor.texts import normalised

from ...results import Headline, Results
from .. import charts, figures
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Shared:
    """A question on both sides: as the test has it, as training has it, what made that row, how alike they are, and who was trained on it."""

    test: str
    train: str
    made_by: str
    likeness: float
    arms: str


@dataclass(frozen=True)
class Leakage:
    """Test questions that training holds, word for word or nearly, each with its training row, and the verdict with them and without."""

    name: ClassVar[str] = "leakage"
    order: ClassVar[int] = 110

    shown: int = 25
    """Pairs that are listed."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where there is not both training and test data, nor results that were searched."""
        leaks = run.results.leaks if run.results else None
        if leaks is None and not (run.has("data/test.jsonl") and run.has("data/train.jsonl")):
            return None
        test: dict[str, str] = {}
        test_roots: set[str] = set()
        questions = 0
        for example in run.examples("test"):
            questions += 1
            test.setdefault(normalised(example.question), example.question)
            test_roots.add(example.root)
        rows, roots = 0, set()
        wanted = {pair.row for pair in leaks.pairs[: self.shown]} if leaks else set()
        makers: dict[str, str] = {}
        same: dict[str, Shared] = {}
        for example in run.examples("train"):
            rows += 1
            made_by = example.made_by or "an original"
            if example.root in test_roots:
                roots.add(example.root)
            if example.id in wanted:
                makers[example.id] = made_by
            key = normalised(example.question)
            if key in test and key not in same:
                same[key] = Shared(test[key], example.question, made_by, 1.0, "")
        pairs = list(same.values()) if leaks is None else [
            Shared(one.question, one.text, makers.get(one.row, figures.NONE), one.likeness, ", ".join(one.arms)) for one in leaks.pairs
        ]  # fmt: skip
        html = render(
            "sections/leakage.html",
            questions=questions,
            rows=rows,
            pairs=pairs[: self.shown],
            count=len(pairs) if leaks is None else leaks.count,
            leaks=leaks,
            shift=shift(run.results) if run.results else None,
            same=len(same),
            roots=len(roots),
            filtered=((run.funnel or {}).get("dropped") or {}).get("leakage", 0),
        )
        return SectionContent("Leakage", str(html), "Is the test a test, or was the model trained on it?")


def shift(results: Results) -> dict[str, Any] | None:
    """The headline without the leaked questions and with them, on one axis; None where there is nothing to set side by side."""
    if results.headline is None or results.leaks is None or results.leaks.headline is None:
        return None
    both: list[tuple[str, Headline]] = [("without them (the verdict above)", results.headline), ("with them", results.leaks.headline)]
    values = [value for _, head in both for value in (head.difference.mean, head.difference.low, head.difference.high)]
    scale = charts.Scale.over(values)
    return {
        "rows": [{"name": name, "head": head, "picture": charts.interval(scale, head.difference, head.verdict, height=26)} for name, head in both],
        "digits": figures.digits_for(values),
        "axis": charts.axis(scale, f"difference, {results.headline.subject} − {results.headline.baseline}"),
    }
