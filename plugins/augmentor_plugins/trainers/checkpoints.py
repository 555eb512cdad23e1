"""Checkpoints that are whole or not there.

Transformers writes a checkpoint file by file, so a kill may leave half of one. A checkpoint counts once its mark is written, which is the last
thing to happen; the mark also carries what the report needs from before the kill.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import msgspec

from augmentor.files import write_bytes

_MARK = "complete.json"


def mark(checkpoint: Path, facts: dict[str, Any]) -> None:
    """Say that a checkpoint is whole: its files are on the disk before its mark is."""
    for path in checkpoint.iterdir():
        if path.is_file():
            handle = os.open(path, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    write_bytes(checkpoint / _MARK, msgspec.json.encode(facts))


def last(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """The newest whole checkpoint with its facts; half-written ones are removed."""
    whole: list[tuple[int, Path]] = []
    for checkpoint in folder.glob("checkpoint-*"):
        step = checkpoint.name.removeprefix("checkpoint-")
        if (checkpoint / _MARK).is_file() and step.isdigit():
            whole.append((int(step), checkpoint))
        else:
            shutil.rmtree(checkpoint)
    if not whole:
        return None
    newest = max(whole)[1]
    return newest, msgspec.json.decode((newest / _MARK).read_bytes())
