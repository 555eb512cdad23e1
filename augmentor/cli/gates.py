"""What gates did, on the terminal and as the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ..errors import UsageError
from .common import say


def say_gates(results: Mapping[str, Any]) -> None:
    """Say what each gate of `metrics.json` did."""
    for gate in results.get("gates") or ():
        say(gate["sentence"])


def leave_by_gates(results: Mapping[str, Any]) -> None:
    """Leave with 1 where a gate was not passed.

    Raises:
        UsageError: a gate made no sense.
    """
    gates = results.get("gates") or ()
    for gate in gates:
        if gate["passed"] is None:
            raise UsageError(gate["sentence"])
    if not all(gate["passed"] for gate in gates):
        raise click.exceptions.Exit(1)
