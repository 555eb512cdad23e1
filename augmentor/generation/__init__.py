"""Requests to replies: each paid for once, and none past the budget.

Replies are kept in an SQLite file by what was asked of whom (generator identity, messages, sampling), so a second run, or one after an
edit, asks only what is new. Several processes may share the file: what one of them is asking, another waits for.
"""

from __future__ import annotations

from .account import Account, Estimate, estimate, price_of_generator
from .answering import answer
from .cache import Cache, cache_key

__all__ = ["Account", "Cache", "Estimate", "answer", "cache_key", "estimate", "price_of_generator"]
