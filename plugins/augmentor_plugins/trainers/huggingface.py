"""Fine-tune a local Hugging Face model with TRL and PEFT."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from augmentor.errors import BadOption, TrainingError
from augmentor.examples import Example, decode
from augmentor.protocols import Trained, TrainingTask
from augmentor_plugins.models.chat import end_tokens
from augmentor_plugins.models.loading import choose_device, load_model, load_tokenizer, require

from . import attempts, frozen
from .batching import Collator, sharing
from .choices import Sizes, choose, steps_for
from .conversations import has_answer, rows_of
from .fitting import Plan, fit
from .order import batches


@dataclass(frozen=True)
class HuggingFace:
    """Fine-tune a chat model on this machine; the loss is on the assistant's turns only (those of weight 0 are read, not learnt).

    Options left open (None) are chosen from the size of the data and of the model, the same everywhere; the report names the choices.
    The tuned model is an ordinary Hugging Face directory. Killed and started again, training goes on from its last checkpoint and gives
    the weights it would have given.

    Attributes:
        model: a fetched model's name (`augmentor models list`), a directory, a .gguf file, or a Hugging Face name.
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
        freeze: lower layers to leave as they are: a share below 1, or a number. They are run once per row, not once per pass.
        freeze_embeddings: leave the input embeddings (and an output layer tied to them) as they are; None: where `freeze` is not 0.
        patience: stop early after so many evaluations without a better validation loss; 0 never does.
        best: keep the weights with the best validation loss instead of the last.
        evaluate_every: steps between evaluations on the validation split; None: a quarter of the steps.
        checkpoint_every: steps between checkpoints; None: one a minute.
        report_to: trackers of Transformers to log to (tensorboard, wandb, mlflow), separated by spaces.
        device: cpu, cuda or mps; None for the best there is. On a CPU all is float32; on CUDA, bfloat16 where it has it.
    """

    model: str = "smollm2-135m-instruct"
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
    freeze: float = 0.0
    freeze_embeddings: bool | None = None
    patience: int = 0
    best: bool = False
    evaluate_every: int | None = None
    checkpoint_every: int | None = None
    report_to: str = ""
    device: str | None = None

    def __post_init__(self) -> None:
        for name in (
            "batch_size",
            "gradient_accumulation",
            "steps",
            "epochs",
            "learning_rate",
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

    @property
    def base_model(self) -> str:
        """The model that is tuned."""
        return self.model

    def steps_for(self, train: Path) -> int:
        """How many optimiser steps the data in the file `train` would get."""
        return steps_for(self, sum(map(has_answer, _read(train))))

    def train(self, task: TrainingTask) -> Trained:
        """Tune the model on `task.train`; the model and its facts are in `task.out`.

        Raises:
            TrainingError: there is nothing to learn, a conversation is too long, or the training diverged.
            MissingExtra: torch, transformers, trl or peft is not installed.
        """
        require("torch", "transformers", "trl", "peft", "datasets")
        if finished := attempts.begin(task, self):
            return finished
        if (self.patience or self.best) and task.validation is None:
            raise TrainingError("patience and best compare losses on a validation split, and there is none: set them to 0 and false.")
        tokenizer, model = load_tokenizer(self.model), load_model(self.model, choose_device(self.device))
        positions = int(model.config.max_position_embeddings)
        examples, validation = _read(task.train), _read(task.validation)
        settings = tokenizer, end_tokens(model, tokenizer), min(self.max_length or positions, positions)
        rows = rows_of(examples, *settings)
        judged = rows_of(validation, *settings) if validation else []
        lengths = [len(row.tokens) for row in rows]
        learnt = sum(map(has_answer, examples))
        sizes = Sizes(learnt, model.num_parameters(), len(frozen.layers_of(model) or ()))
        choices = choose(self, sizes, task.steps)
        order = batches(lengths, choices.batch_size, choices.steps * choices.gradient_accumulation, task.seed)
        frozen.freeze(model, choices.frozen_layers, embeddings=choices.freeze_embeddings)
        repeated = sum(map(len, order)) > len(rows)
        cut = choices.frozen_layers if repeated and frozen.can_be_cut(model, rows[0], choices.frozen_layers) else 0
        with frozen.cut(model, [*rows, *judged], cut) as states:
            plan = Plan(choices, order, range(len(rows), len(rows) + len(judged)), sharing(model, Collator([*rows, *judged], states)), cut)
            fitted = fit(model, tokenizer, plan, self, task)
        facts = {
            **fitted.facts,
            "parameters": sizes.parameters,
            "examples": len(examples),
            "examples_without_loss": len(examples) - learnt,
            "tokens": sum(lengths[row] for batch in order for row in batch),
            "learnt_tokens": sum(rows[row].learnt for batch in order for row in batch),
            "hyperparameters": {**asdict(self), **asdict(choices)},
        }
        return attempts.finish(task, fitted.model, tokenizer, facts)


def _read(path: Path | None) -> list[Example]:
    return [decode(line) for line in path.read_bytes().split(b"\n") if line.strip()] if path else []
