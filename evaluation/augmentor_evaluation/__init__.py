"""Evaluation: metrics, the paired comparison of arms, gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from augmentor.hookspecs import Register, hookimpl
from augmentor.protocols import CompareRequest, GateOutcome


@hookimpl
def augmentor_register_metrics(register: Register) -> None:
    from .metrics.bertscore import BertScore
    from .metrics.bleu import Bleu
    from .metrics.calibration import Calibration
    from .metrics.chrf import Chrf
    from .metrics.coherence import Coherence
    from .metrics.compression_ratio import CompressionRatio
    from .metrics.consistency import Consistency
    from .metrics.distinct_n import DistinctN
    from .metrics.empty_rate import EmptyRate
    from .metrics.exact_match import ExactMatch
    from .metrics.hub import Hub
    from .metrics.json_format import JsonFormat
    from .metrics.length_ratio import LengthRatio
    from .metrics.privacy_rate import PrivacyRate
    from .metrics.reference_likelihood import Perplexity, ReferenceLikelihood
    from .metrics.refusal_rate import RefusalRate
    from .metrics.regex_format import RegexFormat
    from .metrics.relevance import DomainRelevance, PromptRelevance
    from .metrics.repetition_rate import RepetitionRate
    from .metrics.rouge import Rouge1, Rouge2, RougeL
    from .metrics.rouge_lsum import RougeLsum
    from .metrics.self_similarity import SelfSimilarity
    from .metrics.similarity import Similarity
    from .metrics.token_f1 import TokenF1
    from .metrics.toxicity_rate import ToxicityRate

    against_references = (Rouge1, Rouge2, RougeL, RougeLsum, ExactMatch, TokenF1, Bleu, Chrf, Similarity, BertScore, LengthRatio)
    of_answers = (EmptyRate, RefusalRate, RepetitionRate, DistinctN, CompressionRatio, JsonFormat, RegexFormat, ToxicityRate, PrivacyRate)
    of_rows = (PromptRelevance, DomainRelevance, Coherence, SelfSimilarity, Consistency, ReferenceLikelihood, Perplexity, Calibration)
    for metric in (*against_references, *of_answers, *of_rows):
        register(metric, metric.name)
    register(Hub, "hub")


@hookimpl
def augmentor_register_judges(register: Register) -> None:
    from .judges.pairwise import Pairwise
    from .judges.rubric import Rubric

    register(Pairwise, "pairwise")
    register(Rubric, "rubric")


@hookimpl
def augmentor_register_probes(register: Register) -> None:
    from .bias.counterfactual import CounterfactualAnswers
    from .bias.open_prompts import OpenPrompts
    from .bias.stereotypes import Stereotypes

    register(CounterfactualAnswers, "counterfactual_answers")
    register(Stereotypes, "stereotypes")
    register(OpenPrompts, "open_prompts")


@hookimpl
def augmentor_compare_arms(request: CompareRequest) -> Mapping[str, Any]:
    from .arms import compare_arms

    results: dict[str, Any] = msgspec.to_builtins(compare_arms(request))
    return results


@hookimpl
def augmentor_check_gate(gate: str, results: Mapping[str, Any]) -> GateOutcome:
    from .gate import check_gate

    return check_gate(gate, results)
