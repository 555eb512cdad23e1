"""A plan in the words of TRL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from augmentor.protocols import TrainingTask

from .attempts import CHECKPOINTS

if TYPE_CHECKING:
    from .fitting import Plan
    from .huggingface import HuggingFace


def settings(plan: Plan, options: HuggingFace, task: TrainingTask, device: str) -> Any:
    """The `SFTConfig` of a plan."""
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
        bf16=plan.precision.products == "bfloat16",
        fp16=plan.precision.products == "float16",
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
