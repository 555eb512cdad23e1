"""One fine-tuning job, in a process of its own: `python -m augmentor_plugins.serving.training JOB-FOLDER`.

The folder holds `job.json` (what was asked), `train.jsonl` and perhaps `validation.jsonl` in native form; the trainer works in `work/` and goes
on there after a kill. On stdout goes one JSON object a line: the trainer's progress, and last `trained` or `error`. What libraries print goes to
stderr. The process ends when its stdin does: a server that dies takes it along.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from augmentor.errors import AugmentorError
from augmentor.plugins import plugins
from augmentor.protocols import TrainingTask


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What `job.json` holds: the trainer with its options, and what the job sets on top.

    `learning_rate_multiplier` is applied to the trainer's own learning rate, or to the one it would choose for the model.
    """

    trainer: str
    options: dict[str, Any]
    seed: int
    learning_rate_multiplier: float | None = None


def has_option(trainer: str, option: str) -> bool:
    """Whether a trainer, as a recipe writes it, has an option of that name."""
    registry = plugins()["trainer"]
    return option in {known.name for known in registry.options(registry.parse(trainer).name)}


def main(folder: Path) -> None:
    """Do the job in `folder`."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)  # chats come first
    try:
        order = msgspec.json.decode((folder / "job.json").read_bytes(), type=Order)
        validation = folder / "validation.jsonl"
        task = TrainingTask(
            folder / "train.jsonl",
            folder / "work",
            validation if validation.exists() else None,
            seed=order.seed,
            progress=lambda said: _tell(told, said),
        )
        trained = _trainer(order).train(task)
    except AugmentorError as error:
        _tell(told, {"error": str(error)})
    else:
        _tell(told, {"trained": trained.model, "facts": trained.facts})


def _trainer(order: Order) -> Any:
    registry = plugins()["trainer"]
    spec = registry.parse(order.trainer)
    options = {**spec.options, **order.options}
    if order.learning_rate_multiplier is not None:
        rate = options.get("learning_rate") or _usual_rate(registry.make({"name": spec.name, **options}))
        options["learning_rate"] = float(rate) * order.learning_rate_multiplier
    return registry.make({"name": spec.name, **options})


def _usual_rate(trainer: Any) -> float:
    """The learning rate that the huggingface trainer chooses for its model; the weights are counted, not loaded."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    from augmentor_plugins.models.loading import _source
    from augmentor_plugins.trainers.choices import Sizes, choose

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(**_source(trainer.model)))
    return choose(trainer, Sizes(1, model.num_parameters(), 0, trainer.method == "dpo"), 1).learning_rate


def _tell(told: IO[str], said: Mapping[str, Any]) -> None:
    told.write(msgspec.json.encode(said, enc_hook=str).decode() + "\n")
    told.flush()


def _end_with_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
