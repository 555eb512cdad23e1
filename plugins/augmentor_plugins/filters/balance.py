"""No label louder than the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from augmentor.errors import BadOption
from augmentor.protocols import Candidate, Verdict

Sketch = tuple[str, bool, str]
"""The group, whether it is a source, and the id."""


@dataclass(frozen=True)
class Balance:
    """Keep at most so many examples of each label, sources first, so that facts with many phrasings do not drown the others.

    Which variants stay is a function of their ids, not of their order.

    Attributes:
        most: examples to keep of a group, sources included; a group with more sources keeps them all.
        by: what makes a group: the label (the root, where an example has none), or the root.
    """

    most: int = 16
    by: Literal["label", "root"] = "label"

    def __post_init__(self) -> None:
        if self.most < 1:
            raise BadOption(f"most={self.most}: it must be at least 1")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Sketch]:
        return [(self._group(candidate), candidate.example.parent is None, candidate.example.id) for candidate in candidates]

    def _group(self, candidate: Candidate) -> str:
        example = candidate.example
        return f"label {example.label}" if self.by == "label" and example.label else f"root {example.root}"

    def reduce(self, sketches: Sequence[Sketch], held_out: Sequence[Sketch]) -> list[Verdict]:
        del held_out  # balance is a matter of the training data alone
        groups: dict[str, list[int]] = {}
        for index, (group, _, _) in enumerate(sketches):
            groups.setdefault(group, []).append(index)
        verdicts = [Verdict(keep=True)] * len(sketches)
        for group, members in groups.items():
            order = sorted(members, key=lambda index: (not sketches[index][1], _place(sketches[index][2])))
            sources = sum(sketches[index][1] for index in members)
            for index in order[max(self.most, sources) :]:
                verdicts[index] = Verdict(keep=False, score=float(len(members)), reason=f"{group!r} has {len(members)} examples, {self.most} stay")
        return verdicts


def _place(name: str) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
