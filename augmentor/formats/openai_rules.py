"""What a fine-tuning service refuses in chat and preference files, found before anything is uploaded.

The rules are those of the OpenAI protocol: roles, content, weights, tools and their calls, and the fewest rows. A service that
refuses a file says so after the upload, often for the first row alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..protocols import Problem
from .encodings import byte_lines
from .json_row import Row, RowError, kind_of, parse, problem
from .keys import TRAINING_KEYS
from .tool_rules import call_faults, defined, definition_faults

Method = Literal["supervised", "dpo"]
MINIMUM = 10
"""Fewest rows of a training file."""

_KEYS = {
    "system": {"role", "content", "name"},
    "developer": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "tool_calls", "function_call", "refusal", "weight"},
    "tool": {"role", "content", "tool_call_id", "name"},
    "function": {"role", "content", "name"},
}
_PREFERENCE_KEYS = ("input", "preferred_output", "non_preferred_output")
_PARTS = {"text": "text", "image_url": "image_url", "input_audio": "input_audio", "file": "file", "refusal": "refusal"}
_NAME = re.compile(r"[^\s<|\\/>]{1,64}")


def file_faults(path: Path, method: Method = "supervised", *, minimum: int = MINIMUM) -> Iterator[Problem]:
    """Everything in a JSONL file that a service would refuse, with lines as an editor counts them; nothing for a good file."""
    rows = 0
    for number, raw in byte_lines(path):
        if raw is not None and not raw.strip():
            continue
        rows += 1
        if raw is None:
            yield problem(path, number, "the line is too long to be one conversation")
            continue
        try:
            row = parse(raw)
        except RowError as reason:
            yield problem(path, number, str(reason), raw)
            continue
        for fault in row_faults(row, method):
            yield problem(path, number, fault, raw)
    if rows < minimum:
        yield Problem(str(path), None, f"it has {rows} rows; a service wants at least {minimum}")


def row_faults(row: Row, method: Method = "supervised") -> Iterator[str]:
    """What a service would refuse in one row."""
    if method == "supervised":
        if "messages" not in row:
            yield "it has no 'messages'" + (" but is a preference row: its method is dpo" if "preferred_output" in row else "")
            return
        yield from _unknown(row, {"messages", *TRAINING_KEYS}, "it")
        yield from definition_faults(row)
        yield from _conversation_faults(row["messages"], defined(row))
        return
    if missing := [key for key in _PREFERENCE_KEYS if key not in row]:
        yield f"it has no {' and no '.join(map(repr, missing))}"
        return
    yield from _unknown(row, set(_PREFERENCE_KEYS), "it")
    asked = row["input"]
    if not isinstance(asked, dict) or not isinstance(asked.get("messages"), list) or not asked["messages"]:
        yield "'input' is no object with a list of 'messages'"
        return
    yield from _unknown(asked, {"messages", *TRAINING_KEYS}, "'input'")
    yield from definition_faults(asked)
    yield from _turn_faults(asked["messages"], defined(asked))
    if _role(asked["messages"][-1]) == "assistant":
        yield "the input ends with an assistant turn, which leaves nothing to answer"
    for key in _PREFERENCE_KEYS[1:]:
        answer = row[key]
        if not isinstance(answer, list) or [_role(turn) for turn in answer] != ["assistant"]:
            yield f"'{key}' is not a list of one assistant turn"
        else:
            yield from (f"'{key}': {fault}" for fault in _turn_faults(answer, defined(asked)))
    if row["preferred_output"] == row["non_preferred_output"]:
        yield "the preferred and the other answer are the same"


def _conversation_faults(messages: Any, tools: set[str]) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield f"'messages' is {kind_of(messages) if not isinstance(messages, list) else 'empty'}, not a list of turns"
        return
    yield from _turn_faults(messages, tools)
    answers = [turn for turn in messages if _role(turn) == "assistant"]
    if not answers:
        yield "it has no assistant turn, so there is nothing to learn"
    elif all(_weight(turn) == 0 for turn in answers):
        yield "all its assistant turns have weight 0, so there is nothing to learn"
    if answers and _role(messages[-1]) != "assistant":
        yield f"it ends with a turn of the {_role(messages[-1]) or 'unknown role'}, not of the assistant"


def _turn_faults(messages: Sequence[Any], tools: set[str]) -> Iterator[str]:
    waiting: dict[str, int] = {}
    for number, turn in enumerate(messages, 1):
        role = _role(turn)
        if not isinstance(turn, dict) or role not in _KEYS:
            said = f"the role {turn['role']!r}" if isinstance(turn, dict) and isinstance(turn.get("role"), str) else "no role"
            yield f"turn {number} has {said}; known: {', '.join(_KEYS)}" if isinstance(turn, dict) else f"turn {number} is {kind_of(turn)}"
            continue
        place = f"turn {number} ({role})"
        if role == "tool":
            answered = turn.get("tool_call_id")
            if not isinstance(answered, str) or waiting.pop(answered, None) is None:
                yield f"{place} answers the call {answered!r}, which the assistant's turn before it did not make"
        else:
            yield from (f"turn {asker} calls a tool ({call!r}) that no turn after it answers" for call, asker in waiting.items())
            waiting = {}
        if role == "assistant" and number > 1 and _role(messages[number - 2]) == "assistant":
            yield f"{place} follows another assistant turn"
        yield from _unknown(turn, _KEYS[role], place)
        yield from (f"{place}: {fault}" for fault in _content_faults(turn, role))
        if turn.get("tool_calls") is not None or turn.get("function_call") is not None:
            calls, faults = call_faults(turn, tools)
            waiting = dict.fromkeys(calls, number)
            yield from (f"{place}: {fault}" for fault in faults)


def _content_faults(turn: Mapping[str, Any], role: str) -> Iterator[str]:
    content = turn.get("content")
    calls = turn.get("tool_calls") or turn.get("function_call") or turn.get("refusal")
    if content is None or content in ("", []):
        if role == "assistant" and not calls:
            yield "it says nothing and calls nothing"
        elif role != "assistant" and (content is None or role == "user"):
            yield "it has no content"
    elif isinstance(content, list):
        for part in content:
            kind = part.get("type") if isinstance(part, dict) else None
            if kind not in _PARTS or _PARTS[kind] not in part:
                yield f"a content part of type {kind!r} is none that a service knows ({', '.join(_PARTS)})"
            elif kind not in {"text", "refusal"} and role != "user":
                yield f"a content part of type {kind!r} belongs into a user turn only"
    elif not isinstance(content, str):
        yield f"the content is {kind_of(content)}, not text"
    if "weight" in turn and _weight(turn) not in (0, 1):
        yield f"the weight is {msgspec.json.encode(turn['weight']).decode()}; it must be 0 or 1"
    if (name := turn.get("name")) is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        yield f"the name {name!r} is not 1 to 64 characters without spaces and <|\\/>"


def _unknown(fields: Mapping[str, Any], known: set[str], what: str) -> Iterator[str]:
    if extra := [key for key in fields if key not in known]:
        yield f"{what} has the key {', '.join(map(repr, extra))}, which a service does not know"


def _role(turn: Any) -> str | None:
    role = turn.get("role") if isinstance(turn, dict) else None
    return role if isinstance(role, str) else None


def _weight(turn: Mapping[str, Any]) -> int | None:
    """0 or 1; 1 where nothing is said, None for anything else."""
    weight = turn.get("weight", 1)
    return weight if isinstance(weight, int) and not isinstance(weight, bool) and weight in (0, 1) else None
