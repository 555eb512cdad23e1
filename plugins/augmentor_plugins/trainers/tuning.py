"""From a task to a tuned model: read, check, choose, fit, put down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentor.errors import TrainingError
from augmentor.examples import Example, decode
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor.protocols import Trained, TrainingTask
from augmentor_plugins.models.chat import end_tokens
from augmentor_plugins.models.loading import choose_device, load_model, load_tokenizer

from . import adapters, attempts, frozen, preferences, quantised
from .batching import Collator, answer_loss, sharing
from .choices import Choices, Sizes, choose
from .conversations import Row, has_answer, rows_of
from .fitting import Fitted, Plan, fit
from .lineage import lineage
from .order import batches
from .precision import Precision, choose_precision
from .preferences import Pairs, has_pair
from .templates import check_templates

if TYPE_CHECKING:
    from .huggingface import HuggingFace

_ASKED_AFTERWARDS = 200
"""Pairs that the tuned model is asked about at the end, at most."""


def read(path: Path | None) -> list[Example]:
    """The examples of a native file; none where there is no file."""
    return [decode(line) for line in path.read_bytes().split(b"\n") if line.strip()] if path else []


def tune(options: HuggingFace, task: TrainingTask, more: Mapping[str, Any], *, keep: bool = True) -> Trained:
    """Train what `options` say on `task`; the facts include `more`. With `keep` false nothing but the facts is left.

    Raises:
        TrainingError: what `HuggingFace.train` says.
    """
    examples, validation = read(task.train), read(task.validation)
    pairs = is_preference(options, examples)
    tokenizer = load_tokenizer(options.model)
    check_templates([*examples, *validation], tokenizer)
    device = choose_device(options.device)
    model, sizes = _load(options, device, examples, pairs)
    choices = choose(options, sizes, task.steps)
    precision = choose_precision(options.precision, device, adapters=choices.lora > 0)
    positions = int(model.config.max_position_embeddings)
    settings = tokenizer, end_tokens(model, tokenizer), min(options.max_length or positions, positions)
    make = preferences.pair_rows if pairs else rows_of
    rows = make(examples, *settings)
    judged = make(validation, *settings) if validation else []
    frozen.freeze(model, choices.frozen_layers, embeddings=choices.freeze_embeddings)
    passed = choices.steps * choices.gradient_accumulation * choices.batch_size * (2 if pairs else 1)
    cut = choices.frozen_layers if passed > len(rows) and frozen.can_be_cut(model, rows[0], choices.frozen_layers) else 0
    with frozen.cut(model, [*rows, *judged], cut) as states:
        collator = sharing(model, Collator([*rows, *judged], states))
        plan, compared = _plan(choices, collator, (len(rows), len(judged)), precision, cut, model if pairs else None, options.beta, task.seed)
        fitted = fit(model, tokenizer, plan, options, task)
        facts = {
            **fitted.facts,
            **more,
            "method": "dpo" if pairs else "sft",
            "parameters": sizes.parameters,
            "examples": len(examples),
            "examples_without_loss": len(examples) - sizes.examples,
            "tokens": sum(plan.tokens[item] for batch in plan.order for item in batch),
            "learnt_tokens": sum(_learnt(rows, item, pairs=pairs) for batch in plan.order for item in batch),
            "hyperparameters": {**asdict(options), **asdict(choices)},
            "precision": asdict(precision),
            "lineage": lineage(task, examples, validation),
        }
        if compared:
            asked = (plan.judged or range(len(examples)))[:_ASKED_AFTERWARDS]
            facts["preferred"] = {"share": preferences.preferred(fitted.model, compared, asked), "pairs": len(asked), "of": "validation" if judged else "train"}
        if not keep:
            return Trained(options.model, facts)
        if choices.lora:
            adapters.save(fitted.model, task.out / attempts.ADAPTER, str(resolve(options.model, plugins()["model"].names())), cut)
        whole = _whole(fitted, options, choices, task)
    return attempts.finish(task, options, whole, tokenizer, facts)


def sizes_of(options: HuggingFace, task: TrainingTask) -> Sizes:
    """What choices for this task are made from."""
    examples = read(task.train)
    return _load(options, choose_device(options.device), examples, is_preference(options, examples))[1]


def is_preference(options: HuggingFace, examples: Sequence[Example]) -> bool:
    """Whether this is learning from preferences: because it was asked for, or because that is what all the data is.

    Raises:
        TrainingError: some examples are preferences and some are not, and nobody said what to do.
    """
    count = sum(map(has_pair, examples))
    if options.method == "auto" and 0 < count < len(examples):
        raise TrainingError(
            f"{count} of {len(examples)} examples hold a rejected answer and the others do not: say method=sft to learn the answers of all of "
            "them (the rejected ones are left out), or train on the preferences alone."
        )
    return options.method == "dpo" or (options.method == "auto" and count > 0)


def _load(options: HuggingFace, device: str, examples: Sequence[Example], pairs: bool) -> tuple[Any, Sizes]:
    """The model where it will train, with its sizes."""
    learnt = sum(map(has_pair if pairs else has_answer, examples))
    wanted = choose_precision(options.precision, device, adapters=options.lora != 0)
    if options.qlora:
        model = quantised.load_quantised(options.model, device, wanted.products or "float32")
    else:
        model = load_model(options.model, device, wanted.weights)
    sizes = Sizes(learnt, model.num_parameters(), len(frozen.layers_of(model) or ()), pairs)
    if wanted.weights != "float32" and not choose(options, sizes, None).lora:
        model = load_model(options.model, device)  # small enough to train the weights themselves, which then are float32
    return model, sizes


def _plan(
    choices: Choices, collator: Collator, counts: tuple[int, int], precision: Precision, cut: int, untuned: Any, beta: float, seed: int
) -> tuple[Plan, Pairs | None]:
    """What to fit: rows, or, where an `untuned` model is given to compare with, pairs of them."""
    batch_count = choices.steps * choices.gradient_accumulation
    if untuned is None:
        tokens = [len(row.tokens) for row in collator.rows]
        order = batches(tokens[: counts[0]], choices.batch_size, batch_count, seed)
        return Plan(choices, order, range(counts[0], sum(counts)), tokens, collator, answer_loss, cut, precision), None
    pairs = preferences.with_reference(Pairs(collator), untuned)
    train, judged = counts[0] // 2, counts[1] // 2
    order = batches(pairs.tokens()[:train], choices.batch_size, batch_count, seed)
    in_step = choices.batch_size * choices.gradient_accumulation

    def loss(model: Any, inputs: Mapping[str, Any], count: Any | None) -> Any:
        return preferences.preference_loss(model, inputs, in_step if count is not None else None, beta)

    return Plan(choices, order, range(train, train + judged), pairs.tokens(), pairs, loss, cut, precision), pairs


def _learnt(rows: Sequence[Row], item: int, *, pairs: bool) -> int:
    return rows[2 * item].learnt + rows[2 * item + 1].learnt if pairs else rows[item].learnt


def _whole(fitted: Fitted, options: HuggingFace, choices: Choices, task: TrainingTask) -> Any:
    """The tuned model as an ordinary one."""
    if options.qlora:
        return quantised.merged(options.model, task.out / attempts.ADAPTER)
    return fitted.model.merge_and_unload() if choices.lora else fitted.model
