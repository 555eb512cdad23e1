"""The model behind `--generator`: asked through a cache and a budget, or only asked what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .common import count, say

if TYPE_CHECKING:
    from ..pipeline import Plan
    from ..protocols import Reply, Request

_PROMPTS = 3  # shown by a dry run
_CENT = 0.01


class Asker:
    """Asks a generator for a command; called with requests, it gives the replies."""

    def __init__(self, spec: str, cache: Path, max_tokens: int | None, max_cost: float | None) -> None:
        from .. import generation
        from ..plugins import plugins

        self._generator = plugins()["generator"].make(spec)
        self._path = cache
        self._cache: generation.Cache | None = None
        self.account = generation.Account(generation.price_of_generator(self._generator), max_tokens, max_cost)

    def __call__(self, requests: Sequence[Request]) -> Sequence[Reply]:
        from .. import generation

        if self._cache is None:
            self._cache = generation.Cache(self._path)
        return generation.answer(self._generator, requests, cache=self._cache, account=self.account)

    def close(self) -> None:
        """Let go of the cache, and say what was asked."""
        if self._cache is not None:
            self._cache.close()
        if self.account.calls:
            took = self.account
            say(
                f"asked the model {count(took.calls, 'time')}{f' ({took.failed:,} failed)' if took.failed else ''}: {count(took.prompt_tokens, 'token')} read, "
                f"{took.completion_tokens:,} written{f', {dollars(took.cost)}' if took.cost else ''}"
            )

    def preview(self, requests: Sequence[Request]) -> dict[str, Any]:
        """Say what the requests are and would take, without asking; the same for a machine."""
        from .. import generation
        from ..prices import own_file

        cache = generation.Cache(self._path) if self._path.exists() else None
        try:
            found = generation.estimate(self._generator, requests, cache)
        finally:
            if cache:
                cache.close()
        for number, request in enumerate(requests[:_PROMPTS], 1):
            say(f"prompt {number} of {len(requests):,}:")
            for message in request.messages:
                say(f"  {message.role}: {message.text}")
        say(f"calls: {found.new:,} new, {found.cached:,} answered before")
        say(f"tokens: about {found.prompt_tokens:,} to read, at most {found.completion_tokens:,} to write")
        if found.cost is None:
            say(f"cost: no price is known for this model; put it into {own_file()}")
        else:
            say(f"cost: {f'at most about {dollars(found.cost)}' if found.cost else 'none'}")
        return {"calls": found.new, "cached": found.cached, "prompt_tokens": found.prompt_tokens, "completion_tokens": found.completion_tokens, "cost": found.cost}


def without_model(plan: Plan) -> Plan:
    """The plan with only those strategies that ask no model."""
    from dataclasses import replace

    from ..plugins import plugins
    from ..protocols import PromptedStrategy

    make = plugins()["strategy"].make
    return replace(plan, strategies=tuple(spec for spec in plan.strategies if not isinstance(make(spec), PromptedStrategy)))


def dollars(amount: float) -> str:
    """`$1.20`, and `$0.0031` where cents say nothing."""
    return f"${amount:,.2f}" if amount >= _CENT else f"${amount:.2g}"
