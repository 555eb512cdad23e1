"""Generators: chat messages in, replies out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_generators(register: Register) -> None:
    from .transformers_local import Transformers

    register(Transformers, "transformers")
