"""Turns of a conversation: what the chat formats write, as `Message`s, and what makes a conversation usable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ..examples import Content, Example, Message, content_id
from .json_row import RowError, kind_of

ROLES = {
    "system": ("system",),
    "developer": ("developer",),
    "user": ("user", "human", "customer", "client", "prompter"),
    "assistant": ("assistant", "gpt", "chatgpt", "bot", "model", "agent", "bing", "bard"),
    "tool": ("tool", "observation", "function_response", "tool_response"),
    "function": ("function",),
    "function_call": ("function_call", "tool_call"),
}
_ROLE_OF = {word: role for role, words in ROLES.items() for word in words}
_ROLE_KEYS = ("role", "from", "speaker", "author", "sender")
_TEXT_KEYS = ("content", "value", "text", "utterance", "message")
_FIELDS = ("name", "tool_calls", "tool_call_id", "weight")


def conversation(turns: Any) -> tuple[Message, ...]:
    """The messages of a list of turns, in any of the chat formats.

    Raises:
        RowError: it is no list of turns; says which turn is wrong, counted from 1.
    """
    if not isinstance(turns, Sequence) or isinstance(turns, str):
        raise RowError(f"the turns are {kind_of(turns)}, not a list")
    messages: list[Message] = []
    for number, turn in enumerate(turns, 1):
        messages.append(_message(turn, number, messages))
    return tuple(messages)


def _message(turn: Any, number: int, before: Sequence[Message]) -> Message:
    if not isinstance(turn, Mapping):
        raise RowError(f"turn {number} is {kind_of(turn)}, not an object")
    role_key = next((key for key in _ROLE_KEYS if key in turn), None)
    if role_key is None:
        raise RowError(f"turn {number} has no role")
    word = turn[role_key]
    role = _ROLE_OF.get(word.strip().casefold()) if isinstance(word, str) else None
    if role is None:
        shown = repr(word[:40]) if isinstance(word, str) else kind_of(word)
        raise RowError(f"turn {number} has the role {shown}; known: {', '.join(ROLES)}")
    if role == "system" and role_key == "speaker":
        role = "assistant"  # in a transcript of a dialogue the system is who answers
    text_key = next((key for key in _TEXT_KEYS if key in turn), "content")
    rest = {key: value for key, value in turn.items() if key not in (role_key, text_key, *_FIELDS)}
    rest.update(rest.pop("extra", None) or {} if isinstance(rest.get("extra"), dict) else {})
    fields: dict[str, Any] = {key: turn[key] for key in _FIELDS if turn.get(key) is not None}
    content = turn.get(text_key)
    if role == "function_call":
        role, content, fields["tool_calls"] = "assistant", None, _calls(content, number)
    elif isinstance(content, list):
        content = _parts(content, number, fields, rest)
    if role == "tool" and role_key == "from" and "tool_call_id" not in fields and before and before[-1].tool_calls:
        fields["tool_call_id"] = str(before[-1].tool_calls[0].get("id", ""))
    _weigh(fields, rest, number)
    return _checked(role, content, fields, rest, number)


def _weigh(fields: dict[str, Any], rest: dict[str, Any], number: int) -> None:
    weight = fields.pop("weight", None)
    if weight is None and rest.get("loss_weight") in (0, 1):
        weight = rest.pop("loss_weight")
    if weight is None:
        return
    if weight not in (0, 1):
        raise RowError(f"turn {number} has a weight that is neither 0 nor 1")
    fields["weight"] = int(weight)


def _checked(role: str, content: Content, fields: dict[str, Any], rest: dict[str, Any], number: int) -> Message:
    has_call = bool(fields.get("tool_calls")) or any(rest.get(key) for key in ("function_call", "refusal", "audio"))
    if content is None and not (role == "assistant" and has_call):
        raise RowError(f"turn {number} ({role}) has no content")
    if content is not None and not isinstance(content, (str, list)):
        raise RowError(f"turn {number} ({role}): the content is {kind_of(content)}, not text")
    try:
        message = msgspec.convert({"role": role, "content": content, "extra": rest, **fields}, Message)
    except msgspec.ValidationError as error:
        raise RowError(f"turn {number} ({role}): {error}") from None
    if "\0" in message.text:
        raise RowError(f"turn {number} ({role}) has a NUL character in its text")
    return message


def _parts(parts: list[Any], number: int, fields: dict[str, Any], rest: dict[str, Any]) -> Content:
    """Content parts. OpenAI's stay as they are; those with a `value` become text, reasoning and tool calls."""
    for part in parts:
        if not isinstance(part, dict):
            raise RowError(f"turn {number} has a content part that is {kind_of(part)}, not an object")
    if not parts or not all(isinstance(part.get("value"), str) for part in parts):
        return parts
    said: dict[str, list[str]] = {}
    for part in parts:
        said.setdefault(str(part.get("type", "text")), []).append(part["value"])
    if calls := said.pop("tool_call", []):
        fields["tool_calls"] = [call for value in calls for call in _calls(value, number)]
        for place, call in enumerate(fields["tool_calls"], 1):
            call["id"] = f"call_{number}_{place}"
    if reasoning := said.pop("reasoning", []):
        rest["reasoning_content"] = "\n".join(reasoning)
    text = said.pop("text", [])
    if said:
        raise RowError(f"turn {number} has a content part of an unknown type: {', '.join(said)[:80]}")
    return "\n".join(text) if text or not calls else None


def _calls(value: Any, number: int) -> list[dict[str, Any]]:
    """Tool calls from the JSON text `{"name": ..., "arguments": {...}}`, or a list of such."""
    try:
        calls = msgspec.json.decode(value) if isinstance(value, str) else value
    except (msgspec.DecodeError, RecursionError):
        raise RowError(f"turn {number}: the function call is not JSON") from None
    calls = calls if isinstance(calls, list) else [calls]
    found = []
    for place, call in enumerate(calls, 1):
        if not isinstance(call, dict) or not isinstance(call.get("name"), str):
            raise RowError(f"turn {number}: the function call has no name")
        arguments = call.get("arguments", {})
        written = arguments if isinstance(arguments, str) else msgspec.json.encode(arguments).decode()
        found.append({"id": f"call_{number}_{place}", "type": "function", "function": {"name": call["name"], "arguments": written}})
    return found


def build(
    messages: tuple[Message, ...],
    *,
    given: Any = None,
    label: str | None = None,
    rejected: tuple[Message, ...] = (),
    meta: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
    may_be_unanswered: bool = False,
) -> Example:
    """An example of these turns, with the id that the source gave it or one from its content.

    Raises:
        RowError: nobody could learn from it: it has no turns or no text, or no answer and no label.
    """
    if not messages:
        raise RowError("it has no turns")
    if not any(message.text.strip() or message.tool_calls or message.extra.get("function_call") for message in messages):
        raise RowError("all its turns are empty")
    roles = [message.role for message in messages]
    if "assistant" not in roles and label is None and not may_be_unanswered:
        raise RowError("it has neither an assistant turn nor a label, so there is nothing to learn from it")
    if not {"user", "tool", "function"} & set(roles) and (roles[0] == "assistant" or roles.count("assistant") > 1):
        raise RowError("its assistant turns answer nobody: there is no user turn")
    identity = (
        str(given)
        if isinstance(given, (str, int)) and not isinstance(given, bool) and str(given).strip()
        else content_id(messages, label, "")
    )
    return Example(id=identity, messages=messages, label=label, rejected=rejected, meta=meta or {}, extra=extra or {})
