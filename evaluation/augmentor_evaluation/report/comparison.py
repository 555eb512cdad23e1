"""Several runs on one page: their verdicts, their numbers, and the questions on which they differ. The first is the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial
from typing import Any

from augmentor.protocols import ComparingSection, Section, SectionContent

from . import charts, figures
from .lines import read_lines
from .rows import EVEN, mean_scores
from .runview import Prediction, RunView
from .templating import render

SHOWN = 8


@dataclass(frozen=True)
class Changed:
    """A question that two runs' subjects answered differently well."""

    id: str
    label: str | None
    question: str
    reference: str
    before: str
    after: str
    change: float


@dataclass(frozen=True)
class Questions:
    """What became of the questions both runs asked: `fixed` score higher in `run`, `broken` lower; the largest changes come first."""

    reference: str
    run: str
    shared: int
    fixed: int
    broken: int
    only: int
    best: tuple[Changed, ...]
    worst: tuple[Changed, ...]

    @property
    def unchanged(self) -> int:
        """Questions that score the same."""
        return self.shared - self.fixed - self.broken


Part = Callable[[], SectionContent | None]


def compared(runs: Sequence[RunView], sections: Sequence[Section] = ()) -> list[tuple[str, Part]]:
    """The parts of the page that compares runs, each to be made when it is its turn.

    A section with a method `compare(runs)` beside `render(run)` stands among ours by its `order`: verdicts 10, metrics 20, questions 50,
    settings 140.
    """
    ours: list[tuple[int, str, Part]] = [
        (10, "verdicts", lambda: verdicts(runs)),
        (20, "metrics", lambda: metrics(runs)),
        (50, "questions", lambda: questions(runs)),
        (140, "settings", lambda: settings(runs)),
    ]
    theirs: list[tuple[int, str, Part]] = [(section.order, section.name, partial(section.compare, runs)) for section in sections if isinstance(section, ComparingSection)]
    return [(name, part) for _, name, part in sorted([*ours, *theirs], key=lambda part: part[:2])]


def names(runs: Sequence[RunView]) -> list[str]:
    """A name for each run; runs of the same name are told apart by their folders."""
    plain = [run.name for run in runs]
    if len(set(plain)) == len(plain):
        return plain
    folders = [run.path.resolve().name for run in runs]
    told = [f"{name} ({folder})" for name, folder in zip(plain, folders, strict=True)]
    return told if len(set(told)) == len(told) else [f"{name} ({number})" for number, name in enumerate(plain, 1)]


def verdicts(runs: Sequence[RunView]) -> SectionContent:
    """Verdicts side by side, the differences on one axis where they are of one metric."""
    heads = [run.results.headline if run.results else None for run in runs]
    same = len({head.metric for head in heads if head}) <= 1
    values = [value for head in heads if head for value in (head.difference.mean, head.difference.low, head.difference.high)]
    scale, digits = charts.Scale.over(values), figures.digits_for(values)
    rows = [
        {
            "name": name,
            "run": run,
            "head": head,
            "picture": charts.interval(scale, head.difference, head.verdict, height=30) if head and same else None,
        }
        for name, run, head in zip(names(runs), runs, heads, strict=True)
    ]
    metric = next((run.metric(head.metric).title for run, head in zip(runs, heads, strict=True) if head), "")
    html = render(
        "comparison/verdicts.html",
        rows=rows,
        digits=digits,
        same=same,
        axis=charts.axis(scale, f"difference in {metric}") if metric and same else None,
    )
    return SectionContent("Verdicts side by side", str(html), "Each run's own answer: its subject against its own baseline.")


def metrics(runs: Sequence[RunView]) -> SectionContent | None:
    """Every metric of every arm in every run."""
    known = {metric.name: metric for run in runs if run.results for metric in run.results.metrics}
    if not known:
        return None
    tables = []
    for metric in known.values():
        arms = list(dict.fromkeys(arm.name for run in runs if run.results for arm in run.results.arms if metric.name in arm.metrics and arm.name not in run.added))
        cells = [(name, [(found.metrics.get(metric.name) if (found := run.arm(name)) else None) for run in runs]) for name in arms]
        digits = figures.digits_for([cell.mean for _, row in cells for cell in row if cell])
        tables.append({"metric": metric, "arms": cells, "digits": digits})
    html = render(
        "comparison/metrics.html", tables=tables, names=names(runs), counts=[len(run.results.arms) if run.results else 0 for run in runs]
    )
    return SectionContent("Metrics", str(html), "Means with their intervals, an arm a row.")


