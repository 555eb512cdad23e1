"""How to do a training again: the exact command, and the versions it was done with."""

from __future__ import annotations

import os
import platform
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentor.protocols import TrainingTask
from augmentor.registry import Spec

if TYPE_CHECKING:
    from .huggingface import HuggingFace

_PACKAGES = ("augmentor-toolkit", "torch", "transformers", "trl", "peft", "numpy")


def asked_for(options: HuggingFace, task: TrainingTask, model: Path) -> dict[str, Any]:
    """The words of the command, to be typed in the directory `model`, and versions; as plain values."""
    changed = {item.name: value for item in fields(options) if item.default is MISSING or (value := getattr(options, item.name)) != item.default}
    words = ["augmentor", "train", os.path.relpath(task.train, model), "-o", "again", "-t", str(Spec("huggingface", changed)), "--seed", str(task.seed)]
    if task.validation:
        words += ["--validation", os.path.relpath(task.validation, model)]
    if task.steps:
        words += ["--steps", str(task.steps)]
    versions = {"python": platform.python_version(), **{name: found for name in _PACKAGES if (found := _version(name))}}
    return {"command": shlex.join(words), "versions": versions, "machine": f"{platform.system()} {platform.machine()}"}


def command(facts: Mapping[str, Any]) -> Iterable[str]:
    """The part of the card that says it."""
    again = facts["again"]
    yield "## Do it again"
    yield f"In this directory:\n\n    {again['command']}"
    versions = ", ".join(f"{name} {number}" for name, number in again["versions"].items())
    yield f"Done with {versions} on {again['machine']}. The same versions on the same machine give the same weights."


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
