"""Which texts of a conversation a filter judges, and how it writes changed ones back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import msgspec

from augmentor.examples import Example, Message

Side = Literal["both", "questions", "answers"]
"""What is judged: what users say, what assistants answer (rejected answers too), or both."""

_ROLES = {"both": frozenset({"user", "assistant"}), "questions": frozenset({"user"}), "answers": frozenset({"assistant"})}


def spoken(example: Example, side: Side = "both") -> Iterator[tuple[str, str]]:
    """The texts of a conversation that are not blank, each with its place in words: `question`, `answer` or `turn 3 (user)`."""
    roles = _ROLES[side]
    short = len(example.messages) <= 2
    for number, message in enumerate(example.messages, 1):
        if message.role in roles:
            text = message.text
            if text and not text.isspace():
                yield _place(message.role, number, short=short), text
    if side != "questions":
        for message in example.rejected:
            if message.text.strip():
                yield "rejected answer", message.text


def _place(role: str, number: int, *, short: bool) -> str:
    if short:
        return "question" if role == "user" else "answer"
    return f"turn {number} ({role})"


def rewritten(example: Example, change: Callable[[str], str]) -> Example:
    """The example with `change` applied to all its texts: every turn, its parts, its tool calls, and rejected answers.

    The same object when nothing changed. The id stays, so that lineage holds.
    """
    messages = tuple(_changed(message, change) for message in example.messages)
    rejected = tuple(_changed(message, change) for message in example.rejected)
    if messages == example.messages and rejected == example.rejected:
        return example
    return msgspec.structs.replace(example, messages=messages, rejected=rejected)


def _changed(message: Message, change: Callable[[str], str]) -> Message:
    content = message.content
    if isinstance(content, str):
        content = change(content)
    elif content is not None:
        content = [{**part, "text": change(part["text"])} if isinstance(part.get("text"), str) else part for part in content]
    calls = message.tool_calls and [_call(call, change) for call in message.tool_calls]
    return msgspec.structs.replace(message, content=content, tool_calls=calls)


def _call(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """A tool call in which only the arguments are changed: names and ids link it to other turns."""
    if isinstance(value, dict):
        return {name: _call(item, change, "arguments" if key == "arguments" else name) for name, item in value.items()}
    if isinstance(value, list):
        return [_call(item, change, key) for item in value]
    return change(value) if isinstance(value, str) and key == "arguments" else value
