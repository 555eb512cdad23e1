"""Training an arm, unless the same training is done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..files import digest, write_bytes
from ..protocols import Trainer, TrainingTask
from ..recipe import Recipe, canonical
from .arm_data import lessons_digest
from .contenders import Contender
from .folder import Entry, RunFolder, key_of


def matched_steps(trainer: Trainer, files: Mapping[str, Path]) -> int | None:
    """The steps all arms are given: what the trainer would choose for the largest of these data sets."""
    return max((trainer.steps_for(path) for path in files.values()), default=None)


def settles(run: RunFolder, recipe: Recipe, contender: Contender, data: Path, steps: int | None) -> list[Any]:
    """What decides the weights. Arms for which it is the same are one training, whatever they are called."""
    return [lessons_digest(data), digest(run / "data/validation.jsonl"), canonical("trainer", recipe.trainer), contender.seed, steps]


def train(run: RunFolder, trainer: Trainer, contender: Contender, data: Path, steps: int | None, depends_on: list[Any]) -> str:
    """Train a contender -> `models/ARM.SEED/`; the model, which may be that of another arm with the same data."""
    folder = f"models/{contender.name}"
    name = f"train:{contender.name}"
    twin = run.same("train:", key_of(depends_on))
    if twin is not None and twin.stage != name:
        run.tell({"stage": name, "state": "kept", **twin.facts, "same_as": twin.stage})
        return _model(run, twin)
    validation = run / "data/validation.jsonl"

    def work() -> dict[str, Any]:
        def watch(event: Mapping[str, Any]) -> None:
            run.tell({"stage": name, "state": "step", **event})

        task = TrainingTask(
            data, run / folder / "work", validation if validation.stat().st_size else None, contender.seed, steps, watch
        )
        trained = trainer.train(task)
        write_bytes(run / folder / "facts.json", msgspec.json.format(msgspec.json.encode(dict(trained.facts), enc_hook=str), indent=2))
        return {"model": _relative(trained.model, run.path), "steps": steps}

    return _model(run, run.stage(name, depends_on, [folder], work))


def _model(run: RunFolder, entry: Entry) -> str:
    model = str(entry.facts["model"])
    return str(run / model) if (run / model).exists() else model


def _relative(model: str, folder: Path) -> str:
    """A model inside the run folder is remembered relative to it, so that the folder can be moved."""
    path = Path(model)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else model
