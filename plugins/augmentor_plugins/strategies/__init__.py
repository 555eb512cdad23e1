"""Strategies: an example in, variants out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_strategies(register: Register) -> None:
    from .rephrase import Rephrase

    register(Rephrase, "rephrase")
