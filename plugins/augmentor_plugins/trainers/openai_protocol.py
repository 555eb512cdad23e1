"""Fine-tune a chat model behind any endpoint that speaks the OpenAI protocol."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import click
import msgspec

from augmentor.errors import BadOption, TrainingError
from augmentor.files import digest, write_bytes
from augmentor.formats.openai_rules import Method
from augmentor.protocols import Trained, TrainingTask

from .openai_client import OPENAI, Endpoint
from .openai_cost import Estimate, epochs_for, estimate, refuse_above, steps_for
from .openai_files import method_of, prepare, read
from .openai_following import ENDED, Following, keep_results, why_failed
from .openai_ledger import FILE, Ledger, Submission
from .openai_submission import create, job_of, upload

if TYPE_CHECKING:
    import openai

CLOSING = (
    "OpenAI has announced that it closes self-serve fine-tuning: organisations that are new to it cannot create jobs since May 2026, active ones "
    "cannot from 6 January 2027, and tuned GPT-4o and GPT-4.1 models are to stop on 14 January 2027 (its deprecations page has the latest). "
    "The same jobs run on Azure OpenAI or on a server of your own (base_url=...), and `-t huggingface` trains on this machine."
)
_NOT_ASKED = ("key_env", "timeout", "patience", "poll", "settle", "max_cost")


@dataclass(frozen=True)
class OpenAI:
    """Fine-tune a chat model at OpenAI, Azure OpenAI or any server that speaks their protocol, Augmentor's own included.

    The data is checked by the service's rules before anything is sent, tokens and cost are estimated, and one submission becomes exactly
    one job: killed and started again, the trainer finds the job it had begun and follows it. Interrupted, it leaves the job running and says
    how to pause, resume or cancel it.

    Attributes:
        model: the name the endpoint knows the base model by.
        base_url: where the endpoint is, with its `/v1`.
        api_version: for Azure's dated interface: the `api-version` of each request; the key is then sent as Azure wants it.
        key_env: the environment variable that holds the API key. Endpoints other than OpenAI's may need none.
        method: `supervised`, or `dpo` for preference data; `auto` looks at the data.
        epochs: passes over the data; None for 3, or more where there are fewer than 34 examples. A recipe's steps come before it.
        batch_size: examples in a batch; None leaves it to the endpoint.
        learning_rate_multiplier: scales the endpoint's learning rate; None leaves it to the endpoint.
        beta: of DPO: how far from the base model is too far; None leaves it to the endpoint.
        suffix: a word for the tuned model's name, up to 64 characters.
        max_cost: most US dollars that the job may cost; refused above it, and where the price is not known.
        timeout: seconds until a request has to be answered.
        patience: seconds without any answer until the trainer gives up; the job goes on.
        poll: seconds between looks at the job; more, up to a minute, while nothing happens.
        settle: seconds to look for a job whose creation was not answered, before it is asked for again.
    """

    model: str
    base_url: str = OPENAI
    api_version: str | None = None
    key_env: str = "OPENAI_API_KEY"
    method: Literal["auto", "supervised", "dpo"] = "auto"
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate_multiplier: float | None = None
    beta: float | None = None
    suffix: str | None = None
    max_cost: float | None = None
    timeout: float = 120.0
    patience: float = 3600.0
    poll: float = 5.0
    settle: float = 60.0

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise BadOption(f"base_url={self.base_url!r}: it has to be an http or https address, such as http://localhost:8000/v1")
        if address.username or address.password or address.query:
            raise BadOption(
                "base_url: an address must not hold a user, a password or a query; put the key into the variable that key_env names"
            )
        for name in ("epochs", "batch_size", "learning_rate_multiplier", "beta", "timeout", "patience", "poll"):
            if (value := getattr(self, name)) is not None and value <= 0:
                raise BadOption(f"{name}={value}: it must be more than 0")
        if self.settle < 0 or (self.max_cost is not None and self.max_cost < 0):
            raise BadOption("settle and max_cost must not be below 0")
        if self.suffix is not None and not 1 <= len(self.suffix) <= 64:
            raise BadOption(f"suffix has {len(self.suffix)} characters: 1 to 64 are allowed")

    @property
    def base_model(self) -> str:
        """The model that is tuned."""
        return self.model

    def steps_for(self, train: Path) -> int:
        """How many steps the data in the file `train` would get; a step is one example where the endpoint chooses the batch size."""
        return steps_for(len(read(train)), self.epochs, self.batch_size)

    def train(self, task: TrainingTask) -> Trained:
        """Have the model tuned on `task.train`; facts, events, checkpoints and result files are in `task.out`.

        Raises:
            TrainingError: the data would be refused, it would cost too much, or the job failed or was cancelled.
            MissingExtra: the openai client is not installed.
        """
        ledger = Ledger(task.out)
        with ledger.held(), self._endpoint.client() as client:
            asked = self._asked(task)
            submission = ledger.get()
            facts = task.out / "facts.json"
            if submission and submission.task == asked and facts.is_file():
                said = msgspec.json.decode(facts.read_bytes())
                return Trained(said["model"], said)
            if submission and submission.task != asked:
                _leave(submission, task.out)
                facts.unlink(missing_ok=True)
                submission = None
            if submission:
                ledger.put(submission, endpoint=self._endpoint)  # the same place, maybe with another patience
            job = (submission and submission.job) or self._submit(client, ledger, task, asked)
            return self._follow(client, ledger, job, task)

    @property
    def _endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, self.api_version, self.key_env, self.timeout, self.patience)

    def _asked(self, task: TrainingTask) -> str:
        options = {name: value for name, value in asdict(self).items() if name not in _NOT_ASKED}
        files = [digest(path) if path else None for path in (task.train, task.validation)]
        return hashlib.sha256(msgspec.json.encode([options, files, task.seed, task.steps], order="deterministic")).hexdigest()

    def _submit(self, client: openai.OpenAI, ledger: Ledger, task: TrainingTask, asked: str) -> str:
        examples = read(task.train)
        method = method_of(examples, self.method)
        if self.beta is not None and method != "dpo":
            raise TrainingError(f"beta={self.beta} is of DPO, and this data makes a {method} job: leave beta out.")
        epochs = epochs_for(len(examples), self.epochs, self.batch_size, task.steps)
        files = {"train": prepare(task.out / "train.jsonl", examples, method, task.train)}
        if task.validation:
            files["validation"] = prepare(task.out / "validation.jsonl", read(task.validation), method, task.validation, minimum=1)
        found = estimate(examples, epochs, self.model, local=self._endpoint.local)
        begun = ledger.get()
        ours = begun if begun and begun.task == asked else None
        if ours is None or ours.trying != "job":  # else it may be running already, and must be found
            refuse_above(self.max_cost, found, self.model)
        if ours is None:
            if self.base_url.startswith(OPENAI):
                click.echo(CLOSING, err=True)
            click.echo(f"{self.model}: {found.sentence}", err=True)
            ledger.begin(asked, self._endpoint)
        write_bytes(task.out / "estimate.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
        ids = {kind: upload(client, ledger, kind, path) for kind, path in files.items()}
        body = {
            "model": self.model,
            "training_file": ids["train"],
            "method": {"type": method, method: {"hyperparameters": self._hyperparameters(method, epochs)}},
            "seed": task.seed,
            **({"validation_file": ids["validation"]} if "validation" in ids else {}),
            **({"suffix": self.suffix} if self.suffix else {}),
        }
        return create(client, ledger, body, settle=self.settle)

    def _hyperparameters(self, method: Method, epochs: int) -> dict[str, Any]:
        chosen = {
            "n_epochs": epochs,
            "batch_size": self.batch_size,
            "learning_rate_multiplier": self.learning_rate_multiplier,
            "beta": self.beta if method == "dpo" else None,
        }
        return {name: value for name, value in chosen.items() if value is not None}

    def _follow(self, client: openai.OpenAI, ledger: Ledger, job: str, task: TrainingTask) -> Trained:
        started = time.monotonic()
        following = Following(client, self._endpoint, job, task.out)
        try:
            ended = following.until_ended(self.poll, task.progress)
        except KeyboardInterrupt:
            click.echo(
                f"The job {job} goes on without this process. The same command follows it again; {_command(task.out)} pause, resume or cancel.",
                err=True,
            )
            raise
        if ended.status != "succeeded" or not ended.fine_tuned_model:
            raise TrainingError(f"{why_failed(ended)} For another try, as a new job, remove {ledger.folder / FILE}.")
        found = msgspec.json.decode((task.out / "estimate.json").read_bytes(), type=Estimate)
        # The job's own clock, where it has one: this process may have come late.
        took = ended.finished_at - ended.created_at if ended.finished_at else time.monotonic() - started
        facts = {
            "model": ended.fine_tuned_model,
            "job": job,
            "base_url": self.base_url,
            "seconds": took,
            "examples": found.examples,
            "tokens": ended.trained_tokens or found.tokens * found.epochs,
            "estimate": asdict(found),
            "history": (history := following.history()),
            "steps": max((int(row["step"]) for row in history), default=None),
            "warnings": following.warnings(),
            **keep_results(client, self._endpoint, ended, task.out),
            "hyperparameters": {**asdict(self), "epochs": found.epochs},
        }
        write_bytes(task.out / "facts.json", msgspec.json.format(msgspec.json.encode(facts), indent=1))
        return Trained(ended.fine_tuned_model, facts)


def _leave(earlier: Submission, folder: Path) -> None:
    """Make sure that the folder's earlier submission, of something else, does not go on unseen: it costs money."""
    with earlier.endpoint.client() as client:
        job = earlier.job or (job_of(client, earlier) if earlier.trying == "job" else None)
        if job is None:
            return
        status = earlier.endpoint.patiently(lambda: client.fine_tuning.jobs.retrieve(job), has="status").status
    if status not in ENDED:
        raise TrainingError(
            f"{folder} holds the job {job}, which is {status}, for other options or other data. Cancel it ({_command(folder)} cancel), or "
            "choose another folder."
        )


def _command(folder: Path) -> str:
    return f"python -m augmentor_plugins.trainers.openai_job {folder}"
