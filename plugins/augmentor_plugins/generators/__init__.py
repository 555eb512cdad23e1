"""Generators: chat messages in, replies out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_generators(register: Register) -> None:
    from .llamacpp import LlamaCpp
    from .openai_protocol import OpenAI
    from .transformers_local import Transformers

    register(LlamaCpp, "llamacpp")
    register(OpenAI, "openai")
    register(Transformers, "transformers")
