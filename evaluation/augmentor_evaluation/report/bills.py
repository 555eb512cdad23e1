"""What a run took of models: calls, tokens and money, as far as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from augmentor.errors import AugmentorError
from augmentor.generation import price_of_generator
from augmentor.plugins import plugins

from .lines import read_lines
from .runview import RunView


@dataclass(frozen=True)
class Bill:
    """What one kind of work took. `dollars` is None where no price is known; 0 is work on one's own machine."""

    what: str
    calls: int | None
    prompt_tokens: int | None
    completion_tokens: int | None
    dollars: float | None
    note: str = ""


class _Tokens(msgspec.Struct, frozen=True):
    prompt_tokens: int = 0
    completion_tokens: int = 0


def bills(run: RunView) -> Iterator[Bill]:
    """The bills of making variants, training, answering and judging, those that there are."""
    asked: Mapping[str, Any] = next((stage["asked"] for stage in reversed(run.manifest.get("stages") or ()) if stage.get("asked")), {})
    if asked:
        note = f"{asked['failed']:,} failed calls among them" if asked.get("failed") else "replies of earlier runs are not paid again"
        yield Bill("making variants", int(asked["calls"]), int(asked["prompt_tokens"]), int(asked["completion_tokens"]), asked.get("cost"), note)
    if run.trainings:
        tokens = sum(int(facts.get("tokens") or 0) for facts in run.trainings.values())
        known = [_training(facts) for facts in run.trainings.values()]
        yield Bill("training", len(known), tokens, None, None if None in known else sum(filter(None, known)), "calls are trainings, tokens what they saw")
    if run.prediction_files:
        calls = prompt = completion = 0
        for files in run.prediction_files.values():
            for path in files.values():
                for row in read_lines(path, _Tokens):
                    calls, prompt, completion = calls + 1, prompt + row.prompt_tokens, completion + row.completion_tokens
        yield Bill("answering the test", calls, prompt, completion, _answering(run, prompt, completion), "without arms that an experiment added")
    for judge in run.results.judges if run.results else ():
        health = judge.health
        yield Bill(f"judge {judge.name}", health.asked, health.prompt_tokens, health.completion_tokens, health.dollars)


def _training(facts: Mapping[str, Any]) -> float | None:
    """What a training cost: what its trainer reckoned, or nothing on a device of one's own."""
    estimate = facts.get("estimate")
    if isinstance(estimate, Mapping):
        dollars = estimate.get("dollars")
        return float(dollars) if dollars is not None else None
    return 0.0 if facts.get("device") else None


def _answering(run: RunView, prompt: int, completion: int) -> float | None:
    """What the answers cost by the price of the recipe's generator."""
    try:
        recipe: Any = msgspec.yaml.decode((run.recipe or "").encode("utf-8", "replace"))
        price = price_of_generator(plugins()["generator"].make(recipe["answer_with"])) if isinstance(recipe, dict) and "answer_with" in recipe else None
    except (AugmentorError, msgspec.DecodeError, TypeError):
        return None
    return price.of(prompt, completion) if price else None
