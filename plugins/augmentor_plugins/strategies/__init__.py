"""Strategies: an example in, variants out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_strategies(register: Register) -> None:
    from .compose import Compose
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
    register(Prompted, "prompted")
