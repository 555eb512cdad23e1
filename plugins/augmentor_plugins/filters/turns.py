"""Which texts of a conversation a filter judges, and how it writes changed ones back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from augmentor.examples import Example, Message

Side = Literal["both", "questions", "answers"]
"""What is judged: what users say, what assistants answer (rejected answers too), or both."""

_ROLES = {"both": frozenset({"user", "assistant"}), "questions": frozenset({"user"}), "answers": frozenset({"assistant"})}


def spoken(example: Example, side: Side = "both") -> list[tuple[str, str]]:
    """The texts of a conversation that are not blank, each with its place in words: `question`, `answer` or `turn 3 (user)`."""
    roles = _ROLES[side]
    messages = example.messages
    short = len(messages) <= 2
    found = []
    for number, message in enumerate(messages, 1):
        if message.role in roles:
            content = message.content
            text = content if isinstance(content, str) else message.text
            if text and not text.isspace():
                found.append((_place(message.role, number, short=short), text))
    if example.rejected and side != "questions":
        found += [("rejected answer", message.text) for message in example.rejected if message.text.strip()]
    return found


def _place(role: str, number: int, *, short: bool) -> str:
    if short:
        return "question" if role == "user" else "answer"
    return f"turn {number} ({role})"


def rewritten(example: Example, change: Callable[[str], str], side: Side | None = None) -> Example:
    """The example with `change` applied to its texts: every turn, its parts, its tool calls, and rejected answers.

    With a `side`, only what that side says, and no tool calls. The same object when nothing changed. The id stays, so that lineage holds.
    """
    if side is None:
        messages = tuple(_changed(message, change, calls=True) for message in example.messages)
    else:
        messages = tuple(_changed(message, change, calls=False) if message.role in _ROLES[side] else message for message in example.messages)
    rejected = tuple(_changed(message, change, calls=side is None) for message in example.rejected) if side != "questions" else example.rejected
    if messages == example.messages and rejected == example.rejected:
        return example
    return msgspec.structs.replace(example, messages=messages, rejected=rejected)


def _changed(message: Message, change: Callable[[str], str], *, calls: bool) -> Message:
    """The message itself where nothing changes."""
    content = message.content
    if isinstance(content, str):
        content = change(content)
    elif content is not None:
        content = [{**part, "text": change(part["text"])} if isinstance(part.get("text"), str) else part for part in content]
    made = [_call(call, change) for call in message.tool_calls] if calls and message.tool_calls else message.tool_calls
    if content == message.content and made == message.tool_calls:
        return message
    return msgspec.structs.replace(message, content=content, tool_calls=made)


def _call(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """A tool call in which only the arguments are changed: names and ids link it to other turns."""
    if isinstance(value, dict):
        return {name: _call(item, change, "arguments" if key == "arguments" else name) for name, item in value.items()}
    if isinstance(value, list):
        return [_call(item, change, key) for item in value]
    return change(value) if isinstance(value, str) and key == "arguments" else value
