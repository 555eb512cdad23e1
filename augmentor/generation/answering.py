"""Asking a generator what nobody has asked it yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..errors import BudgetReached
from ..protocols import Generator, Reply, Request
from .account import Account
from .cache import Cache, cache_key

_POLL_SECONDS = 0.2
_LOOKED_UP_A_SECOND = 5000  # while waiting for another process; the cache can do many times that


def answer(
    generator: Generator,
    requests: Sequence[Request],
    *,
    cache: Cache | None = None,
    account: Account | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Reply]:
    """A reply to each request, in order; what the cache holds is not asked again, and equal requests are asked once.

    Every request ends with a reply, one that could not be had with `Reply.error`; those are asked again next time. What another process that
    shares the cache is asking is waited for; when that process fails or dies, it is asked here.

    Args:
        generator: who answers what the cache does not hold.
        requests: what to ask.
        cache: where replies are kept as they come; None asks everything.
        account: what may be spent, and what was.
        progress: called with how many are answered and how many there are.

    Raises:
        BudgetReached: asking on could pass the budget. What was answered is in the cache.
    """
    identity = generator.identity
    keys = [cache_key(identity, request) for request in requests]
    wanted = dict(zip(keys, requests, strict=True))
    found: dict[bytes, Reply] = {}

    def look() -> list[bytes]:
        """Take what the cache holds by now; what is still wanted."""
        open_ = [key for key in wanted if key not in found]
        if cache is None:
            return open_
        for key in open_:
            if (reply := cache.get(key)) is not None:
                found[key] = reply
        progress(len(found), len(wanted))
        return [key for key in open_ if key not in found]

    while left := look():
        mine = left if cache is None else cache.claim(left)
        if not mine:
            time.sleep(max(_POLL_SECONDS, len(left) / _LOOKED_UP_A_SECOND))
            continue
        try:
            for key, reply in _ask(generator, {key: wanted[key] for key in mine}, account):
                found[key] = reply
                if cache is not None and reply.error is None:
                    cache.put(key, reply)
                progress(len(found), len(wanted))
        finally:
            if cache is not None:
                cache.release(key for key in mine if key not in found or found[key].error is not None)
    return [found[key] for key in keys]


def _ask(generator: Generator, wanted: Mapping[bytes, Request], account: Account | None) -> Iterator[tuple[bytes, Reply]]:
    """Ask all of it, in waves that each fit what the budget has left; an uncapped one, or one that is large enough, makes one wave."""
    waiting = list(wanted)
    answered = 0
    while waiting:
        fit = account.fitting(wanted[key] for key in waiting) if account else len(waiting)
        if account and not fit:
            raise BudgetReached(
                f"the budget of {account.limits()} is used up as far as it is sure not to be passed: {answered:,} new requests were answered and "
                f"are kept, {len(waiting):,} are left. The same command goes on there, with the same budget anew"
            )
        wave, waiting = waiting[:fit], waiting[fit:]
        silent = set(wave)
        for index, reply in generator.generate([wanted[key] for key in wave]):
            if wave[index] not in silent:
                continue  # a generator that answers twice; the first answer counts
            silent.remove(wave[index])
            if account:
                account.charge(wanted[wave[index]], reply)
            answered += 1
            yield wave[index], reply
        for key in wave:
            if key in silent:
                yield key, Reply(error="the generator gave no reply")
