"""The run folder: what is in it, and what is already done."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import UsageError
from ..files import digest

if TYPE_CHECKING:
    from ..generation import Account

Event = dict[str, Any]
"""`stage` and `state` (`start`, `step`, `done`, `kept`), and what a stage has to tell: `done`, `total`, `unit`, `loss` ..."""


class Entry(msgspec.Struct, frozen=True):
    """A finished stage: what it depended on, what it wrote, and what it took."""

    stage: str
    key: str
    outputs: dict[str, str]
    seconds: float
    cpu_seconds: float
    facts: dict[str, Any] = {}


class RunFolder:
    """A folder whose stages each run once. `journal.jsonl` records a stage only after all it wrote is on disk."""

    def __init__(self, path: Path, tell: Callable[[Event], None] = lambda _: None) -> None:
        self.path = path
        self._tell = tell
        self.finished: dict[str, Entry] = {}
        self.account: Account | None = None
        """What this process has asked of the recipe's generator: all stages draw on one budget."""

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @contextmanager
    def opened(self) -> Iterator[RunFolder]:
        """Hold the folder for this process, with the journal read.

        Raises:
            UsageError: another process is working in it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"another process is working in {self.path}; wait for it, or give this run another folder with -o") from None
            self._clear_leftovers()
            self.look()
            yield self

    def _clear_leftovers(self) -> None:
        """Remove the temporary files of a run that was killed."""
        for leftover in self.path.rglob(".*.part"):
            leftover.unlink(missing_ok=True)

    def _journal(self) -> Iterator[Entry]:
        path = self.path / "journal.jsonl"
        for line in path.read_bytes().split(b"\n") if path.exists() else ():
            try:
                yield msgspec.json.decode(line, type=Entry)
            except msgspec.DecodeError:
                continue  # empty, or the line that a kill cut short: its stage runs again

    def tell(self, event: Event) -> None:
        """Report progress to whoever watches, and to `progress.jsonl`."""
        self._tell(event)
        with (self.path / "progress.jsonl").open("ab") as file:
            file.write(msgspec.json.encode({"time": round(time.time(), 1), **event}) + b"\n")

    def stage(self, name: str, depends_on: Any, outputs: Sequence[str], work: Callable[[], dict[str, Any] | None]) -> Entry:
        """Do a stage unless it is done: same dependencies, and its outputs as it left them.

        Args:
            name: what it is called in the journal.
            depends_on: plain values that decide what comes out; a change makes the stage run again.
            outputs: files or directories it writes, relative to the folder.
            work: does it; what it returns is kept as facts.
        """
        key = key_of(depends_on)
        before = self.finished.get(name)
        if before is not None and before.key == key and self._intact(before):
            self.tell({"stage": name, "state": "kept", **before.facts})
            return before
        self.tell({"stage": name, "state": "start"})
        started, cpu = time.monotonic(), _cpu_seconds()
        facts = work() or {}
        entry = Entry(
            name, key, {output: _fingerprint(self.path / output) for output in outputs}, round(time.monotonic() - started, 2), round(_cpu_seconds() - cpu, 2), facts
        )
        with (self.path / "journal.jsonl").open("ab") as file:
            file.write(b"\n" if self._torn() else b"")
            file.write(msgspec.json.encode(entry) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.finished[name] = entry
        self.tell({"stage": name, "state": "done", "seconds": entry.seconds, **facts})
        return entry

    def same(self, kind: str, key: str) -> Entry | None:
        """A finished stage whose name begins with `kind` and which depended on the same things; its outputs are as it left them."""
        return next((entry for entry in self.finished.values() if entry.stage.startswith(kind) and entry.key == key and self._intact(entry)), None)

    def look(self) -> None:
        """Read the journal without holding the folder, to say what is done."""
        self.finished = {entry.stage: entry for entry in self._journal()}

    def _torn(self) -> bool:
        """Whether the journal ends in the middle of a line."""
        path = self.path / "journal.jsonl"
        return path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0

    def _intact(self, entry: Entry) -> bool:
        return all((self.path / name).exists() and _fingerprint(self.path / name) == kept for name, kept in entry.outputs.items())


def key_of(depends_on: Any) -> str:
    """A short hash of plain values: what a stage depended on."""
    return hashlib.sha256(msgspec.json.encode(depends_on, order="deterministic")).hexdigest()[:16]


def _fingerprint(path: Path) -> str:
    """The digest of a file; of a directory (a model), names and sizes, since hashing gigabytes at every start is too slow.

    The card of a model (README.md) is completed after the evaluation, so it does not count.
    """
    if path.is_dir():
        found = (item for item in path.rglob("*") if item.is_file() and item.name != "README.md")
        listing = sorted((item.relative_to(path).as_posix(), item.stat().st_size) for item in found)
        return hashlib.sha256(msgspec.json.encode(listing)).hexdigest()[:16]
    return digest(path)[:16]


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
