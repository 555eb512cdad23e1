"""What the evidence at hand cannot show, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .comparing import Settings
from .results import Comparison, Leaks
from .scoring import Table
from .wording import count, listed, percent


def limits(table: Table, comparisons: Sequence[Comparison], settings: Settings) -> list[str]:
    """The limits, the gravest first."""
    return list(_limits(table, comparisons, settings))


def leak_limits(leaks: Leaks | None, questions: int) -> list[str]:
    """A sentence where arms were trained on test questions."""
    if leaks is None or not leaks.count:
        return []
    arms = shortened([f"{arm} {amount}" for arm, amount in leaks.by_arm.items()])
    said = f"Of {count(questions, 'test question')} {leaks.count} stand{'s' if leaks.count == 1 else ''} in training data, word for word or nearly so: {arms}. "
    rest = "An arm's answers to those it was trained on are left out of every figure. Take them out of the training data (the filter `leakage` does) and train again."
    with_them = f" With them the verdict would be: {leaks.headline.verdict}." if leaks.headline else ""
    return [said + rest + with_them]


def shortened(names: Sequence[str]) -> str:
    """`a, b and c`, or `a, b, c, d, e and 7 more`."""
    return listed(names) if len(names) < 7 else listed([*names[:5], f"{len(names) - 5} more"])


def _limits(table: Table, comparisons: Sequence[Comparison], settings: Settings) -> Iterator[str]:
    clusters = len(set(table.clusters.tolist()))
    if comparisons and 2.0 ** (1 - clusters) > 1 - settings.confidence:
        yield (
            f"The test questions come from {count(clusters, table.cluster_by)} only: no difference, however large, can be told from chance at {percent(settings.confidence)}. "
            "Add test questions of other " + table.cluster_by + "s."
        )
    elif comparisons and clusters < 20:
        yield f"The test questions come from {count(clusters, table.cluster_by)}: only large differences can be told from chance."
    labels = {question.label for question in table.questions}
    if len(labels) == 1 and None not in labels and "" not in labels:
        yield "All test questions carry the same label, so nothing is said about others."
    once = [arm.name for arm in table.arms.values() if len(arm.seeds) == 1]
    if once:
        yield f"Under one seed only: {shortened(once)}. The intervals do not cover how training again would change {'it' if len(once) == 1 else 'them'}, if trained at all."
    few = [arm.name for arm in table.arms.values() if 1 < len(arm.seeds) < 3]
    if few:
        yield f"Under two seeds only: {shortened(few)}. Two say little of how much trainings differ."
    failed = [f"{arm.name} {arm.failed}" for arm in table.arms.values() if arm.failed]
    if failed:
        yield f"Calls that failed, and are left out: {shortened(failed)}. If hard questions fail more often, the arm looks better than it is."
    missing = [f"{arm.name} {len(table.questions) - arm.answered}" for arm in table.arms.values() if arm.answered < len(table.questions)]
    if missing:
        yield f"Questions without an answer, by arm: {shortened(missing)}. A comparison uses the questions that both arms answered."
    repeated = len(table.questions) - len({question.question for question in table.questions})
    if repeated and any(question.question for question in table.questions):
        yield f"{count(repeated, 'test question')} repeat{'s' if repeated == 1 else ''} the words of another."
    if len(comparisons) > 1:
        yield f"{len(comparisons)} comparisons were made; q is adjusted so that of those called better or worse about {percent(1 - settings.confidence)} at most are chance."
    yield "Metrics compare the answer with one reference. A right answer in other words can score low, a wrong one in the same words high: read the examples."
