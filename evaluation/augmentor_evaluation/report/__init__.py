"""The report: one page that a person can decide from. Sections are plugins; `RunView` is what they are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from augmentor.hookspecs import Register, hookimpl
from augmentor.inspection import Inspection

from . import charts
from .runview import RunView

__all__ = ["RunView", "charts"]


@hookimpl
def augmentor_register_sections(register: Register) -> None:
    """Our sections, by the same door as anyone's."""
    from .sections import SECTIONS

    for section in SECTIONS:
        register(section, section.name)


@hookimpl
def augmentor_write_report(runs: Sequence[Path], out: Path, sections: Sequence[Any], split_assets: bool) -> bool:
    """Write the page of one run, or of several compared."""
    from .page import write_report

    write_report(runs, out, sections, split_assets)
    return True


@hookimpl
def augmentor_write_inspection(inspection: Inspection, out: Path) -> bool:
    """Write the page about a data file."""
    from .inspection import write_inspection

    write_inspection(inspection, out)
    return True
