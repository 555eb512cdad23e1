"""Whether the disk holds what a training writes: asked before it begins, because a full disk is met at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from augmentor.errors import TrainingError

_WORD = 4
"""Bytes of a float32."""


def needed(model: Any, adapter: bool, checkpoints: int) -> int:
    """Bytes that a training has on the disk at most: the tuned model, while the checkpoints are still there.

    Args:
        model: with the weights that are trained marked as such.
        adapter: whether checkpoints hold the trained weights alone.
        checkpoints: how many there are at most, one that is being written included.
    """
    parameters = int(model.num_parameters())
    trained = sum(int(weight.numel()) for weight in model.parameters() if weight.requires_grad)
    optimiser = 2 * trained  # AdamW keeps two means a weight
    checkpoint = (trained if adapter else parameters) + optimiser
    return _WORD * (parameters + checkpoints * checkpoint)


def check(out: Path, bytes_needed: int, free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free) -> None:
    """Raise `TrainingError` where the disk of `out` has no room. What an earlier attempt left in `out` counts as room: it is written over."""
    out.mkdir(parents=True, exist_ok=True)
    there = free(out) + sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    if there < bytes_needed:
        raise TrainingError(
            f"The disk is too small: training writes up to {bytes_needed / 1e9:.1f} GB to {out}, and there is room for {there / 1e9:.1f} GB. "
            "Make room, name another directory, or train fewer weights (lora=16)."
        )
