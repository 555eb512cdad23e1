"""One training conversation, and where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import msgspec

Content = str | list[dict[str, Any]] | None
"""What a message holds: text, a list of content parts (`{"type": "text", "text": ...}`), or nothing beside tool calls."""


class Message(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One turn. Keys that no chat format knows are kept in `extra` and written back where they were."""

    role: str
    content: Content = None
    name: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    tool_call_id: str | None = None
    weight: int | None = None
    extra: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The plain text of the content; empty where there is none."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part["text"] for part in self.content or () if isinstance(part.get("text"), str))


class Example(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A conversation with its lineage.

    Attributes:
        id: stable: given by the source, or a hash of the content (`content_id`).
        messages: the turns, system message first where there is one. There may be no answer yet.
        root: id of the source example that this one descends from; its own id when it is a source.
        parent: id of the example that this one was made from; None for a source.
        made_by: the component that made it, as written in a recipe (`rephrase:n=4`); None for a source.
        variation: what that component says of its choice (`persona=terse_expert`); for reading and grouping.
        label: intent, category or topic, where the data has one.
        rejected: the answer that is *not* preferred, in preference (DPO) data; `messages` then ends with the preferred one.
        meta: what else the source said about this conversation (ticket, channel, customer ...).
        scores: what filters measured, by filter name.
        extra: top-level keys of a chat format that are part of the training data (`tools`, `parallel_tool_calls`).
    """

    id: str
    messages: tuple[Message, ...]
    root: str = ""
    parent: str | None = None
    made_by: str | None = None
    variation: str | None = None
    label: str | None = None
    rejected: tuple[Message, ...] = ()
    meta: dict[str, Any] = {}
    scores: dict[str, float] = {}
    extra: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if not self.root:
            msgspec.structs.force_setattr(self, "root", self.id)

    @property
    def question(self) -> str:
        """Text of the first user turn; empty when there is none."""
        return next((message.text for message in self.messages if message.role == "user"), "")

    @property
    def prompt(self) -> tuple[Message, ...]:
        """The turns before the last assistant turn: what a model is given to answer."""
        index = self._answer_index()
        return self.messages if index is None else self.messages[:index]

    @property
    def answer(self) -> str:
        """Text of the last assistant turn; empty when there is none."""
        index = self._answer_index()
        return "" if index is None else self.messages[index].text

    def _answer_index(self) -> int | None:
        return next((index for index in reversed(range(len(self.messages))) if self.messages[index].role == "assistant"), None)

    @property
    def text(self) -> str:
        """All turns as plain text, a line each."""
        return "\n".join(message.text for message in self.messages)

    def vary(self, turn: int, text: str, made_by: str, variation: str | None = None) -> Example:
        """A variant of this example in which turn number `turn` reads `text`; its pictures and sounds stay."""
        messages = list(self.messages)
        content: str | list[dict[str, Any]] = text
        if isinstance(parts := messages[turn].content, list) and (others := [part for part in parts if part.get("type") != "text"]):
            content = [{"type": "text", "text": text}, *others]
        messages[turn] = msgspec.structs.replace(messages[turn], content=content)
        return self.derive(messages, made_by, variation)

    def derive(self, messages: Sequence[Message], made_by: str, variation: str | None = None) -> Example:
        """A variant of this example with other turns: same root, this example as parent, an id from its content."""
        return msgspec.structs.replace(
            self,
            id=content_id(messages, self.label, self.root, made_by),
            messages=tuple(messages),
            root=self.root,
            parent=self.id,
            made_by=made_by,
            variation=variation,
            scores={},
        )


def content_id(messages: Sequence[Message], *context: str | None) -> str:
    """A hash of what is said (64 bits, 16 hex digits), the same on any machine and in any order of reading."""
    payload = msgspec.json.encode([list(messages), context], order="deterministic")
    return hashlib.blake2b(payload, digest_size=8).hexdigest()


def chance(seed: int, component: str, example_id: str) -> Random:
    """Random numbers that depend on the seed, the component and the example, never on position, batch or worker."""
    key = f"{seed}\0{component}\0{example_id}".encode("utf-8", "surrogatepass")
    return Random(int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big"))


def encode(example: Example) -> bytes:
    """One line of the native file, newline included. A source's root is its id and is left out, as is all that is empty."""
    fields = msgspec.to_builtins(example)
    if fields.get("root") == example.id:
        del fields["root"]
    return msgspec.json.encode(fields) + b"\n"


_DECODER = msgspec.json.Decoder(Example)


def decode(line: bytes) -> Example:
    """The example on one line of the native file.

    Raises:
        msgspec.ValidationError: the line is no example; says which key is wrong.
    """
    return _DECODER.decode(line)


def families(examples: Sequence[Example]) -> Mapping[str, list[Example]]:
    """Examples by root, in order of first appearance."""
    found: dict[str, list[Example]] = {}
    for example in examples:
        found.setdefault(example.root, []).append(example)
    return found


def user_turns(example: Example, which: str) -> Iterator[int]:
    """Indices of the user turns that `which` (`first`, `last` or `all`) names."""
    indices = [index for index, message in enumerate(example.messages) if message.role == "user" and message.text.strip()]
    if which == "first":
        indices = indices[:1]
    elif which == "last":
        indices = indices[-1:]
    yield from indices
