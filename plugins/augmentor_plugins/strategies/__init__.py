"""Strategies: an example in, variants out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_strategies(register: Register) -> None:
    from .answer_style import AnswerStyle
    from .back_translate import BackTranslate
    from .compose import Compose
    from .counterfactual import Counterfactual
    from .dialogue import Dialogue
    from .from_documents import FromDocuments
    from .mask_fill import MaskFill
    from .nlpaug_augmenter import Nlpaug
    from .noise import Noise
    from .paraphrase import Paraphrase
    from .persona import Persona
    from .prompted import Prompted
    from .rephrase import Rephrase

    register(Rephrase, "rephrase")
    register(Persona, "persona")
    register(Paraphrase, "paraphrase")
    register(Noise, "noise")
    register(Nlpaug, "nlpaug")
    register(Compose, "compose")
    register(Counterfactual, "counterfactual")
    register(Prompted, "prompted")
    register(Dialogue, "dialogue")
    register(AnswerStyle, "answer_style")
    register(FromDocuments, "from_documents")
    register(BackTranslate, "back_translate")
    register(MaskFill, "mask_fill")
