"""Chat templates that leave something out: found before training, by what they make of turns that say a word of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from augmentor.errors import TrainingError
from augmentor.examples import Example

_WORD = "qzturn"


def check_templates(examples: Sequence[Example], tokenizer: Any) -> None:
    """Insist that the model's chat template writes every turn, tool call and tool of the examples.

    Each shape of conversation (who speaks when, who calls tools) is tried once, with a word in the place of each text, so it does not
    matter how a template trims or quotes what people wrote.

    Raises:
        TrainingError: it does not; names the turn and the first example.
    """
    seen: dict[tuple[Any, ...], Example] = {}
    for example in examples:
        seen.setdefault(_shape(example), example)
    for example in seen.values():
        if left_out := _left_out(example, tokenizer):
            raise TrainingError(
                f"Example {example.id!r} cannot be trained on: the model's chat template leaves out {left_out}, so the model would learn to "
                "answer what it never read. Choose a model whose template writes it, or take it out of the data."
            )


def _shape(example: Example) -> tuple[Any, ...]:
    return (bool(example.extra.get("tools")), *((turn.role, bool(turn.text), len(turn.tool_calls or ())) for turn in example.messages))


def _left_out(example: Example, tokenizer: Any) -> str | None:
    """What the template does not write, in words; None where all is there, or it refuses the conversation (which is told elsewhere)."""
    from jinja2 import TemplateError

    chat: list[dict[str, Any]] = []
    wanted: dict[str, str] = {}
    for number, turn in enumerate(example.messages):
        marked: dict[str, Any] = {"role": turn.role, "content": f"{_WORD}{number}x" if turn.text else ""}
        if turn.text:
            wanted[marked["content"]] = f"the {turn.role} turn number {number + 1}"
        for place, call in enumerate(turn.tool_calls or ()):
            name = f"{_WORD}{number}call{place}x"
            wanted[name] = f"the tool call of turn number {number + 1}"
            marked.setdefault("tool_calls", []).append(_renamed(call, name))
        if turn.tool_call_id is not None:
            marked["tool_call_id"] = turn.tool_call_id
        if turn.name is not None:
            marked["name"] = turn.name
        chat.append(marked)
    tools = None
    if example.extra.get("tools"):
        tools = [_renamed(tool, f"{_WORD}tool{place}x") for place, tool in enumerate(example.extra["tools"])]
        wanted |= {f"{_WORD}tool{place}x": f"the tools (`tools` holds {len(tools)})" for place in range(len(tools))}
    try:
        written = tokenizer.apply_chat_template(chat, tokenize=False, tools=tools)
    except (TemplateError, TypeError, ValueError):
        return None
    return next((what for word, what in wanted.items() if word not in written), None)


def _renamed(tool: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A tool, or a call of one, under another name."""
    function = tool.get("function")
    return {**tool, "function": {**function, "name": name}} if isinstance(function, dict) else {**tool, "name": name}
