"""Variants that say nothing new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import Candidate, Threshold, Verdict

_WORD = re.compile(r"[^\W_]+")
_FUNCTION = frozenset(
    "a an the this that these those i me my mine we us our you your he she it they them their is are was were be been am do does did have has had can could will would shall should may might must to of in on at"
    " for with from by about as into and or but if so than then there here what which who when where why how not no please just also want need like".split()
)


@dataclass(frozen=True)
class Novelty:
    """Drop variants that hardly differ from their source, or from another variant of it that is kept.

    Novelty is the share of words in which two texts differ, 0 for the same words in any order to 1 for none in common; only the
    turns that a strategy rewrote are compared. Of variants that are too alike the one with the smallest id stays.

    Attributes:
        min: the least novelty to keep.
        content_only: leave function words ("the", "how", "my") out, so that another sentence form alone is nothing new.
    """

    min: float = 0.1
    content_only: bool = False

    decides: ClassVar[Threshold] = Threshold("min", "below")

    def __post_init__(self) -> None:
        if not 0 <= self.min <= 1:
            raise ValueError(f"min is a share from 0 to 1, not {self.min:g}")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return [self._sketch(candidate) for candidate in candidates]

    def _sketch(self, candidate: Candidate) -> tuple[str, str, tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
        """Id, root, the turns that were rewritten, their words, and the words of the source in the same place; no turns for a source."""
        example, source = candidate.example, candidate.source
        if source is None:
            return example.id, example.root, (), (), ()
        if len(source.messages) == len(example.messages):
            turns = tuple(index for index, (one, other) in enumerate(zip(example.messages, source.messages, strict=True)) if one.text != other.text)
            turns = turns or tuple(range(len(example.messages)))
            here, there = (" ".join(each.messages[index].text for index in turns) for each in (example, source))
        else:
            turns, here, there = (-1,), example.text, source.text
        return example.id, example.root, turns, self._words(here), self._words(there)

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  the test set is leakage's business
        verdicts = [Verdict(keep=True) for _ in sketches]
        kept: dict[tuple[str, tuple[int, ...]], list[tuple[str, Counter[str]]]] = {}
        for index in sorted(range(len(sketches)), key=lambda index: (sketches[index][0], index)):
            id, root, turns, words, source = sketches[index]
            if not turns:
                continue
            bag = Counter(words)
            siblings = kept.setdefault((root, tuple(turns)), [])
            novelty, what = min([(_differ(bag, Counter(source)), "its source"), *((_differ(bag, other), other_id) for other_id, other in siblings)])
            keep = novelty >= self.min and (novelty > 0 or self.min == 0)
            verdicts[index] = Verdict(keep=keep, score=round(novelty, 4), reason="" if keep else f"it differs from {what} in {novelty:.0%} of its words, less than {self.min:.0%}")
            if keep:
                siblings.append((id, bag))
        return verdicts

    def _words(self, text: str) -> tuple[str, ...]:
        words = tuple(_WORD.findall(text.casefold()))
        return tuple(word for word in words if word not in _FUNCTION) if self.content_only else words


def _differ(one: Counter[str], other: Counter[str]) -> float:
    most = max(one.total(), other.total())
    return 1 - (one & other).total() / most if most else 0.0
