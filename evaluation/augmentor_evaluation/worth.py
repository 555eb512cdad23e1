"""What each part of a recipe is worth."""

from __future__ import annotations

from collections.abc import Sequence

from augmentor.protocols import Ablation

from .comparing import Settings, compare_pair, judge_all
from .results import Comparison, Estimate, Worth, WorthWord
from .scoring import Table
from .wording import number, range_text, unit_of


def judge_worth(table: Table, ablations: Sequence[Ablation], metric: str, settings: Settings, least: float) -> list[Worth]:
    """The rows of the experiment's table, on one metric.

    q is adjusted over these rows alone: adding arms must not weaken the run's own verdict. Arms with the same data are one training,
    so nothing is compared there.
    """
    some = [one for one in ablations if one.changed]
    compared = iter(judge_all(table, [compare_pair(table, one.arm, one.against, metric, settings) for one in some], settings))
    return [_worth(table, one, metric, next(compared) if one.changed else None, settings, least) for one in ablations]


def _worth(table: Table, one: Ablation, metric: str, found: Comparison | None, settings: Settings, least: float) -> Worth:
    title, unit = table.metrics[metric].title, unit_of(table.metrics[metric])
    verdict = decide(found, least, higher_is_better=table.metrics[metric].higher_is_better)
    return Worth(
        part=one.part,
        kind=one.kind,
        arm=one.arm,
        against=one.against,
        share=one.share,
        rows=one.rows,
        changed=one.changed,
        metric=metric,
        difference=found.difference if found else Estimate(None),
        p=found.p if found else None,
        q=found.q if found else None,
        questions=found.questions if found else 0,
        clusters=found.clusters if found else 0,
        detectable=found.detectable if found else None,
        verdict=verdict,
        sentence=_sentence(one, found, verdict, title, unit, least, settings),
    )


def decide(found: Comparison | None, least: float, *, higher_is_better: bool) -> WorthWord:
    """Worth it where the arm is better; not worth it where its interval holds no gain as large as `least`."""
    if found is None:
        return "changed no row"
    low, high = found.difference.low, found.difference.high
    if low is None or high is None:
        return "can't tell"
    if (high if higher_is_better else -low) < least:
        return "not worth it"
    return "worth it" if found.verdict == "better" else "can't tell"


def _sentence(one: Ablation, found: Comparison | None, verdict: WorthWord, title: str, unit: str, least: float, settings: Settings) -> str:
    what = {
        "left out": f"{one.part}, on top of the others,",
        "alone": f"{one.part} alone",
        "filter off": f"The filter {one.part}",
        "share": f"With {one.part}, augmentation",
    }[one.kind]
    if found is None:
        return f"{what} changed no row: {one.arm} and {one.against} are the same training."
    if found.difference.mean is None:
        return f"{what}: {one.arm} and {one.against} have no question in common on which {title} is defined."
    size = f"{number(found.difference.mean, unit, signed=True)} {title} ({range_text(found.difference, settings.confidence, unit)})"
    if verdict == "worth it":
        return f"{what} is worth it: {size}."
    if verdict == "not worth it":
        return f"{what} is not worth it: {size}{', it does harm' if found.verdict == 'worse' else f', no gain of {number(least, unit)}'}."
    more = f" A true gain of {number(found.detectable, unit)} would have been found four times in five." if found.detectable is not None else ""
    return f"{what}: can't tell. {size}.{more}"
