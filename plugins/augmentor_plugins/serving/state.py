"""What the server remembers: files, jobs, their events, and tuned models, in one folder that outlives it.

    state.sqlite        all that is below but the contents
    files/FILE-ID       the bytes of a file
    jobs/JOB-ID/        a job's data in native form, the trainer's folder, its log

Every change is on the disk before the client hears of it. Ids are made here; one that comes from a client is only ever looked up.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import IO, Any

import msgspec

from augmentor.errors import UsageError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY, id TEXT UNIQUE, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (number INTEGER PRIMARY KEY, id TEXT UNIQUE, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS models (number INTEGER PRIMARY KEY, id TEXT UNIQUE, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, id TEXT UNIQUE, job TEXT NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_of_a_job ON events (job, number);
CREATE TABLE IF NOT EXISTS submissions (key TEXT PRIMARY KEY, asked BLOB NOT NULL, job TEXT NOT NULL);
"""
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
Record = dict[str, Any]


def new_id(kind: str) -> str:
    """An id that nobody can guess: `file-3k2...`."""
    return f"{kind}-{''.join(secrets.choice(_LETTERS) for _ in range(24))}"


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


class State:
    """The records of a state folder, for one server at a time; safe to use from any thread.

    Raises:
        UsageError: another server uses the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        for name in ("files", "jobs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._held = _hold(self.folder / "lock")
        self._database = sqlite3.connect(self.folder / "state.sqlite", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._database.close()
            self._held.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Several changes that are made together or not at all."""
        with self._lock:
            if self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def put(self, kind: str, record: Mapping[str, Any]) -> None:
        """Keep a file, job or model; one of the same id is replaced."""
        with self.change():
            self._database.execute(
                f"INSERT INTO {kind} (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",  # noqa: S608 - ours
                (record["id"], msgspec.json.encode(record)),
            )

    def get(self, kind: str, identity: str) -> Record | None:
        """The file, job or model of that id."""
        with self._lock:
            row = self._database.execute(f"SELECT value FROM {kind} WHERE id = ?", (identity,)).fetchone()  # noqa: S608 - ours
        return msgspec.json.decode(row[0]) if row else None

    def all(self, kind: str) -> list[Record]:
        """All files, jobs or models, in the order they came."""
        with self._lock:
            rows = self._database.execute(f"SELECT value FROM {kind} ORDER BY number").fetchall()  # noqa: S608 - ours
        return [msgspec.json.decode(value) for (value,) in rows]

    def delete(self, kind: str, identity: str) -> bool:
        """Forget a file or model; whether it was there."""
        with self.change():
            return self._database.execute(f"DELETE FROM {kind} WHERE id = ?", (identity,)).rowcount > 0  # noqa: S608 - ours

    def update(self, job: str, **changes: Any) -> Record:
        """Change some of a job's values; the job as it is then."""
        with self.change():
            record = self.get("jobs", job)
            assert record is not None
            record |= changes
            self.put("jobs", record)
            return record

    def tell(self, job: str, message: str, level: str = "info", data: Mapping[str, Any] | None = None) -> None:
        """Add an event to a job."""
        event = {
            "object": "fine_tuning.job.event",
            "id": new_id("ftevent"),
            "created_at": now(),
            "level": level,
            "message": message,
            "type": "metrics" if data else "message",
            "data": dict(data) if data else {},
        }
        with self.change():
            self._database.execute("INSERT INTO events (id, job, value) VALUES (?, ?, ?)", (event["id"], job, msgspec.json.encode(event)))

    def events(self, job: str) -> list[Record]:
        """The events of a job, oldest first."""
        with self._lock:
            rows = self._database.execute("SELECT value FROM events WHERE job = ? ORDER BY number", (job,)).fetchall()
        return [msgspec.json.decode(value) for (value,) in rows]

    def submission(self, key: str) -> tuple[bytes, str] | None:
        """What was asked under an idempotency key, and the job that it became."""
        with self._lock:
            row: tuple[bytes, str] | None = self._database.execute("SELECT asked, job FROM submissions WHERE key = ?", (key,)).fetchone()
        return row

    def remember_submission(self, key: str, asked: bytes, job: str) -> None:
        """Keep what an idempotency key stands for."""
        with self.change():
            self._database.execute("INSERT INTO submissions VALUES (?, ?, ?)", (key, asked, job))

    def file(self, identity: str) -> Path:
        """Where the bytes of a file lie; `identity` is one that was made here."""
        return self.folder / "files" / identity

    def job_folder(self, identity: str) -> Path:
        """Where a job works; `identity` is one that was made here."""
        return self.folder / "jobs" / identity


def _hold(path: Path) -> IO[str]:
    """Lock a file for as long as this process lives."""
    held = path.open("a")
    try:
        import fcntl
    except ImportError:  # Windows: sqlite's own locks have to do
        return held
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise UsageError(f"Another server uses {path.parent}: name another folder with --state, or stop that server.") from None
    return held
