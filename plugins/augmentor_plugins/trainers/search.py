"""A small search for the options that matter most: learning rate, LoRA rank and passes over the data.

Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): all configurations are trained for a short while, the best third of them
three times as long, and so on; the last one is trained in full. The judge is the validation loss. Each trial is a whole training with its own
warm-up and decay, so that a short one is a fair picture of a long one; all of them together cost about as much as one or two trainings in full.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import product
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.errors import BadOption, TrainingError
from augmentor.examples import chance
from augmentor.files import write_bytes
from augmentor.protocols import TrainingTask

from .alarms import Diverged
from .choices import choose

if TYPE_CHECKING:
    from .huggingface import HuggingFace

FOLDER = "search"
_SHORTER = 3
_RATES = (1.0, 2.0, 0.5, 4.0, 0.25)
_RANKS = (0, 16, 64)
_PASSES = (1.0, 0.5, 2.0)


@dataclass(frozen=True)
class Trial:
    """One configuration, trained for `steps`; `validation_loss` is None where it diverged."""

    round: int
    number: int
    learning_rate: float
    lora: int
    full_steps: int
    steps: int
    validation_loss: float | None


def check(options: HuggingFace) -> None:
    """Raise `BadOption` where there is nothing to search: fewer than two configurations, or nothing left open."""
    if options.search < 2:
        raise BadOption(f"search={options.search}: a search compares two configurations or more")
    if options.learning_rate and options.lora is not None and (options.steps or options.epochs):
        raise BadOption("search tries what is left open of learning_rate, lora and epochs, and nothing is: leave one of them out")


def winner(options: HuggingFace, task: TrainingTask) -> tuple[HuggingFace, list[dict[str, Any]]]:
    """The options with the best configuration filled in, and the trials as plain values. A killed search goes on with its next trial.

    Raises:
        TrainingError: every configuration diverged.
    """
    found = configurations(options, task)
    rounds, trials = rounds_of(len(found)), []
    left = list(enumerate(found))
    for number in range(rounds):
        share = _SHORTER ** -(rounds - number)
        tried = [_tried(number, place, one, share, len(left), task) for place, one in left]
        trials += tried
        order = sorted((trial for trial in tried if trial.validation_loss is not None), key=lambda trial: (trial.validation_loss, trial.number))
        if not order:
            raise TrainingError(f"The search found nothing: all {len(tried)} configurations diverged. Give a smaller learning_rate.")
        left = [(trial.number, found[trial.number]) for trial in order[: max(1, len(left) // _SHORTER)]]
    return found[left[0][0]], [asdict(trial) for trial in trials]


def rounds_of(count: int) -> int:
    """How many rounds `count` configurations take until one is left.

    >>> [rounds_of(count) for count in (2, 3, 9, 10, 27)]
    [1, 1, 2, 2, 3]
    """
    rounds = 0
    while count > 1:
        count //= _SHORTER
        rounds += 1
    return rounds


def configurations(options: HuggingFace, task: TrainingTask) -> list[HuggingFace]:
    """What is tried, every option decided: first what would be chosen without a search, then others by chance."""
    from .tuning import sizes_of

    sizes = sizes_of(options, task)
    usual = choose(options, sizes, task.steps)
    ranks = [usual.lora] if options.lora is not None else [rank for rank in _RANKS if rank or not (options.qlora or usual.lora)]
    rates = [1.0] if options.learning_rate else list(_RATES)
    passes = [1.0] if task.steps or options.steps or options.epochs else list(_PASSES)
    ranks.sort(key=lambda rank: rank != usual.lora)
    every = []
    for rank, rate, part in product(ranks, rates, passes):
        made = choose(replace(options, lora=rank), sizes, task.steps)
        every.append(replace(options, search=0, lora=rank, learning_rate=made.learning_rate * rate, steps=max(1, round(made.steps * part))))
    rest = every[1:]
    chance(task.seed, "search", options.model).shuffle(rest)
    return [every[0], *rest][: options.search]


def _tried(number: int, place: int, options: HuggingFace, share: float, count: int, task: TrainingTask) -> Trial:
    """One trial: done before, or done now. Of its training only the outcome is kept."""
    from .tuning import tune

    assert options.steps is not None
    assert options.learning_rate is not None
    assert options.lora is not None
    steps = max(1, ceil(options.steps * share))
    folder = task.out / FOLDER / f"{number}-{place}"
    outcome = folder / "outcome.json"
    name = f"search, round {number + 1}: trial {place + 1} ({count} in this round)"
    if outcome.is_file():
        return msgspec.json.decode(outcome.read_bytes(), type=Trial)

    def tell(event: Mapping[str, Any]) -> None:
        task.progress({**event, "trial": name})

    loss = None
    try:
        short = replace(options, best=False, patience=0, stop_on="nothing", evaluate_every=steps, report_to="")
        facts = tune(short, replace(task, out=folder, steps=steps, progress=tell), {}, keep=False).facts
        loss = next(entry["validation_loss"] for entry in reversed(facts["history"]) if "validation_loss" in entry)
    except Diverged:
        pass  # the outcome says so
    trial = Trial(number, place, options.learning_rate, options.lora, options.steps, steps, loss)
    _clear(folder)
    write_bytes(outcome, msgspec.json.encode(trial))
    task.progress({"step": steps, "steps": steps, "says": f"{name}: {_in_words(trial)}"})
    return trial


def _in_words(trial: Trial) -> str:
    loss = "diverged" if trial.validation_loss is None else f"validation loss {trial.validation_loss:.3f}"
    return f"learning rate {trial.learning_rate:g}, rank {trial.lora}, {trial.steps} of {trial.full_steps} steps: {loss}"


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
