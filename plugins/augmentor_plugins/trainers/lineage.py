"""Where the training data comes from, as far as the data says so itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from augmentor.examples import Example
from augmentor.files import digest
from augmentor.protocols import TrainingTask

LICENCE = ("license", "licence")
CONSENT = ("consent", "consent_text")
SOURCE = ("source", "dataset", "channel")


def lineage(task: TrainingTask, examples: Sequence[Example], validation: Sequence[Example]) -> dict[str, Any]:
    """Files with their SHA-256, how many examples each component made, and how many state which licence, consent and source (`meta`)."""
    return {
        "train": {"file": task.train.name, "sha256": digest(task.train), "examples": len(examples)},
        "validation": {"file": task.validation.name, "sha256": digest(task.validation), "examples": len(validation)} if task.validation else None,
        "sources": len({example.root for example in examples}),
        "originals": sum(example.parent is None for example in examples),
        "made_by": dict(Counter(example.made_by for example in examples if example.made_by).most_common()),
        "turns": sum(len(example.messages) for example in examples),
        "labels": len({example.label for example in examples if example.label}),
        "licences": _stated(examples, LICENCE),
        "consents": _stated(examples, CONSENT),
        "channels": _stated(examples, SOURCE),
    }


def _stated(examples: Sequence[Example], keys: Sequence[str]) -> dict[str, int]:
    """How many examples state what under one of the keys of `meta`; the most frequent twenty, cut to a line."""
    values = (next((example.meta[key] for key in keys if example.meta.get(key) not in (None, "")), None) for example in examples)
    return dict(Counter(" ".join(str(value).split())[:200] for value in values if value is not None).most_common(20))
