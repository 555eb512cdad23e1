"""Small data, and a trainer of the tiny model, for the tests of the local trainer."""

from __future__ import annotations

from pathlib import Path

from augmentor.examples import Example, Message, encode
from augmentor_plugins.trainers.huggingface import HuggingFace

FACTS = {
    "reset my password": "open settings and tap the orange key",
    "where is my parcel": "it left the depot on monday",
    "refund": "within nine days",
}


def write(path: Path, facts: dict[str, str] = FACTS, rejected: str = "") -> Path:
    """A native file of questions and answers; with `rejected` as the worse answer to each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    examples = [
        Example(
            id=question,
            messages=(Message(role="user", content=question), Message(role="assistant", content=answer)),
            rejected=(Message(role="assistant", content=rejected),) if rejected else (),
        )
        for question, answer in facts.items()
    ]
    path.write_bytes(b"".join(map(encode, examples)))
    return path


def settings(model: Path, **options) -> HuggingFace:
    return HuggingFace(model=str(model), device="cpu", **({"learning_rate": 0.01, "freeze": 0, "batch_size": 3} | options))


def weights(folder):
    from safetensors.torch import load_file

    return load_file(Path(folder) / "model.safetensors")
