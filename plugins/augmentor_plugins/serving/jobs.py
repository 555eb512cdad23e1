"""`/v1/fine_tuning/jobs`: what may be asked of a job, and what is told of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.formats.openai_rules import MINIMUM

from .bodies import Hyperparameters, Job, read_json, within
from .lists import page
from .refusals import Refusal, answer, not_found
from .state import Record, State, new_id, now
from .training import has_option

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_SUFFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_OVER = {"succeeded", "failed", "cancelled"}


class Jobs:
    """The endpoints under `/v1/fine_tuning/jobs`.

    Args:
        state: where jobs are kept.
        trainer: who trains, as a recipe writes it.
        is_served: whether a model of that id is served here.
        wake: called after a change that the queue has to hear of.
    """

    def __init__(self, state: State, trainer: str, is_served: Callable[[str], bool], wake: Callable[[], None]) -> None:
        self._state = state
        self._trainer = trainer
        self._is_served = is_served
        self._wake = wake

    async def create(self, request: Request) -> Response:
        """Put a job into the queue. The same `Idempotency-Key` with the same body gives the same job, however often it is sent."""
        from starlette.concurrency import run_in_threadpool

        asked = await read_json(request, Job)
        key = request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= 255:
            raise Refusal("An Idempotency-Key has 1 to 255 characters.", param="Idempotency-Key", code="invalid_value")
        return answer(_shown(await run_in_threadpool(self._create, asked, key)))

    def _create(self, asked: Job, key: str | None) -> Record:
        body = hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()
        with self._state.change():
            if key and (known := self._state.submission(key)):
                if known[0] != body:
                    raise Refusal("This Idempotency-Key was used for another job.", param="Idempotency-Key", code="idempotency_key_reused")
                return self._get(known[1])
            job = self._checked(asked)
            self._state.put("jobs", job)
            self._state.tell(job["id"], f"Created fine-tuning job: {job['id']}")
            if key:
                self._state.remember_submission(key, body, job["id"])
        self._wake()
        return job

    def _checked(self, asked: Job) -> Record:
        """The job's record, if all that is asked can be done."""
        if not self._is_served(asked.model):
            raise not_found("model", asked.model, "model")
        if asked.suffix and not _SUFFIX.fullmatch(asked.suffix):
            raise Refusal(
                "suffix: up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.",
                param="suffix",
                code="invalid_value",
            )
        if asked.integrations:
            raise Refusal("integrations: this server has none.", param="integrations", code="unsupported_parameter")
        within(asked.seed, 0, 2**31 - 1, "seed")
        _check_metadata(asked.metadata or {})
        preference, hyperparameters = self._method(asked)
        _check_hyperparameters(hyperparameters)
        for param, identity in (("training_file", asked.training_file), ("validation_file", asked.validation_file)):
            if identity:
                self._check_file(identity, param, preference=preference)
        shown = {name: getattr(hyperparameters, name) or "auto" for name in ("n_epochs", "batch_size", "learning_rate_multiplier")}
        kind = "dpo" if preference else "supervised"
        settings = {**shown, "beta": hyperparameters.beta or "auto"} if preference else shown
        return {
            "object": "fine_tuning.job",
            "id": new_id("ftjob"),
            "created_at": now(),
            "status": "queued",
            "model": asked.model,
            "fine_tuned_model": None,
            "finished_at": None,
            "estimated_finish": None,
            "hyperparameters": shown,
            "method": {"type": kind, kind: {"hyperparameters": settings}},
            "organization_id": "local",
            "training_file": asked.training_file,
            "validation_file": asked.validation_file or None,
            "result_files": [],
            "trained_tokens": None,
            "seed": asked.seed or 0,
            "error": None,
            "integrations": [],
            "metadata": asked.metadata,
            "user_provided_suffix": asked.suffix or None,
        }

    def _method(self, asked: Job) -> tuple[bool, Hyperparameters]:
        """Whether preferences are learnt, and the hyperparameters, wherever they stand."""
        method, older = asked.method, asked.hyperparameters or Hyperparameters()
        if method is None:
            return False, older
        if method.type not in {"supervised", "dpo"}:
            raise Refusal(
                "method.type: this server trains 'supervised'" + (" and 'dpo'." if has_option(self._trainer, "method") else "."),
                param="method.type",
                code="unsupported_method",
            )
        if method.type == "dpo" and not has_option(self._trainer, "method"):
            raise Refusal(f"The trainer {self._trainer!r} cannot do DPO.", param="method.type", code="unsupported_method")
        settings = method.dpo if method.type == "dpo" else method.supervised
        return method.type == "dpo", (settings.hyperparameters if settings and settings.hyperparameters else older)

    def _check_file(self, identity: str, param: str, *, preference: bool) -> None:
        record = self._state.get("files", identity)
        if record is None or record["purpose"] != "fine-tune":
            raise Refusal(f"{param}: there is no file {identity[:80]!r} for fine-tuning.", param=param, code="file_not_found")
        if param == "training_file" and record["examples"] < MINIMUM:
            raise Refusal(
                f"{param} has {record['examples']} example{'s'[: record['examples'] != 1]}; at least {MINIMUM} are needed.",
                param=param,
                code="invalid_n_examples",
            )
        if (record["kind"] == "openai-dpo") != preference:
            wanted = "preference data (input, preferred_output, non_preferred_output)" if preference else "chats (messages)"
            raise Refusal(f"{param}: this method learns from {wanted}.", param=param, code="invalid_file_format")

    def listing(self, request: Request) -> Response:
        """All jobs, newest first; those with `metadata[KEY]=VALUE` where it is given."""
        wanted = {found[1]: value for key, value in request.query_params.items() if (found := re.fullmatch(r"metadata\[(.+)\]", key))}
        jobs = [job for job in reversed(self._state.all("jobs")) if wanted.items() <= (job["metadata"] or {}).items()]
        return page(request, list(map(_shown, jobs)), 20)

    def retrieve(self, request: Request) -> Response:
        """One job."""
        return answer(_shown(self._found(request)))

    def events(self, request: Request) -> Response:
        """A job's events, newest first."""
        return page(request, self._state.events(self._found(request)["id"])[::-1], 20)

    def checkpoints(self, request: Request) -> Response:
        """The models of a job that can be used: the finished one, or none yet."""
        job = self._found(request)
        return page(request, [job["checkpoint"]] if job.get("checkpoint") else [], 10)

    def cancel(self, request: Request) -> Response:
        """End a job for good."""
        return self._move(request, "cancelled", {"queued", "running", "paused"}, "cancelled")

    def pause(self, request: Request) -> Response:
        """Let a job rest; it goes on from its last checkpoint when it is resumed."""
        return self._move(request, "paused", {"queued", "running"}, "paused")

    def resume(self, request: Request) -> Response:
        """Put a paused job back into the queue."""
        return self._move(request, "queued", {"paused"}, "resumed")

    def _move(self, request: Request, status: str, allowed: set[str], word: str) -> Response:
        with self._state.change():
            job = self._found(request)
            if job["status"] not in allowed:
                raise Refusal(f"A job that is {job['status']} cannot be {word}.", code="invalid_job_status")
            job = self._state.update(job["id"], status=status, estimated_finish=None, finished_at=now() if status in _OVER else None)
            self._state.tell(job["id"], f"Fine-tuning job {word}")
        self._wake()
        return answer(_shown(job))

    def _found(self, request: Request) -> Record:
        return self._get(request.path_params["job"])

    def _get(self, identity: str) -> Record:
        if job := self._state.get("jobs", identity):
            return job
        raise not_found("fine-tuning job", identity, "fine_tuning_job_id")


def _shown(job: Record) -> Record:
    return {key: value for key, value in job.items() if key != "checkpoint"}


def _check_metadata(metadata: dict[str, str]) -> None:
    if len(metadata) > 16 or any(len(key) > 64 or len(value) > 512 for key, value in metadata.items()):
        raise Refusal("metadata: up to 16 keys of 64 characters with values of 512.", param="metadata", code="invalid_value")


def _check_hyperparameters(asked: Hyperparameters) -> None:
    limits: dict[str, tuple[float, float]] = {
        "n_epochs": (1, 50),
        "batch_size": (1, 256),
        "learning_rate_multiplier": (1e-4, 1e4),
        "beta": (1e-6, 2),
    }
    for name, (low, high) in limits.items():
        value: Any = getattr(asked, name)
        if value is not None and value != "auto":
            within(value, low, high, f"hyperparameters.{name}")
