"""Does a converted model say what the model said?"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from augmentor.examples import Message
from augmentor.plugins import plugins
from augmentor.protocols import Request

QUESTIONS = ("How do I reset my password?", "Name three colours.", "Où est mon colis n° 4711? \N{PACKAGE}\n\n  - now")
_TOKENS = 16


def compare(reference: str, gguf: Path) -> str:
    """Ask both the same questions, greedily, and say how far they agree: how each question was read, and what was answered."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "Not checked against the model: that needs the extra 'llamacpp'."
    requests = [Request((Message(role="user", content=text),), max_tokens=_TOKENS) for text in QUESTIONS]
    made = [
        plugins()["generator"].make({"name": name, "model": model, **options})
        for name, model, options in (("transformers", reference, {"device": "cpu"}), ("llamacpp", str(gguf), {"parallel": 1, "threads": 1}))
    ]
    ours, theirs = (dict(generator.generate(requests)) for generator in made)
    read = sum(ours[number].prompt_tokens == theirs[number].prompt_tokens for number in ours)
    same = sum(ours[number].text == theirs[number].text for number in ours)
    written = sum(len(reply.text) for reply in ours.values())
    kept = sum(_shared(ours[number].text, theirs[number].text) for number in ours) / written if written else same / len(QUESTIONS)
    return (
        f"checked against the model on {len(QUESTIONS)} questions: {read} read as the same number of tokens, {same} answered in the same words "
        f"({kept:.0%} of the characters before the first difference)"
    )


def _shared(one: str, other: str) -> int:
    return next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
