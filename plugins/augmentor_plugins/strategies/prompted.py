"""Questions in other words, written by a language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from augmentor.errors import BadOption
from augmentor.examples import Example, Message, user_turns
from augmentor.protocols import Reply, Request

from .persona_files import read_persona

_TASK = (
    "Rewrite the customer's question below in other words, as this customer would ask it: {who} Keep what is asked, every number, name and "
    "code, and who is speaking to whom. Do not answer it. Reply with the rewritten question alone, on one line."
)
_ANYBODY = "Somebody else with the same need, in another situation."
_QUOTED = re.compile(r'^["\u201c\u2018\'](?P<inside>.*)["\u201d\u2019\']$')
_LONGEST = 4


@dataclass(frozen=True)
class Prompted:
    """Have a language model ask the same in other words (needs `--generator`, or `generator:` in a recipe).

    A reply that is not one line, is empty, fails, or is more than four times as long as the question is no variant. A small
    model answers the question or changes who speaks: put the filter `fidelity` behind it.

    Attributes:
        n: questions to ask for.
        personas: names or files of personas who ask; none for any other customer.
        temperature: of the model; 0 gives the same reply n times.
        max_tokens: the longest reply.
    """

    n: int = 2
    personas: tuple[str, ...] = ()
    temperature: float = 0.8
    max_tokens: int = 80

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BadOption(f"n={self.n}: it must be at least 1")

    def ask(self, example: Example, rng: Random) -> list[Request]:
        turns = list(user_turns(example, "first"))
        if not turns:
            return []
        question = example.messages[turns[0]].text
        portraits = [read_persona(name)[1].portrait for name in self.personas]
        asked = []
        for number in range(self.n):
            who = portraits[number % len(portraits)] if portraits else _ANYBODY
            messages = (Message(role="system", content=_TASK.format(who=who)), Message(role="user", content=question))
            asked.append(Request(messages, self.max_tokens, self.temperature, rng.getrandbits(31)))
        return asked

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterator[tuple[Sequence[Message], str | None]]:
        for turn in user_turns(example, "first"):
            question = example.messages[turn].text
            for reply in replies:
                text = _unquoted(reply.text.strip())
                if reply.error is None and text and "\n" not in text and len(text) <= _LONGEST * max(len(question), 40):
                    messages = list(example.messages)
                    messages[turn] = Message(role="user", content=text)
                    yield messages, "prompted"


def _unquoted(text: str) -> str:
    match = _QUOTED.match(text)
    return match["inside"].strip() if match else text
