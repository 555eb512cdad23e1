"""What a fine-tuning service refuses in tool definitions and in calls of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .json_row import kind_of

MOST_TOOLS = 128
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def defined(fields: Mapping[str, Any]) -> set[str]:
    """The names of the tools and functions that a row defines."""
    return {function["name"] for _, function in _functions(fields) if isinstance(function, dict) and isinstance(function.get("name"), str)}


def definition_faults(fields: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the tools and functions that a row defines."""
    for key in ("tools", "functions"):
        if key in fields and (not isinstance(fields[key], list) or not fields[key]):
            yield f"'{key}' is not a list of definitions"
        elif len(fields.get(key, ())) > MOST_TOOLS:
            yield f"it defines {len(fields[key])} {key}; a service takes {MOST_TOOLS}"
    seen: set[str] = set()
    for place, function in _functions(fields):
        if not isinstance(function, dict):
            yield f'{place} is not {{"type": "function", "function": {{"name": ...}}}}'
            continue
        name = function.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield f"{place} has the name {name!r}: 1 to 64 letters, digits, _ and - are allowed"
        elif name in seen:
            yield f"{place} defines {name!r} once more"
        else:
            seen.add(name)
        if not isinstance(function.get("parameters", {}), dict):
            yield f"{place}: its parameters are {kind_of(function['parameters'])}, not a JSON schema"
    if not isinstance(fields.get("parallel_tool_calls", True), bool):
        yield "'parallel_tool_calls' is not true or false"


def call_faults(turn: Mapping[str, Any], tools: set[str]) -> tuple[list[str], list[str]]:
    """The ids of an assistant turn's calls, which tool turns have to answer, and what is wrong with the calls."""
    ids: list[str] = []
    faults: list[str] = []
    if turn.get("role") != "assistant":
        return ids, []  # an unknown key of this turn: said elsewhere
    if (function := turn.get("function_call")) is not None:
        faults += _function_faults("the function call", function, tools)
    calls = turn.get("tool_calls")
    if calls is not None and (not isinstance(calls, list) or not calls):
        return ids, [*faults, "'tool_calls' is not a list of calls"]
    for number, call in enumerate(calls or (), 1):
        place = f"call {number}"
        if not isinstance(call, dict) or call.get("type") != "function":
            faults.append(f'{place} is not {{"id": ..., "type": "function", "function": ...}}')
            continue
        name = call.get("id")
        if not isinstance(name, str) or not name:
            faults.append(f"{place} has no id")
        elif name in ids:
            faults.append(f"{place} has the id {name!r} of another call")
        else:
            ids.append(name)
        faults += _function_faults(place, call.get("function"), tools)
    return ids, faults


def _function_faults(place: str, function: Any, tools: set[str]) -> Iterator[str]:
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        yield f"{place} has no function with a name"
        return
    if function["name"] not in tools:
        yield f"{place} calls {function['name']!r}, which the row does not define"
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        yield f"{place}: its arguments are {kind_of(arguments)}, not JSON written as text"
        return
    try:
        value = msgspec.json.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        yield f"{place}: its arguments are not JSON: {arguments[:60]!r}"
        return
    if isinstance(value, str):
        yield f"{place}: its arguments are encoded as JSON twice; write them as {value[:60]!r}"
    elif not isinstance(value, dict):
        yield f"{place}: its arguments are {kind_of(value)}, not an object"


def _functions(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    tools, functions = fields.get("tools"), fields.get("functions")
    for number, tool in enumerate(tools if isinstance(tools, list) else (), 1):
        is_function = isinstance(tool, dict) and tool.get("type") == "function"
        yield f"tool {number}", tool.get("function") if is_function else None
    for number, function in enumerate(functions if isinstance(functions, list) else (), 1):
        yield f"function {number}", function
