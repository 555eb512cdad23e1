"""Conversations as token ids, with a loss on the assistant's turns only.

The chat template writes a conversation up to a turn and through it; what the second has more is that turn. So no template needs
training marks, and a turn with `weight` 0 is read but not learnt. Where a template writes a turn differently once others follow (some
drop earlier reasoning), each assistant turn becomes a row of its own, which under causal attention teaches the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from augmentor.errors import DataError, TrainingError
from augmentor.examples import Example
from augmentor_plugins.models.chat import for_template

MASKED = -100
"""The label of a token that is read and not learnt."""


@dataclass(frozen=True, slots=True)
class Row:
    """A tokenised conversation; `labels[i]` is `tokens[i]` or `MASKED`."""

    example: str
    tokens: tuple[int, ...]
    labels: tuple[int, ...]

    @property
    def learnt(self) -> int:
        """How many tokens carry a loss."""
        return sum(label != MASKED for label in self.labels)


def rows_of(examples: Sequence[Example], tokenizer: Any, ends: Collection[int], max_length: int) -> list[Row]:
    """The rows to train on, in the order of the examples; an example without an assistant turn to learn gives none.

    Raises:
        TrainingError: no example has anything to learn, or some rows have more than `max_length` tokens.
    """
    rows = [row for example in examples for row in _rows(example, tokenizer, ends)]
    if not examples:
        raise TrainingError("There is nothing to train on: the training file holds no examples.")
    if not rows:
        raise TrainingError(
            f"There is nothing to learn in {len(examples)} examples: a loss is put on assistant turns whose weight is not 0, and there is none."
        )
    if long := [row for row in rows if len(row.tokens) > max_length]:
        longest = max(long, key=lambda row: len(row.tokens))
        raise TrainingError(
            f"{len(long)} of {len(rows)} conversations have more than {max_length} tokens, so their answers would be cut off: "
            f"the longest, {longest.example!r}, has {len(longest.tokens)}. Raise max_length or drop them (the filter 'length')."
        )
    return rows


def has_answer(example: Example) -> bool:
    """Whether an example has an assistant turn to learn."""
    return bool(_learnt(example))


def _learnt(example: Example) -> list[int]:
    return [index for index, message in enumerate(example.messages) if message.role == "assistant" and message.weight != 0]


def _rows(example: Example, tokenizer: Any, ends: Collection[int]) -> Iterator[Row]:
    learnt = _learnt(example)
    if not learnt:
        return
    try:
        chat = for_template(example.messages)
        spans = [_span(chat, index, example, tokenizer) for index in learnt]
    except DataError as error:
        raise TrainingError(f"Example {example.id!r} cannot be trained on: {error}") from error
    whole = spans[-1][1]
    if all(whole.startswith(text) for _, text in spans):
        yield _row(example.id, whole, [(len(before), len(text)) for before, text in spans], tokenizer, ends)
    else:
        for before, text in spans:
            yield _row(example.id, text, [(len(before), len(text))], tokenizer, ends)


def _span(chat: list[dict[str, Any]], index: int, example: Example, tokenizer: Any) -> tuple[str, str]:
    """The conversation as text up to the answer that is turn number `index`, and through it."""
    from jinja2 import TemplateError

    settings = {"tokenize": False, "tools": example.extra.get("tools")}
    try:
        before = tokenizer.apply_chat_template(chat[:index], add_generation_prompt=True, **settings)
        through = tokenizer.apply_chat_template(chat[: index + 1], **settings)
    except TemplateError as error:
        raise DataError(f"the model's chat template refuses it ({error})") from error
    if not through.startswith(before):
        raise DataError(f"the model's chat template writes the turns before turn {index} differently once that turn is there")
    return before, through


def _row(name: str, text: str, spans: Sequence[tuple[int, int]], tokenizer: Any, ends: Collection[int]) -> Row:
    tokens, starts = _encode(text, [begin for begin, _ in spans], tokenizer)
    labels = [MASKED] * len(tokens)
    stops = False
    for begin, end in spans:
        inside = [position for position, start in enumerate(starts) if begin <= start < end]
        # What a template writes after the end-of-turn token (often a line break) is never generated: nothing to learn.
        last = next((position for position in inside if tokens[position] in ends), None)
        stops = last is not None
        for position in inside:
            if last is None or position <= last:
                labels[position] = tokens[position]
    if not stops and spans[-1][1] == len(text):
        # A template without an end-of-turn token would teach a model that never stops.
        tokens, labels = [*tokens, min(ends)], [*labels, min(ends)]
    used = max(position for position, label in enumerate(labels) if label != MASKED) + 1
    return Row(name, tuple(tokens[:used]), tuple(labels[:used]))


def _encode(text: str, cuts: Sequence[int], tokenizer: Any) -> tuple[list[int], list[int]]:
    """The tokens of a text and where each begins. No token crosses a cut: a model that answers is given the prompt's tokens, whole."""
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    if not any(start < cut < end for start, end in encoded["offset_mapping"] for cut in cuts):
        return encoded["input_ids"], [start for start, _ in encoded["offset_mapping"]]
    tokens: list[int] = []
    starts: list[int] = []
    for begin, end in pairwise([0, *cuts, len(text)]):
        piece = tokenizer(text[begin:end], add_special_tokens=False, return_offsets_mapping=True)
        tokens += piece["input_ids"]
        starts += [begin + start for start, _ in piece["offset_mapping"]]
    return tokens, starts
