"""Answers in a brand's voice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import msgspec

from augmentor.errors import BadOption, UsageError
from augmentor.examples import Example, Message
from augmentor.protocols import Malformed, Reply, Request

from .prompted import unquoted
from .prompts import messages
from .spans import spans

STYLES = Path(__file__).parent / "styles"
_LONGEST = 3


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer as it was, and as it should sound."""

    before: str
    after: str


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A style card: whose voice, what it is like, rules to keep, words to avoid, and examples."""

    name: str
    voice: str
    rules: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    examples: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class AnswerStyle:
    """Have a language model rewrite the answers in the voice that a style card describes (needs a generator).

    All answers of a conversation are rewritten, tool calls stay. A variant is made only where every one of them keeps each number, address
    and code, brings no new one, and has none of the words that the card avoids. Beside the originals a model would learn both voices:
    take `--only-new`.

    Attributes:
        card: a style card: `plain`, `warm`, `formal`, or a `.toml` file of yours (docs/strategies.md).
        n: variants of each conversation.
        prompt: a template of your own, or a folder of them (docs/strategies.md).
        temperature: of the model.
        max_tokens: the longest answer.
    """

    card: str = "plain"
    n: int = 1
    prompt: Path | None = None
    temperature: float = 0.5
    max_tokens: int = 400

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BadOption(f"n={self.n}: it must be at least 1")

    def ask(self, example: Example, rng: Random) -> list[Request]:
        card = read_card(self.card)
        return [
            Request(
                messages("answer_style", self.prompt, card=card, answer=example.messages[place].text, question=_question(example, place)),
                self.max_tokens,
                self.temperature,
                rng.getrandbits(31),
            )
            for _ in range(self.n)
            for place in _places(example)
        ]

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterator[tuple[Sequence[Message], str | None] | Malformed]:
        places = _places(example)
        card = read_card(self.card)
        for first in range(0, len(replies), max(len(places), 1)):
            turns = list(example.messages)
            whole = True
            for place, reply in zip(places, replies[first : first + len(places)], strict=True):
                text = unquoted(reply.text)
                fault = "" if reply.error is not None else _fault(text, turns[place].text, reply, card)
                if fault:
                    yield Malformed(reply, fault)
                whole = whole and not fault and reply.error is None
                turns[place] = msgspec.structs.replace(turns[place], content=text)
            if whole:
                yield turns, f"style={Path(self.card).stem}"


def _places(example: Example) -> list[int]:
    """The turns of the assistant that are plain text."""
    return [
        index
        for index, message in enumerate(example.messages)
        if message.role == "assistant" and isinstance(message.content, str) and message.content.strip() and not message.tool_calls
    ]


def _question(example: Example, place: int) -> str:
    return next((message.text for message in reversed(example.messages[:place]) if message.role == "user"), "")


def _fault(text: str, source: str, reply: Reply, card: Card) -> str:
    """Why a reply is not the same answer in that voice; empty where it can be."""
    if not text:
        return "it says nothing"
    if reply.finish == "length":
        return "it was cut off at the token limit"
    if len(text) > _LONGEST * max(len(source), 60):
        return f"it is more than {_LONGEST} times as long as the answer"
    if lost := [span for span in spans(source) if span not in text]:
        return f"it leaves out {lost[0]!r}"
    if new := [span for span in spans(text) if span not in source]:
        return f"it says {new[0]!r}, which the answer does not"
    avoided = next((word for word in card.avoid if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)), None)
    return f"it uses {avoided!r}, which the card avoids" if avoided else ""


@cache
def read_card(name: str) -> Card:
    """The style card that is shipped under a name, or in the `.toml` file at a path.

    Raises:
        UsageError: there is none, or it says something it cannot mean.
    """
    known = sorted(path.stem for path in STYLES.glob("*.toml"))
    if not name.endswith(".toml") and name not in known:
        raise UsageError(f"No style card is called {name!r}. Known: {', '.join(known)}; or name a .toml file of your own.")
    path = Path(name).expanduser() if name.endswith(".toml") else STYLES / f"{name}.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Card)
    except OSError as error:
        raise UsageError(f"The style card {name} cannot be read: {error.strerror or error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The style card {name} cannot be read: {error}. docs/strategies.md says what it holds.") from None
