"""The training itself: TRL's trainer on our order of rows, PEFT's adapters, and going on after a kill."""

from __future__ import annotations

import logging
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from augmentor.errors import TrainingError
from augmentor.protocols import TrainingTask
from augmentor_plugins.models.linear import accelerate
from augmentor_plugins.models.loading import quiet

from . import adapters, checkpoints, disk, estimate
from .attempts import CHECKPOINTS
from .choices import Choices
from .following import follow
from .precision import Precision
from .trl_settings import settings

if TYPE_CHECKING:
    from .huggingface import HuggingFace


@dataclass(frozen=True)
class Plan:
    """What is fitted.

    Attributes:
        choices: every option, decided.
        order: the items (rows, or pairs) of each batch, by number.
        judged: the items of the validation split.
        tokens: of each item.
        collate: turns `[{"row": number}, ...]` into a batch.
        loss: of a model on a batch, a mean over what `count` says there is in the whole step (None: in this batch).
        cut: how many lower layers run before, once.
        precision: which numbers are computed with.
    """

    choices: Choices
    order: Sequence[Sequence[int]]
    judged: Sequence[int]
    tokens: Sequence[int]
    collate: Callable[[Sequence[Mapping[str, int]]], dict[str, Any]]
    loss: Callable[[Any, Mapping[str, Any], Any | None], Any]
    cut: int
    precision: Precision


@dataclass(frozen=True)
class Fitted:
    """The tuned model, with its adapters where it has any, and what happened."""

    model: Any
    facts: dict[str, Any]


def fit(model: Any, tokenizer: Any, plan: Plan, options: HuggingFace, task: TrainingTask) -> Fitted:
    """Train `model` in place, or go on from the last whole checkpoint in `task.out`.

    Raises:
        TrainingError: the disk is too small, a tracker of `report_to` is not there, or the training diverged.
    """
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # on import it advises to install what only its inference would use
    from datasets import Dataset
    from transformers import EarlyStoppingCallback, PrinterCallback
    from trl import SFTTrainer

    class OurTrainer(SFTTrainer):  # type: ignore[misc, unused-ignore]  # TRL's way to give it another loss
        def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:  # noqa: ARG002
            return plan.loss(model, inputs, num_items_in_batch)

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """Write none: the card is ours to write."""

    with _own_chance(task.seed), quiet():
        trained = adapters.with_adapters(model, plan.choices, plan.cut)
        disk.check(task.out, disk.needed(trained, adapter=plan.choices.lora > 0, checkpoints=3 if options.best else 2))
        accelerate(trained)
        found = checkpoints.last(task.out / CHECKPOINTS)
        size = plan.choices.batch_size * plan.choices.gradient_accumulation
        stream = [row for batch in plan.order for row in batch]
        step_tokens = [sum(plan.tokens[row] for row in stream[start : start + size]) for start in range(0, len(stream), size)]
        follower = follow(task.progress, step_tokens, found[1] if found else {}, options.checkpoint_every, options.stop_on)
        with _trackers():
            trainer = OurTrainer(
                model=trained,
                args=settings(plan, options, task, model.device.type),
                data_collator=plan.collate,
                train_dataset=Dataset.from_dict({"row": stream}),
                eval_dataset=Dataset.from_dict({"row": list(plan.judged)}) if plan.judged else None,
                processing_class=tokenizer,
                callbacks=[follower, *([EarlyStoppingCallback(options.patience)] if options.patience else [])],
            )
        trainer.remove_callback(PrinterCallback)
        done_before = follower.first
        seconds = _seconds_left(trainer, plan, sum(step_tokens[done_before:]))
        task.progress({"step": done_before, "steps": plan.choices.steps, "seconds_left": seconds, "says": _in_words(plan, done_before)})
        if model.device.type == "cpu":
            _keep_gradients(trained)
        done = trainer.train(resume_from_checkpoint=str(found[0]) if found else None)
    facts = {
        "steps": trainer.state.global_step,
        "best_step": trainer.state.best_global_step if options.best else None,
        "stopped": follower.stopped or ("patience" if trainer.state.global_step < plan.choices.steps else None),
        "final_loss": next((entry["loss"] for entry in reversed(follower.history) if "loss" in entry), done.training_loss),
        "seconds": follower.seconds,
        "cpu_seconds": follower.cpu_seconds,
        "seconds_estimated": seconds,
        "history": follower.history,
        "warnings": follower.warnings,
        "peak_memory": _peak_memory(model),
        "trained_parameters": sum(weight.numel() for weight in trained.parameters() if weight.requires_grad),
        "device": str(model.device),
        "lower_layers_run_once": plan.cut,
    }
    for patched in ("forward", "zero_grad"):  # TRL's and ours are for training
        vars(trained).pop(patched, None)
    return Fitted(trained.eval(), facts)


def _seconds_left(trainer: Any, plan: Plan, tokens: int) -> float:
    """How long `tokens` more tokens will take, evaluations included: from a batch of middle size, before anything is learnt."""
    sizes = [sum(plan.tokens[row] for row in batch) for batch in plan.order]
    middle = estimate.typical(sizes)
    a_token = estimate.seconds_a_token(trainer, lambda: plan.collate([{"row": row} for row in plan.order[middle]]), sizes[middle])
    judged = sum(plan.tokens[row] for row in plan.judged) * (plan.choices.steps // plan.choices.evaluate_every)
    return a_token * (tokens + judged / 3)  # an evaluation goes forwards only, which is a third of the work


def _in_words(plan: Plan, done: int) -> str:
    """What is about to happen, in a sentence."""
    choices = plan.choices
    what = f"adapters of rank {choices.lora}" if choices.lora else "the weights themselves"
    size = choices.batch_size * choices.gradient_accumulation
    begins = f"goes on after step {done} of" if done else "trains for"
    return f"{begins} {choices.steps} steps of {size}, {what}, learning rate {choices.learning_rate:g}"


@contextmanager
def _trackers() -> Iterator[None]:
    """Say where it comes from that a tracker is not known, or not installed."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        if "Callback requires" not in str(error) and "is not supported, only" not in str(error):
            raise
        raise TrainingError(f"report_to: {error} Install it, or leave it out.") from error


def _keep_gradients(model: Any) -> None:
    """Zero gradients in place: to give their memory back after each step and fault it in again takes a good part of a step on a CPU."""
    zero = model.zero_grad
    model.zero_grad = lambda set_to_none=True: zero(set_to_none=False)  # noqa: ARG005 - torch's signature


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
