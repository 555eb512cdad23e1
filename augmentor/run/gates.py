"""Asking the gates of a recipe what the results say to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..plugins import plugins


def checked(gates: Sequence[str], results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`gate`, `passed` and `sentence` of each. `passed` is None for one that makes no sense: hours of training must not be lost by a slip."""
    found: list[dict[str, Any]] = []
    for gate in gates:
        try:
            outcome = plugins().manager.hook.augmentor_check_gate(gate=gate, results=results)
        except UsageError as error:
            found.append({"gate": gate, "passed": None, "sentence": str(error)})
            continue
        if outcome is None:
            found.append({"gate": gate, "passed": None, "sentence": f"no plugin can check the gate {gate!r}; is the package augmentor_evaluation installed?"})
        else:
            found.append({"gate": gate, "passed": outcome.passed, "sentence": outcome.sentence})
    return found
