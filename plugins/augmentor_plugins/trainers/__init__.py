"""Trainers: splits in, a tuned model out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_trainers(register: Register) -> None:
    from .huggingface import HuggingFace
    from .openai_protocol import OpenAI

    register(HuggingFace, "huggingface")
    register(OpenAI, "openai")


@hookimpl
def augmentor_model_evaluated(model: Path, arm: str, results: Mapping[str, Any]) -> None:
    from . import attempts, card

    if facts := attempts.facts_of(model):
        card.write(facts, model, arm, results)
