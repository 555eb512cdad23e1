"""Requests to replies: each paid for once.

Replies are kept in an SQLite file by what was asked of whom (generator identity, messages, sampling), so a second run, or
one after an edit, asks only what is new. Several processes may share the file. A budget stops before it is passed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from .errors import GenerationError
from .protocols import Generator, Reply, Request

_SCHEMA = "create table if not exists replies (key blob primary key, reply blob not null) without rowid"


class Cache:
    """Replies on disk, by the hash of what was asked. Failed replies are never kept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        self._db.execute(_SCHEMA)

    def get(self, key: bytes) -> Reply | None:
        row = self._db.execute("select reply from replies where key = ?", (key,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Reply)

    def put(self, key: bytes, reply: Reply) -> None:
        self._db.execute("insert or replace into replies values (?, ?)", (key, msgspec.json.encode(reply)))

    def close(self) -> None:
        self._db.close()


def cache_key(identity: str, request: Request) -> bytes:
    """SHA-256 of the generator and the request."""
    return hashlib.sha256(msgspec.json.encode([identity, request], order="deterministic")).digest()


def answer(
    generator: Generator,
    requests: Sequence[Request],
    *,
    cache: Cache | None = None,
    max_tokens: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Reply]:
    """A reply to each request, in order; what the cache holds is not asked again, and equal requests are asked once.

    Args:
        generator: who answers what the cache does not hold.
        requests: what to ask.
        cache: where replies are kept; None asks everything.
        max_tokens: the most completion tokens the *new* requests may ask for together.
        progress: called with how many are answered and how many there are.

    Raises:
        GenerationError: the new requests could pass the budget; nothing was asked.
    """
    identity = generator.identity
    keys = [cache_key(identity, request) for request in requests]
    found: dict[bytes, Reply] = {}
    wanted: dict[bytes, Request] = {}
    for key, request in zip(keys, requests, strict=True):
        if key in found or key in wanted:
            continue
        kept = cache.get(key) if cache else None
        if kept is None:
            wanted[key] = request
        else:
            found[key] = kept
    could_be = sum(request.max_tokens for request in wanted.values())
    if max_tokens is not None and could_be > max_tokens:
        raise GenerationError(
            f"{len(wanted)} new requests may bring up to {could_be} tokens, more than the budget of {max_tokens}; "
            "raise budget.max_tokens, or ask for fewer variants"
        )
    progress(len(found), len(found) + len(wanted))
    order = list(wanted)
    if order:
        for index, reply in generator.generate([wanted[key] for key in order]):
            found[order[index]] = reply
            if cache and reply.error is None:
                cache.put(order[index], reply)
            progress(len(found), len(found.keys() | wanted.keys()))
    return [found.get(key) or Reply(error="the generator gave no reply") for key in keys]
