"""Following a job to its end: events as progress, then its checkpoints and result files."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from augmentor.errors import TrainingError
from augmentor.files import write_bytes, write_lines

from .openai_client import Endpoint

if TYPE_CHECKING:
    import openai
    from openai.types.fine_tuning import FineTuningJob

ENDED = ("succeeded", "failed", "cancelled")
EVENTS = "events.jsonl"
_LONGEST = 60.0


class Following:
    """A job's events so far, kept in `events.jsonl`, and what they say of its losses."""

    def __init__(self, client: openai.OpenAI, endpoint: Endpoint, job: str, folder: Path) -> None:
        self._client, self._endpoint, self._job, self._folder = client, endpoint, job, folder
        self._events: dict[str, dict[str, Any]] = {}
        for line in (folder / EVENTS).read_bytes().split(b"\n") if (folder / EVENTS).exists() else ():
            if line.strip() and (event := msgspec.json.decode(line)).get("job") == job:
                self._events[event["id"]] = event

    def until_ended(self, poll: float, progress: Callable[[Mapping[str, Any]], None]) -> FineTuningJob:
        """The job, once it has ended. It is looked at every `poll` seconds, less often (up to a minute) while nothing happens."""
        pause, status = poll, ""
        while True:
            job = self._endpoint.patiently(lambda: self._client.fine_tuning.jobs.retrieve(self._job), has="status")
            news = self._fetch(everything=job.status in ENDED)
            if job.status != status:
                click.echo(f"job {self._job}: {job.status}", err=True)  # it may wait in a queue for hours
            if news or job.status != status:
                pause, status = poll, job.status
                progress(self._said(job, news))
            if job.status in ENDED:
                return job
            time.sleep(pause)
            pause = min(pause * 1.5, max(_LONGEST, poll))

    def history(self) -> list[dict[str, float]]:
        """Step, loss and validation loss, as far as the events tell them, in the order of steps."""
        rows = (_losses(event) for event in self._events.values())
        return sorted((row for row in rows if len(row) > 1 and "step" in row), key=lambda row: row["step"])

    def warnings(self) -> list[str]:
        """What the endpoint warned of."""
        return [event["message"] for event in self._events.values() if event["level"] in {"warn", "error"}]

    def _fetch(self, *, everything: bool) -> list[dict[str, Any]]:
        """The events that are new, oldest first. Lists begin with the newest: reading may stop at the first that is known."""

        def unseen() -> list[Any]:
            found = []
            for event in self._client.fine_tuning.jobs.list_events(self._job, limit=100):
                if event.id not in self._events:
                    found.append(event)
                elif not everything:
                    break
            return found

        new = self._endpoint.listed(unseen)
        new.reverse()  # events of one second keep their order
        new.sort(key=lambda event: int(event.created_at))
        rows = [{"job": self._job, **event.model_dump(include={"id", "created_at", "level", "message", "type", "data"})} for event in new]
        if rows:
            self._events.update({row["id"]: row for row in rows})
            write_lines(self._folder / EVENTS, (msgspec.json.encode(event) + b"\n" for event in self._events.values()))
        return rows

    def _said(self, job: FineTuningJob, news: list[dict[str, Any]]) -> dict[str, Any]:
        said: dict[str, Any] = {"status": job.status}
        for event in news:
            data = event["data"] if isinstance(event.get("data"), dict) else {}
            said |= _losses(event) | ({"steps": data["total_steps"]} if isinstance(data.get("total_steps"), int) else {})
        if job.estimated_finish and job.status == "running":
            said["seconds_left"] = max(0.0, job.estimated_finish - time.time())
        return said


def keep_results(client: openai.OpenAI, endpoint: Endpoint, job: FineTuningJob, folder: Path) -> dict[str, Any]:
    """Write the job's checkpoints and result files into `folder`; what the facts say of them."""
    checkpoints = endpoint.listed(lambda: client.fine_tuning.jobs.checkpoints.list(job.id, limit=100))
    rows = [
        {"step": one.step_number, "model": one.fine_tuned_model_checkpoint, **one.metrics.model_dump(exclude_none=True, exclude={"step"})}
        for one in checkpoints
    ]
    write_bytes(folder / "checkpoints.json", msgspec.json.format(msgspec.json.encode(sorted(rows, key=lambda row: row["step"])), indent=1))
    names = []
    for number, identity in enumerate(job.result_files or (), 1):
        content = endpoint.patiently(lambda: client.files.content(identity).content, has="__len__")  # noqa: B023 - called at once
        names.append(f"result-{number}.csv")
        write_bytes(folder / names[-1], _plain(content))
    return {"checkpoints": rows, "result_files": names}


def why_failed(job: FineTuningJob) -> TrainingError:
    """The error for a job that ended without a model."""
    if job.status == "cancelled":
        return TrainingError(f"The job {job.id} was cancelled.")
    told = f"{job.error.message} ({job.error.code})" if job.error and job.error.message else "the endpoint gives no reason"
    return TrainingError(f"The job {job.id} ended as '{job.status}': {told}")


def _losses(event: Mapping[str, Any]) -> dict[str, Any]:
    """Step, loss and validation loss of a metrics event; what it does not say is left out."""
    data = event["data"] if isinstance(event.get("data"), dict) else {}
    validation = data.get("full_valid_loss", data.get("valid_loss"))
    known = {"step": data.get("step"), "loss": data.get("train_loss"), "validation_loss": validation}
    return {key: value for key, value in known.items() if isinstance(value, int | float) and not isinstance(value, bool)}


def _plain(content: bytes) -> bytes:
    """A result file as CSV: OpenAI hands it out in base64."""
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return content
    return decoded if decoded.startswith(b"step,") else content
