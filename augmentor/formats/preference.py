"""Preference data: a prompt with a better and a worse answer (DPO), or answers marked good or bad (KTO)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..examples import Example, Message
from ..protocols import Columns, Problem
from .chat import turn
from .first_row import first_row
from .json_row import Row, RowError, kind_of
from .json_rows import read_rows
from .keys import ANY, SUFFIXES, TAKES, beside, line, training_keys
from .turns import build, conversation

DESIRABLE = "desirable"
"""The key of `meta` that holds KTO's verdict on an answer."""


@dataclass(frozen=True)
class OpenAIPreference:
    """OpenAI's preference format for DPO: input, preferred_output, non_preferred_output."""

    name = "openai-dpo"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return 0.95 if "preferred_output" in row else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is; keys of `input` beside its messages count as the row's own."""
        given = row.get("input")
        if not isinstance(given, dict):
            raise RowError(f"'input' is {kind_of(given)}, not an object with messages")
        outer = {key: value for key, value in row.items() if key not in ("input", "preferred_output", "non_preferred_output")}
        answers = row.get("preferred_output"), row.get("non_preferred_output")
        return _pair(conversation(given.get("messages")), answers, {**given, **outer}, {"messages"}, columns)

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            prompt, chosen = halves(example)
            asked = {"messages": [turn(message) for message in prompt], **training_keys(example)}
            yield line(
                {"input": asked, "preferred_output": list(map(turn, chosen)), "non_preferred_output": list(map(turn, example.rejected))}
            )


@dataclass(frozen=True)
class Preference:
    """Preference rows as TRL and LLaMA-Factory have them: chosen and rejected, with prompt, conversations or instruction."""

    name = "preference"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        return 0.9 if ("chosen" in row and "rejected" in row) or ("chosen_messages" in row and "rejected_messages" in row) else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is. Turns that both answers begin with are the prompt."""
        answers = row.get("chosen", row.get("chosen_messages")), row.get("rejected", row.get("rejected_messages"))
        asked, used = _prompt(row)
        return _pair(asked, answers, row, used | {"chosen", "rejected", "chosen_messages", "rejected_messages"}, columns)

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            prompt, chosen = halves(example)
            row = {"prompt": list(map(turn, prompt)), "chosen": list(map(turn, chosen)), "rejected": list(map(turn, example.rejected))}
            yield line({**row, **training_keys(example)})


@dataclass(frozen=True)
class Marked:
    """KTO rows: a conversation whose answer is marked good or bad by `label` true or false (here `meta.desirable`)."""

    name = "kto"
    suffixes = SUFFIXES
    takes = TAKES

    def detect(self, head: bytes, path: Path) -> float:  # noqa: ARG002
        return self.fits(first_row(head) or {})

    def fits(self, row: Row) -> float:
        """How sure a row is of this format, 0 to 1."""
        has_answer = any(key in row for key in ("completion", "output")) and any(key in row for key in ("prompt", "instruction"))
        has_turns = has_answer or any(key in row for key in ("messages", "conversations"))
        return 0.95 if has_turns and (isinstance(row.get("label"), bool) or isinstance(row.get("kto_tag"), bool)) else 0.0

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        return read_rows(path, lambda row: self.example(row, columns))

    def example(self, row: Row, columns: Columns = ANY) -> Example:
        """The example that a row is."""
        key = "kto_tag" if "kto_tag" in row else "label"
        if not isinstance(row.get(key), bool):
            raise RowError(f"'{key}' is {kind_of(row.get(key))}, not true or false")
        asked, used = _prompt(row)
        answer = next((name for name in ("completion", "output") if isinstance(row.get(name), (str, list))), None)
        turns = (*asked, *(_turns(row[answer], "assistant") if answer else ()))
        said = beside(row, {*used, key, answer or key}, columns)
        return build(turns, **{**said, "meta": {**said["meta"], DESIRABLE: row[key]}})

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        for example in examples:
            if not isinstance(example.meta.get(DESIRABLE), bool):
                raise DataError(f"example {example.id} is not marked good or bad (meta.{DESIRABLE}), as KTO data must be. Use --to openai.")
            yield line({"messages": list(map(turn, example.messages)), "label": example.meta[DESIRABLE], **training_keys(example)})


def halves(example: Example) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """The prompt and the preferred answer.

    Raises:
        DataError: the example has no rejected answer, or does not end with an answer.
    """
    if not example.rejected or example.messages[-1].role != "assistant":
        raise DataError(f"example {example.id} has no pair of a preferred and a rejected answer, as preference data must. Use --to openai.")
    return example.messages[:-1], example.messages[-1:]


def _prompt(row: Row) -> tuple[tuple[Message, ...], set[str]]:
    """The turns before the answer, a `system` text first, and the keys that they were taken from."""
    key = next((key for key in ("prompt", "conversations", "messages") if row.get(key)), None)
    if key is not None:
        asked, used = _turns(row[key], "user"), {key}
    else:
        used = {key for key in ("instruction", "input") if isinstance(row.get(key), str)}
        text = "\n".join(row[key] for key in ("instruction", "input") if key in used and row[key])
        asked = _turns(text, "user") if text else ()
    if isinstance(row.get("system"), str) and not any(message.role == "system" for message in asked):
        used.add("system")
        asked = (*(_turns(row["system"], "system") if row["system"].strip() else ()), *asked)
    return asked, used


def _pair(asked: tuple[Message, ...], answers: tuple[Any, Any], row: Row, used: set[str], columns: Columns) -> Example:
    better, worse = _turns(answers[0], "assistant"), _turns(answers[1], "assistant")
    shared = 0
    while shared < min(len(better), len(worse)) - 1 and better[shared] == worse[shared]:
        shared += 1
    if asked and better[:shared] == asked[:shared] and shared >= len(asked):
        asked = ()
    for name, turns in (("preferred", better[shared:]), ("rejected", worse[shared:])):
        if [turn.role for turn in turns] != ["assistant"]:
            raise RowError(f"the {name} answer is not one assistant turn after the turns that both answers share")
    return build((*asked, *better), rejected=worse[shared:], **beside(row, used, columns))


def _turns(value: Any, role: str) -> tuple[Message, ...]:
    if isinstance(value, str):
        value = [{"role": role, "content": value}]
    elif isinstance(value, dict):
        value = [value]
    return conversation(value)
