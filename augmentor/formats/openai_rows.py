"""Examples as rows of an upload for fine-tuning: what means the same is written the one way that services take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ..errors import DataError
from ..examples import Example, Message
from .chat import Chat
from .openai_rules import Method
from .preference import DESIRABLE, OpenAIPreference


def row_line(example: Example, method: Method) -> bytes:
    """An example as a line of an upload. No turn is left out or reworded.

    Raises:
        DataError: it has no answer, an answer too many or too few for the method, or one that must not be learnt.
    """
    writer = OpenAIPreference() if method == "dpo" else Chat()
    return b"".join(writer.write([as_taken(example)]))


def as_taken(example: Example) -> Example:
    """The example with what services are strict about made regular.

    A weight of 0 on a turn that is not the assistant's says nothing and goes; tools without `type: function` around them get it; arguments
    encoded as JSON twice are decoded once; results of tools get the ids of the calls that they follow.

    Raises:
        DataError: its answer is marked as bad (KTO data): a service would learn it all the same.
    """
    if example.meta.get(DESIRABLE) is False:
        raise DataError(f"example {example.id} has an answer that is marked as bad (meta.{DESIRABLE}), which a model must not learn.")
    tools = example.extra.get("tools")
    extra = example.extra
    if isinstance(tools, list):
        extra = {**extra, "tools": [{"type": "function", "function": tool} if _is_bare(tool) else tool for tool in tools]}
    return msgspec.structs.replace(example, messages=tuple(_turns(example.messages)), rejected=tuple(_turns(example.rejected)), extra=extra)


def _turns(messages: tuple[Message, ...]) -> Iterator[Message]:
    open_calls: list[str] = []
    for message in messages:
        turn = message
        if turn.weight == 0 and turn.role != "assistant":
            turn = msgspec.structs.replace(turn, weight=None)
        if turn.role == "tool":
            answered = turn.tool_call_id or (open_calls[0] if open_calls else None)
            turn = msgspec.structs.replace(turn, tool_call_id=answered)
            if answered in open_calls:
                open_calls.remove(answered)
        else:
            open_calls = [str(call.get("id")) for call in turn.tool_calls or ()]
        if turn.tool_calls:
            turn = msgspec.structs.replace(turn, tool_calls=[_decoded_once(call) for call in turn.tool_calls])
        yield turn


def _is_bare(tool: Any) -> bool:
    return isinstance(tool, dict) and "type" not in tool and isinstance(tool.get("name"), str)


def _decoded_once(call: Mapping[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
        return dict(call)
    try:
        inner = msgspec.json.decode(function["arguments"])
        twice = isinstance(inner, str) and isinstance(msgspec.json.decode(inner), dict)
    except (msgspec.DecodeError, RecursionError):
        return dict(call)
    return {**call, "function": {**function, "arguments": inner}} if twice else dict(call)
