"""Rows as the padded tensors of a batch, and the loss on what is learnt in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .conversations import MASKED, Row


@dataclass(frozen=True)
class Collator:
    """Turn `[{"row": 3}, ...]` into a batch padded on the right to its longest row.

    `states[i]`, where given, stands for row i's tokens: the output of frozen lower layers (see `frozen`).
    """

    rows: Sequence[Row]
    states: Sequence[Any] | None = None

    def __call__(self, chosen: Sequence[Mapping[str, int]]) -> dict[str, Any]:
        """`labels` and `attention_mask` of shape (rows, tokens), with `input_ids` or `inputs_embeds`."""
        import torch
        from torch.nn.utils.rnn import pad_sequence

        numbers = [item["row"] for item in chosen]
        tokens = [torch.tensor(self.rows[number].tokens) for number in numbers]
        batch = {
            "labels": pad_sequence([torch.tensor(self.rows[number].labels) for number in numbers], batch_first=True, padding_value=MASKED),
            "attention_mask": pad_sequence([torch.ones_like(row) for row in tokens], batch_first=True),
        }
        if self.states is None:
            batch["input_ids"] = pad_sequence(tokens, batch_first=True)
        else:
            batch["inputs_embeds"] = pad_sequence([self.states[number] for number in numbers], batch_first=True)
        return batch


def answer_loss(model: Any, inputs: Mapping[str, Any], count: Any | None) -> Any:
    """Mean negative log-likelihood, in nats, of the tokens that carry a label; `count` is how many there are in the whole step.

    Only those positions go through the vocabulary projection, which on a small model with a large vocabulary is a good part of the work.
    They are picked out in front of it, so what an architecture does to its logits afterwards (scaling, capping) is kept.
    """
    import torch

    labels = inputs["labels"][:, 1:]
    learnt = labels != MASKED
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    hook = base.get_output_embeddings().register_forward_pre_hook(lambda _, hidden: (hidden[0][:, :-1][learnt],))
    try:
        given = {key: value for key, value in inputs.items() if key not in {"labels", "use_cache"}}
        logits = model(**given, use_cache=False).logits
    finally:
        hook.remove()
    loss = torch.nn.functional.cross_entropy(logits.float(), labels[learnt], reduction="sum")
    return loss / (learnt.sum() if count is None else count)
