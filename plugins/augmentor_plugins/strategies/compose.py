"""Strategies in sequence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from augmentor.errors import UsageError
from augmentor.plugins import plugins
from augmentor.protocols import BatchStrategy, TextStrategy, Variation
from augmentor.texts import normalised


@dataclass(frozen=True)
class Compose:
    """Apply strategies one after the other: what the first makes, the second varies (`compose:strategies=rephrase:n=4+noise`).

    Each text goes through a step with a probability and passes unchanged otherwise. A step that has nothing to say passes
    its text on as well. Variants that say what the source or an earlier variant says are left out.

    Attributes:
        strategies: the steps, in order, as a recipe writes them; separated by `+` on the command line.
        probability: the chance that a text goes through a step, drawn for each text and step.
        n: the most variants of a text to keep.
    """

    strategies: tuple[str, ...] = ("rephrase:n=4", "noise")
    probability: float = 1.0
    n: int = 4

    def __post_init__(self) -> None:
        if not self.strategies:
            raise ValueError("strategies is empty; name at least one")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability is between 0 and 1, not {self.probability}")

    def vary_batch(self, texts: Sequence[str], rngs: Sequence[Random]) -> list[list[Variation]]:
        steps = [(written, _made(written)) for written in self.strategies]
        drafts = [(row, Variation(text)) for row, text in enumerate(texts)]
        for written, step in steps:
            drafts = self._through(step, written, drafts, rngs)
        found: list[list[Variation]] = [[] for _ in texts]
        seen = [{normalised(text)} for text in texts]
        for row, draft in drafts:
            if normalised(draft.text) not in seen[row] and len(found[row]) < self.n:
                seen[row].add(normalised(draft.text))
                found[row].append(draft)
        return found

    def _through(self, step: Any, written: str, drafts: list[tuple[int, Variation]], rngs: Sequence[Random]) -> list[tuple[int, Variation]]:
        """The drafts after one step; each gets a generator of its own, so that none depends on how many the others have."""
        chances = [Random(rngs[row].getrandbits(64)) for row, _ in drafts]
        taken = [index for index, chance in enumerate(chances) if chance.random() < self.probability]
        results = _vary(step, [drafts[index][1].text for index in taken], [chances[index] for index in taken])
        made = dict(zip(taken, results, strict=True))
        after = []
        for index, (row, draft) in enumerate(drafts):
            variants = made.get(index, [])
            after += [(row, Variation(variant.text, _joined(draft.note, variant.note or written))) for variant in variants] or [(row, draft)]
        return after


def _vary(step: Any, texts: list[str], rngs: list[Random]) -> list[list[Variation]]:
    batches: Sequence[Iterable[str | Variation]]
    if isinstance(step, BatchStrategy):
        batches = step.vary_batch(texts, rngs)
    else:
        batches = [step.vary(text, rng) for text, rng in zip(texts, rngs, strict=True)]
    return [[item if isinstance(item, Variation) else Variation(item) for item in batch] for batch in batches]


def _made(written: str) -> Any:
    """The strategy that `written` stands for.

    Raises:
        UsageError: it works on whole conversations or needs a language model, so it cannot stand in a sequence of texts.
    """
    step = plugins()["strategy"].make(written)
    if not isinstance(step, (BatchStrategy, TextStrategy)):
        raise UsageError(f"compose cannot use the strategy {written!r}: it does not work on one text at a time.")
    return step


def _joined(before: str | None, note: str) -> str:
    return f"{before}; {note}" if before else note
