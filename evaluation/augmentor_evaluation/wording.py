"""Numbers and verdicts in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .results import Estimate, VerdictWord


def number(value: float, unit: str, *, signed: bool = False) -> str:
    """Three digits after the point for values from 0 to 1, else one; a real minus sign.

    >>> number(-0.25, "0-1", signed=True)
    '\u22120.250'
    """
    digits = 3 if unit == "0-1" else 1
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


def comparison_sentence(
    arm: str, baseline: str, title: str, unit: str, verdict: VerdictWord, difference: Estimate, means: tuple[float, float] | None, questions: int, clusters: int,
    cluster_by: str, ties: int, detectable: float | None, confidence: float,
) -> str:
    """What a comparison says, for a reader of the report."""
    sample = f"{count(questions, 'question')} in {count(clusters, cluster_by)}"
    if means is None or difference.mean is None:
        return f"{arm} and {baseline} answered no question in common, so {title} says nothing of them."
    against = f"{number(means[0], unit)} against {number(means[1], unit)}, {number(difference.mean, unit, signed=True)} ({range_text(difference, confidence, unit)}; {sample})"
    if verdict != "can't tell":
        return f"{arm} is {verdict} than {baseline} on {title}: {against}."
    if ties == questions:
        return f"{arm} and {baseline} score the same on every question on {title} ({number(means[0], unit)}; {sample})."
    sentence = f"Can't tell {arm} from {baseline} on {title}: {against}."
    if detectable is not None:
        sentence += f" A true difference of {number(detectable, unit)} would have been found four times in five."
    return sentence


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
