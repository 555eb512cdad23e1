"""Trainers: splits in, a tuned model out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_trainers(register: Register) -> None:
    from .huggingface import HuggingFace

    register(HuggingFace, "huggingface")
