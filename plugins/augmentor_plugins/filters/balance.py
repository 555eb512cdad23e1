"""No label louder than the others."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from augmentor.errors import BadOption
from augmentor.protocols import Candidate, Verdict
from augmentor.texts import normalised

Sketch = tuple[str, bool, str, tuple[str, ...]]
"""The group, whether it is a source, the id, and the words of what users say, sorted (none where chance chooses)."""

_WORD = re.compile(r"\w+")
_REPEATED = 3.0
"""How fast a word loses worth: seen once it counts a quarter, seen twice a seventh."""


@dataclass(frozen=True)
class Balance:
    """Keep at most so many examples of each label, sources first, so that facts with many phrasings do not drown the others.

    Which variants stay is a function of what the group holds, not of its order. By `words`, those stay that add the most words
    the group has not said yet, rare ones counting more: the most to learn from as many rows. Greedy choice of a submodular
    gain (Nemhauser et al. 1978).

    Attributes:
        most: examples to keep of a group, sources included; a group with more sources keeps them all.
        by: what makes a group: the label (the root, where an example has none), or the root.
        choose: the variants with the most new `words`, or any, by `chance`. A slip of the pen is a new word, too: with `noise` among the
            strategies, choose by chance.
    """

    most: int = 16
    by: Literal["label", "root"] = "label"
    choose: Literal["words", "chance"] = "words"

    def __post_init__(self) -> None:
        if self.most < 1:
            raise BadOption(f"most={self.most}: it must be at least 1")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Sketch]:
        return [(self._group(candidate), candidate.example.parent is None, candidate.example.id, self._words(candidate)) for candidate in candidates]

    def _group(self, candidate: Candidate) -> str:
        example = candidate.example
        return f"label {example.label}" if self.by == "label" and example.label else f"root {example.root}"

    def _words(self, candidate: Candidate) -> tuple[str, ...]:
        if self.choose == "chance":
            return ()
        return tuple(sorted({word for message in candidate.example.messages if message.role == "user" for word in _WORD.findall(normalised(message.text))}))

    def reduce(self, sketches: Sequence[Sketch], held_out: Sequence[Sketch]) -> list[Verdict]:
        del held_out  # balance is a matter of the training data alone
        groups: dict[str, list[int]] = {}
        for index, sketch in enumerate(sketches):
            groups.setdefault(sketch[0], []).append(index)
        worth = _worth(sketches)
        verdicts = [Verdict(keep=True)] * len(sketches)
        for group, members in groups.items():
            sources = [index for index in members if sketches[index][1]]
            variants = [index for index in members if not sketches[index][1]]
            free = max(self.most - len(sources), 0)
            if free < len(variants):
                said = Counter(word for index in sources for word in sketches[index][3])
                stay = set(_chosen(variants, free, sketches, said, worth))
                for index in variants:
                    if index not in stay:
                        verdicts[index] = Verdict(keep=False, score=float(len(members)), reason=f"{group!r} has {len(members)} examples, {self.most} stay")
        return verdicts


def _worth(sketches: Sequence[Sketch]) -> Mapping[str, float]:
    """What a word is worth: the logarithm of how many groups there are for each one that says it."""
    groups = {sketch[0] for sketch in sketches}
    spread = Counter(word for _, word in {(sketch[0], word) for sketch in sketches for word in sketch[3]})
    return {word: log((1 + len(groups)) / number) for word, number in spread.items()}


def _chosen(variants: Sequence[int], number: int, sketches: Sequence[Sketch], said: Counter[str], worth: Mapping[str, float]) -> Iterator[int]:
    """The variants that add the most, one after the other; `said` counts the words of those chosen before."""

    def gain(index: int) -> float:
        return sum(worth[word] / (1 + _REPEATED * said[word]) for word in sketches[index][3])

    # What a variant adds only shrinks as others are chosen, so one whose old gain is below the best new one need not be looked at again.
    heap = [(-gain(index), _place(sketches[index][2]), index) for index in variants]
    heapq.heapify(heap)
    while heap and number:
        _, place, index = heapq.heappop(heap)
        entry = (-gain(index), place, index)
        if heap and heap[0] < entry:
            heapq.heappush(heap, entry)
            continue
        said.update(sketches[index][3])
        number -= 1
        yield index


def _place(name: str) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
