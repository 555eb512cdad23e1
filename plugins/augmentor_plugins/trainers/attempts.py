"""A trainer's directory over several attempts: what was asked, what is finished, and the tuned model put down whole."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.files import digest, write_bytes
from augmentor.protocols import Trained, TrainingTask
from augmentor_plugins.models.loading import quiet

from . import card, search
from .reproducing import asked_for

if TYPE_CHECKING:
    from .huggingface import HuggingFace

CHECKPOINTS, ADAPTER = "checkpoints", "adapter"
_ASKED, _FACTS, _MODEL = "asked.json", "facts.json", "model"


def begin(task: TrainingTask, options: HuggingFace) -> Trained | None:
    """What an earlier attempt at the same task finished, if it did. What is left of another task is removed.

    The same task has the same options, data (by content), seed and steps.
    """
    asked = _fingerprint(task, options)
    out = task.out
    if (out / _ASKED).is_file() and (out / _ASKED).read_bytes() == asked:
        if (out / _FACTS).is_file():
            return Trained(str(out / _MODEL), msgspec.json.decode((out / _FACTS).read_bytes()))
        return None
    (out / _FACTS).unlink(missing_ok=True)
    for folder in (out / CHECKPOINTS, out / _MODEL, out / ADAPTER, out / search.FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    write_bytes(out / _ASKED, asked)
    return None


def finish(task: TrainingTask, options: HuggingFace, model: Any, tokenizer: Any, facts: dict[str, Any]) -> Trained:
    """Write the model as a Hugging Face directory with its card, and then the facts; checkpoints are of no more use and go."""
    facts = {**facts, "again": asked_for(options, task, task.out / _MODEL)}
    partial = task.out / f".{_MODEL}.partial"
    for leftover in (partial, task.out / _MODEL):
        shutil.rmtree(leftover, ignore_errors=True)
    with quiet():
        model.save_pretrained(partial)
        tokenizer.save_pretrained(partial)
    card.write(facts, partial)
    partial.rename(task.out / _MODEL)
    write_bytes(task.out / _FACTS, msgspec.json.encode(facts))
    for folder in (CHECKPOINTS, search.FOLDER):
        shutil.rmtree(task.out / folder, ignore_errors=True)
    return Trained(str(task.out / _MODEL), facts)


def facts_of(model: Path) -> dict[str, Any] | None:
    """The facts of a model that a training here put down; None for any other model."""
    facts = model.parent / _FACTS
    return msgspec.json.decode(facts.read_bytes()) if model.name == _MODEL and (model.parent / _ASKED).is_file() and facts.is_file() else None


def _fingerprint(task: TrainingTask, options: HuggingFace) -> bytes:
    files = [digest(path) if path else None for path in (task.train, task.validation)]
    base = Path(options.model)
    # A card is completed after an evaluation: the model is the same.
    parts = [base] if base.is_file() else sorted(path for path in base.glob("*") if path.is_file() and path.name != card.NAME)
    weights = [(part.name, digest(part)) for part in parts]
    asked = [asdict(options), files, task.seed, task.steps, weights]
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest().encode()
