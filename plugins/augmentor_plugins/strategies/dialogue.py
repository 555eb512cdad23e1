"""A question and its answer, talked over in several turns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from augmentor.errors import BadOption
from augmentor.examples import Example, Message
from augmentor.protocols import Malformed, Reply, Request

from .persona_files import names, read_persona
from .prompts import messages
from .spans import PROTECTED, spans

_LINE = re.compile(r"(CUSTOMER|ASSISTANT):\s*(\S.*)")
_ROLES = {"CUSTOMER": "user", "ASSISTANT": "assistant"}
_TOKENS_A_TURN = 90


@dataclass(frozen=True)
class Dialogue:
    """Have a language model write a conversation in which a customer gets the known answer bit by bit (needs a generator).

    One request a conversation. A reply is used whole or not at all: it must have exactly the turns that were asked for, bring no number,
    address or code that the source does not have, hold all of those of the known answer, and say enough of its words.

    Attributes:
        n: conversations of each example.
        turns: messages of the customer; the assistant has as many.
        personas: names or files of who the customer is; none for all that are shipped, in turn.
        said: the least share of the known answer's content words that the assistant must use.
        prompt: a template of your own, or a folder of them (docs/strategies.md).
        temperature: of the model.
    """

    n: int = 1
    turns: int = 3
    personas: tuple[str, ...] = ()
    said: float = 0.5
    prompt: Path | None = None
    temperature: float = 0.8

    def __post_init__(self) -> None:
        if self.n < 1 or self.turns < 1:
            raise BadOption(f"n={self.n}, turns={self.turns}: both must be at least 1")
        if not 0 <= self.said <= 1:
            raise BadOption(f"said={self.said}: it is a share, from 0 to 1")

    def ask(self, example: Example, rng: Random) -> list[Request]:
        if not _suits(example):
            return []
        cast = list(self.personas) or names()
        first = rng.randrange(len(cast))
        most = _TOKENS_A_TURN * 2 * self.turns
        return [
            Request(
                messages(
                    "dialogue", self.prompt, question=example.question, answer=example.answer, turns=self.turns,
                    who=read_persona(cast[(first + number) % len(cast)])[1].portrait,
                ),
                most, self.temperature, rng.getrandbits(31),
            )
            for number in range(self.n)
        ]  # fmt: skip

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterator[tuple[Sequence[Message], str | None] | Malformed]:
        for reply in replies:
            if reply.error is not None:
                continue
            turns = [match.groups() for line in reply.text.strip().splitlines() if line.strip() and (match := _LINE.fullmatch(line.strip()))]
            if fault := self._fault(example, reply, turns):
                yield Malformed(reply, fault)
            else:
                opening = [message for message in example.messages[:1] if message.role in {"system", "developer"}]
                yield [*opening, *(Message(role=_ROLES[who], content=text) for who, text in turns)], f"dialogue={self.turns}"

    def _fault(self, example: Example, reply: Reply, turns: Sequence[tuple[str, ...]]) -> str:
        """Why a reply is no such conversation; empty where it is."""
        if reply.finish == "length":
            return "it was cut off at the token limit"
        lines = [line for line in reply.text.splitlines() if line.strip()]
        if len(turns) != len(lines):
            return "a line does not begin with CUSTOMER: or ASSISTANT:"
        if [who for who, _ in turns] != ["CUSTOMER", "ASSISTANT"] * self.turns:
            return f"it is not {self.turns} messages of each, in turn, the customer first"
        told = " ".join(text for who, text in turns if who == "ASSISTANT")
        if new := [span for span in spans(told) if span not in example.text]:
            return f"the assistant says {new[0]!r}, which the source does not"
        if lost := [span for span in spans(example.answer) if span not in told]:
            return f"the assistant leaves out {lost[0]!r}"
        wanted = content_words(example.answer)
        if len(wanted & content_words(told)) < self.said * len(wanted):
            return "the assistant does not give the known answer"
        return ""


def content_words(text: str) -> set[str]:
    """The words of a text that carry its meaning, lower case."""
    from ..lexicon.words import FUNCTION_WORDS

    return {word for word in re.findall(r"[^\W_]+", PROTECTED.sub(" ", text).lower()) if word not in FUNCTION_WORDS and len(word) > 1}


def _suits(example: Example) -> bool:
    """Whether it is one question and one answer, both plain text."""
    roles = [message.role for message in example.messages if message.role not in {"system", "developer"}]
    plain = all(isinstance(message.content, str) and not message.tool_calls for message in example.messages)
    return roles == ["user", "assistant"] and plain and bool(example.question.strip() and example.answer.strip())
