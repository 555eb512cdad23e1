"""Filters: keep or drop, with score and reason."""

from __future__ import annotations

from collections.abc import Sequence

from augmentor.examples import Example
from augmentor.hookspecs import Register, hookimpl
from augmentor.inspection import Table


@hookimpl
def augmentor_register_filters(register: Register) -> None:
    from .balance import Balance
    from .bias import Bias
    from .exact_duplicate import ExactDuplicate
    from .fidelity import Fidelity
    from .gibberish import Gibberish
    from .label_consistency import LabelConsistency
    from .label_error import LabelError
    from .language import Language
    from .leakage import Leakage
    from .length import Length
    from .mail import Mail
    from .markup import Markup
    from .mojibake import Mojibake
    from .near_duplicate import NearDuplicate
    from .noise import Noise
    from .novelty import Novelty
    from .outlier import Outlier
    from .privacy import Privacy
    from .refusal import Refusal
    from .repetition import Repetition
    from .semantic_duplicate import SemanticDuplicate
    from .toxicity import Toxicity
    from .trainable import Trainable
    from .truncated import Truncated
    from .unequal_answers import UnequalAnswers
    from .whitespace import Whitespace

    register(Balance, "balance")
    register(Bias, "bias")
    register(ExactDuplicate, "exact_duplicate")
    register(Fidelity, "fidelity")
    register(Gibberish, "gibberish")
    register(LabelConsistency, "label_consistency")
    register(LabelError, "label_error")
    register(Language, "language")
    register(Leakage, "leakage")
    register(Length, "length")
    register(Mail, "mail")
    register(Markup, "markup")
    register(Mojibake, "mojibake")
    register(NearDuplicate, "near_duplicate")
    register(Noise, "noise")
    register(Novelty, "novelty")
    register(Outlier, "outlier")
    register(Privacy, "privacy")
    register(Refusal, "refusal")
    register(Repetition, "repetition")
    register(SemanticDuplicate, "semantic_duplicate")
    register(Toxicity, "toxicity")
    register(Trainable, "trainable")
    register(Truncated, "truncated")
    register(UnequalAnswers, "unequal_answers")
    register(Whitespace, "whitespace")


@hookimpl
def augmentor_measure_data(examples: Sequence[Example]) -> list[Table]:
    """How the examples treat groups of people."""
    from .bias_tables import tables

    return tables(examples)
