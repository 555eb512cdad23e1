"""How long a training will take, tried on a batch before it begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any


def seconds_a_token(trainer: Any, batch: Callable[[], dict[str, Any]], tokens: int, clock: Callable[[], float] = time.monotonic) -> float:
    """Seconds that a token of a batch takes forwards and backwards, the faster of two tries; weights and chance stay as they were.

    Args:
        trainer: a Transformers trainer, ready to train.
        batch: makes the batch.
        tokens: how many tokens it holds.
        clock: seconds since whenever.
    """
    import torch

    model, took = trainer.model, []
    model.train()
    with torch.random.fork_rng():
        for _ in range(2):
            inputs = trainer._prepare_inputs(batch())
            started = clock()
            with trainer.compute_loss_context_manager():
                loss = trainer.compute_loss(model, inputs)
            loss.backward()
            if model.device.type != "cpu":
                getattr(torch, model.device.type).synchronize()
            took.append(clock() - started)
            model.zero_grad(set_to_none=True)
    model.eval()
    return min(took) / tokens


def typical(tokens: Sequence[int]) -> int:
    """The index of the batch of middle size."""
    return sorted(range(len(tokens)), key=tokens.__getitem__)[len(tokens) // 2]
