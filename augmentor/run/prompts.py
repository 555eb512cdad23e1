"""What models were asked, by example, for whoever reads the run later."""

from __future__ import annotations

from collections.abc import Iterator

from ..pipeline import Plan, asking
from ..protocols import Request
from ..recipe import Recipe, specs
from .data import load
from .folder import RunFolder

_LOOKED_AT = 50
"""Originals that are tried until a strategy has something to ask about one."""


def prompts_of(run: RunFolder, recipe: Recipe) -> list[dict[str, str]]:
    """The first request of each prompted strategy and of each judge: `whose` it is, and its `text`, a line before each turn saying whose it is."""
    return [{"whose": whose, "text": text} for whose, text in (*_strategies(run, recipe), *_judges(run))]


def words(request: Request) -> str:
    """The turns of a request as one text."""
    return "\n\n".join(f"[{message.role}]\n{message.text}" for message in request.messages)


def _strategies(run: RunFolder, recipe: Recipe) -> Iterator[tuple[str, str]]:
    path = run / "data/original.jsonl"
    if recipe.generator is None or not path.is_file():
        return
    strategies = specs(recipe, "augment")
    plan = Plan(strategies, seed=recipe.seed, turns=recipe.turns)
    found: dict[int, str] = {}
    for example in load(path)[:_LOOKED_AT]:
        for number, [requests] in asking([example], plan):
            if requests:
                found.setdefault(number, words(requests[0]))
    for number, text in sorted(found.items()):
        yield f"strategy {strategies[number]}", text


def _judges(run: RunFolder) -> Iterator[tuple[str, str]]:
    for entry in run.finished.values():
        if entry.facts.get("prompt"):
            yield entry.stage.replace(":", " "), str(entry.facts["prompt"])
