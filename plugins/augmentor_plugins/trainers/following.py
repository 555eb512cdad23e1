"""Following a training run: progress for the caller, checkpoints once a minute, the history for the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import checkpoints
from .alarms import Alarms, Diverged

if TYPE_CHECKING:
    from transformers import TrainerCallback


def follow(
    progress: Callable[[Mapping[str, Any]], None],
    tokens: Sequence[int],
    before: Mapping[str, Any],
    every: int | None,
    stop_on: str,
    clock: Callable[[], float] = time.monotonic,
) -> TrainerCallback:
    """A callback that reports and saves.

    Args:
        progress: is given `step`, `steps`, `loss`, `validation_loss`, `tokens_per_second`, `seconds_left`, those that are known; and
            `step`, `steps`, `warning` where something goes wrong.
        tokens: tokens of each step, padding not counted.
        before: the facts of the checkpoint that the run goes on from; empty at the start.
        every: steps between checkpoints; None for one a minute.
        stop_on: the warnings that end the training: `divergence`, `overfit`, `both` or `nothing`.
        clock: seconds since whenever.
    """
    from transformers import TrainerCallback

    class Follow(TrainerCallback):  # type: ignore[misc, unused-ignore]  # the only way to hear from a Trainer
        def __init__(self) -> None:
            self.first = int(before.get("step", 0))
            self.spent = float(before.get("seconds", 0.0))
            self.spent_cpu = float(before.get("cpu_seconds", 0.0))
            self.history: list[dict[str, float]] = list(before.get("history", []))
            self.warnings: list[dict[str, Any]] = list(before.get("warnings", []))
            self.stopped: str | None = None
            self.alarms = Alarms(**before.get("alarms", {}))
            self.started_cpu = time.process_time()
            self.started = self.saved = clock()

        @property
        def seconds(self) -> float:
            """Seconds of training, those before a kill included."""
            return self.spent + clock() - self.started

        @property
        def cpu_seconds(self) -> float:
            """Seconds of all processor cores, those before a kill included."""
            return self.spent_cpu + time.process_time() - self.started_cpu

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.started = self.saved = clock()

        def on_step_end(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
            due = state.global_step % every == 0 if every else clock() - self.saved >= 60
            control.should_save = control.should_save or (due and state.global_step < state.max_steps)

        def on_log(self, _args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
            known = {"loss": (logs or {}).get("loss"), "validation_loss": (logs or {}).get("eval_loss")}
            said = {key: float(value) for key, value in known.items() if value is not None}
            if not said:
                return
            if alarm := self.alarms.hear(state.global_step, said):
                self.warn(state, control, *alarm)
            pause = max(1, min(10, state.max_steps // 20))
            if "validation_loss" not in said and state.global_step not in {1, state.max_steps} and state.global_step % pause:
                return
            self.history.append({"step": state.global_step, **said})
            done, elapsed = state.global_step - self.first, max(clock() - self.started, 1e-9)
            speed = sum(tokens[self.first : state.global_step]) / elapsed
            left = elapsed / max(done, 1) * (state.max_steps - state.global_step)
            progress({"step": state.global_step, "steps": state.max_steps, **said, "tokens_per_second": speed, "seconds_left": left})

        def warn(self, state: Any, control: Any, kind: str, sentence: str) -> None:
            self.warnings.append({"step": state.global_step, "kind": kind, "sentence": sentence})
            progress({"step": state.global_step, "steps": state.max_steps, "warning": sentence})
            if stop_on not in {kind, "both"}:
                return
            if kind == "divergence":
                raise Diverged(f"{sentence} It was stopped there (stop_on={stop_on}).")
            self.stopped = kind
            control.should_training_stop = True

        def on_save(self, args: Any, state: Any, _control: Any, **_: Any) -> None:
            self.saved = clock()
            facts = {
                "step": state.global_step,
                "seconds": self.seconds,
                "cpu_seconds": self.cpu_seconds,
                "history": self.history,
                "warnings": self.warnings,
                "alarms": asdict(self.alarms),
            }
            checkpoints.mark(Path(args.output_dir) / f"checkpoint-{state.global_step}", facts)

    return Follow()
