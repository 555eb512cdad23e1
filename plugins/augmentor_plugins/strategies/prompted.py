"""Texts in other words, written by a language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

import msgspec

from augmentor.errors import BadOption
from augmentor.examples import Example, Message, user_turns
from augmentor.protocols import Malformed, Reply, Request

from .persona_files import names, read_persona
from .prompts import messages

_ANYBODY = "Somebody else with the same need, in another situation."
_QUOTED = re.compile(r'^["\u201c\u2018\'](?P<inside>.*)["\u201d\u2019\']$', re.DOTALL)
_LONGEST = 4


@dataclass(frozen=True)
class Prompted:
    """Have a language model say the same in other words (needs `--generator`, or `generator:` in a recipe).

    A reply that is empty, is more than four times as long as what was asked about or, for a text of one line, has several lines, is dropped
    as malformed. A small model answers the question or changes who speaks: put the filter `fidelity` behind it.

    Attributes:
        task: `rephrase` asks the same in other words and situations, `paraphrase` says any text in other words, `persona` writes as somebody would type.
        n: variants to ask for.
        personas: names or files of personas who ask. None means any other customer; for `persona`, all that are shipped, in turn.
        of: what varies: the customer's `question`, or the `answer` (the last of the assistant, only for `paraphrase`).
        turns: which questions of a longer conversation.
        prompt: a template of your own, or a folder of them (docs/strategies.md).
        temperature: of the model; 0 gives the same reply n times.
        max_tokens: the longest reply.
    """

    task: Literal["rephrase", "paraphrase", "persona"] = "rephrase"
    n: int = 2
    personas: tuple[str, ...] = ()
    of: Literal["question", "answer"] = "question"
    turns: Literal["first", "last", "all"] = "first"
    prompt: Path | None = None
    temperature: float = 0.8
    max_tokens: int = 80

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BadOption(f"n={self.n}: it must be at least 1")
        if self.of == "answer" and self.task != "paraphrase":
            raise BadOption(f"of=answer goes with task=paraphrase; task={self.task} is about questions")
        if self.personas and self.task == "paraphrase":
            raise BadOption("personas go with task=rephrase or task=persona; a paraphrase is nobody's")

    def ask(self, example: Example, rng: Random) -> list[Request]:
        cast = [(name, read_persona(name)[1].portrait) for name in self._cast(rng)]
        return [
            Request(
                messages(self.task, self.prompt, text=example.messages[turn].text, who=cast[number % len(cast)][1] if cast else _ANYBODY),
                self.max_tokens,
                self.temperature,
                rng.getrandbits(31),
            )
            for turn in self._places(example)
            for number in range(self.n)
        ]

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterator[tuple[Sequence[Message], str | None] | Malformed]:
        places = [turn for turn in self._places(example) for _ in range(self.n)]
        for turn, reply in zip(places, replies, strict=False):
            if reply.error is not None:
                continue
            source = example.messages[turn]
            text = unquoted(reply.text)
            if fault := _fault(text, source.text):
                yield Malformed(reply, fault)
            else:
                turns = list(example.messages)
                turns[turn] = msgspec.structs.replace(source, content=text)
                yield turns, "prompted" if self.task == "rephrase" else f"prompted={self.task}"

    def _cast(self, rng: Random) -> list[str]:
        """Who asks, in turn."""
        if self.task != "persona" or self.personas:
            return list(self.personas)
        shipped = names()
        return rng.sample(shipped, len(shipped))

    def _places(self, example: Example) -> list[int]:
        """The turns that vary: those that hold nothing but text."""
        if self.of == "question":
            found = list(user_turns(example, self.turns))
        else:
            found = [index for index, message in enumerate(example.messages) if message.role == "assistant" and message.text.strip()][-1:]
        return [index for index in found if isinstance(example.messages[index].content, str) and not example.messages[index].tool_calls]


def _fault(text: str, source: str) -> str:
    """Why a reply cannot stand for the text; empty where it can."""
    if not text:
        return "it says nothing"
    if "\n" in text and "\n" not in source.strip():
        return "it is more than one line"
    return "it is more than four times as long as the question" if len(text) > _LONGEST * max(len(source), 40) else ""


def unquoted(text: str) -> str:
    """A reply without the quotation marks and the space around it."""
    match = _QUOTED.match(text.strip())
    return match["inside"].strip() if match else text.strip()
