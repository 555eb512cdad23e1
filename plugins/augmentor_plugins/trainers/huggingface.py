"""Fine-tune a local Hugging Face model with TRL and PEFT."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from augmentor.errors import BadOption, TrainingError
from augmentor.protocols import Trained, TrainingTask
from augmentor_plugins.models.loading import require

from . import attempts, search
from .choices import steps_for
from .conversations import has_answer
from .precision import Precisions
from .tuning import read, tune


@dataclass(frozen=True)
class HuggingFace:
    """Fine-tune a chat model on this machine; the loss is on the assistant's turns only (those of weight 0 are read, not learnt).

    Options left open (None) are chosen from the size of the data and of the model, the same everywhere; the report names the choices.
    The tuned model is an ordinary Hugging Face directory. Killed and started again, training goes on from its last checkpoint and gives
    the weights it would have given.

    Attributes:
        model: a fetched model's name (`augmentor models list`), a directory, a .gguf file, or a Hugging Face name.
        method: `sft` learns the answers; `dpo` learns to prefer the better of two answers (preference data); `auto`: dpo where every
            example holds a rejected answer.
        steps: optimiser steps; None follows from `epochs`.
        epochs: passes over the data; None for about 480 examples in all, or 3 passes where that is more.
        learning_rate: the peak, for AdamW; None: 3e-4 for small models, 2e-5 for large ones, more for LoRA.
        batch_size: examples in a batch.
        gradient_accumulation: batches in a step.
        schedule: how the learning rate falls after the warm-up.
        warmup: share of the steps in which the learning rate rises.
        weight_decay: of AdamW.
        max_length: most tokens of a conversation; longer ones are refused, not cut. None: what the model can read.
        lora: rank of LoRA adapters on all linear layers, merged at the end; 0 trains the weights themselves.
        qlora: keep the weights under the adapters in 4 bits while they train (bitsandbytes; on CUDA, and slowly on a CPU).
        beta: of dpo: how dearly the tuned model pays for moving away from the untuned one.
        freeze: lower layers to leave as they are: a share below 1, or a number. They are run once per row, not once per pass.
        freeze_embeddings: leave the input embeddings (and an output layer tied to them) as they are; None: where `freeze` is not 0.
        patience: stop early after so many evaluations without a better validation loss; 0 never does.
        best: keep the weights with the best validation loss instead of the last.
        stop_on: the warnings that end the training; what they mean is in docs/training.md.
        search: how many configurations to try first, by successive halving on the validation loss: of those options among learning_rate,
            lora and epochs that are left open. 0 tries none.
        evaluate_every: steps between evaluations on the validation split; None: a quarter of the steps.
        checkpoint_every: steps between checkpoints; None: one a minute.
        report_to: trackers of Transformers to log to (tensorboard, trackio, wandb, mlflow), separated by spaces.
        device: cpu, cuda or mps; None for the best there is.
        precision: of products; auto: bfloat16 where the device has it in hardware, float32 else.
    """

    model: str = "smollm2-135m-instruct"
    method: Literal["auto", "sft", "dpo"] = "auto"
    steps: int | None = None
    epochs: float | None = None
    learning_rate: float | None = None
    batch_size: int = 4
    gradient_accumulation: int = 1
    schedule: Literal["linear", "cosine", "constant_with_warmup"] = "linear"
    warmup: float = 0.05
    weight_decay: float = 0.0
    max_length: int | None = None
    lora: int | None = None
    qlora: bool = False
    beta: float = 0.1
    freeze: float = 0.0
    freeze_embeddings: bool | None = None
    patience: int = 0
    best: bool = False
    stop_on: Literal["nothing", "divergence", "overfit", "both"] = "nothing"
    search: int = 0
    evaluate_every: int | None = None
    checkpoint_every: int | None = None
    report_to: str = ""
    device: str | None = None
    precision: Precisions = "auto"

    def __post_init__(self) -> None:
        for name in (
            "batch_size",
            "gradient_accumulation",
            "steps",
            "epochs",
            "learning_rate",
            "beta",
            "max_length",
            "evaluate_every",
            "checkpoint_every",
        ):
            if (value := getattr(self, name)) is not None and value <= 0:
                raise BadOption(f"{name}={value}: it must be more than 0")
        if not 0 <= self.warmup < 1:
            raise BadOption(f"warmup={self.warmup}: it is a share of the steps, from 0 to below 1")
        if self.freeze and self.freeze_embeddings is False:
            raise BadOption(f"freeze={self.freeze:g} with freeze_embeddings=false: frozen layers are of no use above embeddings that move")

        if self.qlora and self.lora == 0:
            raise BadOption("qlora trains adapters on weights that do not move: leave lora open, or give its rank")
        if self.search:
            search.check(self)

    @property
    def base_model(self) -> str:
        """The model that is tuned."""
        return self.model

    def steps_for(self, train: Path) -> int:
        """How many optimiser steps the data in the file `train` would get."""
        return steps_for(self, sum(map(has_answer, read(train))))

    def train(self, task: TrainingTask) -> Trained:
        """Tune the model on `task.train`; the model and its facts are in `task.out`.

        Raises:
            TrainingError: there is nothing to learn, a conversation is too long, or the training diverged.
            MissingExtra: torch, transformers, trl or peft is not installed.
        """
        require("torch", "transformers", "trl", "peft", "datasets")
        if finished := attempts.begin(task, self):
            return finished
        for name, asked in {"patience": self.patience, "best": self.best, "search": self.search, "stop_on=overfit": self._heeds_overfitting}.items():
            if asked and task.validation is None:
                raise TrainingError(f"{name} goes by the loss on a validation split, and there is none: name one, or leave {name} out.")
        options, trials = search.winner(self, task) if self.search else (self, [])
        return tune(options, task, {"search": trials} if trials else {})

    @property
    def _heeds_overfitting(self) -> bool:
        return self.stop_on in {"overfit", "both"}
