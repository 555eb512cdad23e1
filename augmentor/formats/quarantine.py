"""Where rows that are no examples go: a file of their own, with file, line, reason and the row itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..protocols import Problem


def quarantine_lines(problems: Iterable[Problem]) -> Iterator[bytes]:
    """The lines of a quarantine file: JSON objects with `file`, `line` (null where there is none), `reason` and `raw`."""
    for problem in problems:
        yield msgspec.json.encode(problem) + b"\n"


def located(problem: Problem) -> str:
    """A problem in one line for a person: where, and why. Never the row itself, which may hold secrets."""
    where = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{where}: {problem.reason}"
