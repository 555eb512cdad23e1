"""Direct preference optimisation (DPO): learn to say the preferred answer rather than the rejected one.

The loss of a pair is -log sigmoid(beta * margin), where the margin is how much more the tuned model prefers the better answer over the worse
than the untuned model does, in nats (Rafailov et al. 2023, arXiv:2305.18290). What the untuned model thinks never changes, so it is asked
once, before the first step: no second model is kept in memory, and there is none that could turn out to be the wrong one.

All turns before the answer are the prompt, whoever spoke; a conversation is not cut to its last question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from augmentor.errors import TrainingError
from augmentor.examples import Example

from .batching import Collator, answer_logs, on_device
from .conversations import Row, rows_of

_PAIRS_AT_ONCE = 8


@dataclass(frozen=True)
class Pairs:
    """Turn `[{"row": 3}, ...]` into a batch of pairs, the preferred answers first and then the rejected ones.

    Pair i is rows 2i (preferred) and 2i + 1 (rejected) of `rows`. `reference`, where it is known, holds for each row what the untuned
    model makes of it (nats).
    """

    rows: Collator
    reference: Sequence[float] | None = None

    def __call__(self, chosen: Sequence[Mapping[str, int]]) -> dict[str, Any]:
        """A batch of the collator's with twice as many rows, and `reference` of shape (rows,)."""
        import torch

        numbers = [2 * item["row"] + side for side in (0, 1) for item in chosen]
        batch = self.rows([{"row": number} for number in numbers])
        if self.reference is not None:
            batch["reference"] = torch.tensor([self.reference[number] for number in numbers])
        return batch

    def __len__(self) -> int:
        return len(self.rows.rows) // 2

    def tokens(self) -> list[int]:
        """Tokens of each pair, both conversations counted."""
        rows = self.rows.rows
        return [len(rows[index].tokens) + len(rows[index + 1].tokens) for index in range(0, len(rows), 2)]


def has_pair(example: Example) -> bool:
    """Whether an example holds a preferred and a rejected answer to learn from."""
    return bool(example.rejected) and bool(example.messages) and example.messages[-1].role == "assistant" and example.messages[-1].weight != 0


def pair_rows(examples: Sequence[Example], tokenizer: Any, ends: Sequence[int], max_length: int) -> list[Row]:
    """Two rows for each example, the preferred conversation and the rejected one; labels are on the last answer only.

    Raises:
        TrainingError: an example is no pair, its answers are the same, or a conversation has more than `max_length` tokens.
    """
    if lacking := [example for example in examples if not has_pair(example)]:
        raise TrainingError(
            f"{len(lacking)} of {len(examples)} examples hold no pair of a preferred and a rejected answer (first: {lacking[0].id!r}). "
            "Take them out, or learn from the preferred answers alone with method=sft."
        )
    sides = []
    for example in examples:
        if [message.role for message in example.rejected] != ["assistant"]:
            raise TrainingError(f"Example {example.id!r}: the rejected answer is not one assistant turn, so it cannot be compared.")
        if (example.rejected[0].text, example.rejected[0].tool_calls) == (example.messages[-1].text, example.messages[-1].tool_calls):
            raise TrainingError(f"Example {example.id!r}: the preferred and the rejected answer are the same, so there is nothing to learn.")
        sides += [_last_only(example, example.messages[-1:]), _last_only(example, example.rejected)]
    return rows_of(sides, tokenizer, ends, max_length)


def with_reference(pairs: Pairs, model: Any) -> Pairs:
    """The pairs, with what `model`, still untuned, makes of each row. Rows are batched by length, so a resumed run computes the same."""
    import torch

    tokens = pairs.tokens()
    order = sorted(range(len(pairs)), key=lambda pair: -tokens[pair])
    reference = [0.0] * len(pairs.rows.rows)
    with torch.no_grad():
        for start in range(0, len(order), _PAIRS_AT_ONCE):
            chosen = order[start : start + _PAIRS_AT_ONCE]
            logs = answer_logs(model, on_device(model, pairs([{"row": pair} for pair in chosen]))).tolist()
            for place, pair in enumerate(chosen):
                reference[2 * pair], reference[2 * pair + 1] = logs[place], logs[len(chosen) + place]
    return replace(pairs, reference=reference)


def margins(model: Any, inputs: Mapping[str, Any]) -> Any:
    """How much more than the untuned model this one prefers the better answer of each pair: nats, shape (pairs,)."""
    better, worse = (answer_logs(model, inputs) - inputs["reference"]).chunk(2)
    return better - worse


def preference_loss(model: Any, inputs: Mapping[str, Any], pairs: int | None, beta: float) -> Any:
    """Mean loss of the pairs in the batch, in nats; `pairs` is how many there are in the whole step, where that is more."""
    import torch

    losses = -torch.nn.functional.logsigmoid(beta * margins(model, inputs))
    return losses.sum() / (pairs or len(losses))


def preferred(model: Any, pairs: Pairs, chosen: Sequence[int]) -> float:
    """The share of the pairs `chosen` whose better answer the tuned model prefers more than the untuned one did."""
    import torch

    won = 0
    with torch.no_grad():
        for start in range(0, len(chosen), _PAIRS_AT_ONCE):
            batch = pairs([{"row": pair} for pair in chosen[start : start + _PAIRS_AT_ONCE]])
            won += int((margins(model, on_device(model, batch)) > 0).sum())
    return won / len(chosen)


def _last_only(example: Example, answer: Sequence[Any]) -> Example:
    """The conversation with this answer at its end, and nothing else to learn in it."""
    before = [msgspec.structs.replace(message, weight=0) if message.role == "assistant" else message for message in example.messages[:-1]]
    return msgspec.structs.replace(example, messages=(*before, *(msgspec.structs.replace(message, weight=None) for message in answer)))
