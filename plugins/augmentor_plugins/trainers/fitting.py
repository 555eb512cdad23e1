"""The training itself: TRL's trainer on our order of rows, PEFT's adapters, and going on after a kill."""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from augmentor.protocols import TrainingTask
from augmentor_plugins.models.linear import accelerate
from augmentor_plugins.models.loading import quiet

from . import checkpoints
from .attempts import CHECKPOINTS
from .batching import Collator, answer_loss
from .choices import Choices
from .following import follow

if TYPE_CHECKING:
    from .huggingface import HuggingFace


@dataclass(frozen=True)
class Plan:
    """What is fitted: `order` holds the rows of each batch, `judged` the rows of the validation split, both as numbers of `collator`'s rows.

    `cut` is how many lower layers the collator's states stand for.
    """

    choices: Choices
    order: Sequence[Sequence[int]]
    judged: Sequence[int]
    collator: Collator
    cut: int


@dataclass(frozen=True)
class Fitted:
    """The tuned model, adapters merged, and what happened."""

    model: Any
    facts: dict[str, Any]


def fit(model: Any, tokenizer: Any, plan: Plan, options: HuggingFace, task: TrainingTask) -> Fitted:
    """Train `model` in place, or go on from the last whole checkpoint in `task.out`."""
    from datasets import Dataset
    from transformers import EarlyStoppingCallback, PrinterCallback
    from trl import SFTTrainer

    class AnswerTrainer(SFTTrainer):  # type: ignore[misc, unused-ignore]  # TRL's way to give it another loss
        def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:  # noqa: ARG002
            return answer_loss(model, inputs, num_items_in_batch)

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """Write none: the report is ours to write."""

    with _own_chance(task.seed), quiet():
        trained = _with_adapters(model, plan)
        accelerate(trained)
        found = checkpoints.last(task.out / CHECKPOINTS)
        size = plan.choices.batch_size * plan.choices.gradient_accumulation
        stream = [row for batch in plan.order for row in batch]
        lengths = [len(row.tokens) for row in plan.collator.rows]
        step_tokens = [sum(lengths[row] for row in stream[start : start + size]) for start in range(0, len(stream), size)]
        follower = follow(task.progress, step_tokens, found[1] if found else {}, options.checkpoint_every)
        trainer = AnswerTrainer(
            model=trained,
            args=_settings(plan, options, task, model.device.type),
            data_collator=plan.collator,
            train_dataset=Dataset.from_dict({"row": stream}),
            eval_dataset=Dataset.from_dict({"row": list(plan.judged)}) if plan.judged else None,
            processing_class=tokenizer,
            callbacks=[follower, *([EarlyStoppingCallback(options.patience)] if options.patience else [])],
        )
        trainer.remove_callback(PrinterCallback)
        if model.device.type == "cpu":
            _keep_gradients(trained)
        done = trainer.train(resume_from_checkpoint=str(found[0]) if found else None)
    facts = {
        "steps": trainer.state.global_step,
        "best_step": trainer.state.best_global_step if options.best else None,
        "final_loss": next((entry["loss"] for entry in reversed(follower.history) if "loss" in entry), done.training_loss),
        "seconds": follower.seconds,
        "history": follower.history,
        "peak_memory": _peak_memory(model),
        "trained_parameters": sum(weight.numel() for weight in trained.parameters() if weight.requires_grad),
        "device": str(model.device),
        "lower_layers_run_once": plan.cut,
    }
    tuned = trained.merge_and_unload() if plan.choices.lora else trained
    for patched in ("forward", "zero_grad"):  # TRL's and ours are for training
        vars(tuned).pop(patched, None)
    return Fitted(tuned, facts)


def _keep_gradients(model: Any) -> None:
    """Zero gradients in place: to give their memory back after each step and fault it in again takes a good part of a step on a CPU."""
    zero = model.zero_grad
    model.zero_grad = lambda set_to_none=True: zero(set_to_none=False)  # noqa: ARG005 - torch's signature


def _with_adapters(model: Any, plan: Plan) -> Any:
    choices = plan.choices
    if not choices.lora:
        return model
    from peft import LoraConfig, get_peft_model

    whole_and_frozen = choices.frozen_layers and not plan.cut
    upper = {"layers_to_transform": list(range(choices.frozen_layers, model.config.num_hidden_layers)), "layers_pattern": "layers"}
    settings = upper if whole_and_frozen else {}
    return get_peft_model(
        model, LoraConfig(r=choices.lora, lora_alpha=2 * choices.lora, target_modules=_linears(model), task_type="CAUSAL_LM", **settings)
    )


def _linears(model: Any) -> list[str]:
    """The names of the linear layers inside the decoder's layers."""
    import torch

    names = {name.rpartition(".")[2] for name, module in model.get_decoder().named_modules() if isinstance(module, torch.nn.Linear)}
    return sorted(names)


def _settings(plan: Plan, options: HuggingFace, task: TrainingTask, device: str) -> Any:
    import torch
    from trl import SFTConfig

    choices, judged = plan.choices, bool(plan.judged)
    keep_best = judged and (options.best or options.patience > 0)
    return SFTConfig(
        output_dir=str(task.out / CHECKPOINTS),
        max_steps=choices.steps,
        per_device_train_batch_size=choices.batch_size,
        per_device_eval_batch_size=max(8, choices.batch_size),
        gradient_accumulation_steps=choices.gradient_accumulation,
        learning_rate=choices.learning_rate,
        lr_scheduler_type=options.schedule,
        warmup_steps=round(options.warmup * choices.steps),
        weight_decay=options.weight_decay,
        # The order of the rows is the plan's, and nothing of it depends on a generator's state.
        train_sampling_strategy="sequential",
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        max_length=None,
        seed=task.seed,
        data_seed=task.seed,
        use_cpu=device == "cpu",
        bf16=device == "cuda" and torch.cuda.is_bf16_supported(),
        gradient_checkpointing=False,
        dataloader_pin_memory=device == "cuda",
        logging_steps=1,  # a mean over several steps would differ after a resume; the follower says which steps are told
        logging_nan_inf_filter=False,
        eval_strategy="steps" if judged else "no",
        eval_steps=choices.evaluate_every if judged else None,
        save_strategy="steps" if keep_best else "no",
        save_steps=choices.evaluate_every,
        save_total_limit=1,
        load_best_model_at_end=keep_best and options.best,
        metric_for_best_model="eval_loss" if keep_best else None,
        greater_is_better=False if keep_best else None,
        prediction_loss_only=True,
        restore_callback_states_from_checkpoint=True,
        report_to=options.report_to.split() or "none",
        disable_tqdm=True,
        log_level="error",
    )


@contextmanager
def _own_chance(seed: int) -> Iterator[None]:
    """Seed the global generators that the libraries draw from, and give the caller's back."""
    import numpy as np
    import torch

    kept = random.getstate(), np.random.get_state()  # noqa: NPY002 - what Transformers draws from
    with torch.random.fork_rng(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002 - what Transformers draws from
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(kept[0])
            np.random.set_state(kept[1])  # noqa: NPY002


def _peak_memory(model: Any) -> int:
    """Bytes at the highest: of the device where it has memory of its own, else of this process."""
    import torch

    if model.device.type == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
