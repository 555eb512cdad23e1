"""Chat messages as a model's chat template reads them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import msgspec

from augmentor.errors import DataError
from augmentor.examples import Message


def as_chat(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as the dictionaries that chat templates are written for: text content, tools where there are any.

    Raises:
        DataError: a message holds something that is not text (an image, a sound).
    """
    return [_as_dictionary(message) for message in messages]


def for_template(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as `as_chat` has them, but the arguments of tool calls as objects: templates write them as JSON, and would quote a string twice.

    Raises:
        DataError: as `as_chat`.
    """
    chat = as_chat(messages)
    for turn in chat:
        if turn.get("tool_calls"):
            turn["tool_calls"] = [_with_arguments(call) for call in turn["tool_calls"]]
    return chat


def shared_start(rows: Sequence[Sequence[int]]) -> int:
    """How many tokens all rows begin with in common.

    >>> shared_start([(1, 2, 3), (1, 2, 4, 5)])
    2
    """
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False)))


def _as_dictionary(message: Message) -> dict[str, Any]:
    if isinstance(message.content, list):
        for part in message.content:
            if not isinstance(part.get("text"), str):
                raise DataError(f"a {message.role} message holds a part of type {part.get('type')!r}: local models are given text only")
    named = {"name": message.name, "tool_calls": message.tool_calls, "tool_call_id": message.tool_call_id}
    return {"role": message.role, "content": message.text, **{key: value for key, value in named.items() if value is not None}}


def _with_arguments(call: dict[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
        return call
    try:
        arguments = msgspec.json.decode(function["arguments"])
    except msgspec.DecodeError:
        return call
    return {**call, "function": {**function, "arguments": arguments}} if isinstance(arguments, dict) else call


def end_tokens(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end an answer: the tokenizer's and those of the model's generation settings."""
    ends = model.generation_config.eos_token_id
    found = {tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])}
    return sorted(token for token in found if token is not None)
