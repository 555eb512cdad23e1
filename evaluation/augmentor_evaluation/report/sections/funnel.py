"""From the team's rows to the training set: what went, where, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import charts
from ..runview import Dropped, Quarantined, RunView
from ..templating import render


@dataclass(frozen=True)
class Step:
    """A row of the funnel: a state (`rows`) or a change (`plus`, `minus`, `aside`), what it is called, and how many."""

    kind: str
    title: str
    count: int
    picture: Any


@dataclass(frozen=True)
class Funnel:
    """Rows after each step of making the data, and examples of what each filter took out."""

    name: ClassVar[str] = "funnel"
    order: ClassVar[int] = 80

    samples: int = 3
    """Examples shown of what each filter dropped."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where the run made no data."""
        funnel = run.funnel
        if funnel is None:
            return None
        dropped = sampled(run.dropped(), self.samples)
        quarantined = sample_of(run.quarantined(), self.samples + 2)
        counts: dict[str, int] = {}
        for part in ("cleaned_out", "dropped"):
            for name, count in (funnel.get(part) or {}).items():
                counts[name] = counts.get(name, 0) + count
        html = render(
            "sections/funnel.html",
            steps=list(steps(funnel)),
            reasons=[
                (name, counts.get(name, len(rows)), rows)
                for name, rows in sorted(dropped.items(), key=lambda item: -counts.get(item[0], 0))
            ],
            quarantined=quarantined,
            quarantined_count=funnel.get("quarantined") or 0,
            beside=run.beside,
        )
        return SectionContent(
            "From rows to training set", str(html), "What was read, made and dropped, and why. Nothing goes without a reason."
        )


def steps(funnel: Mapping[str, Any]) -> Iterable[Step]:
    """The rows of the funnel, all on one scale."""
    made = funnel.get("made") or {}
    sources = int(funnel.get("sources") or 0)
    whole = max(
        int(funnel.get("read") or 0) + int(funnel.get("quarantined") or 0),
        sources + sum(made.values()),
        *(funnel.get("held_out") or {}).values(),
        1,
    )

    def step(kind: str, title: str, count: int, before: float = 0.0) -> Step:
        colour = {"rows": "plain", "plus": "better", "minus": "worse", "aside": "same"}[kind]
        return Step(kind, title, count, charts.bar(count / whole, colour, before=before / whole))

    rows = int(funnel.get("read") or 0)
    quarantined = int(funnel.get("quarantined") or 0)
    yield step("rows", "examples read", rows)
    if quarantined:
        yield step("minus", "more rows could not be read: quarantined", quarantined, rows)
    for name, count in (funnel.get("cleaned_out") or {}).items():
        rows -= count
        yield step("minus", f"cleaned out: {name}", count, rows)
    for part, count in (funnel.get("held_out") or {}).items():
        # a test file of one's own is held out without being taken from the rows
        taken = count if rows - count >= sources else 0
        rows -= taken
        yield step("aside", f"held out: {part}" if taken else f"{part} (a file of its own)", count, rows if taken else 0)
    yield step("rows", "originals to train on", sources)
    rows = sources
    for name, count in made.items():
        yield step("plus", f"made by {name}", count, rows)
        rows += count
    for name, count in (funnel.get("dropped") or {}).items():
        rows -= count
        yield step("minus", f"dropped: {name}", count, max(rows, 0))
    yield step("rows", "rows to train on", int(funnel.get("kept") or 0))


def sampled(rows: Iterable[Dropped], count: int) -> dict[str, list[Dropped]]:
    """A few rows of each filter, every row with the same chance."""
    found: dict[str, list[Dropped]] = {}
    seen: dict[str, int] = {}
    rng = Random(0)
    for row in rows:
        name = row.filter.partition(":")[0]
        kept = found.setdefault(name, [])
        seen[name] = seen.get(name, 0) + 1
        _hold(kept, row, seen[name], count, rng)
    return found


def sample_of(rows: Iterable[Quarantined], count: int) -> list[Quarantined]:
    """A few rows, every row with the same chance."""
    kept: list[Quarantined] = []
    rng = Random(0)
    for number, row in enumerate(rows, 1):
        _hold(kept, row, number, count, rng)
    return kept


def _hold(kept: list[Any], row: Any, number: int, count: int, rng: Random) -> None:
    if len(kept) < count:
        kept.append(row)
    elif (place := rng.randrange(number)) < count:
        kept[place] = row
