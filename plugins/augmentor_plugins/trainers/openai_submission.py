"""Uploading files and creating the job: each is sent once, and looked for before it is sent again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentor.errors import TrainingError

from .openai_client import Lost, Refused, Waiting
from .openai_ledger import Ledger, Submission

if TYPE_CHECKING:
    import openai

AT_ONCE = 512_000_000
"""Bytes that the files endpoint takes in one request; larger files go in parts (`/v1/uploads`, up to 8 GB)."""
PART = 64_000_000
_UNREADY: tuple[str, ...] = ("pending", "running")  # Azure's words; a job cannot begin before they pass


def upload(client: openai.OpenAI, ledger: Ledger, kind: str, path: Path, *, at_once: int = AT_ONCE, part: int = PART) -> str:
    """The id of the uploaded file, `train` or `validation`; a file that an earlier attempt got across is found by its name.

    Raises:
        TrainingError: the endpoint does not take it.
    """
    submission = _there(ledger)
    endpoint = submission.endpoint
    if kind in submission.files:
        return submission.files[kind]
    name, size = f"augmentor-{submission.token}-{kind}.jsonl", path.stat().st_size

    def found() -> str | None:
        files = endpoint.listed(lambda: client.files.list(purpose="fine-tune", limit=1000))
        return next((file.id for file in files if file.filename == name and file.bytes == size and file.status != "error"), None)

    def send() -> str:
        if size <= at_once:
            with path.open("rb") as file:
                return endpoint.once(lambda: client.files.create(file=(name, file, "application/jsonl"), purpose="fine-tune")).id
        return _in_parts(client, ledger, path, name, part)

    identity = _once(ledger, kind, send, found, settle=0.0)
    waiting = Waiting(endpoint.patience)
    while (file := endpoint.patiently(lambda: client.files.retrieve(identity))).status in _UNREADY:
        waiting.after(TimeoutError(f"{name} is still being processed"))
    if file.status == "error":
        raise TrainingError(f"{endpoint.base_url} does not take {path}: {getattr(file, 'status_details', None) or 'it gives no reason'}.")
    now = _there(ledger)
    ledger.put(now, files={**now.files, kind: identity}, trying=None)
    return identity


def create(client: openai.OpenAI, ledger: Ledger, body: Mapping[str, Any], *, settle: float) -> str:
    """The id of the submission's one job.

    That a request goes out is on the disk before it does. When its answer is lost (a kill, a reset, a server error), the job is looked for
    by its training file and its token, for `settle` seconds, before the request goes out again; an endpoint that honours the
    Idempotency-Key header would answer the second one with the first one's job.

    Raises:
        TrainingError: the endpoint refuses the job.
    """
    submission = _there(ledger)
    endpoint, token = submission.endpoint, submission.token
    if submission.job:
        return submission.job

    def found() -> str | None:
        return job_of(client, submission)

    def send() -> str:
        # Azure's dated interface knows no metadata; there the training file, which no other submission has, tells the job.
        metadata = {} if endpoint.api_version else {"metadata": {"augmentor": token}}
        asked: dict[str, Any] = {**body, **metadata, "extra_headers": {"Idempotency-Key": token}}
        return endpoint.once(lambda: client.fine_tuning.jobs.create(**asked)).id

    job = _once(ledger, "job", send, found, settle)
    ledger.put(_there(ledger), job=job, trying=None)
    return job


def job_of(client: openai.OpenAI, submission: Submission) -> str | None:
    """The job at the endpoint that belongs to a submission, the first where there are several."""
    jobs = submission.endpoint.listed(lambda: client.fine_tuning.jobs.list(limit=100))
    train = submission.files.get("train")
    ours = [job for job in jobs if job.training_file == train or (job.metadata or {}).get("augmentor") == submission.token]
    return min(ours, key=lambda job: job.created_at).id if ours else None


def _once(ledger: Ledger, what: str, send: Callable[[], str], found: Callable[[], str | None], settle: float) -> str:
    """Do what must be done once: note it, send it; when the answer is lost, look for it before sending again."""
    endpoint = _there(ledger).endpoint
    waiting = Waiting(endpoint.patience)
    doubtful = _there(ledger).trying == what
    while True:
        if doubtful and (there := _settled(found, settle)):
            return there
        ledger.put(_there(ledger), trying=what)
        try:
            return send()
        except Refused as error:
            if not doubtful:
                ledger.put(_there(ledger), trying=None)
            if error.wait is None:
                raise TrainingError(f"{endpoint.base_url} refused the {'job' if what == 'job' else f'{what} file'}: {error}") from None
            waiting.after(error, error.wait)
        except Lost as error:
            doubtful = True
            waiting.after(error)


def _settled(found: Callable[[], str | None], settle: float) -> str | None:
    """Look, and look again until `settle` seconds have passed: what was sent may still be on its way."""
    until = time.monotonic() + settle
    while True:
        there = found()
        left = until - time.monotonic()
        if there or left <= 0:
            return there
        time.sleep(min(left, max(settle / 10, 0.02)))


def _in_parts(client: openai.OpenAI, ledger: Ledger, path: Path, name: str, part: int) -> str:
    endpoint = _there(ledger).endpoint
    size = path.stat().st_size
    opened = endpoint.once(lambda: client.uploads.create(bytes=size, filename=name, mime_type="text/jsonl", purpose="fine-tune"))
    parts = []
    with path.open("rb") as file:
        while data := file.read(part):
            sent = data
            parts.append(endpoint.patiently(lambda: client.uploads.parts.create(opened.id, data=sent)).id)  # noqa: B023 - called at once
    done = endpoint.once(lambda: client.uploads.complete(opened.id, part_ids=parts), has="file")
    assert done.file is not None, "once() insists on it"
    return done.file.id


def _there(ledger: Ledger) -> Submission:
    submission = ledger.get()
    assert submission is not None, "a submission is begun before anything is sent"
    return submission
