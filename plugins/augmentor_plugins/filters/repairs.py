"""What filters that clean instead of dropping have in common: what was changed, said with the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict

from .turns import Side, rewritten


@dataclass(frozen=True)
class Repair:
    """One kind of change to a text, and what is said when it changed something."""

    says: str
    change: Callable[[str], str]


def judge_repairs(candidates: Sequence[Candidate], side: Side, repairs: Sequence[Repair]) -> list[Verdict]:
    """Each conversation with its texts cleaned. The score is the number of changes; a turn that would be left empty drops the conversation."""
    return [_judge(candidate.example, side, repairs) for candidate in candidates]


def _judge(example: Example, side: Side, repairs: Sequence[Repair]) -> Verdict:
    done: dict[str, int] = {}
    emptied = False

    def cleaned(text: str) -> str:
        nonlocal emptied
        for repair in repairs:
            changed = repair.change(text)
            if changed != text:
                done[repair.says] = done.get(repair.says, 0) + 1
                emptied = emptied or not changed.strip()
                text = changed
        return text

    whole = rewritten(example, cleaned, side)
    number = float(sum(done.values()))
    said = "; ".join(done)
    if emptied:
        return Verdict(keep=False, score=number, reason=f"nothing is left of a turn: {said}")
    return Verdict(keep=True, score=number, reason=said, replacement=whole if done else None)