def questions(runs: Sequence[RunView]) -> SectionContent | None:
    """Fixed, newly broken and unchanged questions of each later run against the first."""
    first = runs[0].results.headline if runs[0].results else None
    if first is None:
        return None
    called = names(runs)
    found, said = [], []
    for run, name in zip(runs[1:], called[1:], strict=True):
        head = run.results.headline if run.results else None
        if head is None or head.metric != first.metric:
            said.append(f"{name} has another headline metric, or none, so its questions cannot be compared with those of {called[0]}.")
            continue
        found.append(changes(runs[0], run, called[0], name))
    html = render("comparison/questions.html", pairs=found, said=said, metric=runs[0].metric(first.metric), stack=charts.stack)
    return SectionContent("Questions", str(html), "What the later run fixed, and what it newly broke.")


def changes(before: RunView, after: RunView, before_name: str, after_name: str) -> Questions:
    """The questions of two runs with a headline each, their subjects compared on its metric."""
    heads = [run.results.headline for run in (before, after) if run.results and run.results.headline]
    metric, arms = heads[0].metric, [head.subject for head in heads]
    sign = 1.0 if before.metric(metric).higher_is_better else -1.0
    old, new = (mean_scores(run.scores(), metric).get(arm, {}) for run, arm in zip((before, after), arms, strict=True))
    change = {id: sign * (new[id] - old[id]) for id in old if id in new}
    fixed = sorted((id for id, value in change.items() if value > EVEN), key=lambda id: (-change[id], id))
    broken = sorted((id for id, value in change.items() if value < -EVEN), key=lambda id: (change[id], id))
    wanted = {*fixed[:SHOWN], *broken[:SHOWN]}
    said = [_answers(run, arm, wanted) for run, arm in zip((before, after), arms, strict=True)]

    def written(ids: list[str]) -> tuple[Changed, ...]:
        pairs = [(id, said[0].get(id), said[1].get(id)) for id in ids[:SHOWN]]
        return tuple(Changed(id, b.label, b.question, b.reference, a.prediction, b.prediction, change[id]) for id, a, b in pairs if a and b)

    only = len(old.keys() ^ new.keys())
    return Questions(before_name, after_name, len(change), len(fixed), len(broken), only, written(fixed), written(broken))


def _answers(run: RunView, arm: str, wanted: set[str]) -> dict[str, Prediction]:
    """An arm's answers to some questions, those of the first seed that answered."""
    found: dict[str, Prediction] = {}
    for path in run.prediction_files.get(arm, {}).values():
        for row in read_lines(path, Prediction):
            if row.id in wanted and row.error is None:
                found.setdefault(row.id, row)
    return found


def settings(runs: Sequence[RunView]) -> SectionContent:
    """What differs between the runs: recipes line by line, data, seeds and versions."""
    called = names(runs)
    facts: list[tuple[str, list[str]]] = [
        ("created", [str(run.manifest.get("created", figures.NONE)) for run in runs]),
        ("seeds", [", ".join(map(str, run.manifest.get("seeds") or [run.manifest.get("seed", figures.NONE)])) for run in runs]),
    ]
    keys = dict.fromkeys(item["path"] for run in runs for item in run.manifest.get("data") or ())
    facts += [(path, [_digest(run, path) for run in runs]) for path in keys]
    tools = dict.fromkeys(name for run in runs for name in run.manifest.get("versions") or {})
    facts += [(name, [str((run.manifest.get("versions") or {}).get(name, figures.NONE)) for run in runs]) for name in tools]
    diffs = [(name, recipe_diff(runs[0], run, called[0], name)) for run, name in zip(runs[1:], called[1:], strict=True)]
    rows: list[dict[str, Any]] = [{"name": name, "values": values, "same": len(set(values)) == 1} for name, values in facts]
    return SectionContent(
        "What differs", str(render("comparison/settings.html", rows=rows, names=called, diffs=diffs)), "Data, seeds, versions and recipes."
    )


def _digest(run: RunView, path: str) -> str:
    return next((str(item.get("sha256", ""))[:12] for item in run.manifest.get("data") or () if item["path"] == path), figures.NONE)


def recipe_diff(before: RunView, after: RunView, before_name: str, after_name: str) -> list[tuple[str, str]] | None:
    """Lines of the way from one recipe to the other, each `same`, `del` or `ins`; None where a run kept no recipe."""
    if before.recipe is None or after.recipe is None:
        return None
    lines = list(unified_diff(before.recipe.splitlines(), after.recipe.splitlines(), before_name, after_name, lineterm="", n=1))[2:]
    return [({"-": "del", "+": "ins"}.get(line[:1], "same"), line) for line in lines]
