"""What is uploaded: written from the examples, and checked by the service's rules before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from augmentor.errors import DataError, TrainingError
from augmentor.examples import Example, decode
from augmentor.files import write_lines
from augmentor.formats.openai_rows import row_line
from augmentor.formats.openai_rules import MINIMUM, Method, file_faults

_SHOWN = 5


def read(path: Path) -> list[Example]:
    """The examples of a native file."""
    return [decode(line) for line in path.read_bytes().split(b"\n") if line.strip()]


def method_of(examples: Sequence[Example], method: Literal["auto", "supervised", "dpo"]) -> Method:
    """The method that was asked for; where it is `auto`, dpo for preference data.

    Raises:
        TrainingError: only some of the examples have a rejected answer.
    """
    if method != "auto":
        return method
    pairs = sum(bool(example.rejected) for example in examples)
    if 0 < pairs < len(examples):
        raise TrainingError(
            f"{pairs} of {len(examples)} examples have a rejected answer. For dpo all must have one; for supervised none may."
        )
    return "dpo" if pairs else "supervised"


def prepare(path: Path, examples: Sequence[Example], method: Method, source: Path, *, minimum: int = MINIMUM) -> Path:
    """Write the upload `path`, a line an example of `source`, and check it.

    Raises:
        TrainingError: the service would refuse rows; names the first, with line and reason.
    """
    lines: list[bytes] = []
    faults: list[str] = []
    for number, example in enumerate(examples, 1):
        try:
            lines.append(row_line(example, method))
        except DataError as error:
            faults.append(f"{source}:{number}: {error}")
    if not faults:
        write_lines(path, lines)
        found = file_faults(path, method, minimum=minimum)
        faults = [f"{fault.file}{f':{fault.line}' if fault.line else ''}: {fault.reason}" for fault in found]
    if faults:
        shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
        more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise TrainingError(f"The endpoint would refuse {source}, so nothing was sent:{shown}{more}")
    return path
