"""Filters: keep or drop, with score and reason."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_filters(register: Register) -> None:
    from .balance import Balance
    from .bias import Bias
    from .exact_duplicate import ExactDuplicate
    from .fidelity import Fidelity
    from .language import Language
    from .leakage import Leakage
    from .length import Length
    from .mojibake import Mojibake
    from .near_duplicate import NearDuplicate
    from .novelty import Novelty
    from .privacy import Privacy
    from .refusal import Refusal
    from .repetition import Repetition
    from .toxicity import Toxicity
    from .truncated import Truncated

    register(Balance, "balance")
    register(Bias, "bias")
    register(ExactDuplicate, "exact_duplicate")
    register(Fidelity, "fidelity")
    register(Language, "language")
    register(Leakage, "leakage")
    register(Length, "length")
    register(Mojibake, "mojibake")
    register(NearDuplicate, "near_duplicate")
    register(Novelty, "novelty")
    register(Privacy, "privacy")
    register(Refusal, "refusal")
    register(Repetition, "repetition")
    register(Toxicity, "toxicity")
    register(Truncated, "truncated")
