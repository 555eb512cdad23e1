"""Nearly the same conversation twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from augmentor.protocols import Candidate, Verdict

from .shingles import Sets, Sketch, alike, buckets, check_options, shingle_sets, sketches

_REPRESENTATIVES = 16
_COMPARED = 256


@dataclass(frozen=True)
class NearDuplicate:
    """Keep one of the conversations that differ in a few words only, source examples before variants, then the smallest id.

    Finds them by MinHash and verifies each pair on its word shingles; every dropped row names a kept one that it resembles.
    Families (a source and what was made from it) are only compared with other families: whether a variant differs enough from
    its own source is for `novelty` to say. Rows that have different labels are no duplicates of each other.

    Attributes:
        threshold: Jaccard index of the shingles from which two texts are nearly the same. With shingles of two words, one
            changed word in ten words gives about 0.7, one in twenty 0.83, every tenth 0.67.
        on: `both` wants what is asked *and* what is answered to be alike, `questions` looks at what users say only.
        shingle: words in a shingle.
    """

    threshold: float = 0.6
    on: Literal["both", "questions"] = "both"
    shingle: int = 2

    def __post_init__(self) -> None:
        check_options(self.threshold, self.shingle)

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return sketches(candidates, self.shingle, self.threshold, answers=self.on == "both")

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  the test set is leakage's business
        rows = [Sketch(*sketch) for sketch in sketches]
        order = sorted(range(len(rows)), key=lambda index: (rows[index].variant, rows[index].id, index))
        verdicts = [Verdict(keep=True, score=0.0) for _ in rows]
        for group in self._groups(rows, order):
            kept: list[tuple[int, Sets]] = []
            for index in group:
                sets = shingle_sets(rows[index])
                comparable = [(alike(sets, others), -place) for place, (other, others) in enumerate(kept[:_COMPARED]) if _comparable(rows[index], rows[other])]
                likest, twin = max(comparable, default=(0.0, 0))
                if likest >= self.threshold:
                    verdicts[index] = Verdict(keep=False, score=likest, reason=self._reason(likest, rows[kept[-twin][0]]))
                else:
                    verdicts[index] = Verdict(keep=True, score=likest)
                    kept.append((index, sets))
        return verdicts

    def _groups(self, rows: Sequence[Sketch], order: Sequence[int]) -> list[list[int]]:
        """Rows that pairs of near-duplicates connect, in `order`, which makes the groups the same however the rows came."""
        leader = list(range(len(rows)))

        def find(index: int) -> int:
            while leader[index] != index:
                leader[index] = leader[leader[index]]
                index = leader[index]
            return index

        for bucket in buckets(rows, order):
            representatives = [(bucket[0], shingle_sets(rows[bucket[0]]))]
            for index in bucket[1:]:
                sets: Sets | None = None
                for other, others in representatives:
                    if find(index) == find(other):
                        break
                    sets = sets or shingle_sets(rows[index])
                    if rows[index].root == rows[other].root or (_comparable(rows[index], rows[other]) and alike(sets, others, self.threshold) >= self.threshold):
                        leader[find(index)] = find(other)
                        break
                else:
                    # A bucket with many unlike rows is boilerplate; comparing all of it with all of it would never end.
                    if len(representatives) < _REPRESENTATIVES:
                        representatives.append((index, sets or shingle_sets(rows[index])))
        groups: dict[int, list[int]] = {}
        for index in order:
            groups.setdefault(find(index), []).append(index)
        return [group for group in groups.values() if len(group) > 1]

    def _reason(self, likeness: float, kept: Sketch) -> str:
        what = "it" if self.on == "both" else "its question"
        return f"{what} is nearly the same as {kept.id}, which is kept (Jaccard {likeness:.2f}, limit {self.threshold:g})"


def _comparable(one: Sketch, other: Sketch) -> bool:
    return one.root != other.root and one.label == other.label
