"""What is odd about a data set as a whole, though each of its rows can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from ..examples import Example
from .preference import DESIRABLE


def _answers_twice(example: Example) -> bool:
    return any(first.role == second.role == "assistant" and not first.tool_calls for first, second in pairwise(example.messages))


def _arguments_twice_encoded(example: Example) -> bool:
    for message in example.messages:
        for call in message.tool_calls or ():
            function = call.get("function")
            arguments = function.get("arguments") if isinstance(function, dict) else None
            if isinstance(arguments, str) and arguments.lstrip().startswith('"'):
                try:
                    return isinstance(msgspec.json.decode(arguments), str)
                except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
                    continue
    return False


def _empty_question(example: Example) -> bool:
    return any(message.role == "user" for message in example.messages) and not example.question.strip()


def _no_question(example: Example) -> bool:
    return all(message.role != "user" for message in example.messages)


def _empty_answer(example: Example) -> bool:
    last = example.messages[-1]
    return last.role == "assistant" and not last.text.strip() and not last.tool_calls and not last.extra


def _undesirable(example: Example) -> bool:
    return example.meta.get(DESIRABLE) is False


NOTICES: tuple[tuple[Callable[[Example], bool], str], ...] = (
    (_answers_twice, "with two assistant turns in a row, which some trainers and providers reject"),
    (_arguments_twice_encoded, "with tool arguments that are JSON-encoded twice, which teaches a model to write them so"),
    (_empty_question, "whose question is empty"),
    (_no_question, "without a user turn"),
    (_empty_answer, "whose last answer is empty"),
    (_undesirable, f"whose answer is marked as not desirable (meta.{DESIRABLE} is false)"),
)
"""Each a test of one example, and how a sentence goes on that counts the examples it is true of."""


@dataclass
class Tally:
    """Counts, example by example, what `NOTICES` look for."""

    counts: list[int] = field(default_factory=lambda: [0] * len(NOTICES))
    firsts: list[str] = field(default_factory=lambda: [""] * len(NOTICES))

    def look(self, example: Example) -> None:
        """Count one example."""
        for place, (holds, _) in enumerate(NOTICES):
            if holds(example):
                self.counts[place] += 1
                self.firsts[place] = self.firsts[place] or example.id

    def sentences(self) -> Iterator[str]:
        """What was found, a sentence each."""
        for count, first, (_, said) in zip(self.counts, self.firsts, NOTICES, strict=True):
            if count:
                yield f"{count:,} example{'s' if count > 1 else ''} {said} (first: {first})"
