"""Strategies: an example in, variants out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_strategies(register: Register) -> None:
    from .noise import Noise
    from .persona import Persona
    from .rephrase import Rephrase

    register(Rephrase, "rephrase")
    register(Persona, "persona")
    register(Noise, "noise")
