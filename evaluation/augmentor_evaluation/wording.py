"""Numbers and verdicts in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .results import Comparison, Estimate, Leaks, Slice


def number(value: float, unit: str, *, signed: bool = False) -> str:
    """One digit after the point for values from 0 to 100, else three; a real minus sign.

    >>> number(-0.25, "0-1", signed=True)
    '\u22120.250'
    """
    digits = 1 if unit == "0-100" else 3
    text = f"{value:{'+' if signed else ''}.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "\u2212")


def percent(share: float) -> str:
    """`61 %`, with a real minus sign."""
    return f"{share:.0%}".replace("%", "\u00a0%").replace("-", "\u2212")


def count(amount: int, noun: str) -> str:
    """`1 label`, `12 labels`."""
    return f"{amount} {noun}{'' if amount == 1 else 's'}"


def unit_of(metric: Any) -> str:
    """What a metric counts in, where it says."""
    return str(getattr(metric, "unit", ""))


def range_text(estimate: Estimate, confidence: float, unit: str) -> str:
    """`95 % interval +0.1 to +0.3`, or that there is none."""
    if estimate.low is None or estimate.high is None:
        return "too few clusters for an interval"
    return f"{percent(confidence)} interval {number(estimate.low, unit, signed=True)} to {number(estimate.high, unit, signed=True)}"


def comparison_sentence(one: Comparison, title: str, unit: str, *, means: tuple[float, float] | None, cluster_by: str, confidence: float) -> str:
    """What a judged comparison says, for a reader of the report; `means` are those of both arms on the questions they share."""
    if means is None or one.difference.mean is None:
        return f"{one.arm} and {one.baseline} have no question in common on which {title} is defined, so it says nothing of them."
    sample = f"{count(one.questions, 'question')} in {count(one.clusters, cluster_by)}"
    if one.ties == one.questions:
        return f"Can't tell {one.arm} from {one.baseline} on {title}: the same on every question ({number(means[0], unit)}; {sample})."
    against = (
        f"{number(means[0], unit)} against {number(means[1], unit)}, {number(one.difference.mean, unit, signed=True)}"
        f" ({range_text(one.difference, confidence, unit)}; {sample})"
    )
    if one.verdict != "can't tell":
        return f"{one.arm} is {one.verdict} than {one.baseline} on {title}: {against}."
    sentence = f"Can't tell {one.arm} from {one.baseline} on {title}: {against}."
    if one.detectable is not None:
        sentence += f" A true difference of {number(one.detectable, unit)} would have been found four times in five."
    return sentence


def leak_reservation(one: Comparison, leaks: Leaks | None) -> list[str]:
    """What a verdict has to add where one of its arms was trained on test questions."""
    trained = {arm: leaks.by_arm[arm] for arm in (one.arm, one.baseline) if arm in leaks.by_arm} if leaks else {}
    if not trained or leaks is None:
        return []
    held = listed([f"{count(amount, 'question')} of {arm}" for arm, amount in trained.items()])
    said = f"Left out, since they stand in the training data: {held}"
    if leaks.headline and leaks.headline.verdict != one.verdict:
        return [f"{said}; with them it would read {leaks.headline.verdict}, which would be wrong to believe."]
    return [f"{said}."]


def slice_reservation(contrary: Sequence[Slice], metric: Any, one: Comparison) -> list[str]:
    """What a verdict has to add where parts of the test say the opposite; up to three of them."""
    if not contrary:
        return []
    unit = unit_of(metric)
    parts = [f"{part.group} {part.value!r} ({number(part.difference.mean or 0.0, unit, signed=True)}, {count(part.questions, 'question')})" for part in contrary[:3]]
    more = f" and {len(contrary) - 3} more" if len(contrary) > 3 else ""
    return [f"But {one.arm} is {contrary[0].verdict} than {one.baseline} on {listed(parts)}{more}."]


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
