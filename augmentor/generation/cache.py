"""Replies on disk, shared between processes."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ..protocols import Reply, Request

_SCHEMA = """
create table if not exists replies (key blob primary key, reply blob not null) without rowid;
create table if not exists claims (key blob primary key, owner text not null) without rowid;
"""
_SYNC_SECONDS = 1.0


def cache_key(identity: str, request: Request) -> bytes:
    """SHA-256 of the generator and the request."""
    return hashlib.sha256(msgspec.json.encode([identity, request], order="deterministic")).digest()


class Cache:
    """Replies by the hash of what was asked, in an SQLite file. Failed replies are never kept.

    A reply is committed when it comes, so a killed process loses none that it had; the disk is made to follow once a second while replies come.
    Processes that share the file *claim* what they are about to ask. A claim holds while its process lives: it is tied to a lock on a small
    file beside the cache, which the system lets go of however the process ends.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._owner = secrets.token_hex(8)
        self._lock: int | None = None
        self._synced = time.monotonic()
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=normal")
        self._db.executescript(_SCHEMA)

    def get(self, key: bytes) -> Reply | None:
        """The reply to what was asked, None where there is none yet."""
        row = self._db.execute("select reply from replies where key = ?", (key,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Reply)

    def put(self, key: bytes, reply: Reply) -> None:
        """Keep a reply, and let go of the claim to it."""
        with self._writing():
            self._db.execute("insert or replace into replies values (?, ?)", (key, msgspec.json.encode(reply)))
            self._db.execute("delete from claims where key = ?", (key,))

    def claim(self, keys: Sequence[bytes]) -> list[bytes]:
        """Those of `keys` that this process is to ask: no reply is there, and no living process is asking them."""
        self._hold_lock()
        living = {self._owner: True}
        claimed = []
        with self._writing():
            for key in keys:
                if self._db.execute("select 1 from replies where key = ?", (key,)).fetchone():
                    continue
                row = self._db.execute("select owner from claims where key = ?", (key,)).fetchone()
                if row is not None and row[0] not in living:
                    living[row[0]] = self._lives(row[0])
                if row is None or row[0] == self._owner or not living[row[0]]:
                    self._db.execute("insert or replace into claims values (?, ?)", (key, self._owner))
                    claimed.append(key)
        return claimed

    def release(self, keys: Iterable[bytes]) -> None:
        """Let go of claims to what was not answered."""
        with self._writing():
            self._db.executemany("delete from claims where key = ? and owner = ?", ((key, self._owner) for key in keys))

    def close(self) -> None:
        """Make sure that all is on disk, and let go of every claim."""
        with self._writing():
            self._db.execute("delete from claims where owner = ?", (self._owner,))
        self._db.execute("pragma synchronous=full")
        self._db.execute("pragma wal_checkpoint(passive)")
        self._db.close()
        if self._lock is not None:
            self._beside(self._owner).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction; now and then one that waits until the disk has it and all before it."""
        due = time.monotonic() - self._synced >= _SYNC_SECONDS
        if due:
            self._db.execute("pragma synchronous=full")
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")
        if due:
            self._synced = time.monotonic()
            self._db.execute("pragma synchronous=normal")

    def _beside(self, owner: str) -> Path:
        return self._path.with_name(f"{self._path.name}-asking-{owner}")

    def _hold_lock(self) -> None:
        """Show that this process lives; remove what dead ones left."""
        while self._lock is None:
            path = self._beside(self._owner)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists():
                self._lock = handle
            else:  # between the two calls somebody took it for a dead one's
                os.close(handle)
            for other in self._path.parent.glob(f"{glob.escape(self._path.name)}-asking-*"):
                if other != path:
                    self._lives(other.name.rpartition("-")[2])

    def _lives(self, owner: str) -> bool:
        """Whether the process that claimed as `owner` still runs; what a dead one left is removed."""
        path = self._beside(owner)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)
