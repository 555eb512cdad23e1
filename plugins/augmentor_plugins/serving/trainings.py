"""The queue of fine-tuning jobs: one at a time, each in a process of its own, going on after whatever stopped it."""

from __future__ import annotations

import csv
import io
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import msgspec

from augmentor.errors import AugmentorError
from augmentor.examples import encode
from augmentor.files import write_bytes, write_lines

from .files import Files, examples
from .state import Record, State, new_id, now
from .training import Order, has_option

_LOG = logging.getLogger(__name__)


class Trainings:
    """Works through the jobs of a state folder, in a thread.

    Args:
        state: where the jobs are.
        files: where results go.
        trainer: who trains, as a recipe writes it.
        reference: the model reference that a model's id stands for.
        publish: serves what a job made; gives the new model's id.
    """

    def __init__(
        self, state: State, files: Files, trainer: str, reference: Callable[[str], str | None], publish: Callable[[Record, str], str]
    ) -> None:
        self._state, self._files, self._trainer = state, files, trainer
        self._reference, self._publish = reference, publish
        self._changed = Condition()
        self._stopped = False
        self._child: tuple[str, subprocess.Popen[bytes]] | None = None
        self._thread = Thread(target=self._work, name="augmentor-serve-jobs", daemon=True)

    def start(self) -> None:
        """Begin; a job that ran when the last server died comes first."""
        self._thread.start()

    def wake(self) -> None:
        """Look again: there is a new job, or one was cancelled or paused."""
        with self._changed:
            self._changed.notify()
            if self._child:
                identity, process = self._child
                job = self._state.get("jobs", identity)
                if self._stopped or not job or job["status"] != "running":
                    process.kill()

    def stop(self) -> None:
        """Stop; the job that runs stays `running` and goes on with the next server."""
        self._stopped = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _work(self) -> None:
        while not self._stopped:
            with self._changed:
                job = self._next()
                if job is None:
                    self._changed.wait(timeout=60)
                    continue
            try:
                self._do(job)
            except AugmentorError as error:
                self._fail(job["id"], str(error))
            except Exception:  # the queue has to outlive any job
                _LOG.exception("job %s failed", job["id"])
                self._fail(job["id"], "The server failed to run the job; its log says why.")

    def _next(self) -> Record | None:
        """The job to do now. What cancelled ones left is removed on the way."""
        jobs = self._state.all("jobs")
        for job in jobs:
            if job["status"] == "cancelled":
                shutil.rmtree(self._state.job_folder(job["id"]), ignore_errors=True)
        ready = [job for status in ("running", "queued") for job in jobs if job["status"] == status]
        return ready[0] if ready else None

    def _do(self, job: Record) -> None:
        identity = job["id"]
        folder = self._state.job_folder(identity)
        began_before = (folder / "job.json").exists()
        if not began_before:
            self._prepare(job, folder)
        with self._state.change():
            if self._state.update(identity)["status"] not in {"queued", "running"}:
                return
            self._state.update(identity, status="running")
            self._state.tell(identity, "Fine-tuning job goes on where it was" if began_before else "Fine-tuning job started")
        result: Mapping[str, Any] = {}
        with (folder / "training.log").open("ab") as log, self._started(folder, log) as process:
            with self._changed:
                self._child = identity, process
            self.wake()  # it may have been cancelled meanwhile
            assert process.stdout is not None
            for line in process.stdout:
                said = msgspec.json.decode(line)
                if "error" in said or "trained" in said:
                    result = said
                else:
                    self._report(identity, said)
            with self._changed:
                self._child = None
        if self._stopped or self._state.update(identity)["status"] != "running":
            return  # it goes on with the next server, or when it is resumed, or never
        if "trained" in result:
            self._finish(identity, result["trained"], result["facts"])
        else:
            ended = f"The training process ended by itself (exit code {process.returncode}); {folder / 'training.log'} may say why."
            self._fail(identity, result.get("error", ended))

    def _started(self, folder: Path, log: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "augmentor_plugins.serving.training", str(folder)]
        environment = {name: value for name, value in os.environ.items() if name != "AUGMENTOR_SERVE_KEY"}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        # A session of its own: Ctrl-C in the terminal is for the server, which then says what becomes of the job.
        return subprocess.Popen(command, env=environment, start_new_session=True, **pipes)  # noqa: S603 - ours

    def _prepare(self, job: Record, folder: Path) -> None:
        """Write what the job's process reads; its order last, as the mark that all is there."""
        folder.mkdir(exist_ok=True)
        reference = self._reference(job["model"])
        if reference is None:
            raise AugmentorError(f"The model {job['model']} was deleted before the job began.")
        for name, identity in (("train", job["training_file"]), ("validation", job["validation_file"])):
            if identity:
                if self._state.get("files", identity) is None:
                    raise AugmentorError(f"The file {identity} was deleted before the job began.")
                write_lines(folder / f"{name}.jsonl", map(encode, examples(self._state.file(identity))))
        kind = job["method"]["type"]
        asked = job["method"][kind]["hyperparameters"]
        names = {"n_epochs": "epochs", "batch_size": "batch_size", "beta": "beta"}
        options = {option: asked[name] for name, option in names.items() if asked.get(name, "auto") != "auto"}
        if has_option(self._trainer, "method"):
            options["method"] = "dpo" if kind == "dpo" else "sft"
        rate = asked["learning_rate_multiplier"]
        order = Order(
            trainer=self._trainer,
            options={"model": reference, **options},
            seed=job["seed"],
            learning_rate_multiplier=None if rate == "auto" else rate,
        )
        write_bytes(folder / "job.json", msgspec.json.encode(order))

    def _report(self, identity: str, said: Mapping[str, Any]) -> None:
        """Progress as an event, in the protocol's words."""
        step, steps = said.get("step"), said.get("steps")
        if step is None:
            return
        words = {"training loss": said.get("loss"), "validation loss": said.get("validation_loss")}
        known = "".join(f", {name}={value:.4f}" for name, value in words.items() if value is not None)
        data = {"step": step, "total_steps": steps, "train_loss": said.get("loss"), "valid_loss": said.get("validation_loss")}
        with self._state.change():
            if known:
                told = {key: value for key, value in data.items() if value is not None}
                self._state.tell(identity, f"Step {step}/{steps}{known}", data=told)
            if (left := said.get("seconds_left")) is not None:
                self._state.update(identity, estimated_finish=int(time.time() + left))

    def _finish(self, identity: str, model: str, facts: Mapping[str, Any]) -> None:
        history = facts.get("history") or []
        with self._state.change():
            job = self._state.update(identity)
            if job["status"] != "running":
                return
            results = self._files.add_results("step_metrics.csv", _table(history))
            tuned = self._publish(job, model)
            losses = {key: next((entry[key] for entry in reversed(history) if key in entry), None) for key in ("loss", "validation_loss")}
            checkpoint = {
                "object": "fine_tuning.job.checkpoint",
                "id": new_id("ftckpt"),
                "created_at": now(),
                "fine_tuned_model_checkpoint": tuned,
                "fine_tuning_job_id": identity,
                "step_number": facts.get("steps") or (history[-1]["step"] if history else 0),
                "metrics": {"train_loss": losses["loss"], "valid_loss": losses["validation_loss"]},
            }
            self._state.tell(identity, f"New fine-tuned model created: {tuned}")
            self._state.tell(identity, "The job has successfully completed")
            self._state.update(
                identity,
                status="succeeded",
                fine_tuned_model=tuned,
                finished_at=now(),
                estimated_finish=None,
                trained_tokens=facts.get("tokens"),
                result_files=[results],
                checkpoint=checkpoint,
            )

    def _fail(self, identity: str, why: str) -> None:
        with self._state.change():
            if self._state.update(identity)["status"] not in {"running", "queued"}:
                return
            error = {"code": "training_failed", "message": why, "param": None}
            self._state.update(identity, status="failed", finished_at=now(), estimated_finish=None, error=error)
            self._state.tell(identity, why, "error")


def _table(history: Sequence[Mapping[str, float]]) -> bytes:
    """The losses by step, as CSV."""
    rows: dict[float, dict[str, float]] = {}
    for entry in history:
        row = rows.setdefault(entry["step"], {})
        row |= {"train_loss": entry["loss"]} if "loss" in entry else {}
        row |= {"valid_loss": entry["validation_loss"]} if "validation_loss" in entry else {}
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ["step", "train_loss", "valid_loss"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"step": step, **row} for step, row in sorted(rows.items()))
    return table.getvalue().encode()
