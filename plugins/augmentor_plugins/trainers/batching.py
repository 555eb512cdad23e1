"""Rows as the padded tensors of a batch, and the loss on what is learnt in it.

What all rows begin with (a system message) goes through the model once a batch instead of once a row: under causal attention its keys and values
are the same in every row, and its gradient is the sum over the rows either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from augmentor_plugins.models.chat import shared_start

from .conversations import MASKED, Row

_WORTH_SHARING = 8


@dataclass(frozen=True)
class Collator:
    """Turn `[{"row": 3}, ...]` into a batch padded on the right to its longest row.

    `states[i]`, where given, stands for row i's tokens: the output of frozen lower layers (see `frozen`).
    The first `shared` tokens are the same in all rows, are not learnt, and come only once.
    """

    rows: Sequence[Row]
    states: Sequence[Any] | None = None
    shared: int = 0

    def __call__(self, chosen: Sequence[Mapping[str, int]]) -> dict[str, Any]:
        """`labels` and `attention_mask` of shape (rows, tokens), what the tokens are, and `start_...` with what they share."""
        import torch
        from torch.nn.utils.rnn import pad_sequence

        numbers = [item["row"] for item in chosen]
        rows = [self.rows[number] for number in numbers]
        there = pad_sequence([torch.ones(len(row.tokens), dtype=torch.long) for row in rows], batch_first=True)
        labels = pad_sequence([torch.tensor(row.labels[self.shared :]) for row in rows], batch_first=True, padding_value=MASKED)
        if self.states is None:
            kind, given = "input_ids", [torch.tensor(row.tokens) for row in rows]
        else:
            kind, given = "inputs_embeds", [self.states[number] for number in numbers]
        batch = {"labels": labels, "attention_mask": there, kind: pad_sequence([row[self.shared :] for row in given], batch_first=True)}
        if self.shared:
            batch[f"start_{kind}"] = given[0][None, : self.shared]
        return batch


def sharing(model: Any, collator: Collator) -> Collator:
    """The collator with `shared` set, where the rows begin alike and this architecture gives the same loss for it (which is tried)."""
    import torch

    first = min(next(position for position, label in enumerate(row.labels) if label != MASKED) for row in collator.rows)
    shared = min(shared_start([row.tokens for row in collator.rows]), first - 1)
    if shared < _WORTH_SHARING or len(collator.rows) < 2:
        return collator
    shorter = replace(collator, shared=shared)
    rows = [{"row": 0}, {"row": 1}]
    with torch.no_grad():
        whole = answer_loss(model, on_device(model, collator(rows)), None)
        try:
            parts = answer_loss(model, on_device(model, shorter(rows)), None)
        except (AttributeError, IndexError, NotImplementedError, RuntimeError, TypeError, ValueError):
            return collator  # what models raise that take no beginning read before: they are given whole rows
    return shorter if torch.allclose(whole, parts, rtol=1e-4) else collator


def answer_loss(model: Any, inputs: Mapping[str, Any], count: Any | None) -> Any:
    """Mean negative log-likelihood, in nats, of the tokens that carry a label; `count` is how many there are in the whole step."""
    learnt, losses = _token_losses(model, inputs)
    return losses.sum() / (learnt.sum() if count is None else count)


def answer_logs(model: Any, inputs: Mapping[str, Any]) -> Any:
    """The log-likelihood, in nats, of what carries a label in each row: a tensor of shape (rows,)."""
    import torch

    learnt, losses = _token_losses(model, inputs)
    return -torch.zeros(len(learnt), device=losses.device).index_add(0, learnt.nonzero()[:, 0], losses)


def _token_losses(model: Any, inputs: Mapping[str, Any]) -> tuple[Any, Any]:
    """Which tokens (from the second on) carry a label, and the negative log-likelihood of each of those.

    Only those positions go through the vocabulary projection, which on a small model with a large vocabulary is a good part of the work.
    They are picked out in front of it, so what an architecture does to its logits afterwards (scaling, capping) is kept.
    """
    import torch

    labels = inputs["labels"][:, 1:]
    learnt = labels != MASKED
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    given = {key: inputs[key] for key in ("input_ids", "inputs_embeds", "attention_mask") if key in inputs}
    start = {key.removeprefix("start_"): value for key, value in inputs.items() if key.startswith("start_")}
    if start:
        given["past_key_values"] = _read_start(base, start, len(labels))
    hook = base.get_output_embeddings().register_forward_pre_hook(lambda _, hidden: (hidden[0][:, :-1][learnt],))
    try:
        logits = base(**given, use_cache=bool(start)).logits
    finally:
        hook.remove()
    return learnt, torch.nn.functional.cross_entropy(logits.float(), labels[learnt], reduction="none")


def _read_start(base: Any, start: Mapping[str, Any], rows: int) -> Any:
    from transformers import DynamicCache

    cache = DynamicCache(config=base.config)
    base.get_decoder()(**start, past_key_values=cache, use_cache=True)
    cache.batch_repeat_interleave(rows)
    return cache


def on_device(model: Any, batch: Mapping[str, Any]) -> dict[str, Any]:
    """The batch where the model is."""
    return {key: value.to(model.device) for key, value in batch.items()}
