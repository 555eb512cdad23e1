"""Evaluation: metrics, the paired comparison of arms, gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from augmentor.hookspecs import Register, hookimpl
from augmentor.protocols import CompareRequest, GateOutcome


@hookimpl
def augmentor_register_metrics(register: Register) -> None:
    from .metrics.bleu import Bleu
    from .metrics.chrf import Chrf
    from .metrics.distinct_n import DistinctN
    from .metrics.empty_rate import EmptyRate
    from .metrics.exact_match import ExactMatch
    from .metrics.length_ratio import LengthRatio
    from .metrics.refusal_rate import RefusalRate
    from .metrics.repetition_rate import RepetitionRate
    from .metrics.rouge import Rouge1, Rouge2, RougeL
    from .metrics.token_f1 import TokenF1

    for metric in (Rouge1, Rouge2, RougeL, ExactMatch, TokenF1, Bleu, Chrf, LengthRatio, EmptyRate, RefusalRate, RepetitionRate, DistinctN):
        register(metric, metric.name)


@hookimpl
def augmentor_compare_arms(request: CompareRequest) -> Mapping[str, Any]:
    from .arms import compare_arms

    results: dict[str, Any] = msgspec.to_builtins(compare_arms(request))
    return results


@hookimpl
def augmentor_check_gate(gate: str, results: Mapping[str, Any]) -> GateOutcome:
    from .gate import check_gate

    return check_gate(gate, results)
