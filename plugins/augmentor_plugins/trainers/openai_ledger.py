"""What is known of a submission, on disk before anything is sent: so that one submission is one job, whatever dies when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from augmentor.errors import TrainingError
from augmentor.files import write_bytes

from .openai_client import Endpoint

FILE = "submission.json"


class Submission(msgspec.Struct, frozen=True):
    """One submission.

    Attributes:
        task: a hash of what is asked: options, data, seed, steps.
        token: names this submission at the endpoint: in the names of its files, the job's metadata and the Idempotency-Key.
        endpoint: where it went.
        files: ids of the uploaded files, by `train` and `validation`.
        trying: what was sent without an answer so far (`train`, `validation`, `job`): it may be there.
        job: the job's id, once it is known.
    """

    task: str
    token: str
    endpoint: Endpoint
    files: dict[str, str] = {}
    trying: str | None = None
    job: str | None = None


class Ledger:
    """The submission in a trainer's directory. Every change is on the disk before `put` returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE

    def get(self) -> Submission | None:
        """The submission, if there is one.

        Raises:
            TrainingError: somebody changed the file; going on could mean a second job.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Submission)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise TrainingError(
                f"{self._path} is no record of a submission ({error}). Look for its job at the endpoint, then remove the file."
            ) from None

    def begin(self, task: str, endpoint: Endpoint) -> Submission:
        """A new submission, with a token that no other has."""
        return self.put(Submission(task, uuid4().hex, endpoint))

    def put(self, submission: Submission, **changes: Any) -> Submission:
        """Write the submission, changed."""
        changed: Submission = msgspec.structs.replace(submission, **changes)
        write_bytes(self._path, msgspec.json.format(msgspec.json.encode(changed), indent=1) + b"\n")
        return changed

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes out of the directory.

        Raises:
            TrainingError: one is in it.
        """
        import fcntl  # not on Windows, where the other trainers must still load

        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise TrainingError(f"Another process follows the job of {self.folder}. Wait for it, or choose another folder.") from None
            yield
