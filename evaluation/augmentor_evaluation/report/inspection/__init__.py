"""The page of `augmentor inspect --html`: what is in a data file, and what to see to before training."""

from __future__ import annotations

from pathlib import Path

from augmentor.files import write_bytes
from augmentor.inspection import Inspection

from ..page import page
from ..visible import shorten
from .parts import parts

__all__ = ["write_inspection"]


def write_inspection(found: Inspection, out: Path) -> None:
    """Write the page to `out`; it is whole or not there."""
    subtitle = f"{found.examples:,} examples · {found.format}"
    write_bytes(out, page(shorten(Path(found.file).name, 200), subtitle, parts(found)))
