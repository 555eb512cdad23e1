"""Gates: a condition on results that a build can fail on.

    rouge_l.delta.low > 0               the headline's subject against its baseline: the interval's lower end
    tuned.rouge_l.mean >= 0.5           one arm
    tuned/prompted.rouge_l.delta.low > 0    one arm against another

A difference is arm minus baseline as measured, so for a metric where lower is better a gate reads `empty_rate.delta.high <= 0`.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from augmentor.errors import UsageError
from augmentor.protocols import GateOutcome

from .arms import nearest
from .results import ArmScores, Comparison, Estimate, Results

_GATE = re.compile(r"^\s*(?P<left>\S.*?)\s*(?P<sign>>=|<=|>|<)\s*(?P<right>\S+)\s*$")
_SIGNS: dict[str, Callable[[float, float], bool]] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_ENDS = ("mean", "low", "high")
_QUANTITIES = (*_ENDS, *(f"delta.{end}" for end in (*_ENDS, "p", "q")))
_EXAMPLE = "A gate reads 'METRIC.delta.low > 0', 'ARM.METRIC.mean >= 0.5' or 'ARM/BASELINE.METRIC.delta.low > 0'."


def check_gate(gate: str, results: Mapping[str, Any]) -> GateOutcome:
    """Whether results (as in `metrics.json`) pass a gate. A value that could not be determined does not pass.

    Raises:
        UsageError: the gate cannot be read, or names a metric, an arm or a quantity that is not there.
    """
    match = _GATE.match(gate)
    if match is None:
        raise UsageError(f"the gate {gate!r} has no comparison such as '> 0'. {_EXAMPLE}")
    limit = _number(gate, match["right"])
    found, value = _look_up(gate, match["left"], msgspec.convert(results, Results))
    written = f"{match['left']} {match['sign']} {match['right']}"
    if value is None:
        return GateOutcome(passed=False, sentence=f"Gate not passed: {written}, but there is too little data to say what {found} is.")
    passed = _SIGNS[match["sign"]](value, limit)
    return GateOutcome(passed=passed, sentence=f"Gate {'passed' if passed else 'not passed'}: {written}; {found} is {value:.4g}.")


def _number(gate: str, text: str) -> float:
    try:
        limit = float(text)
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise UsageError(f"the gate {gate!r} compares with {text!r}, which is no number. {_EXAMPLE}")
    return limit


def _look_up(gate: str, left: str, results: Results) -> tuple[str, float | None]:
    """What the left side names, in words, and its value."""
    parts = left.split(".")
    size = 2 if len(parts) > 2 and parts[-2] == "delta" else 1
    quantity = ".".join(parts[-size:])
    arm, metric = ".".join(parts[: -size - 1]), ".".join(parts[-size - 1 : -size])
    known = [*(info.name for info in results.metrics), *(judge.name for judge in results.judges)]
    if quantity not in _QUANTITIES:
        raise UsageError(f"the gate {gate!r} asks for {quantity!r}.{nearest(quantity, _QUANTITIES)} {_EXAMPLE}")
    if metric not in known:
        raise UsageError(f"the gate {gate!r} names the metric {metric!r}, which was not measured.{nearest(metric, known)}")
    if size == 1:
        if metric not in {info.name for info in results.metrics}:
            raise UsageError(f"the gate {gate!r} asks for a mean of the judge {metric!r}, who compares: write {metric}.delta.{quantity}")
        one = _arm(gate, arm or _only_arm(gate, results), results)
        return f"the {quantity} of {one.name}", _end(one.metrics[metric], quantity)
    comparison = _comparison(gate, arm, metric, results)
    end = quantity.removeprefix("delta.")
    value = getattr(comparison, end) if end in {"p", "q"} else _end(comparison.difference, end)
    return f"{'the difference' if end == 'mean' else end} of {comparison.arm} against {comparison.baseline}", value


def _end(estimate: Estimate, name: str) -> float | None:
    value: float | None = getattr(estimate, name)
    return value


def _arm(gate: str, name: str, results: Results) -> ArmScores:
    arms = {arm.name: arm for arm in results.arms}
    if name not in arms:
        raise UsageError(f"the gate {gate!r} names the arm {name!r}.{nearest(name, list(arms))}")
    return arms[name]


def _only_arm(gate: str, results: Results) -> str:
    """The arm that is meant where none is named: the one the headline is about, or the only one."""
    if results.headline is not None:
        return results.headline.subject
    if len(results.arms) == 1:
        return results.arms[0].name
    raise UsageError(f"the gate {gate!r} must say which arm is meant: {', '.join(arm.name for arm in results.arms)}")


def _comparison(gate: str, arms: str, metric: str, results: Results) -> Comparison:
    if not results.comparisons:
        raise UsageError(f"the gate {gate!r} asks for a difference, but one arm only was evaluated. {_EXAMPLE}")
    arm, slash, baseline = arms.partition("/")
    headline = results.headline
    if headline is not None:
        arm, baseline = arm or headline.subject, baseline if slash else headline.baseline
    for name in (arm, baseline):
        _arm(gate, name, results)
    made = [*results.comparisons, *(one for judge in results.judges for one in judge.comparisons)]
    pairs = {(one.arm, one.baseline): one for one in made if one.metric == metric}
    if (arm, baseline) not in pairs:
        raise UsageError(f"the gate {gate!r}: {arm} was not compared with {baseline}. Compared were: {', '.join('/'.join(pair) for pair in pairs)}.")
    return pairs[arm, baseline]
